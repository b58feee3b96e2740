import { dayInZone } from '../../core/time-in-zone.js';
import type { ChartHandover } from '../../core/handing-over/given-before.js';
import { LIMITS } from '../../limits.js';
import { asObjects, asText, type JsonObject } from '../../protocols/json-object.js';
import { EhrFailure, orElse } from '../../upstream/ehr-client.js';
import { EhrReader } from '../../upstream/ehr-reader.js';
import { isOfOther } from '../../upstream/fhir-page.js';
import { readHandovers } from '../../upstream/write-back/read-handovers.js';
import { LaunchFailure } from '../../upstream/failures.js';
import { isGranted, isGrantedInPart } from '../../upstream/smart/scopes.js';
import { isTokenEnded } from './renew-token.js';
import type { SessionRequest } from './session-request.js';
import { PARTS, type ChartPart, type ChartPerson, type ChartRead, type PartType, type ReadPart } from './chart-read.js';
import type { InFlight } from '../../protocols/route.js';

/** Parts of a request that reading a chart needs: it may outlive the one that began it. */
export type ReadingRequest = Pick<SessionRequest, 'session' | 'options'> & {
  readonly inFlight: InFlight | undefined;
  readonly now: Date;
  /** Called when a part is requested, and again when it has arrived or failed. */
  readonly onPart?: (part: ReadPart, isThere: boolean) => void;
};

/** Older results do not belong to this visit. */
const RESULT_DAYS = 30;
const DAY_MS = 86_400_000;

/** The name as a person would write it: the usual or official one. */
function readName(patient: JsonObject): string {
  const names = asObjects(patient.name);
  const named = (use: string): JsonObject | undefined => names.find((one) => one.use === use);
  const name = named('usual') ?? named('official') ?? names.find(({ use }) => use !== 'old' && use !== 'maiden');
  if (!name) return '';
  const givenNames = Array.isArray(name.given) ? (name.given as unknown[]).map(asText) : [];
  return asText(name.text) || [...givenNames, asText(name.family)].filter(Boolean).join(' ');
}

/** Controls that turn the direction of the letters around them (Unicode UAX #9): a name with one may read as another name. */
const BIDI_CONTROLS = /\p{Bidi_Control}/gu;

const readPerson = (patient: JsonObject): ChartPerson => ({
  name: readName(patient).replace(BIDI_CONTROLS, '').slice(0, 200),
  birthDate: asText(patient.birthDate).slice(0, 10).replace(BIDI_CONTROLS, ''),
});

/** The failure of a page without which nothing can be shown. */
function toLaunchFailure({ kind }: EhrFailure): LaunchFailure {
  return new LaunchFailure(kind === 'refused' ? 'token-refused' : 'ehr-unreachable', new Error(kind));
}

/** Begins to read a chart for one launched page: its reader, its parts, and those that are missing. */
function openReading({ session, options: { client }, inFlight, onPart }: ReadingRequest) {
  const { ehr, granted } = session;
  const signal = AbortSignal.timeout(LIMITS.launchReadMs);
  const reader = new EhrReader({ client, base: ehr.iss, token: granted.accessToken, signal, inFlight });
  const missing = new Set<ChartPart>();
  const report = async <T>(name: ReadPart, work: () => Promise<T>): Promise<T> => {
    onPart?.(name, false);
    try {
      return await work();
    } finally {
      onPart?.(name, true);
    }
  };
  const tryQuery = (query: string, type: string): Promise<JsonObject[] | undefined> =>
    orElse(
      () => reader.read({ query, type }),
      () => undefined,
    );

  /** @throws LaunchFailure: without the patient there is no page */
  const patient = (): Promise<JsonObject> => {
    const read = async (): Promise<JsonObject> => {
      const [found] = await reader.read({ query: `Patient/${granted.patientId}`, type: 'Patient' });
      if (!found) throw new EhrFailure('not-found');
      if (isOfOther(found, granted.patientId, ehr.iss)) throw new LaunchFailure('other-patient');
      // Shown while the rest is read.
      session.person = readPerson(found);
      return found;
    };
    const readOrFail = () =>
      orElse(read, (failure) => {
        throw toLaunchFailure(failure);
      });
    return report('patient', readOrFail);
  };

  /** Reads a part by one or more searches. If one fails, the part is reported as missing. */
  const part = async (type: PartType, ...queries: readonly string[]): Promise<JsonObject[]> => {
    const right = queries.some((query) => query.includes('?')) ? 's' : 'r';
    if (!isGranted(granted.scopes, type, right)) missing.add(PARTS[type]);
    // A scope that a search narrows allows some of them: these are read, and the part is reported as incomplete.
    if (!isGrantedInPart(granted.scopes, type, right)) return [];
    const read = await report(PARTS[type], () => Promise.all(queries.map((query) => tryQuery(query, type))));
    if (read.some((one) => one === undefined)) missing.add(PARTS[type]);
    return read.flatMap((one) => one ?? []);
  };

  /**
   * Reads conditions of both categories. Some servers require a category, others have none: if neither search finds any, all conditions
   * are searched for.
   */
  const conditions = async (id: string): Promise<JsonObject[]> => {
    const all = `Condition?patient=${id}`;
    const byCategory = ['problem-list-item', 'encounter-diagnosis'].map((category) => `${all}&category=${category}`);
    const found = await part('Condition', ...byCategory);
    const isMissing = missing.has('conditions');
    if (found.length > 0 || !isGranted(granted.scopes, 'Condition', 's')) return found;
    missing.delete('conditions');
    const plain = await report('conditions', () => tryQuery(all, 'Condition'));
    if (plain === undefined || (isMissing && plain.length === 0)) missing.add('conditions');
    return plain ?? [];
  };
  return { reader, missing, patient, part, conditions };
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
export async function readPatientResource(reading: ReadingRequest): Promise<ChartRead> {
  const { patient: read } = openReading(reading);
  const patient = await read();
  return { resources: [patient], person: readPerson(patient), missing: [], handovers: [] };
}

/** Reads the patient's name for a page that shows it, once a session. @throws as `readPatientResource` */
export async function namePatient({ session, options, request: { inFlight, now } }: SessionRequest): Promise<void> {
  session.person ??= (await readPatientResource({ session, options, inFlight, now })).person;
}

/** Reads what the chart's own resources show as handed over. It is no part for which a page waits long. */
function readOwn({
  session: { ehr, granted },
  options: { client },
  inFlight,
}: ReadingRequest): Promise<ChartHandover[]> {
  const { patientId, accessToken: token, scopes } = granted;
  const signal = AbortSignal.timeout(LIMITS.ehrTimeoutMs);
  const reader = new EhrReader({ client, base: ehr.iss, token, signal, inFlight });
  return readHandovers(reader, { base: ehr.iss, patientId, scopes, types: ehr.writeBack });
}

/**
 * Reads the chart of a launch: patient, encounter, both kinds of conditions, drugs with their Medications, and what the site's
 * configuration adds.
 * @throws LaunchFailure `ehr-unreachable`, `token-refused`, `other-patient`
 */
export async function readChart(reading: ReadingRequest): Promise<ChartRead> {
  if (isTokenEnded(reading.session, reading.now)) throw new LaunchFailure('token-refused');
  const { ehr, granted } = reading.session;
  const id = encodeURIComponent(granted.patientId);
  const { reader, missing, patient: readOne, part, conditions } = openReading(reading);
  const optional = (type: PartType, query: string): Promise<JsonObject[]> =>
    ehr.optionalTypes.some((one) => one === type) ? part(type, query) : Promise.resolve([]);
  const since = dayInZone(new Date(reading.now.getTime() - RESULT_DAYS * DAY_MS), 'UTC');
  const [read, handovers] = await Promise.all([
    Promise.all([
      readOne().then((one) => [one]),
      granted.encounterId === undefined ? [] : part('Encounter', `Encounter/${granted.encounterId}`),
      conditions(id),
      part('MedicationRequest', `MedicationRequest?patient=${id}&status=active`),
      optional('AllergyIntolerance', `AllergyIntolerance?patient=${id}`),
      optional('ServiceRequest', `ServiceRequest?patient=${id}&status=active`),
      optional('ImmunizationRecommendation', `ImmunizationRecommendation?patient=${id}`),
      optional('Observation', `Observation?patient=${id}&category=laboratory&date=ge${since}`),
    ]),
    readOwn(reading),
  ]);
  const resources = dropRepeats(read.flat());
  if (resources.some((one) => isOfOther(one, granted.patientId, ehr.iss))) throw new LaunchFailure('other-patient');
  const medications = await reader.readMedications(resources);
  const [[patient = {}]] = read;
  return { resources: [...resources, ...medications], person: readPerson(patient), missing: [...missing], handovers };
}
