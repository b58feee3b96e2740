/**
 * Prints rows of mappings/drug-name.csv for combinations without a page of their own whose ingredients all have one in the same route (rule 24
 * of the mapping files), and for their brands. A curator judges each and takes over what is right.
 * Usage: npm run build && node tools/drug-tables/list-combinations.mjs [../shared/data]
 */
import { normalizeIngredients } from '../../dist/core/drugs/drug-name.js';
import { outcomeOf, readProduct } from './product-outcome.mjs';
import { packNamesOf, partsOf, readClinicalDrugs, readNames } from './rxnorm-files.mjs';

/** More pages than a reader will read of one product. */
const MOST_INGREDIENTS = 4;
const ofOneDrug = () => true;

const isPage = (outcome) => outcome && /^drug-[a-z\d]+:(?:equivalent|broader)$/.test(outcome.articles);

/** The page of each ingredient of a product; undefined where one has none. */
function pagesOfParts({ components, form, rxcui }) {
  const pages = new Map();
  for (const part of components) {
    const name = normalizeIngredients(part);
    const outcome = outcomeOf(readProduct({ rxcui, name: `${part} ${form}` }), ofOneDrug);
    if (name === '' || !isPage(outcome)) return undefined;
    pages.set(name, outcome.articles.split(':')[0]);
  }
  return new Set(pages.values()).size === pages.size ? pages : undefined;
}

const packs = readNames().filter(({ tty }) => tty === 'GPCK' || tty === 'BPCK');
const found = new Map();
const brands = new Map();
function note(whole, route, pages, brandNames) {
  const key = `${whole}|${route}`;
  const one = found.get(key) ?? { whole, route, pages: new Set() };
  one.pages.add(
    pages
      ? [...pages]
          .sort()
          .map((pair) => pair.join('='))
          .join(' ')
      : 'none',
  );
  found.set(key, one);
  for (const brand of brandNames) brands.set(brand, (brands.get(brand) ?? new Set()).add(key));
}
for (const row of readClinicalDrugs()) {
  const product = readProduct(row);
  if (!product.whole.includes(' / ') || product.whole.split(' / ').length > MOST_INGREDIENTS) continue;
  const outcome = outcomeOf({ ...product, brand: undefined }, ofOneDrug);
  if ((outcome && outcome.articles !== 'none') || !product.route || /veterinary|allergenic/.test(outcome?.note ?? ''))
    continue;
  if (outcome && !/combination/.test(outcome.note)) {
    console.error(`kept: ${product.whole}: ${outcome.note}`);
    continue;
  }
  note(product.whole, product.route, pagesOfParts(product), product.brand ? [product.brand.toLowerCase()] : []);
}
for (const { name, rxcui } of packs) {
  const parts = partsOf(name).map((part) => readProduct({ rxcui, name: part }));
  const wholes = [...new Set(parts.map(({ whole }) => whole))];
  if (wholes.length < 2 || wholes.length > MOST_INGREDIENTS || wholes.some((whole) => whole.includes(' / '))) continue;
  const pages = new Map(parts.map((part) => [part.whole, outcomeOf(part, ofOneDrug)]));
  const areAll = [...pages.values()].every(isPage) && new Set(parts.map(({ route }) => route)).size === 1;
  const each = new Map([...pages].map(([whole, outcome]) => [whole, outcome?.articles.split(':')[0]]));
  note(
    wholes.sort().join(' / '),
    parts[0]?.route,
    areAll ? each : undefined,
    packNamesOf(name).map((one) => one.toLowerCase()),
  );
}
for (const [key, { whole, route, pages }] of [...found].sort()) {
  if (pages.size > 1) console.error(`several: ${key}: ${[...pages].join(' | ')}`);
  if (pages.size > 1 || pages.has('none')) continue;
  const names = [...brands].filter(([, keys]) => keys.has(key) && keys.size === 1).map(([brand]) => brand);
  console.log([whole, route, [...pages][0], names.join('|')].join('\t'));
}
