import { describe, expect, test } from '@jest/globals';
import type { Coding } from '../../src/core/library.js';
import { keptByCoding } from '../../src/library/stored/kept-answers.js';

const asthma: Coding = { system: 'icd-10-cm', code: 'J45' };
const pain: Coding = { system: 'icd-10-cm', code: 'R52' };
const name: Coding = { system: 'drug-name', code: 'somebody' };
const keyOf = ({ system, code }: Coding): string => `${system}|${code}`;

describe('answers kept by coding', () => {
  /** Reads as a database would, and notes what it was asked. */
  function reader(answers: Readonly<Record<string, string[]>>) {
    const asked: string[][] = [];
    const read = (codings: readonly Coding[]): Promise<Map<string, string[]>> => {
      asked.push(codings.map(keyOf));
      return Promise.resolve(new Map(codings.map((coding) => [keyOf(coding), answers[coding.code] ?? []])));
    };
    return { asked, read };
  }

  test('only what is not kept is read, and each once', async () => {
    const { asked, read } = reader({ J45: ['asthma'], R52: ['pain'] });
    const kept = keptByCoding(read);
    await kept.find([asthma]);
    const found = await kept.find([asthma, pain, pain]);
    expect([...found]).toEqual([
      [keyOf(asthma), ['asthma']],
      [keyOf(pain), ['pain']],
    ]);
    expect(asked).toEqual([[keyOf(asthma)], [keyOf(pain)]]);
  });

  test('that nothing is known is kept too, but of a name that may be anything', async () => {
    const { asked, read } = reader({});
    const kept = keptByCoding(read);
    for (let turn = 0; turn < 2; turn += 1) expect((await kept.find([asthma, name])).get(keyOf(name))).toEqual([]);
    expect(asked).toEqual([[keyOf(asthma), keyOf(name)], [keyOf(name)]]);
  });

  test('what was read while another release came is answered once and not kept', async () => {
    const answers = [['of the old release'], ['of the new release'], ['not asked again']];
    const arrivals: (() => void)[] = [];
    const kept = keptByCoding(async () => {
      await new Promise<void>((resolve) => arrivals.push(resolve));
      return new Map([[keyOf(asthma), answers.shift() ?? []]]);
    });
    const arrive = async (): Promise<void> => {
      while (arrivals.length === 0) await new Promise(setImmediate);
      arrivals.shift()?.();
    };
    const reading = kept.findOne(asthma);
    await new Promise(setImmediate);
    kept.forget();
    await arrive();
    expect(await reading).toEqual(['of the old release']);
    const again = kept.findOne(asthma);
    await arrive();
    expect(await again).toEqual(['of the new release']);
    expect(await kept.findOne(asthma)).toEqual(['of the new release']);
  });
});
