/** Page of a clinical drug of RxNorm: by its whole set of ingredients, its route, its strength and its brand. */
import { readFileSync } from 'node:fs';
import { normalizeIngredients } from '../../dist/core/drugs/drug-name.js';
import { brandOf, readCsv } from './rxnorm-files.mjs';
import { formOf } from './rxnorm-forms.mjs';

/** Ways by mouth: a drug's bare name leads to their page where that covers them. */
const BY_MOUTH = ['oral', 'sublingual', 'buccal', 'lozenge', 'gum'];
/** Words that RxNorm puts before or between ingredients and that describe nothing of the drug. */
const QUALIFIERS =
  /^(NDA\d+|ANDA\d+|BLA\d+|Atrial Fibrillation|Smoking Cessation|PMDD|BX Rating|Evening Dosing|Twice-Daily|Modified|Shortage Import Unapproved|Soft Gelatin|Fe|Premenstrual Dysphoric Disorder|Abuse-Deterrent|Osmotic|Matrix Delivery|Once-Daily|Sensor|Home Admin|Niacinamide(?= (3 ML )?insulin)|Preservative-Free|Augmented|Microencapsulated|3-Bead|Breath-Actuated|Biphasic|Micronized|Pediatric|\d-Month|Sugar-Free|Emollient|Sprinkle|Effervescent|Dry Powder|Low Dose|\d+ (HR|DAY|ACTUAT)|[\d.]+ (ML|MG))\s+/i;
const ALLERGENIC =
  /allergenic extract|pollen extract|venom protein|allergen-\w+|\b(mite|dander|epithelium|feather|fur|hair) extract/i;
const NO_EXTRACT = 'an allergenic extract: no page is about it';
const NO_ANIMAL = 'a veterinary product';

const listOf = (file) =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split(/\n/)
    .filter((line) => line !== '');
const VETERINARY = new Set(listOf('veterinary-brands.txt').map((brand) => brand.toLowerCase()));
const FOR_ANIMALS = new Set(listOf('veterinary-ingredients.txt').flatMap((line) => line.split(' ')));
const patternsOf = (file, column) =>
  readCsv(new URL(file, import.meta.url).pathname).map((row) => [
    new RegExp(row.pattern, 'i'),
    row[column],
    row.note ?? '',
  ]);
const SPECIAL = patternsOf('special-cases.csv', 'articles');
const VACCINES = patternsOf('vaccine-brands.csv', 'cvx');

const rowsBySystem = (file) => {
  const rows = new Map();
  for (const row of readCsv(file)) rows.set(row.code, [...(rows.get(row.code) ?? []), row]);
  return rows;
};
const NAMES = rowsBySystem('mappings/drug-name.csv');
const CVX = rowsBySystem('mappings/cvx.csv');
const PAGE_ROUTES = new Map(
  readCsv('resources/drugs/page-routes.csv').map(({ article, routes }) => [article, routes.split(' ')]),
);

const ROUTES = new Set([...PAGE_ROUTES.values()].flat());

/** An outcome: `{articles: 'id:relationship|…', note}`; articles `none` where there is none on purpose. */
const none = (note) => ({ articles: 'none', note });
const ofRows = (rows) => {
  const [first] = rows;
  if (rows.every(({ article }) => article === '')) return none(first.note);
  const given = rows.filter(({ article }) => article !== '').sort((a, b) => Number(a.rank) - Number(b.rank));
  return {
    articles: given.map(({ article, relationship }) => `${article}:${relationship}`).join('|'),
    note: first.note,
  };
};

export function withoutQualifiers(name) {
  let text = name;
  for (let shorter = text.replace(QUALIFIERS, ''); shorter !== text; shorter = text.replace(QUALIFIERS, ''))
    text = shorter;
  return text.replaceAll(/( \/ )(NDA\d+|Sensor|Microencapsulated|Augmented|[\d.]+ ML)\s/gi, '$1');
}

/** Whether the pages of rows cover a route; pages of other kinds (encyclopedia, supplements) are of no route. */
const covers = (rows, route) =>
  rows.every(({ article }) => !article.startsWith('drug-') || (PAGE_ROUTES.get(article) ?? []).includes(route));

/** The rows of a name as its route binds it; the bare name's only where its page covers the route. */
function rowsOf(name, route) {
  const bound = NAMES.get(`${name} ${route}`);
  if (bound) return bound;
  const bare = NAMES.get(name);
  if (!bare) return undefined;
  const isPlace = bare.some(({ article }) => article !== '') ? covers(bare, route) : true;
  const isDrugless = bare.every(({ article }) => !article.startsWith('drug-'));
  return isPlace && (!isDrugless || BY_MOUTH.includes(route) || bare.every(({ article }) => article === ''))
    ? bare
    : undefined;
}

/** Product by the name of a clinical drug. */
export function readProduct({ rxcui, name }) {
  const brand = brandOf(name);
  const plain = withoutQualifiers(name.replace(/\s*\[[^[\]]*\]\s*$/, ''));
  const { form, route } = formOf(plain);
  const text = form ? plain.slice(0, -form.length) : plain;
  const components = text.split(' / ').map((part) => withoutQualifiers(part.trim()));
  const whole = normalizeIngredients(text);
  const salted = components
    .map((part) => part.replace(/\s[\d.,]+ [A-Z%][^ ]*( .*)?$/, '').toLowerCase())
    .sort()
    .join(' / ');
  return { rxcui, name, brand, form, route, components, whole, salted };
}

const ingredientsOf = ({ components }) =>
  [...new Set(components.map((part) => normalizeIngredients(part)))]
    .filter((part) => part !== '')
    .sort()
    .join(' / ');

/** The row of a brand; its whole name counts: Dulcolax Osmotic is not Dulcolax. */
export const outcomeOfBrand = (brand, route) => {
  const rows = rowsOf(brand.toLowerCase(), route);
  return rows && ofRows(rows);
};

/** The pages of a name alone, as outcomes have them. */
export const ofBareName = (name) => NAMES.has(name) && ofRows(NAMES.get(name)).articles;

/** The rows of a name of which RxNorm has no clinical drug (iron, fish oils), where no route has rows of its own. */
export function outcomeOfBareName(name) {
  const bare = name.toLowerCase();
  const rows = [...NAMES.keys()].some(
    (other) => other.startsWith(`${bare} `) && ROUTES.has(other.slice(bare.length + 1)),
  )
    ? undefined
    : NAMES.get(bare);
  return rows?.some(({ article }) => article !== '') ? ofRows(rows) : undefined;
}

/** Where the brand's row and the ingredients' differ, for a reader to judge. */
export const conflicts = new Map();

/** The page of a product; undefined where none is known. */
export function outcomeOf(product, isOneDrug) {
  const { name, brand, route, whole, salted, components } = product;
  if (brand && VETERINARY.has(brand.toLowerCase())) return none(NO_ANIMAL);
  if (ALLERGENIC.test(name)) return none(NO_EXTRACT);
  if (whole.split(' / ').some((part) => FOR_ANIMALS.has(part))) return none(NO_ANIMAL);
  for (const [pattern, articles, note] of SPECIAL)
    if (pattern.test(name)) return articles === 'none' ? none(note) : { articles, note };
  for (const [pattern, cvx] of VACCINES)
    if (pattern.test(name)) return CVX.has(cvx) ? { ...ofRows(CVX.get(cvx)), note: '' } : undefined;
  if (route === undefined) return undefined;
  const sets = [salted, ingredientsOf({ components }), whole];
  const byIngredients = sets.map((set) => rowsOf(set, route)).find((rows) => rows !== undefined);
  const byBrand = brand && isOneDrug(brand) ? outcomeOfBrand(brand, route) : undefined;
  if (!byBrand) return byIngredients && ofRows(byIngredients);
  if (byIngredients && ofRows(byIngredients).articles !== byBrand.articles) {
    conflicts.set(
      `${brand} ${route}`,
      `${name}: brand ${byBrand.articles}, ingredients ${ofRows(byIngredients).articles}`,
    );
  }
  return byBrand;
}
