import { findDepartment, type Department } from '../../../core/model/department.js';
import { printableLine } from '../../../core/client-text.js';
import { asFewObjects, asObject, asObjects, asText, type JsonObject } from '../../json-object.js';

/** Place of an encounter, as the chart refers to it. */
export interface EncounterPlace {
  /** Its name in the chart; empty if it has none. */
  readonly display: string;
  /** Its reference (`Location/12`) and its identifier's value, without empty ones. */
  readonly keys: readonly string[];
}

/** Places within a ward: a bed, a room, a vehicle (FHIR's location-physical-type). */
const WITHIN: ReadonlySet<string> = new Set(['bd', 'ro', 've', 'ca', 'rd']);
/** Places where the patient is not yet, or not any more. */
const NOT_THERE: ReadonlySet<string> = new Set(['planned', 'reserved', 'completed']);
const MOST_CHARS = 100;

const cut = (value: unknown): string => printableLine(asText(value)).trim().slice(0, MOST_CHARS);

function readPlace(reference: unknown): EncounterPlace | undefined {
  const found = asObject(reference);
  const display = cut(found?.display);
  const keys = [cut(found?.reference), cut(asObject(found?.identifier)?.value)].filter((key) => key !== '');
  return display === '' && keys.length === 0 ? undefined : { display, keys };
}

const isWithin = ({ physicalType }: JsonObject): boolean =>
  asObjects(asObject(physicalType)?.coding).some(({ code }) => WITHIN.has(asText(code)));

/**
 * Lists the places of an Encounter (R4): the locations where the patient is, the ward before its beds, then the organisation that provides
 * the service.
 */
export function listPlaces(encounter: JsonObject): EncounterPlace[] {
  const locations = asFewObjects(encounter.location);
  const there = locations.filter(({ status }) => !NOT_THERE.has(asText(status)));
  const current = there.length > 0 ? there : locations.slice(-1);
  const ordered = [...current.filter((one) => !isWithin(one)), ...current.filter(isWithin)];
  const places = [...ordered.map(({ location }) => location), encounter.serviceProvider];
  return places.flatMap((place) => readPlace(place) ?? []);
}

/** Lists references, identifiers and names of the places of an Encounter, in the order of `listPlaces`. */
export const listPlaceNames = (encounter: JsonObject): string[] =>
  listPlaces(encounter).flatMap(({ keys, display }) => [...keys, display].filter((name) => name !== ''));

/** Finds the encounter of a launch among the resources of its chart. */
export const findEncounterOf = (resources: readonly JsonObject[], id: string | undefined): JsonObject | undefined =>
  id === undefined ? undefined : resources.find((one) => one.resourceType === 'Encounter' && asText(one.id) === id);

/**
 * Returns the name of the ward or clinic of an encounter: that of one of the site's departments in English, else of the first place with a
 * name, else its reference; undefined without a place.
 * @param more further names, by which one of the site's departments is recognized
 */
export function nameDepartment(
  encounter: JsonObject | undefined,
  departments: readonly Department[] = [],
  more: readonly string[] = [],
): string | undefined {
  const places = encounter ? listPlaces(encounter) : [];
  const known = findDepartment(departments, [...(encounter ? listPlaceNames(encounter) : []), ...more]);
  if (known) return known.names.en;
  return places.find(({ display }) => display !== '')?.display ?? places[0]?.keys[0];
}
