import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { keepPrepared } from '../../src/edge/keep-prepared.js';
import { createFhirModules } from '../../src/protocols/fhir/rest/router.js';
import { loadTexts } from '../../src/texts.js';
import type { OpenedLibrary } from '../../src/library/open.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';

const folder = temporaryFolder();
const config = testConfig(folder.path);
let opened: OpenedLibrary;
beforeAll(async () => {
  opened = await openTestLibrary(config);
});
afterAll(async () => {
  await opened.library.close();
  folder.remove();
});

/** Waits for something to come true. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await setTimeout(5);
}

test('routes are prepared once a release, again after a failure, and no more after the end', async () => {
  let status = opened.library.status();
  let calls = 0;
  const prepare = async (): Promise<void> => {
    calls += 1;
    if (calls === 1) throw new Error('not now');
    await Promise.resolve();
  };
  let looks = 0;
  const library = {
    status: () => {
      looks += 1;
      return status;
    },
  };
  const end = keepPrepared([{}, { prepare }], library, 1);
  /** The calls so far, once these have come and ten further checks: how long a preparation takes is not the test's. */
  const callsAfter = async (expected: number): Promise<number> => {
    await until(() => calls >= expected);
    const seen = looks;
    await until(() => looks > seen + 10);
    return calls;
  };
  expect(await callsAfter(2)).toBe(2);
  status = { ...status };
  expect(await callsAfter(3)).toBe(3);
  end();
  status = { ...status };
  await setTimeout(20);
  expect(calls).toBe(3);
});

test('a search that comes while all documents are gathered waits for the same gathering', async () => {
  let reads = 0;
  const library = new Proxy(opened.library, {
    get: (target, name) => {
      if (name === 'findArticleIds') reads += 1;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
  const { types } = createFhirModules({
    ...config,
    library,
    terminologySource: undefined,
    texts: loadTexts(config.resourcesDir),
  });
  const documents = types.find(({ type }) => type === 'DocumentReference');
  const preparing = documents?.prepare?.();
  const answer = await documents?.interactions['search-type']?.(
    {
      method: 'GET',
      parameters: [['_summary', 'count']],
      body: undefined,
      headers: {},
      strict: false,
      now: new Date(),
      baseUrl: '',
    },
    {},
  );
  await preparing;
  expect([reads, answer?.resource]).toEqual([1, expect.objectContaining({ type: 'searchset' })]);
  expect((answer?.resource as { total: number }).total).toBeGreaterThan(5000);
});
