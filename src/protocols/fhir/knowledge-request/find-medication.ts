import { asText, type JsonObject } from '../../json-object.js';
import { isForeign, normalizeBase, parseReference } from '../../literal-reference.js';
import type { PlacedResource } from './chart-scene.js';

const withoutVersion = (reference: string): string => reference.split('/_history/', 1)[0] ?? '';

/**
 * Finds the Medications of a request by the references of its drugs (R4 bundle, 3.7.4.1). An absolute reference to another server is never
 * the Medication of this one that has the same id: it may be another drug.
 * @param server base address of the server whose chart it is; undefined: unknown
 * @returns a function of a reference and the `fullUrl` of the resource that has it
 */
export function createMedicationFinder(
  resources: readonly PlacedResource[],
  server: string | undefined,
): (reference: string, fullUrl: string) => JsonObject | undefined {
  const known = server === undefined ? undefined : normalizeBase(server);
  /** By address, by `Medication/12` for those whose server is unknown, and by `any/12`. */
  const byName = new Map<string, JsonObject>();
  const anyName = (id: string): string => `any/${id}`;
  for (const { resource, fullUrl } of resources) {
    if (asText(resource.resourceType) !== 'Medication') continue;
    const id = asText(resource.id);
    const base = parseReference(fullUrl)?.base ?? known;
    if (fullUrl !== '') byName.set(fullUrl, resource);
    if (id === '') continue;
    byName.set(base === undefined ? `Medication/${id}` : `${base}/Medication/${id}`, resource);
    byName.set(anyName(id), resource);
  }
  return (reference, fullUrl) => {
    const exact = byName.get(withoutVersion(reference));
    const read = parseReference(reference);
    if (read?.type !== 'Medication') return exact;
    const own = parseReference(fullUrl)?.base ?? known;
    const base = read.base ?? own;
    if (base === undefined) return exact ?? byName.get(anyName(read.id));
    const ofServer = byName.get(`${base}/Medication/${read.id}`);
    return ofServer ?? (isForeign(read, own) ? undefined : byName.get(`Medication/${read.id}`));
  };
}
