import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { understandWords } from '../../src/core/words/understand-words.js';
import { readVocabulary } from '../../src/read-vocabulary.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { readCsvRows } from '../support/csv-rows.js';
import { describeWithData, read } from '../support/shared-data.js';

const HORMONES = /\b(?:ethinyl estradiol|mestranol|estradiol valerate|norethindrone|norgestrel|drospirenone)\b/;
const COMBINED = 'drug-a601050';
const MINI_PILL = 'drug-a602008';
const EMERGENCY = 'drug-a610021';

/** Lines that no pack tells: rings, patches, injections, emergency contraception, and how people shorten brands. */
const OTHERS: readonly (readonly [line: string, article: string])[] = [
  ['NuvaRing 0.12-0.015 mg/24 hr vaginal ring', 'drug-a604032'],
  ['EluRyng 0.12-0.015 mg/24 hr ring', 'drug-a604032'],
  ['etonogestrel-ethinyl estradiol 0.12-0.015 mg/24 hr vaginal ring', 'drug-a604032'],
  ['Xulane 150-35 mcg/24 hr transdermal patch', 'drug-a602006'],
  ['norelgestromin-ethinyl estradiol 150-35 mcg/24hr patch', 'drug-a602006'],
  ['medroxyprogesterone 150 mg/mL IM suspension', 'drug-a604039'],
  ['Depo-SubQ Provera 104 mg/0.65 mL', 'drug-a604039'],
  ['levonorgestrel 1.5 mg tablet', EMERGENCY],
  ['Plan B One-Step 1.5 mg tablet', EMERGENCY],
  ['My Way 1.5 mg tablet', EMERGENCY],
  ['ella 30 mg tablet', 'drug-a610020'],
  ['ulipristal 30 mg tablet', 'drug-a610020'],
  ['Mirena 52 mg IUD', 'drug-a613047'],
  ['Kyleena 19.5 mg IUD', 'drug-a613047'],
  ['levonorgestrel 20 mcg/24 hr IUD', 'drug-a613047'],
  ['norethindrone 0.35 mg tablet', MINI_PILL],
  ['norethindrone (contraceptive) 0.35 mg tab', MINI_PILL],
  ['norgestimate-ethinyl estradiol 0.25-35 mg-mcg tablet', COMBINED],
  ['norgestimate-ethinyl estradiol (Sprintec) 0.25-35 mg-mcg per tablet', COMBINED],
  ['drospirenone-ethinyl estradiol 3-0.02 mg tablet', COMBINED],
  ['levonorgestrel-ethinyl estradiol 0.1-20 mg-mcg tablet', COMBINED],
  ['desogestrel-ethinyl estradiol 0.15-0.03 mg tablet', COMBINED],
  ['norethindrone-e.estradiol-iron 1 mg-20 mcg (24)/75 mg (4) tablet', COMBINED],
  ['norethindrone ac-eth estradiol 1-20 mg-mcg tablet', COMBINED],
  ['ethynodiol diacetate-ethinyl estradiol 1-35 mg-mcg', COMBINED],
  ['Junel FE 1/20 tablet', COMBINED],
  ['Loestrin Fe 1/20 (28-day)', COMBINED],
  ['Lo Loestrin Fe 1 mg-10 mcg tablet', COMBINED],
  ['Blisovi 24 Fe 1-20 mg-mcg', COMBINED],
  ['Ortho Tri-Cyclen Lo 28 tablet', COMBINED],
];

interface Line {
  readonly line: string;
  readonly pages: readonly string[];
}

/** How an EHR writes a pack: its brand, and what each active tablet holds, the progestin first: `Briellyn 0.4-35 mg-mcg tablet`. */
function writeLines(name: string, pages: readonly string[]): Line[] {
  const brand = /\[([^[\]]+)\]\s*$/.exec(name)?.[1]?.replace(/ \d+(?: |-)Day.*$| 28$/, '') ?? '';
  const active = /\(([^()]*)\)/.exec(name)?.[1] ?? '';
  const parts = [...active.matchAll(/([a-z][a-z ]+?) ([\d.]+) MG/g)].map(([, drug = '', amount = '']) => ({
    drug,
    amount: Number(amount),
  }));
  const [estrogen, progestin] = parts[0]?.drug.includes('estradiol') ? parts : [undefined, parts[0]];
  if (!progestin) return [];
  const form = active.includes('Capsule') ? 'capsule' : 'tablet';
  const strength = estrogen
    ? `${progestin.amount}-${Math.round(estrogen.amount * 1000)} mg-mcg ${form}`
    : `${progestin.amount} mg ${form}`;
  const generic = estrogen ? `${progestin.drug}-${estrogen.drug}` : progestin.drug;
  return [
    { line: `${brand} ${strength}`, pages },
    { line: `${generic} (${brand.toUpperCase()}) ${strength}`, pages },
  ];
}

let connector: TestConnector;
const vocabulary = readVocabulary('resources');

/** The goal of issue 42. */
const LEAST_RIGHT = 0.95;

describeWithData('rxnorm', 'contraceptives as charts write them', () => {
  const lines: Line[] = [];

  beforeAll(async () => {
    connector = await startConnector();
    const pages = new Map<string, readonly string[]>();
    for (const { articles = '', codes = '' } of readCsvRows(readFileSync('resources/drugs/rxnorm-pages.csv', 'utf8'))) {
      const ids = articles === 'none' ? [] : articles.split('|').map((one) => one.split(':')[0] ?? '');
      for (const code of codes.split(' ')) pages.set(code, ids);
    }
    const packs = read('rxnorm/rxcui_names_merged.csv.gz').filter(({ tty }) => tty === 'BPCK');
    for (const { rxcui = '', name = '' } of packs)
      if (HORMONES.test(name) && !name.includes('elagolix')) lines.push(...writeLines(name, pages.get(rxcui) ?? []));
    lines.push(...OTHERS.map(([line, article]) => ({ line, pages: [article] })));
  });
  afterAll(() => connector.stop());

  test('at least 95 % lead to their page, and none to another', async () => {
    const [missed, wrong]: [string[], string[]] = [[], []];
    for (const { line, pages } of lines) {
      const understood = await understandWords(
        { query: line, language: 'en', kind: 'article', count: 3 },
        connector.library,
        vocabulary,
      );
      const ids = understood.hits.map((hit) => (hit.kind === 'article' ? hit.article.id : hit.concept.code));
      if (ids.length === 0 && pages.length > 0) missed.push(line);
      if (ids.length > 0 && !pages.includes(ids[0] ?? '')) wrong.push(`${line} → ${ids.join()}`);
    }
    process.stdout.write(
      `contraceptives: ${lines.length} lines, ${wrong.length} wrong, ${missed.length} nothing: ${missed.join('; ')}\n`,
    );
    expect(lines.length).toBeGreaterThan(160);
    expect(wrong).toEqual([]);
    expect(missed.length).toBeLessThanOrEqual((1 - LEAST_RIGHT) * lines.length);
  });
});
