import type { ChartSetting } from '../../../core/charts/chart-settings.js';
import { findNoteTime } from './chart-dates.js';
import { CHART_RULES, RECENT_MS, type ResourceRule } from './chart-rules.js';
import { asFewObjects, asObject, asObjects, asText, type JsonObject } from '../../json-object.js';
import { listPlaceNames } from './read-department.js';
import type { Fact, Standing } from './reading.js';
import { findOwn } from '../../../core/find-own.js';
import { NameSet, createNameReader, spellName, type ReadName, type ReferenceName } from './reference-names.js';

/** A resource of the request. */
export interface PlacedResource {
  readonly resource: JsonObject;
  /** The entry's address, for references to it. */
  readonly fullUrl: string;
}

/** Decisions of a chart as a whole for each of its facts. */
export interface ChartScene {
  readonly setting: ChartSetting;
  /** Names and references of the places of the encounter, by which a department is recognized. */
  readonly places: readonly string[];
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

/** Name of what an element refers to; undefined without a reference. */
function readReference(value: unknown, from: string, readName: ReadName): ReferenceName | undefined {
  const name = readName(asObject(value)?.reference, from);
  return name.local === '' ? undefined : name;
}

/** The encounter that a fact was noted in, as it refers to it; MedicationStatement calls it its context. */
const readEncounterName = (
  { resource: { encounter, context }, fullUrl }: PlacedResource,
  readName: ReadName,
): ReferenceName | undefined =>
  readReference(encounter, fullUrl, readName) ?? readReference(context, fullUrl, readName);

function listNames({ resource, fullUrl }: PlacedResource, readName: ReadName): ReferenceName[] {
  const id = asText(resource.id);
  const own = id === '' ? [] : [readName(`${asText(resource.resourceType)}/${id}`, fullUrl)];
  return fullUrl === '' ? own : [...own, readName(fullUrl)];
}

/** When a fact was noted; one that began more than a year before, when it began: the arrest of 1985 is recorded at each visit. */
function findFactTime(resource: JsonObject, { dates, began = [] }: ResourceRule): number | undefined {
  const notedAt = findNoteTime(resource, dates, 'start');
  const beganAt = findNoteTime(resource, began, 'start');
  return notedAt !== undefined && beganAt !== undefined && notedAt - beganAt > RECENT_MS ? beganAt : notedAt;
}

/** The encounter of a chart. */
interface ThisEncounter {
  readonly names: NameSet;
  /** HL7 v3 ActEncounterCode. */
  readonly encounterClass: string | undefined;
  readonly start: number | undefined;
  /** Names of the problems that it was about. */
  readonly problems: NameSet;
  /** Names and references of its places, the ward before its beds. */
  readonly places: readonly string[];
}

function readEncounter(placed: PlacedResource, readName: ReadName): ThisEncounter {
  const { resource, fullUrl } = placed;
  const about = [
    ...asObjects(resource.diagnosis).map(({ condition }) => condition),
    ...asObjects(resource.reasonReference),
  ];
  const encounterClass = asText(asObject(resource.class)?.code);
  return {
    names: new NameSet(listNames(placed, readName)),
    encounterClass: encounterClass === '' ? undefined : encounterClass,
    start: findNoteTime(resource, ['period'], 'start'),
    problems: new NameSet(about.flatMap((one) => readReference(one, fullUrl, readName) ?? [])),
    places: listPlaceNames(resource),
  };
}

/** The latest encounter that facts refer to, where the Encounters themselves did not come along. */
function findReferredTo(
  resources: readonly PlacedResource[],
  readName: ReadName,
  now: number,
): ThisEncounter | undefined {
  const starts = new Map<string, number>();
  let latest: { readonly name: ReferenceName; readonly key: string } | undefined;
  for (const placed of resources) {
    const { resource } = placed;
    const rule = findOwn(CHART_RULES, asText(resource.resourceType));
    const name = rule && readEncounterName(placed, readName);
    const time = rule && findFactTime(resource, rule);
    if (!name || time === undefined || time > now + DAY_MS) continue;
    const key = spellName(name);
    starts.set(key, Math.min(starts.get(key) ?? Infinity, time));
    if (latest === undefined || time > (starts.get(latest.key) ?? -Infinity)) latest = { name, key };
  }
  if (latest === undefined) return undefined;
  const names = new NameSet([latest.name]);
  return { names, encounterClass: undefined, start: starts.get(latest.key), problems: new NameSet(), places: [] };
}

/** The encounter that the request names, else the newest one that has begun. */
function findEncounter(
  resources: readonly PlacedResource[],
  requested: string | undefined,
  readName: ReadName,
  now: number,
): ThisEncounter | undefined {
  const encounters: ThisEncounter[] = [];
  for (const placed of resources) {
    const { resourceType, status } = placed.resource;
    if (resourceType === 'Encounter' && !NOT_HELD.has(asText(status))) encounters.push(readEncounter(placed, readName));
  }
  if (requested !== undefined) {
    const name = readName(requested);
    const named = encounters.find(({ names }) => names.has(name));
    const names = new NameSet([name]);
    return named ?? { names, encounterClass: undefined, start: undefined, problems: new NameSet(), places: [] };
  }
  const begun = encounters.filter(({ start }) => start === undefined || start <= now + DAY_MS);
  const [first, ...others] = begun;
  if (!first) return findReferredTo(resources, readName, now);
  return others.reduce((newest, one) => ((one.start ?? -Infinity) > (newest.start ?? -Infinity) ? one : newest), first);
}

/** LOINC: history of past illness. */
const PAST_ILLNESS = '11348-0';
/** Sections of a document, with those within them. */
const MOST_SECTIONS = 200;

/** Names of the resources that a document lists as past illness. */
function findPastIllness(resources: readonly PlacedResource[], readName: ReadName): NameSet {
  const names = new NameSet();
  const open = resources.flatMap(({ resource, fullUrl }) =>
    asText(resource.resourceType) === 'Composition'
      ? asFewObjects(resource.section).map((section) => ({ section, fullUrl }))
      : [],
  );
  for (let read = 0; read < MOST_SECTIONS; read += 1) {
    const next = open.pop();
    if (!next) break;
    const { section, fullUrl } = next;
    open.push(...asFewObjects(section.section).map((inner) => ({ section: inner, fullUrl })));
    const codes = asFewObjects(asObject(section.code)?.coding).map(({ code }) => asText(code));
    if (!codes.includes(PAST_ILLNESS)) continue;
    for (const { reference } of asObjects(section.entry)) names.add(readName(reference, fullUrl));
  }
  return names;
}

/** Keys of a drug, to find an earlier order of it. */
function listDrugKeys({ resource, fullUrl }: PlacedResource, readName: ReadName): string[] {
  const codings = asObjects(asObject(resource.medicationCodeableConcept)?.coding);
  const coded = codings.flatMap(({ system, code }) => (asText(code) ? `${asText(system)}|${asText(code)}` : []));
  const name = readReference(resource.medicationReference, fullUrl, readName);
  return name === undefined ? coded : [...coded, spellName(name)];
}

const NO_ORDER: ReadonlySet<string> = new Set(['entered-in-error', 'cancelled', 'draft', 'not-taken']);

/** When each drug of a chart was first ordered. */
function findFirstOrders(resources: readonly PlacedResource[], readName: ReadName): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  for (const placed of resources) {
    const { resource } = placed;
    const rule = findOwn(CHART_RULES, asText(resource.resourceType));
    if (rule?.kind !== 'medication' || NO_ORDER.has(asText(resource.status))) continue;
    const time = findNoteTime(resource, rule.dates, 'start');
    if (time === undefined) continue;
    for (const key of listDrugKeys(placed, readName)) first.set(key, Math.min(first.get(key) ?? Infinity, time));
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
  /** Base address of the server whose chart it is; undefined: unknown. */
  readonly server?: string | undefined;
}

/** Reads what a chart as a whole decides: which encounter the request is about, in which setting, which drugs are renewals. */
export function readScene(resources: readonly PlacedResource[], options: SceneOptions): ChartScene {
  const { encounter: requested, findSetting, now, isAsked } = options;
  const readName = createNameReader(options.server);
  const encounter = findEncounter(resources, requested, readName, now.getTime());
  const firstOrders = findFirstOrders(resources, readName);
  const pastIllness = findPastIllness(resources, readName);
  const placedByResource = new Map(resources.map((placed) => [placed.resource, placed] as const));

  const isOfEncounter: ChartScene['isOfEncounter'] = ({ resource, rule }) => {
    if (!encounter) return undefined;
    const placed = placedByResource.get(resource);
    if (placed && listNames(placed, readName).some((name) => encounter.problems.has(name))) return true;
    const name = placed && readEncounterName(placed, readName);
    if (name) return encounter.names.has(name);
    const notedAt = findFactTime(resource, rule);
    // A date alone, at midnight, may be of the encounter's own day.
    if (notedAt === undefined || encounter.start === undefined) return undefined;
    return notedAt >= encounter.start - DAY_MS;
  };
  const isRenewal = (resource: JsonObject, notedAt: number | undefined): boolean => {
    const placed = placedByResource.get(resource);
    const keys = placed ? listDrugKeys(placed, readName) : [];
    const first = Math.min(...keys.map((key) => firstOrders.get(key) ?? Infinity));
    return notedAt !== undefined && first < notedAt - DAY_MS;
  };
  return {
    setting: findSetting(encounter?.encounterClass),
    places: encounter?.places ?? [],
    isAsked,
    isOfEncounter,
    isListedAsPast: (resource) => {
      const placed = placedByResource.get(resource);
      return placed !== undefined && listNames(placed, readName).some((name) => pastIllness.has(name));
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
