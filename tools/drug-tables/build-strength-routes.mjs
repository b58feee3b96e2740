/**
 * Writes resources/drugs/strength-routes.csv: the routes for which RxNorm has a strength of a drug, where the page of the drug's name alone
 * would be no safe answer: it has none, or is for other routes. A strength of several routes selects nothing, unless one of them
 * is far more usual: tablets, where the same mass is otherwise only what some volume of a solution holds. Packages on the market count; products without
 * one only where no product of a strength has any. A mass that only a needle gives may be several tablets, unless the label excludes that or the mass is several times
 * that of the strongest tablet. A row of a measure without a number (`mg / ml`) holds for strengths that RxNorm does not have.
 * Usage: npm run build && node tools/drug-tables/build-strength-routes.mjs [../shared/data]
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeIngredients, findDrugRoute } from '../../dist/core/drugs/drug-name.js';
import { BY_MOUTH as BY_MOUTH_FORMS, IMPLIED_ROUTES, ROUTES } from '../../dist/core/drugs/drug-terms.js';
import { normalizeStrength } from '../../dist/core/drugs/normalize-strength.js';
import { formOf } from './rxnorm-forms.mjs';
import { DATA, partsOf, readClinicalDrugs, readCsv } from './rxnorm-files.mjs';

const ORAL = 'oral';
const BY_MOUTH = [ORAL, 'sublingual', 'buccal', 'lozenge', 'gum'];
/** A mass that is as many times that of the strongest tablet is no dose of tablets. */
const MOST_TABLETS = 4;
/**
 * Masses that only a needle gives, by the drugs' labels: no dose of ketorolac by mouth is above 20 mg and a puff is 15.75 mg, none of
 * vancomycin above 500 mg, of risperidone above 16 mg, of aripiprazole above 30 mg, of olanzapine above 20 mg, of naltrexone above
 * 150 mg, of cefuroxime above 500 mg, of leucovorin above 25 mg.
 */
const INJECTED = Object.entries({
  ketorolac: [15, 30, 60],
  vancomycin: [750, 1000, 1250, 1500, 1750, 2000],
  risperidone: [12.5, 25, 37.5, 50, 75, 90, 100, 120, 125, 150, 200, 250],
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
  semaglutide: [0.25, 0.5, 1, 1.7, 2, 2.4],
}).flatMap(([name, masses]) => masses.map((mg) => [name, `${mg} mg`, 'injection']));
/** Masses that are swallowed: capsules that a bag or a vial holds as well, but nobody orders without saying so, and strengths of new tablets. */
const SWALLOWED = Object.entries({ clindamycin: [150, 300], semaglutide: [1.5, 3, 4, 7, 9, 14, 25] }).flatMap(
  ([name, masses]) => masses.map((mg) => [name, `${mg} mg`, ORAL]),
);
/** The page of a drug's name; empty where a row states that there is none. */
const pageOf = new Map(readCsv('mappings/drug-name.csv').map(({ code, article }) => [code, article]));
const ROUTE = new RegExp(
  ` (${[...ROUTES, ...BY_MOUTH_FORMS, ...IMPLIED_ROUTES].map(([, route]) => route).join('|')}|spray)$`,
);
const bound = new Set([...pageOf.keys()].filter((code) => ROUTE.test(code)).map((code) => code.replace(ROUTE, '')));
/** Drugs that have pages by route, or one of their bare name that may be for another route. */
const isAsked = (name) => pageOf.has(name) || bound.has(name);
const routesOfPage = new Map(
  readCsv('resources/drugs/page-routes.csv').map(({ article, routes }) => [article, routes.split(' ')]),
);
/** Whether the page of a drug's bare name covers a route. Pages that are on no drug are on what is swallowed. */
const coversRoute = (name, route) =>
  (routesOfPage.get(pageOf.get(name)) ?? (/^drug-/.test(pageOf.get(name)) ? [route] : BY_MOUTH)).includes(route);
/** The page that a line with a route leads to. */
const pageByRoute = (name, route) =>
  (pageOf.get(`${name} ${route}`) ?? (coversRoute(name, route) ? pageOf.get(name) : '')) || 'none';
/** Whether a line without a route leads there as well. */
const isToldByName = (name, route) =>
  pageOf.has(name) && (pageOf.get(name) || 'none') === pageByRoute(name, route) && coversRoute(name, route);

/** The page of a product, as build-rxnorm.mjs has judged it: a strength of another use has another, or none. */
const pageOfProduct = new Map(
  readCsv('resources/drugs/rxnorm-pages.csv').flatMap(({ articles, codes }) =>
    codes.split(' ').map((rxcui) => [rxcui, articles.split(':')[0]]),
  ),
);

/** Products for animals count for nobody. */
const forAnimals = new Set(
  readCsv('resources/drugs/rxnorm-pages.csv')
    .filter(({ note }) => note === 'a veterinary product')
    .flatMap(({ codes }) => codes.split(' ')),
);

const AMOUNT = /(\d[\d.]*) (MG|MEQ|UNT)(?:\/(ML|MG|ACTUAT|HR))?(?= )/;
const UNITS = { MG: 'mg', MEQ: 'meq', UNT: 'unt' };

/**
 * Strengths of one product: `10 mg`, `2 mg / ml`, `0.2 %`; `*` where it may hold any mass, `nasal 0.05` of a puff, `held 4 mg` of a volume.
 */
function strengthsOf(part, form) {
  // A gel may come in packets, which RxNorm names first.
  const [packet = '', mg] = /^(\d+) MG (?=.* MG\/MG )/.exec(part) ?? [];
  const [, number, sent, per] = AMOUNT.exec(`${part.slice(packet.length)} `) ?? [];
  if (number === undefined) return ['*'];
  const amount = Number(number);
  const unit = UNITS[sent];
  if (per === undefined) return [`${amount} ${unit}`];
  if (unit !== 'mg') return per === 'ML' ? [`${amount} ${unit} / ml`, `${unit} / ml`] : ['*'];
  if (per === 'ACTUAT')
    return [`${amount} mg`, `${amount} mg / actuat`, ...(/Nasal/.test(form) ? [`nasal ${amount}`] : [])];
  if (per === 'HR') return [`held ${amount} mg`, `held ${amount * 24} mg`, `${amount} mg / hr`];
  if (per === 'MG') return [`${amount * 100} %`, ...(mg ? [`held ${amount * Number(mg)} mg`] : [])];
  const [, volume] = /^(\d[\d.]*) ML /.exec(part) ?? [];
  // Nobody orders a cream or a drop by the mass in one millilitre of it.
  const isDosed = !/Topical|Cream|Lotion|Shampoo|Ophthalmic|Otic|Rectal|Vaginal/.test(form);
  const masses = [...(isDosed ? [1] : []), ...(volume ? [Number(volume)] : [])].map((ml) => `held ${amount * ml} mg`);
  return [`${amount} mg / ml`, 'mg / ml', `${amount / 10} %`, ...masses];
}

const normalize = (text) => (/^([*]|nasal|\D+$)/.test(text) ? text : normalizeStrength(text));

/** The drugs by name: the routes of each strength, those on the market apart. */
const drugs = new Map();
// A drug without a package is not sold; single ingredients that begin with A are missing among the packages.
const sold = new Set(readCsv(join(DATA, 'rxnorm/ndc11_to_rxcui_2025-10.csv.gz')).map(({ rxcui }) => rxcui));
for (const { rxcui, name } of readClinicalDrugs()) {
  const parts = partsOf(name);
  if (parts.length > 1 || forAnimals.has(rxcui)) continue;
  // How an inhaler is set off is no part of what is in it.
  const part = parts[0].replace(/^Breath-Actuated /, '');
  const { form, route: formRoute } = formOf(name);
  const drug = normalizeIngredients(form === undefined ? part : part.slice(0, -form.length));
  if (!isAsked(drug)) continue;
  const route = formRoute ?? findDrugRoute(part).route ?? '?';
  // Packets of a gel are sold under the code of their brand.
  const isSold = sold.has(rxcui) || /^([\d.]+ [A-Z]+ )?a|^\d+ MG .*Gel/i.test(name);
  const told = drugs.get(drug) ?? {
    routes: new Set(),
    strengths: new Map(),
    mostSwallowed: 0,
    leastSwallowed: Infinity,
  };
  drugs.set(drug, told);
  if (isSold) told.routes.add(route);
  const isOther = (pageOfProduct.get(rxcui) ?? 'none') !== pageByRoute(drug, route);
  for (const text of strengthsOf(part, form ?? '')) {
    const isHeld = text.startsWith('held ');
    // A spoonful of a syrup is no strength of it.
    if (isHeld && route === ORAL) continue;
    const strength = normalize(text.replace('held ', ''));
    const one = told.strengths.get(strength) ?? { sold: new Set(), all: new Set(), held: new Set(), isOther: false };
    told.strengths.set(strength, one);
    if (isHeld) {
      if (isSold) one.held.add(route);
      continue;
    }
    one.all.add(route);
    if (isSold) one.sold.add(route);
    one.isOther ||= isOther;
    if (BY_MOUTH.includes(route) && isSold && / mg$/.test(strength)) {
      told.mostSwallowed = Math.max(told.mostSwallowed, Number.parseFloat(strength));
      told.leastSwallowed = Math.min(told.leastSwallowed, Number.parseFloat(strength));
    }
  }
}

/** The routes that a mass tells: of tablets, of which several may be taken, or of what only another form holds. */
function routesOfMass(mass, { all, held, ...one }, { routes, mostSwallowed, leastSwallowed }) {
  const explicit = one.sold.size > 0 ? one.sold : all;
  if ([...explicit].some((route) => BY_MOUTH.includes(route))) {
    // A vial of as much is named by its form.
    return new Set([...explicit, ...held]);
  }
  const isDoseOfTablets = routes.has(ORAL) && mass >= leastSwallowed / 2 && mass <= MOST_TABLETS * mostSwallowed;
  return new Set([...explicit, ...(isDoseOfTablets ? [ORAL] : [])]);
}

const rows = [...INJECTED, ...SWALLOWED];
const isByHand = new Set(rows.map(([name, strength]) => `${name}|${strength}`));
for (const [name, drug] of drugs) {
  const { strengths } = drug;
  const isAnyMass = [...(strengths.get('*')?.sold ?? [])].some((route) => route !== ORAL);
  // RxNorm measures nasal sprays by the puff, which is of 0.07 to 0.14 ml; people and labels also by the per cent.
  const puffs = [...strengths.keys()].filter((key) => key?.startsWith('nasal ')).map((key) => Number(key.slice(6)));
  const isOfNose = (perCent) => puffs.some((mg) => perCent * 10 >= mg / 0.14 && perCent * 10 <= mg / 0.07);
  const isToldWhole = (strength) =>
    [...strengths.get(strength.replace(/^[\d.]+ /, '')).all].every((route) => isToldByName(name, route));
  /** Measures with a row of their own: their strengths need one as well. */
  const isOfMeasure = (strength) => strengths.has(strength.replace(/^[\d.]+ /, '')) && / ml$/.test(strength);
  for (const [strength, one] of strengths) {
    if (strength === undefined || /^[*n]/.test(strength) || isByHand.has(`${name}|${strength}`)) continue;
    if (one.all.size === 0) continue;
    const isMass = / mg$/.test(strength);
    const routes = isMass
      ? routesOfMass(Number.parseFloat(strength), one, drug)
      : one.sold.size > 0
        ? one.sold
        : one.all;
    // A strength of another use: better none than the page of its route.
    if (one.isOther && [...routes].some((route) => pageByRoute(name, route) !== 'none')) continue;
    const isTold = [...routes].every((route) => isToldByName(name, route));
    if (routes.has('?') || (isTold && !(isOfMeasure(strength) && !isToldWhole(strength)))) continue;
    // Of a mass that is a tablet's and another form's as well, the page of the name is the tablet's.
    if (isMass && routes.has(ORAL) && isToldByName(name, ORAL) && one.all.has(ORAL)) continue;
    if (isMass && isAnyMass && routes.size === 1) continue;
    const isOnly = (route) => routes.size === 1 && routes.has(route);
    const isUnclear =
      isOnly(ORAL) || (isOnly('injection') && pageOf.has(name)) || isOfNose(Number.parseFloat(strength));
    if (strength.endsWith('%') && isUnclear) continue;
    // The most usual first: what has that strength itself, tablets before all.
    const weigh = (route) => (one.all.has(route) ? (route === ORAL ? 0 : 1) : 2);
    const usual = [...routes].sort((a, b) => weigh(a) - weigh(b) || (a < b ? -1 : 1));
    rows.push([name, strength, usual.join(' ')]);
  }
}
const lines = rows.map((row) => row.join(',')).sort();
writeFileSync(join('resources/drugs', 'strength-routes.csv'), `name,strength,routes\n${lines.join('\n')}\n`);
console.log(`${lines.length} strengths of ${new Set(rows.map(([name]) => name)).size} drugs`);
