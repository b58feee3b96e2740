import { asFewObjects, asObject, asText, type JsonObject } from '../../json-object.js';
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

/** Removes the base that a strength is of. A word behind a hyphen stays: it is the second drug of `sofosbuvir-velpatasvir`. */
const simplify = (name: string): string => name.replace(/(?<!\s)\s*\((?:base|as [^)]{1,60})\)/i, '');

const toWords = (name: string): string[] => name.toLowerCase().match(TELLING) ?? [];

/** The route of one dose: by the names and the codes of its route, else by its text, its site and its unit. Empty where it tells none. */
function findDoseRoute({ route, text, patientInstruction, site, doseAndRate }: JsonObject): string {
  const { names = [], codings } = readConcept(route) ?? { codings: [] };
  const routes = [findRouteInWords(names.join(' ')), ...codings.map(({ code }) => findRouteOfCode(code))];
  const units = asFewObjects(doseAndRate).map(({ doseQuantity }) => asText(asObject(doseQuantity)?.unit));
  const texts = [asText(text), asText(patientInstruction), ...(readConcept(site)?.names ?? []), ...units];
  return [...routes, ...texts.map(findRouteInSig)].find(Boolean) ?? '';
}

/** The one route that the doses of a drug tell, else that of its form; empty where there is none, or several. */
export function findRoute(resource: JsonObject, medication: JsonObject | undefined): string {
  const doses = [...asFewObjects(resource.dosage), ...asFewObjects(resource.dosageInstruction)];
  const [route, ...others] = new Set(doses.map(findDoseRoute).filter(Boolean));
  if (route !== undefined) return others.length > 0 ? '' : route;
  return findRouteInWords((readConcept(medication?.form)?.names ?? []).join(' '));
}

/** The ingredients of a Medication in one name; empty where one of them has none. */
function joinIngredients(medication: JsonObject | undefined): string {
  const names = asFewObjects(medication?.ingredient).map(({ itemCodeableConcept }) => {
    const [name = ''] = readConcept(itemCodeableConcept)?.names ?? [];
    return name.replace(TAG, '');
  });
  return names.includes('') ? '' : names.join(' / ');
}

/**
 * The names by which a drug is looked up, the surest first: those that share a word with its ingredients or its ATC code, then these, then
 * the others. A brand of another country may be another drug's here. Of a combination no single drug's name is used.
 * @param isRouted whether the chart tells the route; else that of the ATC code is in its name
 * @param medication the Medication that the resource refers to
 */
export function listDrugNames(
  { codings, names = [] }: SentConcept,
  isRouted: boolean,
  medication: JsonObject | undefined,
): string[] {
  const isAtc = ({ systemSent }: (typeof codings)[number]): boolean => ATC.test(systemSent);
  const ofAtc = codings
    .filter(isAtc)
    .flatMap(({ code, display }) =>
      display.trim() === '' ? [] : `${display.trim()} ${isRouted ? '' : findAtcRoute(code)}`.trim(),
    );
  const ingredients = joinIngredients(medication);
  const atcDisplays = new Set(codings.filter(isAtc).map(({ display }) => display.trim()));
  const plain = names.filter((name) => !atcDisplays.has(name)).map((name) => name.replace(TAG, ''));
  const sure = [...(ingredients === '' ? [] : [ingredients]), ...ofAtc];
  const words = new Set(sure.flatMap(toWords));
  const isAlike = (name: string): boolean => toWords(name).some((word) => words.has(word));
  const others = plain.filter((name) => !isAlike(name));
  const all = uniqueNames([...plain.filter(isAlike), ...sure, ...others, ...plain.map(simplify)]);
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
