import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { openFeedback } from '../../src/library/open-records.js';
import { expect, test } from '@jest/globals';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { feedbackContract } from './feedback-contract.js';

feedbackContract('feedback in a library file', async (most) => {
  const folder = temporaryFolder();
  const options = seedPlaces(folder.path);
  await buildLibraryFile(options);
  const queue = openFeedback(options, most);
  return {
    queue,
    again: () => openFeedback(options, most),
    remove: async () => {
      await queue.close();
      folder.remove();
    },
  };
});

test('a library that is built anew keeps the queue', async () => {
  const folder = temporaryFolder();
  const options = seedPlaces(folder.path);
  await buildLibraryFile(options);
  const queue = openFeedback(options);
  const coding = { system: 'icd-10-cm', code: 'L70.0' } as const;
  await queue.add({ reason: 'other', article: 'topic-acne', language: 'es', coding, remark: '' }, new Date(0));
  await buildLibraryFile({ ...options, omitCodeSystems: ['icd-10-cm'] });
  const { library } = await openLibrary({ ...options, omitCodeSystems: ['icd-10-cm'] });
  expect(await queue.list()).toHaveLength(1);
  await queue.close();
  await library.close();
  folder.remove();
});
