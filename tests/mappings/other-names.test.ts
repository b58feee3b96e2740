import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { normalizeIngredients } from '../../src/core/drugs/drug-name.js';
import { drugNameKey } from '../../src/core/drugs/drug-names.js';
import { readCsvRows } from '../support/csv-rows.js';
import { describeWithData, read } from '../support/shared-data.js';

/** Names of the hand-made table, each with the sets of ingredients that it stands for. */
const ROWS = readCsvRows(readFileSync('resources/drugs/other-names.csv', 'utf8')).map(
  ({ name = '', kind = '', drugs = '' }) => ({
    name,
    kind,
    sets: drugs === '' ? [] : drugs.split('|').map((set) => set.split(' / ')),
  }),
);

/** Targets that RxNorm has in no list of ours: collective names, and drugs that are not sold in the United States. */
const NOT_OF_RXNORM = new Set([
  'artificial tears',
  'bicillin c-r',
  'cefalotin',
  'diphtheria, tetanus and pertussis vaccine',
  'fluzone high-dose',
  'hyoscine',
  'insulin',
  'insulin human',
  'levosulpiride',
  'multivitamin',
  'mylanta',
  'omega-3-acid ethyl esters',
  'prenatal vitamins',
  'systane',
]);

test('a name stands here once', () => {
  const keys = ROWS.map(({ name }) => drugNameKey(name));
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

describeWithData('rxnorm', "the hand-made names beside RxNorm's", () => {
  const listed = read('rxnorm/rxcui_names_merged.csv.gz');
  const brands = new Map(
    read('rxnorm/brands_2026-05.csv.gz').map(({ name = '', ingredient = '' }) => [drugNameKey(name), ingredient]),
  );
  const brandNames = new Set([
    ...brands.keys(),
    ...listed.flatMap(({ name = '', tty = '' }) => (tty === 'BN' ? drugNameKey(name) : [])),
  ]);
  const ingredients = new Set([
    ...listed.flatMap(({ name = '', tty = '' }) => (/^(?:IN|PIN|MIN)$/.test(tty) ? normalizeIngredients(name) : [])),
    ...read('rxnorm/clinical_drugs_2026-07.csv.gz').flatMap(({ ingredients_derived: derived = '' }) =>
      derived.split('|').map((one) => normalizeIngredients(one)),
    ),
  ]);

  test('every row leads to ingredients or a brand of RxNorm', () => {
    const isKnown = (one: string): boolean =>
      ingredients.has(normalizeIngredients(one)) || brandNames.has(drugNameKey(one)) || NOT_OF_RXNORM.has(one);
    const targets = ROWS.flatMap(({ name, sets }) => sets.flat().map((one) => ({ name, one })));
    expect(targets.filter(({ one }) => !isKnown(one)).map(({ name, one }) => `${name} → ${one}`)).toEqual([]);
    expect([...NOT_OF_RXNORM].filter((one) => !targets.some((target) => target.one === one))).toEqual([]);
  });

  test("a name that RxNorm has as a brand stands for that brand's ingredient", () => {
    const apart = ROWS.flatMap(({ name, kind, sets }) => {
      const own = brands.get(drugNameKey(name));
      if (own === undefined || kind === 'refused') return [];
      const parts = normalizeIngredients(own).split(' / ');
      const isHeld = sets.flat().some((one) => parts.includes(normalizeIngredients(one)));
      return isHeld ? [] : [`${name}: ${sets.map((set) => set.join(' / ')).join('|')}, RxNorm: ${own}`];
    });
    expect(apart).toEqual([]);
  });
});
