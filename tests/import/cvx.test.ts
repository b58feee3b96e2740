import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ImportPlace } from './import-place.js';
import { importPlace } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

const LIST = [
  '143       |Adenovirus types 4 and 7|Adenovirus, type 4 and type 7, live, oral|2 tablets|Active|False|2011/10/20',
  '01        |DTP|diphtheria, tetanus toxoids and pertussis vaccine||Inactive|False|2010/05/28',
  '998       |no vaccine administered|no vaccine administered|for messages|Never Active|True|2026/08/03',
];

test('CDC’s list gives the vaccines in use and those of old, with the day of its last change', async () => {
  const report = await place.importTexts('cvx', { 'cvx.txt': `${LIST.join('\r\n')}\r\n` });
  expect(report).toMatchObject({ name: 'cvx-2026-08-03', read: 3, rejected: 0, imported: { concepts: 3 } });
  expect(await place.concept('cvx', '143')).toMatchObject({
    title: 'Adenovirus types 4 and 7',
    names: ['Adenovirus, type 4 and type 7, live, oral'],
    active: true,
  });
  expect(await place.concept('cvx', '01')).toMatchObject({ title: 'DTP', active: false });
  expect(await place.concept('cvx', '998')).toMatchObject({ active: false, names: [] });
  expect(await place.look((library) => library.status().completeSystems.get('cvx'))).toBe('cvx-2026-08-03');
});

test('it may come in UTF-16, and without a line end', async () => {
  const path = join(place.folder, 'cvx.txt');
  writeFileSync(path, Buffer.from(`\ufeff${LIST.join('\r\n')}`, 'utf16le'));
  expect(await place.importFrom('cvx', path)).toMatchObject({ rejected: 0, imported: { concepts: 3 } });
});

test('a row that is none is left out by line and reason; a list that is cut short is refused', async () => {
  const broken = ['x|no code|x|||False|', LIST[0], '02|OPV', LIST[1], LIST[2]].join('\n');
  const { complaints } = await place.importTexts('cvx', { 'cvx.txt': `${broken}\n` });
  expect(complaints).toEqual([
    { file: expect.stringMatching(/cvx\.txt$/), line: 1, reason: expect.stringMatching(/CVX list/) },
    { file: expect.stringMatching(/cvx\.txt$/), line: 3, reason: expect.stringMatching(/7 columns/) },
  ]);
  await expect(place.importTexts('cvx', { 'cvx.txt': LIST.join('\n').slice(0, -40) })).rejects.toThrow(/truncated/);
  await expect(place.importTexts('cvx', { 'mvx.txt': LIST.join('\n') })).rejects.toThrow(/none of the files.*cvx\.txt/);
});
