import type { ChartSetting } from '../../../core/charts/chart-settings.js';
import { findNoteTime } from './chart-dates.js';
import { CHART_RULES, RECENT_MS, type ResourceRule } from './chart-rules.js';
import { asFewObjects, asObject, asObjects, asText, type JsonObject } from '../../json-object.js';
import type { Fact, Standing } from './reading.js';
import { findOwn } from '../../../core/find-own.js';

/** A resource of the request. */
export interface PlacedResource {
  readonly resource: JsonObject;
  /** The entry's address, for references to it. */
  readonly fullUrl: string;
}

/** What a chart as a whole decides for each of its facts. */
export interface ChartScene {
  readonly setting: ChartSetting;
  /** The request asks about one resource alone, not about a chart. */
  readonly isAsked: boolean;
  /** Whether a resource belongs to the encounter that the request is about; undefined where the chart does not say. */
  readonly isOfEncounter: (fact: Fact) => boolean | undefined;
  readonly findStanding: (fact: Fact) => Standing;
  /** True if the document lists a resource as past illness. */
  readonly isListedAsPast: (resource: JsonObject) => boolean;
}

const DAY_MS = 24 * 3_600_000;
/** Encounters that did not take place, or have not yet. */
const NOT_HELD: ReadonlySet<string> = new Set(['planned', 'cancelled', 'entered-in-error']);

/** A reference as a name: `Encounter/12` on any server, a URN unchanged; without a version. */
function toName(reference: unknown): string {
  const plain = asText(reference).replace(/\/_history\/[^/]+$/, '');
  return /(?<![A-Za-z])[A-Za-z]+\/[A-Za-z0-9.-]{1,64}$/.exec(plain)?.[0] ?? plain;
}

const readReference = (value: unknown): string => toName(asObject(value)?.reference);

/** The encounter that a fact was noted in, as it refers to it; MedicationStatement calls it its context. */
const readEncounterName = ({ encounter, context }: JsonObject): string =>
  readReference(encounter) || readReference(context);

function listNames({ resource, fullUrl }: PlacedResource): string[] {
  const id = asText(resource.id);
  const own = id === '' ? [] : [`${asText(resource.resourceType)}/${id}`];
  return fullUrl === '' ? own : [...own, toName(fullUrl)];
}

/** When a fact was noted; one that began more than a year before, when it began: the arrest of 1985 is recorded at each visit. */
function findFactTime(resource: JsonObject, { dates, began = [] }: ResourceRule): number | undefined {
  const notedAt = findNoteTime(resource, dates, 'start');
  const beganAt = findNoteTime(resource, began, 'start');
  return notedAt !== undefined && beganAt !== undefined && notedAt - beganAt > RECENT_MS ? beganAt : notedAt;
}

/** The encounter of a chart. */
interface ThisEncounter {
  readonly names: ReadonlySet<string>;
  /** HL7 v3 ActEncounterCode. */
  readonly encounterClass: string | undefined;
  readonly start: number | undefined;
  /** Names of the problems that it was about. */
  readonly problems: ReadonlySet<string>;
}

function readEncounter(placed: PlacedResource): ThisEncounter {
  const { resource } = placed;
  const about = [
    ...asObjects(resource.diagnosis).map(({ condition }) => condition),
    ...asObjects(resource.reasonReference),
  ];
  const encounterClass = asText(asObject(resource.class)?.code);
  return {
    names: new Set(listNames(placed)),
    encounterClass: encounterClass === '' ? undefined : encounterClass,
    start: findNoteTime(resource, ['period'], 'start'),
    problems: new Set(about.map(readReference)),
  };
}

/** The latest encounter that facts refer to, where the Encounters themselves did not come along. */
function findReferredTo(resources: readonly PlacedResource[], now: number): ThisEncounter | undefined {
  const starts = new Map<string, number>();
  let latest: string | undefined;
  for (const { resource } of resources) {
    const rule = findOwn(CHART_RULES, asText(resource.resourceType));
    const name = rule && readEncounterName(resource);
    const time = rule && findFactTime(resource, rule);
    if (!name || time === undefined || time > now + DAY_MS) continue;
    starts.set(name, Math.min(starts.get(name) ?? Infinity, time));
    if (latest === undefined || time > (starts.get(latest) ?? -Infinity)) latest = name;
  }
  if (latest === undefined) return undefined;
  return { names: new Set([latest]), encounterClass: undefined, start: starts.get(latest), problems: new Set() };
}

/** The encounter that the request names, else the newest one that has begun. */
function findEncounter(
  resources: readonly PlacedResource[],
  requested: string | undefined,
  now: number,
): ThisEncounter | undefined {
  const encounters: ThisEncounter[] = [];
  for (const placed of resources) {
    const { resourceType, status } = placed.resource;
    if (resourceType === 'Encounter' && !NOT_HELD.has(asText(status))) encounters.push(readEncounter(placed));
  }
  if (requested !== undefined) {
    const name = toName(requested);
    const named = encounters.find(({ names }) => names.has(name));
    return named ?? { names: new Set([name]), encounterClass: undefined, start: undefined, problems: new Set() };
  }
  const begun = encounters.filter(({ start }) => start === undefined || start <= now + DAY_MS);
  const [first, ...others] = begun;
  if (!first) return findReferredTo(resources, now);
  return others.reduce((newest, one) => ((one.start ?? -Infinity) > (newest.start ?? -Infinity) ? one : newest), first);
}

/** LOINC: history of past illness. */
const PAST_ILLNESS = '11348-0';
/** Sections of a document, with those within them. */
const MOST_SECTIONS = 200;

/** Names of the resources that a document lists as past illness. */
function findPastIllness(resources: readonly PlacedResource[]): ReadonlySet<string> {
  const names = new Set<string>();
  const open = resources.flatMap(({ resource }) =>
    asText(resource.resourceType) === 'Composition' ? asFewObjects(resource.section) : [],
  );
  for (let read = 0; read < MOST_SECTIONS; read += 1) {
    const section = open.pop();
    if (!section) break;
    open.push(...asFewObjects(section.section));
    const codes = asFewObjects(asObject(section.code)?.coding).map(({ code }) => asText(code));
    if (codes.includes(PAST_ILLNESS)) for (const entry of asObjects(section.entry)) names.add(toName(entry.reference));
  }
  return names;
}

/** Keys of a drug, to find an earlier order of it. */
function listDrugKeys(resource: JsonObject): string[] {
  const codings = asObjects(asObject(resource.medicationCodeableConcept)?.coding);
  const coded = codings.flatMap(({ system, code }) => (asText(code) ? `${asText(system)}|${asText(code)}` : []));
  const reference = readReference(resource.medicationReference);
  return reference === '' ? coded : [...coded, reference];
}

const NO_ORDER: ReadonlySet<string> = new Set(['entered-in-error', 'cancelled', 'draft', 'not-taken']);

/** When each drug of a chart was first ordered. */
function findFirstOrders(resources: readonly PlacedResource[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const { resource } of resources) {
    const rule = findOwn(CHART_RULES, asText(resource.resourceType));
    if (rule?.kind !== 'medication' || NO_ORDER.has(asText(resource.status))) continue;
    const time = findNoteTime(resource, rule.dates, 'start');
    if (time === undefined) continue;
    for (const key of listDrugKeys(resource)) first.set(key, Math.min(first.get(key) ?? Infinity, time));
  }
  return first;
}

export interface SceneOptions {
  /** The encounter that the request names, as a reference. */
  readonly encounter: string | undefined;
  /** The setting by the class of the encounter, where the chart tells it. */
  readonly findSetting: (encounterClass: string | undefined) => ChartSetting;
  readonly now: Date;
  readonly isAsked: boolean;
}

/** Reads what a chart as a whole decides: which encounter the request is about, in which setting, which drugs are renewals. */
export function readScene(resources: readonly PlacedResource[], options: SceneOptions): ChartScene {
  const { encounter: requested, findSetting, now, isAsked } = options;
  const encounter = findEncounter(resources, requested, now.getTime());
  const firstOrders = findFirstOrders(resources);
  const pastIllness = findPastIllness(resources);
  const placedByResource = new Map(resources.map((placed) => [placed.resource, placed] as const));

  const isOfEncounter: ChartScene['isOfEncounter'] = ({ resource, rule }) => {
    if (!encounter) return undefined;
    const placed = placedByResource.get(resource);
    if (placed && listNames(placed).some((name) => encounter.problems.has(name))) return true;
    const name = readEncounterName(resource);
    if (name !== '') return encounter.names.has(name);
    const notedAt = findFactTime(resource, rule);
    // A date alone, at midnight, may be of the encounter's own day.
    if (notedAt === undefined || encounter.start === undefined) return undefined;
    return notedAt >= encounter.start - DAY_MS;
  };
  const isRenewal = (resource: JsonObject, notedAt: number | undefined): boolean => {
    const first = Math.min(...listDrugKeys(resource).map((key) => firstOrders.get(key) ?? Infinity));
    return notedAt !== undefined && first < notedAt - DAY_MS;
  };
  return {
    setting: findSetting(encounter?.encounterClass),
    isAsked,
    isOfEncounter,
    isListedAsPast: (resource) => {
      const placed = placedByResource.get(resource);
      return placed !== undefined && listNames(placed).some((name) => pastIllness.has(name));
    },
    findStanding: (fact) => {
      const { resource, rule } = fact;
      const notedAt = findFactTime(resource, rule);
      const isOf = isOfEncounter(fact);
      return {
        notedAt,
        ...(isAsked ? { isAsked } : {}),
        ...(isOf === undefined ? {} : { isOfEncounter: isOf }),
        ...(rule.isToCome ? { isToCome: true } : {}),
        ...(rule.kind === 'medication' && isRenewal(resource, notedAt) ? { isRenewal: true } : {}),
      };
    },
  };
}
