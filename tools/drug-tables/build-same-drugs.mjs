/**
 * Writes resources/drugs/same-drugs.csv: of names that lead to no page and are in no other table the ingredient that they are: brands that
 * were sold once or are sold for animals, precise ingredients, names of groups. A title is compared with them (decision 040).
 * Usage: npm run build && node tools/drug-tables/build-same-drugs.mjs [../shared/data] [folder of resources to write to]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeIngredients } from '../../dist/core/drugs/drug-name.js';
import { drugNameKey } from '../../dist/core/drugs/drug-names.js';
import { isKnownDrug, namesOtherDrug } from '../../dist/core/drugs/other-drug.js';
import { readDrugFacts } from '../../dist/build/read-drug-facts.js';
import { DATA, readCsv, readNames } from './rxnorm-files.mjs';

const { names, strengthRoutes } = readDrugFacts('resources');
const facts = { names, strengthRoutes, sameDrugs: new Map() };
/** Kinds of RxNorm's names that name one drug. */
const KINDS = new Set(['BN', 'PIN', 'IN', 'SCDG/SBDG']);

const ofBrands = readCsv(join(DATA, 'rxnorm/brands_2026-05.csv.gz')).map(({ name, ingredient }) => ({
  name,
  of: ingredient,
}));
const others = readNames()
  .filter(({ name, tty, ingredients_derived: of }) => KINDS.has(tty) && of && !name.includes('/'))
  .map(({ name, ingredients_derived: of }) => ({ name: name.replace(/\s*\([^()]*\)$/, ''), of }));

/** Ingredient → names. Only what a title may state counts, and where the words of the name do not tell it. */
const byIngredient = new Map();
const listed = new Set();
const list = (key, whole) => {
  listed.add(key);
  byIngredient.set(whole, [...(byIngredient.get(whole) ?? []), key]);
};
// Names of the tables that are one drug: each was read by us.
for (const { name, ingredient } of readCsv('tools/drug-tables/same-drugs.csv')) list(drugNameKey(name), ingredient);
for (const { name, of } of [...others, ...ofBrands]) {
  const key = drugNameKey(name);
  if (key === '' || /[|,"]/.test(key) || listed.has(key) || isKnownDrug(name, facts)) continue;
  const whole = of
    .split('|')
    .map((one) => normalizeIngredients(one))
    .filter((one) => one !== '' && isKnownDrug(one, facts))
    .sort()
    .join(' / ');
  if (whole === '' || whole.includes(',') || !namesOtherDrug(whole, name, facts)) continue;
  list(key, whole);
}
const lines = [...byIngredient].map(([whole, keys]) => `${whole},${keys.sort().join('|')}`).sort();
const TARGET = join(process.argv[3] ?? 'resources', 'drugs');
mkdirSync(TARGET, { recursive: true });
writeFileSync(join(TARGET, 'same-drugs.csv'), `ingredient,names\n${lines.join('\n')}\n`);
console.log(`${listed.size} names of ${lines.length} ingredients`);
