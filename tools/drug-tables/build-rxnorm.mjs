/**
 * Writes resources/drugs/rxnorm-pages.csv (RxCUI → article) and rxnorm-names.bin.gz (RxNorm's own names): little-endian
 * 32-bit numbers, how many, the RxCUIs in their order, where each name begins and where the last ends; then the names (UTF-8).
 * Usage: npm run build && node tools/drug-tables/build-rxnorm.mjs [../shared/data]
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { normalizeIngredients } from '../../dist/core/drugs/drug-name.js';
import {
  conflicts,
  ofBareName,
  outcomeOf,
  outcomeOfBareName,
  outcomeOfBrand,
  readProduct,
} from './product-outcome.mjs';
import { DATA, brandOf, partsOf, readClinicalDrugs, readCsv, readNames } from './rxnorm-files.mjs';

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const one of list) {
    const key = keyOf(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

const DATE = '2026-07-01';
const all = readCsv(join(DATA, 'rxnorm/rxcui_names_merged.csv.gz')).filter(({ source }) => !source.startsWith('C'));
const clinical = new Map(readClinicalDrugs().map((row) => [row.rxcui, row]));
for (const row of all) if (/^(SCD|SBD)$/.test(row.tty) && !clinical.has(row.rxcui)) clinical.set(row.rxcui, row);

// Retired ones have no type in the list: a name with a strength and a form is a clinical drug.
for (const row of all) {
  const isDrug = row.tty === '' && !row.name.startsWith('{') && /\d (MG|ML|UNT|MEQ|MCG|ACTUAT|HR)\b/.test(row.name);
  if (isDrug && !clinical.has(row.rxcui) && readProduct(row).route) clinical.set(row.rxcui, row);
}
const products = [...clinical.values()].map(readProduct);
const setsOfBrand = new Map();
for (const { brand, whole } of products)
  if (brand) setsOfBrand.set(brand, (setsOfBrand.get(brand) ?? new Set()).add(whole));
const isOneDrug = (brand) => (setsOfBrand.get(brand)?.size ?? 1) === 1;
for (const product of products) product.outcome = outcomeOf(product, isOneDrug);
// A generic is what its brands of the same name are: Solu-Medrol alone has this strength.
const bySameName = groupBy(products, ({ name }) => name.replace(/\s*\[[^[\]]*\]\s*$/, ''));
for (const product of products) {
  if (product.outcome || product.brand) continue;
  const ofBrands = bySameName
    .get(product.name)
    .filter(({ brand, outcome }) => brand && outcome && outcome.articles !== 'none');
  product.outcome = only(ofBrands);
}

/** The one outcome of products that have any; none on purpose where all have that. */
function only(list) {
  const told = list.filter(({ outcome }) => outcome !== undefined);
  const pages = told.filter(({ outcome }) => outcome.articles !== 'none');
  const ids = new Set(pages.map(({ outcome }) => outcome.articles.replaceAll(/:(equivalent|broader)/g, '')));
  if (ids.size > 1) return undefined;
  if (ids.size === 1) return (pages.find(({ outcome }) => outcome.articles.includes(':broader')) ?? pages[0]).outcome;
  return told.length > 0 && told.length === list.length ? told[0].outcome : undefined;
}

const isHuman = ({ outcome }) => !outcome || outcome.note !== 'a veterinary product';
const index = (key) => groupBy(products.filter(isHuman), key);
const byWhole = index(({ whole }) => whole);
const bySalted = index(({ salted }) => salted);
const byBrand = index(({ brand }) => brand?.toLowerCase() ?? '');
const byComponent = index(({ components }) => (components.length === 1 ? components[0].toLowerCase() : ''));

// A drug without a package is not sold: an ingredient by itself means the drugs that are sold. A drug that is newer than the list of
// packages may be sold, and single ingredients that begin with A are missing there.
const packages = new Map();
for (const { rxcui } of readCsv(join(DATA, 'rxnorm/ndc11_to_rxcui_2025-10.csv.gz')))
  packages.set(rxcui, (packages.get(rxcui) ?? 0) + 1);
const newest = [...packages.keys()].reduce((max, rxcui) => Math.max(max, Number(rxcui)), 0);
const soldInPacks = new Set(all.filter(({ rxcui }) => packages.has(rxcui)).flatMap(({ name }) => partsOf(name)));
const isSold = ({ rxcui, name }) =>
  packages.has(rxcui) || Number(rxcui) > newest || soldInPacks.has(name) || /^([\d.]+ [A-Z]+ )?a/i.test(name);
function onlySold(list) {
  const sold = list.filter(isSold);
  return only(sold.some(({ outcome }) => outcome && outcome.articles !== 'none') ? sold : list);
}

/** Least share of the ordinary route in the packages of an ingredient that is sold for several. */
const ORDINARY = 3 / 4;

/** Routes of what is placed once: it is for another use than what is taken. */
const PLACED = ['intrauterine', 'implant'];

/** The page of the ordinary route by which an ingredient is sold: that of most packages, where its name alone leads to that page as well. */
function mostSold(name, list) {
  if (list.some(({ route }) => PLACED.includes(route))) return undefined;
  const count = list.some(({ rxcui }) => packages.has(rxcui)) ? ({ rxcui }) => packages.get(rxcui) ?? 0 : () => 1;
  const counts = new Map();
  for (const product of list) {
    const articles = product.outcome?.articles ?? 'none';
    counts.set(articles, (counts.get(articles) ?? 0) + count(product));
  }
  const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
  const [[articles, most]] = [...counts].sort(([, a], [, b]) => b - a);
  const isOrdinary = articles !== 'none' && most >= ORDINARY * all && ofBareName(name) === articles;
  return isOrdinary ? { articles, note: 'the ordinary route' } : undefined;
}

/** RxNorm's names of groups of forms. */
const GROUPS = [
  [/ (Oral )?Pill$|\(Oral Pill\)$/, ['oral']],
  [
    / (Oral|Oral Liquid|Oral Powder|Chewable|Disintegrating Oral|Granule|Oral Granule|Effervescent|Wafer|Oral Film|Extended Release Oral) Product$|\((Oral Liquid|Chewable|Disintegrating|Effervescent|Oral Granules?|Oral Powder|Oral Disintegrating|Oral Film|Oral Product|Oral Pellet|Oral Wafer|Oral (Solution|Suspension) (Powder|Granules|Tablet))\)$/,
    ['oral'],
  ],
  [
    / (Injectable|Prefilled Syringe|Pen Injector|Cartridge) Product$|\(Injectable\)$| (Pen Injector|Prefilled Syringe|Injectable)$/,
    ['injection'],
  ],
  [/ (Topical|Shampoo|Soap|Paste) Product$|\((Topical|Shampoo|Soap)\)$/, ['topical']],
  [/ Transdermal Product$|\(Transdermal\)$/, ['transdermal']],
  [/ Ophthalmic Product$|\(Ophthalmic\)$/, ['ophthalmic']],
  [/ Otic Product$|\(Otic\)$/, ['otic']],
  [/ Nasal Product$|\(Nasal\)$/, ['nasal']],
  [/ (Inhalant|Inhalation) Product$|\(Inhalant\)$|\(Inhalation\)$/, ['inhalation']],
  [/ Rectal Product$|\(Rectal\)$/, ['rectal']],
  [/ Vaginal Product$|\(Vaginal\)$/, ['vaginal']],
  [/ Sublingual Product$|\(Sublingual\)$/, ['sublingual']],
  [/ Buccal Product$|\(Buccal\)$/, ['buccal']],
  [/ Lozenge Product$|\((Oral )?Lozenge\)$/, ['lozenge']],
  [/\((Mouthwash|Toothpaste|Oral (Gel|Foam|Paste|Ointment))\)$/, ['dental']],
  [/\(Intrauterine\)$/, ['intrauterine']],
  [/\(Urethral\)$/, ['urethral']],
  [/\((Oral Spray|Mucosal)\)$/, ['spray']],
  [/ (Chewing )?Gum Product$|\((Chewing )?Gum\)$/, ['gum']],
  [/ Drug Implant Product$|\(Implant\)$/, ['implant']],
];

function ofGroup(name) {
  const group = GROUPS.find(([pattern]) => pattern.test(name));
  if (!group) return undefined;
  const [pattern, routes] = group;
  // RxTerms marks a slow release: `CONCERTA XR (Oral Pill)`.
  const text = name.replace(pattern, '').trim().replace(/ XR$/, '');
  const list =
    byBrand.get(text.toLowerCase()) ??
    byWhole.get(normalizeIngredients(text.replaceAll(/(?<=[a-z])\/(?=[A-Za-z])/g, ' / '))) ??
    [];
  const fitting = list.filter(({ route }) => routes.includes(route));
  return fitting.length > 0 ? only(fitting) : undefined;
}

/** A pack: one page about all of its ingredients together, else that of all its parts, else those of each. */
function ofPack(row) {
  const { name } = row;
  const brand = brandOf(name);
  const parts = partsOf(name).map((part) => readProduct({ rxcui: row.rxcui, name: part }));
  if (parts.length === 0) return undefined;
  const isPlacebo = ({ whole }) => parts.length > 1 && /^ferrous (fumarate|bisglycinate)$/.test(whole);
  const active = parts.filter((part) => !isPlacebo(part));
  const [first] = active;
  const byBrand = brand && first?.route ? outcomeOfBrand(brand.replace(/ \d+ Day$/, ''), first.route) : undefined;
  if (byBrand) return byBrand;
  for (const part of active) part.outcome = outcomeOf(part, isOneDrug);
  const sets = [...new Set(active.flatMap(({ whole }) => whole.split(' / ')))].sort();
  const isMixed = active.some(({ whole }) => whole.split(' / ').length < sets.length);
  const routes = new Set(active.map(({ route }) => route));
  if (isMixed && routes.size === 1) {
    const whole = { ...active[0], name, whole: sets.join(' / '), salted: '', components: sets };
    const together = outcomeOf(whole, isOneDrug);
    if (together) return together;
  }
  const same = active.every(({ outcome }) => outcome) ? only(active) : undefined;
  if (same) return same;
  if (!active.every(({ outcome }) => outcome && outcome.articles !== 'none')) return undefined;
  const each = [
    ...new Set(active.flatMap(({ outcome }) => outcome.articles.split('|').map((one) => one.split(':')[0]))),
  ];
  return each.length <= 3
    ? { articles: each.map((one) => `${one}:narrower`).join('|'), note: 'a pack of several drugs' }
    : undefined;
}

function ofOther(row) {
  const { name, tty } = row;
  if (/allergenic extract|pollen extract/i.test(name))
    return { articles: 'none', note: 'an allergenic extract: no page is about it' };
  if (name.startsWith('{')) return ofPack(row);
  if (tty === 'BN') return only(byBrand.get(name.toLowerCase()) ?? []);
  if (tty === 'SCDC' || (tty === '' && /^[^[\]]* [\d.]+ (MG|UNT|MEQ|MG\/ML|UNT\/ML)$/.test(name))) {
    const same = byComponent.get(name.toLowerCase());
    return same ? only(same) : only(byWhole.get(normalizeIngredients(name)) ?? []);
  }
  if (tty === 'IN' || tty === 'MIN' || tty === 'PIN') {
    const ofSalt = tty === 'PIN' ? bySalted.get(name.toLowerCase()) : undefined;
    const list = ofSalt ?? byWhole.get(normalizeIngredients(name));
    if (!list) return outcomeOfBareName(name);
    return onlySold(list) ?? (tty === 'IN' ? mostSold(normalizeIngredients(name), list) : undefined);
  }
  const grouped = ofGroup(name);
  if (grouped) return grouped;
  const product = readProduct(row);
  if (product.route) {
    const list =
      (product.brand
        ? byBrand.get(product.brand.toLowerCase())
        : (bySalted.get(product.salted) ?? byWhole.get(product.whole))) ?? [];
    const told = only(
      list.filter(({ route, whole }) => route === product.route && (product.brand || whole === product.whole)),
    );
    return told ?? (product.brand && list.length > 0 ? undefined : outcomeOf(product, isOneDrug));
  }
  // `aspirin 81 MG [Ecotrin]`: a component of a brand.
  const brand = brandOf(name);
  if (brand) return only(byBrand.get(brand.toLowerCase()) ?? []);
  return undefined;
}

const outcomes = new Map();
const NO_PAGE = { articles: 'none', note: 'no page about this drug' };
for (const product of products) outcomes.set(product.rxcui, product.outcome ?? NO_PAGE);
for (const row of all) {
  if (clinical.has(row.rxcui)) continue;
  const outcome = ofOther(row) ?? (row.name.startsWith('{') ? NO_PAGE : undefined);
  if (outcome) outcomes.set(row.rxcui, outcome);
}
// Codes that the lists of today lack: retired ones, components, groups of forms. Systems still send them. Each was judged by its
// name in a value set of 2015 to 2018, which may not be shipped: only where this program read the same page in the name, or a nearer one.
for (const { articles, note, codes } of readCsv('tools/drug-tables/older-pages.csv'))
  for (const rxcui of codes.split(' ')) if (!outcomes.has(rxcui)) outcomes.set(rxcui, { articles, note });

const groups = new Map();
for (const [rxcui, { articles, note }] of outcomes) {
  const key = `${articles},${note.includes(',') ? `"${note}"` : note}`;
  groups.set(key, [...(groups.get(key) ?? []), Number(rxcui)]);
}
const lines = [...groups].sort().map(([key, codes]) => `${key},${codes.sort((a, b) => a - b).join(' ')}`);
writeFileSync('resources/drugs/rxnorm-pages.csv', `articles,note,codes\n${lines.join('\n')}\n`);

const names = new Map(
  readNames()
    .filter(({ name }) => name !== '')
    .map(({ rxcui, name }) => [Number(rxcui), name]),
);
for (const { rxcui, name } of readClinicalDrugs()) names.set(Number(rxcui), name);
const listed = [...names].sort(([a], [b]) => a - b);
const texts = listed.map(([, name]) => Buffer.from(name.replaceAll(/\s+/g, ' ')));
const starts = [0];
for (const { length } of texts) starts.push(starts.at(-1) + length);
const numbers = Uint32Array.from(
  [listed.length].concat(
    listed.map(([code]) => code),
    starts,
  ),
);
writeFileSync(
  'resources/drugs/rxnorm-names.bin.gz',
  gzipSync(Buffer.concat([Buffer.from(numbers.buffer), ...texts]), { level: 9 }),
);
const release = existsSync('resources/drugs/release.json')
  ? JSON.parse(readFileSync('resources/drugs/release.json', 'utf8'))
  : {};
writeFileSync(
  'resources/drugs/release.json',
  `${JSON.stringify({ ...release, rxnorm: DATE, drugs: outcomes.size }, null, 2)}\n`,
);

const paged = [...clinical.keys()].filter(
  (rxcui) => outcomes.get(rxcui) && outcomes.get(rxcui).articles !== 'none',
).length;
console.log(
  `${outcomes.size} codes (${paged} clinical drugs with a page), ${lines.length} outcomes, ${listed.length} names`,
);
for (const [key, told] of conflicts) console.log(`judge: ${key}: ${told}`);
