import { expect, test } from '@jest/globals';
import { UnansweredCodes } from '../../../src/core/evaluation/unanswered-codes.js';
import type { Coding } from '../../../src/core/codes/concept.js';
import type { Concept, MappingRecord } from '../../../src/core/model/library.js';

const MONDAY = new Date('2026-11-23T10:00:00Z');
const TUESDAY = new Date('2026-11-24T00:00:01Z');
const RARE: Coding = { system: 'icd-10-cm', code: 'W56.11XA' };
const HELD: Coding = { system: 'icd-10-cm', code: 'Z63.1' };
const NUMBER: Coding = { system: 'rxnorm', code: '12345678' };

const library = {
  findMappings: (codings: readonly Coding[]) =>
    codings.flatMap(({ code }, input) => (code === HELD.code ? [{ input } as MappingRecord] : [])),
  findConcepts: (codings: readonly Coding[]) =>
    codings.flatMap((coding) => (coding.system === 'rxnorm' ? [] : [{ ...coding, title: 'A name' } as Concept])),
};
function count(codes: UnansweredCodes, coding: Coding, times: number, now = MONDAY): void {
  for (let at = 0; at < times; at += 1) codes.add([coding], now);
}

test('a code is listed once its day is over, by a step that its count has reached', () => {
  const codes = new UnansweredCodes();
  count(codes, RARE, 30);
  expect(codes.list(library, MONDAY)).toEqual([]);
  expect(codes.list(library, TUESDAY)).toEqual([{ coding: RARE, title: 'A name', atLeast: 25 }]);
  count(codes, RARE, 100, TUESDAY);
  expect(codes.list(library, TUESDAY)[0]?.atLeast).toBe(25);
});

test('ten requests are not listed, over several days eleven are', () => {
  const codes = new UnansweredCodes();
  count(codes, RARE, 10);
  expect(codes.list(library, TUESDAY)).toEqual([]);
  count(codes, RARE, 1, TUESDAY);
  expect(codes.list(library, new Date('2026-11-25T00:00:00Z'))[0]?.atLeast).toBe(11);
});

test('a code that the site holds back, and a number that no code system names, are never listed', () => {
  const codes = new UnansweredCodes();
  count(codes, HELD, 50);
  count(codes, NUMBER, 50);
  expect(codes.list(library, TUESDAY)).toEqual([]);
});

test('a code with a check digit is listed without its name; a name of a drug, which somebody typed, is not counted', () => {
  const codes = new UnansweredCodes();
  const unnamed = { ...library, findConcepts: () => [] };
  count(codes, { system: 'snomed-ct', code: '419199007' }, 12);
  count(codes, { system: 'drug-name', code: 'mary smith' }, 50);
  expect(codes.list(unnamed, TUESDAY)).toEqual([
    { coding: { system: 'snomed-ct', code: '419199007' }, title: '', atLeast: 11 },
  ]);
});

test('any number of codes takes bounded memory, and the frequent ones stay', () => {
  const codes = new UnansweredCodes(10);
  count(codes, RARE, 20);
  for (let day = 0; day < 50; day += 1) {
    const now = new Date(TUESDAY.getTime() + day * 86_400_000);
    for (let at = 0; at < 100; at += 1) codes.add([{ system: 'icd-10-cm', code: `A${day}.${at}` }], now);
  }
  expect(codes.list(library, new Date('2027-06-01')).map(({ coding }) => coding)).toEqual([RARE]);
});
