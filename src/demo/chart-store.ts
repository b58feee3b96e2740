import { randomUUID } from 'node:crypto';
import { readDataFile } from '../core/read-data-file.js';
import { asObject, asObjects, asText, type JsonObject } from '../protocols/json-object.js';

/** A drug that can be ordered for a patient: an RxNorm code. */
export interface OrderedDrug {
  readonly code: string;
  readonly display: string;
}

const { clinician, patients } = readDataFile('demo/demo.yaml') as {
  readonly clinician: JsonObject;
  readonly patients: Readonly<Record<string, readonly OrderedDrug[]>>;
};

/** The demo's only user, as a FHIR reference. */
export const CLINICIAN = `Practitioner/${asText(clinician.id)}`;

/** Ids of the sample patients, in the order of the list. */
export const PATIENT_IDS: readonly string[] = Object.keys(patients).map((name) => `demo-${name}`);

/** Lists the drugs that can be ordered for a patient. */
export const listDrugs = (patientId: string): readonly OrderedDrug[] =>
  new Map(Object.entries(patients)).get(patientId.replace(/^demo-/, '')) ?? [];

/** Resources that the EHR accepts in one run: each document has a PDF in it. */
const MOST_WRITTEN = 100;

function readSamples(): JsonObject[] {
  const bundles = Object.keys(patients).map((name) => readDataFile(`demo/patients/${name}.json`) as JsonObject);
  return bundles.flatMap(({ entry }) => asObjects(entry).flatMap(({ resource }) => asObjects(resource)));
}

const nameResource = ({ resourceType, id }: JsonObject): string => `${asText(resourceType)}/${asText(id)}`;

/** Returns the reference to the patient of a resource: `Patient/demo-adult`. */
export const findPatient = (resource: JsonObject): string =>
  resource.resourceType === 'Patient'
    ? nameResource(resource)
    : asText((asObject(resource.subject) ?? asObject(resource.patient))?.reference);

/** Lists the codings of CodeableConcepts: of one, or of a list. */
export const listCodings = (concepts: unknown): JsonObject[] =>
  asObjects(concepts).flatMap(({ coding }) => asObjects(coding));

const hasCode = (concepts: unknown, codes: readonly string[]): boolean =>
  listCodings(concepts).some(({ code }) => codes.includes(asText(code)));

/** Codes of a token parameter, without their systems. */
const readTokens = (value: string): string[] => value.split(',').map((token) => token.split('|').at(-1) ?? '');

/** Search parameters of the EHR's FHIR server; others are ignored. */
const MATCHES: Readonly<Record<string, (resource: JsonObject, tokens: readonly string[]) => boolean>> = {
  _id: ({ id }, tokens) => tokens.includes(asText(id)),
  status: ({ status }, tokens) => tokens.includes(asText(status)),
  category: ({ category }, tokens) => hasCode(category, tokens),
  type: ({ type }, tokens) => hasCode(type, tokens),
  'clinical-status': ({ clinicalStatus }, tokens) => hasCode(clinicalStatus, tokens),
  identifier: ({ identifier }, tokens) => asObjects(identifier).some(({ value }) => tokens.includes(asText(value))),
};

export const toSearchset = (resources: readonly JsonObject[]): JsonObject => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map((resource) => ({ resource, search: { mode: 'match' } })),
});

/** The charts of the demo's EHR, in memory. */
export class ChartStore {
  readonly #resources = new Map([clinician, ...readSamples()].map((one) => [nameResource(one), one]));
  readonly #samples = this.#resources.size;

  /** Reads a resource; undefined if there is none. @param name type and id */
  read(name: string): JsonObject | undefined {
    return this.#resources.get(name);
  }

  /** Lists a patient's resources of a type, those that match all known search parameters. */
  search(type: string, patientId: string, query = new URLSearchParams()): JsonObject[] {
    return [...this.#resources.values()].filter(
      (one) =>
        one.resourceType === type &&
        findPatient(one) === `Patient/${patientId}` &&
        Object.entries(MATCHES).every(([name, matches]) =>
          query.getAll(name).every((value) => matches(one, readTokens(value))),
        ),
    );
  }

  /** Lists all of a patient's chart. */
  listChart(patientId: string): JsonObject[] {
    return [...this.#resources.values()].filter((one) => findPatient(one) === `Patient/${patientId}`);
  }

  /** Stores a new resource under an id of its own. @returns undefined if the EHR is full */
  create(sent: JsonObject): JsonObject | undefined {
    if (this.#resources.size - this.#samples >= MOST_WRITTEN) return undefined;
    return this.put({ ...sent, id: randomUUID() });
  }

  /** Stores a resource in the place of the one with its id. */
  put(resource: JsonObject): JsonObject {
    const meta = { ...asObject(resource.meta), lastUpdated: new Date().toISOString() };
    const stored = { ...resource, meta };
    this.#resources.set(nameResource(stored), stored);
    return stored;
  }
}
