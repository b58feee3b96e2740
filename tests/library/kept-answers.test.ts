import { describe, expect, test } from '@jest/globals';
import type { Coding } from '../../src/core/library.js';
import { keptByCoding } from '../../src/catalogue/kept-answers.js';

const asthma: Coding = { system: 'icd-10-cm', code: 'J45' };
const pain: Coding = { system: 'icd-10-cm', code: 'R52' };
const name: Coding = { system: 'drug-name', code: 'somebody' };
const keyOf = ({ system, code }: Coding): string => `${system}|${code}`;

describe('answers kept by coding', () => {
  /** Reads as a database would, and notes what it was asked. */
  function reader(answers: Readonly<Record<string, string[]>>) {
    const asked: string[][] = [];
    const read = (codings: readonly Coding[]): Map<string, string[]> => {
      asked.push(codings.map(keyOf));
      return new Map(codings.map((coding) => [keyOf(coding), answers[coding.code] ?? []]));
    };
    return { asked, read };
  }

  test('only what is not kept is read, and each once', () => {
    const { asked, read } = reader({ J45: ['asthma'], R52: ['pain'] });
    const kept = keptByCoding(read);
    kept.find([asthma]);
    const found = kept.find([asthma, pain, pain]);
    expect([...found]).toEqual([
      [keyOf(asthma), ['asthma']],
      [keyOf(pain), ['pain']],
    ]);
    expect(asked).toEqual([[keyOf(asthma)], [keyOf(pain)]]);
  });

  test('that nothing is known is kept too, but of a name that may be anything', () => {
    const { asked, read } = reader({});
    const kept = keptByCoding(read);
    for (let turn = 0; turn < 2; turn += 1) expect(kept.find([asthma, name]).get(keyOf(name))).toEqual([]);
    expect(asked).toEqual([[keyOf(asthma), keyOf(name)], [keyOf(name)]]);
  });

  test('what was forgotten is read anew', () => {
    const answers = [['of the old release'], ['of the new release']];
    const kept = keptByCoding(() => new Map([[keyOf(asthma), answers.shift() ?? []]]));
    expect([kept.findOne(asthma), kept.findOne(asthma)]).toEqual([['of the old release'], ['of the old release']]);
    kept.forget();
    expect(kept.findOne(asthma)).toEqual(['of the new release']);
  });
});
