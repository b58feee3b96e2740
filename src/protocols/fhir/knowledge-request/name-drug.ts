import { asFewObjects, asObject, asText, type JsonObject } from '../../json-object.js';
import { codeSystem } from '../../../core/codes/code-systems.js';
import { findTitle } from '../../../core/answer/knowledge-request.js';
import { tellsForm } from '../../../core/drugs/other-drug.js';
import { findAtcRoute, findRouteInSig, findRouteInWords, findRouteOfCode } from './chart-rules.js';
import { readConcept, uniqueNames, type SentConcept } from './concept.js';

/** WHO's Anatomical Therapeutic Chemical classification, by the names that senders give it. */
const ATC = /\batc\b|^urn:oid:2\.16\.840\.1\.113883\.6\.73$/i;
/** Parts of SNOMED CT's full names. */
const TAG = /(?<!\s)\s*\((?:substance|product|medicinal product|clinical drug)\)$/i;
/** Words between the drugs of a combination. */
const JOINT = /\+|\s(?:\/|and|with|y|con|und|et|met)\s/i;
/** A shorter word tells no drug. */
const TELLING = /[a-zà-ÿ]{5,}/gi;

/** Removes additions of national lists around an ingredient: the base that a strength is of, a maker behind a hyphen (`Ramipril-ratiopharm`). */
const simplify = (name: string): string =>
  name.replace(/(?<!\s)\s*\((?:base|as [^)]{1,60})\)/i, '').replace(/^([A-Za-zÀ-ÿ]{5,40})-[A-Za-z]{4,40}\b/, '$1');

const toWords = (name: string): string[] => name.toLowerCase().match(TELLING) ?? [];

/** The route of one dose: by the names and the codes of its route, else by its text. Empty where it tells none. */
function findDoseRoute({ route, text, patientInstruction }: JsonObject): string {
  const { names = [], codings } = readConcept(route) ?? { codings: [] };
  const routes = [findRouteInWords(names.join(' ')), ...codings.map(({ code }) => findRouteOfCode(code))];
  return [...routes, ...[text, patientInstruction].map((sig) => findRouteInSig(asText(sig)))].find(Boolean) ?? '';
}

/** The one route that the doses of a drug tell, else that of its form; empty where there is none, or several. */
export function findRoute(resource: JsonObject, medication: JsonObject | undefined): string {
  const doses = [...asFewObjects(resource.dosage), ...asFewObjects(resource.dosageInstruction)];
  const [route, ...others] = new Set(doses.map(findDoseRoute).filter(Boolean));
  if (route !== undefined) return others.length > 0 ? '' : route;
  return findRouteInWords((readConcept(medication?.form)?.names ?? []).join(' '));
}

/** A name with the route, where it tells neither that nor a form itself. */
const withRoute = (name: string, route: string): string =>
  route === '' || name === '' || tellsForm(name) ? name : `${name} ${route}`;

/** The codings of a drug with its route in their titles: the code of methotrexate alone has the page on its tablets. */
export const routeCodings = (codings: SentConcept['codings'], route: string): SentConcept['codings'] =>
  codings.map((coding) => {
    const isDrug = coding.system && codeSystem(coding.system).kind === 'drug';
    return isDrug ? { ...coding, display: withRoute(findTitle(coding), route) } : coding;
  });

/** The ingredients of a Medication in one name; empty where one of them has none. */
function joinIngredients(medication: JsonObject | undefined): string {
  const names = asFewObjects(medication?.ingredient).map(({ itemCodeableConcept }) => {
    const [name = ''] = readConcept(itemCodeableConcept)?.names ?? [];
    return name.replace(TAG, '');
  });
  return names.includes('') ? '' : names.join(' / ');
}

/**
 * The names by which a drug is looked up, the surest first: those that share a word with its ingredients or its ATC code, then these with
 * their route, then the others. A brand of another country may be another drug's here. Of a combination no single drug's name is used.
 * Names that tell no form have the route; of what is swallowed the name alone is looked up as well.
 * @param medication the Medication that the resource refers to
 */
export function listDrugNames(
  { codings, names = [] }: SentConcept,
  route: string,
  medication: JsonObject | undefined,
): string[] {
  const isAtc = ({ systemSent }: (typeof codings)[number]): boolean => ATC.test(systemSent);
  const ofAtc = codings
    .filter(isAtc)
    .flatMap(({ code, display }) =>
      display.trim() === '' ? [] : `${display.trim()} ${route || findAtcRoute(code)}`.trim(),
    );
  const ingredients = joinIngredients(medication);
  const atcDisplays = new Set(codings.filter(isAtc).map(({ display }) => display.trim()));
  const plain = names.filter((name) => !atcDisplays.has(name)).map((name) => name.replace(TAG, ''));
  const sure = [...(ingredients === '' ? [] : [`${ingredients} ${route}`.trim()]), ...ofAtc];
  const words = new Set(sure.flatMap(toWords));
  const isAlike = (name: string): boolean => toWords(name).some((word) => words.has(word));
  const others = plain.filter((name) => !isAlike(name));
  const named = [...plain.filter(isAlike), ...sure, ...others, ...plain.map(simplify)];
  const routed = named.map((name) => withRoute(name, route));
  const all = uniqueNames(route === 'oral' ? [...routed, ...named] : routed);
  const isCombined = JOINT.test(ingredients) || (ingredients === '' && all.some((name) => JOINT.test(name)));
  return isCombined ? all.filter((name) => JOINT.test(name)) : all;
}

/** The Medication's own concept; without one the names of its ingredients. */
export function readMedicationConcept(medication: JsonObject | undefined, display: unknown): SentConcept | undefined {
  const own = readConcept(asObject(medication)?.code);
  const shown = asText(display).trim();
  if (own) return shown === '' ? own : { ...own, names: uniqueNames([...(own.names ?? []), shown]) };
  const name = shown || joinIngredients(medication);
  return readConcept({ text: name });
}
