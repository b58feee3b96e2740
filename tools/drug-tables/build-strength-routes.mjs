/**
 * Writes resources/drugs/strength-routes.csv: the strengths that RxNorm has of a drug for one route alone, for drugs whose pages are each
 * for a route, and what a strength excludes: the page of a drug's name, where that is for other routes. A mass tells the mouth alone, and only where no other product holds as much: whoever takes tablets of 2.5 mg
 * may be ordered 25 mg of them, which is the strength of a vial. What a label excludes is judged by hand.
 * Usage: npm run build && node tools/drug-tables/build-strength-routes.mjs [../shared/data]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeIngredients, findDrugRoute } from '../../dist/core/drugs/drug-name.js';
import { normalizeStrength } from '../../dist/core/drugs/strength-routes.js';
import { formOf } from './rxnorm-forms.mjs';
import { DATA, partsOf, readClinicalDrugs, readCsv } from './rxnorm-files.mjs';

const ORAL = 'oral';
const SWALLOWED_OR_MELTED = [ORAL, 'sublingual'];
/**
 * Masses that only a needle gives, by the drugs' labels: no dose of ketorolac by mouth is above 20 mg and a puff is 15.75 mg, none of
 * vancomycin above 500 mg, of risperidone above 16 mg, of aripiprazole above 30 mg, of olanzapine above 20 mg, of naltrexone above
 * 150 mg, of cefuroxime above 500 mg, of leucovorin above 25 mg.
 */
const INJECTED = Object.entries({
  ketorolac: [15, 30, 60],
  vancomycin: [750, 1000, 1250, 1500, 1750, 2000],
  risperidone: [25, 37.5, 50, 75, 90, 100, 120, 125, 150, 200, 250],
  aripiprazole: [300, 400, 441, 662, 675, 720, 882, 960, 1064],
  olanzapine: [150, 210, 300, 405],
  naltrexone: [380],
  cefuroxime: [750, 1500],
  methylprednisolone: [125, 250, 500, 1000, 2000],
  hydrocortisone: [100, 250, 500, 1000],
  leucovorin: [50, 100, 200, 350, 500],
  ampicillin: [2000],
  cyclophosphamide: [1000, 2000],
  methotrexate: [1000],
}).flatMap(([name, masses]) => masses.map((mg) => [name, `${mg} mg`, 'injection']));
/** Masses of capsules that a bag or a vial holds as well, but nobody orders without saying so. */
const SWALLOWED = [150, 300].map((mg) => ['clindamycin', `${mg} mg`, ORAL]);
/** The page of a drug's name. */
const pageOf = new Map(readCsv('mappings/drug-name.csv').map(({ code, article }) => [code, article]));
const bound = new Set([...pageOf.keys()].map((code) => code.replace(/ [a-z]+$/, '')));
/** Drugs that have pages by route, or one of their bare name that may be for another route. */
const isAsked = (name) => pageOf.has(name) || bound.has(name);
const routesOfPage = new Map(
  readCsv('resources/drugs/page-routes.csv').map(({ article, routes }) => [article, routes.split(' ')]),
);
/** Whether the page of a drug's bare name covers a route, as far as its routes are known. */
const coversRoute = (name, route) => (routesOfPage.get(pageOf.get(name)) ?? [route]).includes(route);

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
  if (per === 'ACTUAT')
    return [`${amount} mg`, `${amount} mg / actuat`, ...(/Nasal/.test(form) ? [`nasal ${amount}`] : [])];
  if (per === 'HR') return [`${amount} mg`, `${amount * 24} mg`, `${amount} mg / hr`];
  if (per === 'MG') return [`${amount * 100} %`, ...(mg ? [`${amount * Number(mg)} mg`] : [])];
  const [, volume] = /^(\d[\d.]*) ML /.exec(part) ?? [];
  // Nobody orders a cream or a drop by the mass in one millilitre of it.
  const isDosed = !/Topical|Cream|Lotion|Shampoo|Ophthalmic|Otic|Rectal|Vaginal/.test(form);
  const held = [...(isDosed ? [1] : []), ...(volume ? [Number(volume)] : [])].map((ml) => `${amount * ml} mg`);
  return [`${amount} mg / ml`, `${amount / 10} %`, ...held];
}

const byDrug = new Map();
/** The routes of each strength that is no mass, whatever page a product has. */
const held = new Map();
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
    if (!strength?.endsWith(' mg'))
      held.set(`${drug}|${strength}`, [...(held.get(`${drug}|${strength}`) ?? []), route]);
  }
}

/** Whether the page of a drug's bare name is for none of the routes of a strength. */
const isForOthers = (name, strength) => {
  const routes = held.get(`${name}|${strength}`) ?? ['?'];
  return pageOf.has(name) && !routes.some((route) => route === '?' || coversRoute(name, route));
};

const rows = [...INJECTED, ...SWALLOWED];
const isByHand = new Set(rows.map(([name, strength]) => `${name}|${strength}`));
for (const [name, told] of byDrug) {
  // What is taken in one way is told by its name.
  if (new Set([...told.values()].flatMap((routes) => [...routes])).size < 2) continue;
  const isAnyMass = [...(told.get('*') ?? [])].some((route) => route !== ORAL);
  // RxNorm measures nasal sprays by the puff, which is of 0.07 to 0.14 ml; people and labels also by the per cent.
  const puffs = [...told.keys()].filter((key) => key.startsWith('nasal ')).map((key) => Number(key.slice(6)));
  const isOfNose = (perCent) => puffs.some((mg) => perCent * 10 >= mg / 0.14 && perCent * 10 <= mg / 0.07);
  for (const [strength, routes] of told) {
    const [route] = routes;
    if (/^[*n]/.test(strength) || isByHand.has(`${name}|${strength}`)) continue;
    if (routes.size > 1 || route === '?') {
      if (isForOthers(name, strength)) rows.push([name, strength, '']);
      continue;
    }
    if (pageOf.has(name) && coversRoute(name, route)) continue;
    if (
      strength.endsWith('%') &&
      (route === ORAL || (route === 'injection' && pageOf.has(name)) || isOfNose(Number.parseFloat(strength)))
    )
      continue;
    if (strength.endsWith(' mg') && (!SWALLOWED_OR_MELTED.includes(route) || isAnyMass)) continue;
    rows.push([name, strength, route]);
  }
}
const lines = rows.sort((a, b) => (a.join() < b.join() ? -1 : 1)).map((row) => row.join(','));
writeFileSync(join('resources/drugs', 'strength-routes.csv'), `name,strength,route\n${lines.join('\n')}\n`);
console.log(`${lines.length} strengths of ${new Set(rows.map(([name]) => name)).size} drugs`);
