/**
 * Writes resources/drugs/strength-routes.csv: the strengths that RxNorm has of a drug for one route alone, for drugs whose pages are each
 * for a route. A mass tells the mouth alone, and only where no other product holds as much: whoever takes tablets of 2.5 mg
 * may be ordered 25 mg of them, which is the strength of a vial. What a label excludes is judged by hand.
 * Usage: npm run build && node tools/drug-tables/build-strength-routes.mjs [../shared/data]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeIngredients, findDrugRoute } from '../../dist/core/drugs/drug-name.js';
import { normalizeStrength } from '../../dist/core/words/strength-routes.js';
import { formOf } from './rxnorm-forms.mjs';
import { DATA, partsOf, readClinicalDrugs, readCsv } from './rxnorm-files.mjs';

const ORAL = 'oral';
/** Masses that only a needle gives: by its label no dose of ketorolac by mouth is above 20 mg, and a puff is 15.75 mg. */
const INJECTED = [15, 30, 60].map((mg) => ['ketorolac', `${mg} mg`, 'injection']);
/** The page of a drug's name. */
const pageOf = new Map(readCsv('mappings/drug-name.csv').map(({ code, article }) => [code, article]));
const bound = new Set([...pageOf.keys()].map((code) => code.replace(/ [a-z]+$/, '')));
/** Drugs that have pages by route, and none of their bare name. */
const isAsked = (name) => !pageOf.has(name) && bound.has(name);

/** The page of a product, as build-rxnorm.mjs has judged it: a strength of another use has another, or none. */
const pageOfProduct = new Map(
  readCsv('resources/drugs/rxnorm-pages.csv').flatMap(({ articles, codes }) =>
    codes.split(' ').map((rxcui) => [rxcui, articles.split(':')[0]]),
  ),
);
const hasOtherPage = (rxcui, name, route) =>
  (pageOfProduct.get(rxcui) ?? 'none') !== (pageOf.get(`${name} ${route}`) || 'none');

const AMOUNT = /(\d[\d.]*) MG(?:\/(ML|MG|ACTUAT|HR))?(?= )/;

/** What one product is measured by: `10 mg`, `2 mg / ml`, `0.2 %`; `*` where it may hold any mass. */
function strengthsOf(part, form) {
  // A gel may come in packets, which RxNorm names first.
  const [packet = '', mg] = /^(\d+) MG (?=.* MG\/MG )/.exec(part) ?? [];
  const [, number, per] = AMOUNT.exec(`${part.slice(packet.length)} `) ?? [];
  if (number === undefined) return ['*'];
  const amount = Number(number);
  if (per === undefined) return [`${amount} mg`];
  if (per === 'ACTUAT') return [`${amount} mg`, ...(/Nasal/.test(form) ? [`nasal ${amount}`] : [])];
  if (per === 'HR') return [`${amount} mg`, `${amount * 24} mg`];
  if (per === 'MG') return [`${amount * 100} %`, ...(mg ? [`${amount * Number(mg)} mg`] : [])];
  const [, volume] = /^(\d[\d.]*) ML /.exec(part) ?? [];
  // Nobody orders a cream or a drop by the mass in one millilitre of it.
  const isDosed = !/Topical|Cream|Lotion|Shampoo|Ophthalmic|Otic|Rectal|Vaginal/.test(form);
  const held = [...(isDosed ? [1] : []), ...(volume ? [Number(volume)] : [])].map((ml) => `${amount * ml} mg`);
  return [`${amount} mg / ml`, `${amount / 10} %`, ...held];
}

const byDrug = new Map();
// What has no package is not sold; single ingredients that begin with A are missing among the packages.
const sold = new Set(readCsv(join(DATA, 'rxnorm/ndc11_to_rxcui_2025-10.csv.gz')).map(({ rxcui }) => rxcui));
for (const { rxcui, name } of readClinicalDrugs()) {
  // Packets of a gel are sold under the code of their brand.
  if (!sold.has(rxcui) && !/^([\d.]+ [A-Z]+ )?a|^\d+ MG .*Gel/i.test(name)) continue;
  const parts = partsOf(name);
  if (parts.length > 1) continue;
  const [part] = parts;
  const { form, route: formRoute } = formOf(name);
  const drug = normalizeIngredients(form === undefined ? part : part.slice(0, -form.length));
  if (!isAsked(drug)) continue;
  const route = formRoute ?? findDrugRoute(part).route ?? '?';
  const told = byDrug.get(drug) ?? new Map();
  byDrug.set(drug, told);
  for (const text of strengthsOf(part, form ?? '')) {
    const isOralVolume = route === ORAL && / MG\/ML/.test(part) && /^[\d.]+ mg$/.test(text);
    const strength = /^[*n]/.test(text) ? text : normalizeStrength(text);
    // A spoonful of a syrup is no strength of it.
    const isUnclear = isOralVolume || hasOtherPage(rxcui, drug, route);
    told.set(strength, (told.get(strength) ?? new Set()).add(isUnclear ? '?' : route));
  }
}

const rows = [...INJECTED];
for (const [name, told] of byDrug) {
  // What is taken in one way is told by its name.
  if (new Set([...told.values()].flatMap((routes) => [...routes])).size < 2) continue;
  const isAnyMass = [...(told.get('*') ?? [])].some((route) => route !== ORAL);
  // RxNorm measures nasal sprays by the puff, which is of 0.07 to 0.14 ml; people and labels also by the per cent.
  const puffs = [...told.keys()].filter((key) => key.startsWith('nasal ')).map((key) => Number(key.slice(6)));
  const isOfNose = (perCent) => puffs.some((mg) => perCent * 10 >= mg / 0.14 && perCent * 10 <= mg / 0.07);
  for (const [strength, routes] of told) {
    const [route] = routes;
    if (/^[*n]/.test(strength) || routes.size > 1 || route === '?') continue;
    if (strength.endsWith('%') && (route === ORAL || isOfNose(Number.parseFloat(strength)))) continue;
    if (strength.endsWith(' mg') && (route !== ORAL || isAnyMass)) continue;
    rows.push([name, strength, route]);
  }
}
const lines = rows.sort((a, b) => (a.join() < b.join() ? -1 : 1)).map((row) => row.join(','));
writeFileSync(join('resources/drugs', 'strength-routes.csv'), `name,strength,route\n${lines.join('\n')}\n`);
console.log(`${lines.length} strengths of ${new Set(rows.map(([name]) => name)).size} drugs`);
