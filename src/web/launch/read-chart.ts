import { dayInZone } from '../../core/day-in-zone.js';
import { LIMITS } from '../../limits.js';
import { asObjects, asText, type JsonObject } from '../../protocols/json-object.js';
import type { InFlight } from '../../protocols/route.js';
import { EhrFailure, orElse, type EhrClient } from '../../upstream/ehr-client.js';
import { EhrReader } from '../../upstream/ehr-reader.js';
import { isOfOther } from '../../upstream/fhir-page.js';
import { LaunchFailure } from '../../upstream/smart/launch-failure.js';
import { isGranted, isGrantedInPart } from '../../upstream/smart/scopes.js';
import type { ChartPerson, LaunchSession } from './sessions.js';

/** Parts of a chart. Texts are in resources/i18n under `launch.parts`. */
const PARTS = {
  Condition: 'conditions',
  MedicationRequest: 'medications',
  Encounter: 'encounter',
  AllergyIntolerance: 'allergies',
  ServiceRequest: 'orders',
  ImmunizationRecommendation: 'vaccines',
  Observation: 'results',
} as const;
type PartType = keyof typeof PARTS;
export type ChartPart = (typeof PARTS)[PartType];

/** Older results do not belong to this visit. */
const RESULT_DAYS = 30;
const DAY_MS = 86_400_000;

export interface ChartResources {
  readonly resources: readonly JsonObject[];
  readonly person: ChartPerson;
  /** Parts that were not granted or could not be read. */
  readonly missing: readonly ChartPart[];
}

/** The name as a person would write it: the usual or official one. */
function readName(patient: JsonObject): string {
  const names = asObjects(patient.name);
  const named = (use: string): JsonObject | undefined => names.find((one) => one.use === use);
  const name = named('usual') ?? named('official') ?? names.find(({ use }) => use !== 'old' && use !== 'maiden');
  if (!name) return '';
  const givenNames = Array.isArray(name.given) ? (name.given as unknown[]).map(asText) : [];
  return asText(name.text) || [...givenNames, asText(name.family)].filter(Boolean).join(' ');
}

function readPerson(patient: JsonObject): ChartPerson {
  return { name: readName(patient).slice(0, 200), birthDate: asText(patient.birthDate).slice(0, 10) };
}

/** The failure of a page without which nothing can be shown. */
function toLaunchFailure({ kind }: EhrFailure): LaunchFailure {
  return new LaunchFailure(kind === 'refused' ? 'token-refused' : 'ehr-unreachable', new Error(kind));
}

/** Reads a chart for one launched page. */
class ChartReading {
  readonly #session: LaunchSession;
  readonly #reader: EhrReader;
  readonly missing = new Set<ChartPart>();

  constructor(session: LaunchSession, client: EhrClient, inFlight: InFlight | undefined) {
    const { ehr, granted } = session;
    this.#session = session;
    this.#reader = new EhrReader({
      client,
      base: ehr.iss,
      token: granted.accessToken,
      signal: AbortSignal.timeout(LIMITS.launchReadMs),
      inFlight,
    });
  }

  get reader(): EhrReader {
    return this.#reader;
  }

  /** @throws LaunchFailure: without the patient there is no page */
  patient(): Promise<JsonObject> {
    const read = async (): Promise<JsonObject> => {
      const query = { query: `Patient/${this.#session.granted.patientId}`, type: 'Patient' };
      const [patient] = await this.#reader.read(query);
      if (patient) return patient;
      throw new EhrFailure('not-found');
    };
    return orElse(read, (failure) => {
      throw toLaunchFailure(failure);
    });
  }

  /** Reads a part by one or more searches. If one fails, the part is reported as missing. */
  async part(type: PartType, ...queries: readonly string[]): Promise<JsonObject[]> {
    const right = queries.some((query) => query.includes('?')) ? 's' : 'r';
    const { scopes } = this.#session.granted;
    if (!isGranted(scopes, type, right)) this.missing.add(PARTS[type]);
    // A scope that a search narrows allows some of them: these are read, and the part is reported as incomplete.
    if (!isGrantedInPart(scopes, type, right)) return [];
    const read = await Promise.all(queries.map((query) => this.#try(query, type)));
    if (read.some((one) => one === undefined)) this.missing.add(PARTS[type]);
    return read.flatMap((one) => one ?? []);
  }

  #try(query: string, type: string): Promise<JsonObject[] | undefined> {
    return orElse(
      () => this.#reader.read({ query, type }),
      () => undefined,
    );
  }

  /**
   * Reads conditions of both categories. Some servers require a category, others have none: if neither search finds any, all conditions
   * are searched for.
   */
  async conditions(patient: string): Promise<JsonObject[]> {
    const all = `Condition?patient=${patient}`;
    const found = await this.part(
      'Condition',
      `${all}&category=problem-list-item`,
      `${all}&category=encounter-diagnosis`,
    );
    const isMissing = this.missing.has('conditions');
    if (found.length > 0 || !isGranted(this.#session.granted.scopes, 'Condition', 's')) return found;
    this.missing.delete('conditions');
    const plain = await this.#try(all, 'Condition');
    if (plain === undefined || (isMissing && plain.length === 0)) this.missing.add('conditions');
    return plain ?? [];
  }
}

/** Drops resources that were found twice: in both categories, or on two pages. */
function dropRepeats(resources: readonly JsonObject[]): JsonObject[] {
  const seen = new Set<string>();
  return resources.filter(({ resourceType, id }) => {
    const name = `${asText(resourceType)}/${asText(id)}`;
    const isRepeat = asText(id) !== '' && seen.has(name);
    seen.add(name);
    return !isRepeat;
  });
}

/**
 * Reads only the patient of a launch.
 * @throws LaunchFailure `ehr-unreachable`, `token-refused`, `other-patient`
 */
export async function readPatient(
  session: LaunchSession,
  client: EhrClient,
  inFlight: InFlight | undefined,
): Promise<{ patient: JsonObject; person: ChartPerson }> {
  const reading = new ChartReading(session, client, inFlight);
  const patient = await reading.reader.wait(() => reading.patient());
  if (isOfOther(patient, session.granted.patientId)) throw new LaunchFailure('other-patient');
  return { patient, person: readPerson(patient) };
}

/** Reads the patient's name for a page that shows it, once a session. @throws as `readPatient` */
export async function namePatient(
  session: LaunchSession,
  ...reading: [EhrClient, InFlight | undefined]
): Promise<void> {
  session.person ??= (await readPatient(session, ...reading)).person;
}

/**
 * Reads the chart of a launch: patient, encounter, both kinds of conditions, drugs with their Medications, and what the site's
 * configuration adds.
 * @throws LaunchFailure `ehr-unreachable`, `token-refused`, `other-patient`
 */
export async function readChart(
  session: LaunchSession,
  client: EhrClient,
  inFlight: InFlight | undefined,
  now: Date,
): Promise<ChartResources> {
  const { ehr, granted } = session;
  const id = encodeURIComponent(granted.patientId);
  const reading = new ChartReading(session, client, inFlight);
  const isWanted = (type: PartType): boolean => ehr.optionalTypes.some((one) => one === type);
  const optional = (type: PartType, query: string): Promise<JsonObject[]> =>
    isWanted(type) ? reading.part(type, query) : Promise.resolve([]);
  const since = dayInZone(new Date(now.getTime() - RESULT_DAYS * DAY_MS), 'UTC');
  const read = await reading.reader.wait(() =>
    Promise.all([
      reading.patient().then((one) => [one]),
      granted.encounterId === undefined ? [] : reading.part('Encounter', `Encounter/${granted.encounterId}`),
      reading.conditions(id),
      reading.part('MedicationRequest', `MedicationRequest?patient=${id}&status=active`),
      optional('AllergyIntolerance', `AllergyIntolerance?patient=${id}`),
      optional('ServiceRequest', `ServiceRequest?patient=${id}&status=active`),
      optional('ImmunizationRecommendation', `ImmunizationRecommendation?patient=${id}`),
      optional('Observation', `Observation?patient=${id}&category=laboratory&date=ge${since}`),
    ]),
  );
  const resources = dropRepeats(read.flat());
  if (resources.some((one) => isOfOther(one, granted.patientId))) throw new LaunchFailure('other-patient');
  const medications = await reading.reader.readMedications(resources);
  const [[patient = {}]] = read;
  return { resources: [...resources, ...medications], person: readPerson(patient), missing: [...reading.missing] };
}
