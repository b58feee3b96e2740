import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';
import { asObject, asObjects, asText, asWholeText, type JsonObject } from '../protocols/json-object.js';
import { isForeign, normalizeBase, parseReference, type LiteralReference } from '../protocols/literal-reference.js';

/** A page of matches, or a resource, as a server or a client sends it. */
export interface FhirPage {
  readonly resources: readonly JsonObject[];
  /** Address of the next page. */
  readonly next: string | undefined;
}

/** Creates the error for a fault: `.entry.3.resource must be an object`, ` must be a Patient`. */
type Refuse = (fault: string) => Error;

/** @throws what `refuse` creates where an entry holds no resource (a text, say); RequestError `too-many-resources` */
function readResources({ entry }: JsonObject, refuse: Refuse): JsonObject[] {
  const entries = Array.isArray(entry) ? (entry as unknown[]) : [];
  const most = LIMITS.maxChartResources;
  if (entries.length > most) throw new RequestError('too-many-resources', { most });
  return entries.flatMap((one, index) => {
    const sent = asObject(one)?.resource;
    if (sent === undefined || sent === null) return [];
    const resource = asObject(sent);
    if (!resource) throw refuse(`.entry.${index}.resource must be an object`);
    // The patient of the facts in a nested Bundle would not be checked.
    if (resource.resourceType === 'Bundle') throw refuse(`.entry.${index}.resource must be no Bundle`);
    // A server's messages about its search are no part of the chart.
    return resource.resourceType === 'OperationOutcome' ? [] : [resource];
  });
}

function findNext({ link }: JsonObject): string | undefined {
  return asObjects(link)
    .map(({ relation, url }) => (relation === 'next' ? asWholeText(url) : ''))
    .find((url) => url !== '');
}

/**
 * Reads a resource of the wanted type, or a Bundle of such; undefined for an OperationOutcome.
 * @throws what `refuse` creates for anything else; RequestError `too-many-resources`
 */
export function readPage(value: unknown, type: string, refuse: Refuse): FhirPage | undefined {
  const resource = asObject(value);
  if (!resource) throw refuse(' must be a resource, a Bundle or null');
  const { resourceType } = resource;
  if (resourceType === 'OperationOutcome') return undefined;
  if (resourceType === 'Bundle') return { resources: readResources(resource, refuse), next: findNext(resource) };
  if (resourceType !== type) throw refuse(` must be a ${type}, or a Bundle of such`);
  return { resources: [resource], next: undefined };
}

/** The patient that an element refers to. */
function readPatient(element: unknown): LiteralReference | undefined {
  const read = parseReference(asText(asObject(element)?.reference));
  return read?.type === 'Patient' ? read : undefined;
}

/**
 * Whether a resource names another patient, or one of another server: a page on another person's illness harms.
 * @param server base address of the patient's server; undefined: unknown
 */
export function isOfOther(resource: JsonObject, patientId: string, server: string | undefined): boolean {
  if (resource.resourceType === 'Patient') return asText(resource.id) !== '' && resource.id !== patientId;
  const named = readPatient(resource.subject) ?? readPatient(resource.patient);
  if (!named) return false;
  return named.id !== patientId || isForeign(named, server === undefined ? undefined : normalizeBase(server));
}
