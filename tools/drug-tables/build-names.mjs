/**
 * Writes resources/drugs/names.csv: what is a drug's name. Of RxNorm's own ingredients and brands (a brand's ingredients are
 * read from its clinical drugs and packs), of the names of mappings/drug-name.csv, and of the Spanish names by rule.
 * And plain-words.txt: words of the pages' texts that would be corrected to one.
 * Usage: npm run build && node tools/drug-tables/build-names.mjs [../shared/data] [folder of resources to write to]
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { basename, join } from 'node:path';
import yaml from 'js-yaml';
import { normalizeIngredients, findDrugRoute } from '../../dist/core/drugs/drug-name.js';
import { drugNameKey } from '../../dist/core/drugs/drug-names.js';
import { readDrugNames } from '../../dist/build/read-drug-facts.js';
import { withoutQualifiers } from './product-outcome.mjs';
import { DATA, brandOf, packNamesOf, partsOf, readClinicalDrugs, readCsv, readNames } from './rxnorm-files.mjs';
import { spanishName } from './spanish-names.mjs';

const MAPPINGS = 'mappings/drug-name.csv';
const TARGET = process.argv[3] ?? 'resources';
const HAND_MADE = ['resources/drugs/other-names.csv'];

/** Words of allergenic extracts, plants, foods, dyes and the like: not drugs that a line of a chart names. */
const NO_DRUG =
  /extract|pollen|allergen|venom|antigen|virus|preparation|\b(whole|root|leaf|seed|fruit|flower|juice|meat|bark|peel|top|bulb|herb|wood|stem|dander|serum|strain|color|red|yellow|blue|green|orange|black|cation|anion|water|air|milk|egg|honey|sugar|salt|ice)\b|glycereth|peg-|quaternium|laureth|ceteth|steareth|copolymer|dimethicone /i;
/** Endings of international non-proprietary names: drugs that other countries use. */
const STEMS = new RegExp(
  '(pril|sartan|statin|azole|cillin|m[yi]cin|floxacin|oxacin|cycline|vir|virine|mab|nib|olol|dipine|azepam|azolam|zolam|barbital|' +
    'caine|profen|fenac|fenamic acid|oxicam|coxib|triptan|setron|tidine|prazole|gliptin|gliflozin|glitazone|glinide|' +
    'thiazide|semide|terol|tropium|olone|onide|asone|phylline|zepine|apine|pramine|triptyline|lukast|parin|gatran|xaban|' +
    'grel|plase|platin|rubicin|taxel|tecan|trexate|antrone|dronate|dronic acid|fibrate|tadine|ustine|sulfan|oxetine|' +
    'peridol|peridone|piprazole|idone|gepant|tide|stim|poetin|cept|kinra|giline|curium|curonium|fentanil|orphine|' +
    'codone|morphone|stigmine|bactam|penem|quine|uracil|citabine|abine|ribine|zone|pyrone|profylline|trizine|zine|' +
    'dopa|capone|bromide|gliclazide|nimesulide|afil|oxan|vaptan|tacrolimus|olimus|spirone|setine|faxine)$',
);

/** Only number 3350 is the laxative. */
const withNumber = (name) => name.replaceAll(/polyethylene glycol (?!3350\b)(\d+)/gi, 'polyethylene glycol-$1');

const ingredientsOf = (name) => {
  const parts = partsOf(withNumber(name)).flatMap((part) =>
    normalizeIngredients(part.split(' / ').map(withoutQualifiers).join(' / ')).split(' / '),
  );
  return [...new Set(parts.filter((part) => part !== ''))].sort().join(' / ');
};

/** Lower-case words and phrases of health topics and of diagnoses' titles: a brand among them is an everyday word too. */
function everydayText() {
  const topics = readCsv(join(DATA, 'medlineplus/topics_2024_en.csv'));
  const titles = readCsv(join(DATA, 'icd10cm/icd10cm_2027.csv.gz'));
  const rowsOfText = [...topics, ...titles].map((row) => Object.values(row).join(' '));
  return new Set(rowsOfText.join(' ').match(/\b[a-z]{2,}\b/g));
}

/** The words of the health topics and of other pages' titles in both languages, folded. */
function plainText() {
  const topics = gunzipSync(readFileSync(join(DATA, 'medlineplus/2026-04/topics-in-xml-form.xml.gz'))).toString();
  const { makers } = yaml.load(readFileSync('resources/search/word-weights.yaml', 'utf8'));
  const titles = ['topic', 'ency', 'encypi', 'test', 'genetics'].flatMap((kind) =>
    ['en', 'es'].flatMap((language) => {
      const path = `resources/articles/${kind}.${language}.csv`;
      return existsSync(path) ? [readFileSync(path, 'utf8')] : [];
    }),
  );
  const text = [topics, ...titles, makers].join(' ').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  // Words of RxNorm's own names that are no names here: what they name is not another drug misspelt.
  const others = names.map(({ name }) => name.toLowerCase().match(/[a-z]{5,}/g) ?? []);
  return new Set([...(text.match(/[a-z]{5,}/g) ?? []), ...common, ...others.flat()]);
}

const rows = new Map();
/** The first row of a name counts; brands of several products gather theirs. */
function add(name, kind, drugs, isWord = false) {
  const key = drugNameKey(name);
  if (key.length < 3 || !/[a-z]/.test(key) || rows.has(key)) return;
  const listed = [...new Set(drugs)].filter(
    (drug) => drug !== '' && (kind !== 'ingredient' || drugNameKey(drug) !== key),
  );
  // An ingredient is called as the rows call it: `sennosides usp`, not `sennosides, USP`.
  const asRows = kind === 'ingredient' ? drugs.find((drug) => drugNameKey(drug) === key) : undefined;
  rows.set(key, { name: asRows ?? name.toLowerCase(), kind, drugs: listed.sort(), isWord });
}

const byHand = HAND_MADE.flatMap(readCsv);
const everyday = readFileSync('tools/drug-tables/everyday-names.txt', 'utf8')
  .split('\n')
  .filter((line) => line !== '');
const words = new Set(everyday.map(drugNameKey));
const common = everydayText();
const isEveryday = (name) => words.has(drugNameKey(name));
const isPlainWord = (name) =>
  isEveryday(name) ||
  drugNameKey(name)
    .split(' ')
    .every((word) => common.has(word) || word.length < 2);

/** Brands that are sold for cows; in a line they tell when. */
const DAYS = new Set(['today', 'tomorrow']);
/** Names of products for animals: known names without a page. */
const veterinary = new Set(
  readFileSync('tools/drug-tables/veterinary-brands.txt', 'utf8').split('\n').map(drugNameKey),
);
const isVeterinary = (name) => veterinary.has(drugNameKey(name));
const names = readNames();
const clinical = readClinicalDrugs();
const packs = names.filter(({ tty }) => tty === 'BPCK' || tty === 'Branded Pack');
const inUse = new Set();
const ofBrand = new Map();
for (const { name } of [...clinical, ...names.filter(({ tty }) => /^(SCD|SBD|GPCK|BPCK)$/.test(tty))]) {
  for (const part of partsOf(name)) for (const one of normalizeIngredients(part).split(' / ')) inUse.add(one);
}
for (const { name } of [
  ...clinical.filter(({ tty }) => tty === 'SBD'),
  ...packs,
  ...names.filter(({ tty }) => tty === 'SBD'),
]) {
  const brand = brandOf(name);
  for (const one of brand ? [brand, ...packNamesOf(name)] : []) {
    const sets = ofBrand.get(drugNameKey(one)) ?? new Set();
    // The iron tablets of a pack of contraceptives are its placebos.
    sets.add(ingredientsOf(one === brand ? name : name.replace(/ferrous (?:fumarate|bisglycinate)/g, 'inert')));
    ofBrand.set(drugNameKey(one), sets);
  }
}

for (const { name, kind, drugs, word } of byHand) add(name, kind, drugs.split('|'), word === 'yes');

const ROUTE_ENDING =
  /( (injection|topical|ophthalmic|inhalation|nasal|oral|transdermal|vaginal|rectal|implant|spray|sublingual|otic|lozenge|intrauterine|buccal|gum|intraocular))+$/;
const rowsByName = new Map();
for (const row of readCsv(MAPPINGS)) {
  const bare = row.code.replace(ROUTE_ENDING, '');
  if (/^\d+ |\bpack$| \/ | mc?g\b/.test(bare)) continue;
  rowsByName.set(bare, [...(rowsByName.get(bare) ?? []), row.article]);
}
const ingredients = names.filter(({ tty }) => tty === 'IN');
const brands = [
  ...names.filter(({ tty }) => tty === 'BN'),
  ...readCsv(join(DATA, 'rxnorm/brands_2026-05.csv.gz')).filter(({ name }) => !isVeterinary(name)),
];
const isIngredient = new Set(ingredients.map(({ name }) => drugNameKey(name)));
const ofClinical = new Set(clinical.flatMap((row) => row.ingredients_derived.split('|')));
for (const { name } of ingredients) {
  const whole = normalizeIngredients(withNumber(name));
  if (!inUse.has(whole) && !ofClinical.has(name) && !(STEMS.test(name) && /^[a-z ]+$/.test(name))) continue;
  if (NO_DRUG.test(name) && !rowsByName.has(whole)) continue;
  if (!/^[a-z]/i.test(name) || name.split(' ').length > 5) continue;
  add(name, 'ingredient', [whole], isEveryday(name) || isEveryday(whole));
  if (whole !== '' && !rows.has(drugNameKey(whole))) add(whole, 'ingredient', [whole], isEveryday(whole));
}
// A precise ingredient whose rest is no salt is another drug: gabapentin enacarbil.
for (const { name, ingredients_derived: of } of names.filter(({ tty }) => tty === 'PIN')) {
  const whole = normalizeIngredients(name);
  if (whole === '' || whole === normalizeIngredients(of) || !inUse.has(whole) || NO_DRUG.test(name)) continue;
  add(name, 'ingredient', [whole], isEveryday(name));
}
for (const { name } of brands) {
  if (DAYS.has(drugNameKey(name))) continue;
  const sets = isVeterinary(name) ? [] : [...(ofBrand.get(drugNameKey(name)) ?? [])];
  add(name, 'brand', sets, isPlainWord(name));
}
for (const { name } of packs)
  for (const one of packNamesOf(name)) add(one, 'brand', [...(ofBrand.get(drugNameKey(one)) ?? [])], isPlainWord(one));
const isKnown = (whole) => rows.has(drugNameKey(whole));
/** The ingredients that a page is about, where its rows have one set of them: those of a brand that is sold no more. */
const ofPage = new Map();
for (const [name, articles] of rowsByRow()) {
  if (!name.split(' / ').every((part) => isIngredient.has(drugNameKey(part)))) continue;
  for (const article of articles) ofPage.set(article, (ofPage.get(article) ?? new Set()).add(name));
}
/** The pages of each row's name, combinations included. */
function rowsByRow() {
  const found = new Map();
  for (const { code, article, relationship } of readCsv(MAPPINGS)) {
    const bare = code.replace(ROUTE_ENDING, '');
    // A thing that has the page of one of its parts (fish oils and their acids) is not what the page's brands are.
    const isHolding =
      relationship === 'narrower' || (relationship === 'broader' && (isEveryday(bare) || bare.includes(' / ')));
    if (article.startsWith('drug-') && !isHolding) found.set(bare, [...(found.get(bare) ?? []), article]);
  }
  return found;
}
/** An ingredient as rows call it: `insulin aspart` of `insulin aspart human`, whose own name is written with a comma. */
function asRowsCall(ingredient) {
  const row = rows.get(drugNameKey(ingredient));
  return row && row.name !== ingredient ? (row.drugs[0] ?? ingredient) : ingredient;
}
function setsOfPage(name, articles) {
  const pages = new Set(articles);
  const sets = pages.size === 1 ? [...(ofPage.get(articles[0]) ?? [])] : [];
  const isOther = sets.length === 1 && sets[0] !== name && !isKnown(normalizeIngredients(name));
  return isOther ? sets.map(asRowsCall) : [];
}
const hasSpanish = new Set();
for (const [name, articles] of rowsByName) {
  const isDrugPage = articles.some((article) => article.startsWith('drug-') || article === '');
  const own = isIngredient.has(drugNameKey(name)) ? 'ingredient' : 'brand';
  const sold = [...(ofBrand.get(drugNameKey(name)) ?? [])];
  const sets = sold.length === 0 && own === 'brand' ? setsOfPage(name, articles) : sold;
  if (sets !== sold) hasSpanish.add(drugNameKey(name));
  // A name that RxNorm has not is of the kind that its row says: without ingredients of its own it is looked up as it is.
  add(
    name,
    sets.length > 0 ? 'brand' : own === 'brand' ? 'ingredient' : own,
    sets.length > 0 ? sets : [isKnown(normalizeIngredients(name)) ? normalizeIngredients(name) : name],
    !isDrugPage || isEveryday(name) || (own === 'brand' && isPlainWord(name)),
  );
}
// An everyday word is never a misspelt drug: it is known even where no row and no ingredient is called so.
for (const name of everyday) add(name, 'ingredient', [normalizeIngredients(name)], true);
/** The routes by which what goes by a name is taken, of its clinical drugs. */
function routesByName() {
  const routes = new Map();
  const note = (name, route, among = routes) => {
    if (route === undefined || name === undefined || name === '') return;
    const key = drugNameKey(name);
    among.set(key, (among.get(key) ?? new Set()).add(route));
  };
  // A drug without a package is not sold, or is sold for animals: its routes count only for a brand of which nothing is sold.
  const unsold = new Map();
  const sold = new Set(readCsv(join(DATA, 'rxnorm/ndc11_to_rxcui_2025-10.csv.gz')).map(({ rxcui }) => rxcui));
  for (const { rxcui, name } of clinical) {
    // Single ingredients that begin with A are missing among the packages.
    const isSold = sold.has(rxcui) || /^([\d.]+ [A-Z]+ )?a/i.test(name);
    for (const part of partsOf(name)) {
      const { route } = findDrugRoute(part);
      if (isSold) note(normalizeIngredients(part), route);
      if (partsOf(name).length === 1) note(brandOf(name), route, isSold ? routes : unsold);
    }
  }
  return new Map([...unsold, ...routes]);
}
const routesOf = routesByName();
const pageRoutes = new Map(
  readCsv('resources/drugs/page-routes.csv').map(({ article, routes }) => [article, routes.split(' ')]),
);
const pageOf = new Map();
const strengthsOf = new Map();
for (const { code, article, relationship } of readCsv(MAPPINGS)) {
  const key = drugNameKey(code);
  const [routes, known] = [pageRoutes.get(article) ?? [], pageOf.get(key)];
  // The pages of a combination's ingredients cover the routes that all of them cover.
  if (known && relationship === 'narrower') pageOf.set(key, new Set(routes.filter((route) => known.has(route))));
  else for (const route of routes) pageOf.set(key, (pageOf.get(key) ?? new Set()).add(route));
  const [, name, strength] = /^([a-z][a-z\d/ -]*?) (\d[\d.]* (?:mg|mcg|%)(?: \/ ml)?)(?: [a-z]+)?$/.exec(code) ?? [];
  if (name) strengthsOf.set(drugNameKey(name), [...(strengthsOf.get(drugNameKey(name)) ?? []), strength]);
}
// A combination has a name of its own only where a strength of it has rows.
for (const { code } of readCsv(MAPPINGS)) {
  const [, name] = /^([a-z /]+ \/ [a-z ]+?) \d[\d.]* (?:mg|mcg)$/.exec(code) ?? [];
  if (name) add(name, 'ingredient', [name]);
}
const spanish = new Map();
for (const { name, kind } of [...rows.values()]) {
  const es = kind === 'ingredient' || hasSpanish.has(drugNameKey(name)) ? spanishName(name) : undefined;
  if (es && !rows.has(drugNameKey(es)))
    spanish.set(drugNameKey(es), [...(spanish.get(drugNameKey(es)) ?? []), [es, name]]);
}
for (const made of spanish.values()) {
  const drugs = new Set(made.map(([, name]) => rows.get(drugNameKey(name)).drugs[0] ?? name));
  if (drugs.size === 1) add(made[0][0], 'other', [...drugs], rows.get(drugNameKey(made[0][1])).isWord);
}

const cell = (text) => (text.includes(',') ? `"${text}"` : text);
const listed = (values, divider) => [...(values ?? [])].sort().join(divider);
const keysByHand = new Set(byHand.map(({ name }) => drugNameKey(name)));
const lines = [...rows]
  .filter(([key]) => !keysByHand.has(key))
  .map(([key, { name, kind, drugs, isWord }]) => {
    const cells = [name, kind, drugs.join('|'), isWord ? 'yes' : ''];
    const facts = [listed(routesOf.get(key), ' '), listed(pageOf.get(key), ' '), listed(strengthsOf.get(key), '|')];
    return [...cells, ...facts].map(cell).join(',').replace(/,+$/, '');
  })
  .sort();
if (TARGET !== 'resources') {
  mkdirSync(join(TARGET, 'drugs'), { recursive: true });
  for (const file of HAND_MADE) copyFileSync(file, join(TARGET, 'drugs', basename(file)));
}
writeFileSync(join(TARGET, 'drugs/names.csv'), `name,kind,drugs,word,routes,page,strengths\n${lines.join('\n')}\n`);
console.log(`${lines.length} names`);

const PLAIN_WORDS = join(TARGET, 'drugs/plain-words.txt');
writeFileSync(PLAIN_WORDS, '');
const shipped = readDrugNames(TARGET);
// A typed word is corrected by the cost of its slips as well, which finds all words that a line's word is corrected to.
const near = [...plainText()].filter((word) => shipped.correct(word, true)).sort();
writeFileSync(PLAIN_WORDS, `${near.join('\n')}\n`);
console.log(`${near.length} plain words are near a drug's name`);
