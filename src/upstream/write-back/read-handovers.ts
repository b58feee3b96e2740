import type { WriteBackType } from '../../config/ehrs.js';
import type { ChartHandover } from '../../core/handing-over/given-before.js';
import { asObject, asObjects, asText, type JsonObject } from '../../protocols/json-object.js';
import { isForeign, normalizeBase, parseReference } from '../../protocols/literal-reference.js';
import { orElse } from '../ehr-client.js';
import type { EhrReader } from '../ehr-reader.js';
import { isOfOther } from '../fhir-page.js';
import { isGranted } from '../smart/scopes.js';
import { TITLE_SEPARATOR } from './build-resource.js';

/** A patient's chart, and the part of it that may be read. */
export interface HandoverSearch {
  /** Base address of the FHIR server. */
  readonly base: string;
  readonly patientId: string;
  /** Granted scopes. */
  readonly scopes: readonly string[];
  /** Types that the site has written to the chart. */
  readonly types: readonly WriteBackType[];
}

/** Newest resources that are read: each document has its sheet inline. */
const MOST_READ = 20;

/** How each type is searched: by the code that build-resource writes. A Procedure names no article. */
const SEARCHES: Readonly<Partial<Record<WriteBackType, string>>> = {
  DocumentReference: 'type=http%3A%2F%2Floinc.org%7C69730-0',
  Communication: 'category=http%3A%2F%2Fsnomed.info%2Fsct%7C311401005',
};
const IN_FORCE: ReadonlySet<string> = new Set(['current', 'completed']);

/** True if a resource has an identifier as we write it, and is not in error. */
const isOurs = ({ identifier, status }: JsonObject): boolean =>
  IN_FORCE.has(asText(status)) &&
  asObjects(identifier).some(
    ({ system, value }) => system === 'urn:ietf:rfc:3986' && asText(value).startsWith('urn:uuid:'),
  );

/** Lists the titles of the articles that a resource names. */
function listTitles({ content, payload }: JsonObject): string[] {
  const documents = asObjects(content).flatMap(({ attachment }) => {
    const title = asText(asObject(attachment)?.title);
    return [title, ...title.split(TITLE_SEPARATOR)];
  });
  const messages = asObjects(payload).map(({ contentAttachment }) => asText(asObject(contentAttachment)?.title));
  return [...documents, ...messages].filter((title) => title !== '');
}

/** Finds the encounter of a resource, if it is of this server. */
function findEncounterId({ context, encounter }: JsonObject, base: string): string | undefined {
  const [first] = asObjects(asObject(context)?.encounter);
  const read = parseReference(asText((first ?? asObject(encounter))?.reference));
  return read?.type === 'Encounter' && !isForeign(read, normalizeBase(base)) ? read.id : undefined;
}

function toHandover(resource: JsonObject, { base, patientId }: HandoverSearch): ChartHandover | undefined {
  const at = asText(resource.date) || asText(resource.sent);
  if (!isOurs(resource) || Number.isNaN(Date.parse(at)) || isOfOther(resource, patientId, base)) return undefined;
  const iso = new Date(at).toISOString();
  return { at: iso, encounterId: findEncounterId(resource, base), titles: listTitles(resource) };
}

/** Reads what was handed over by the chart's own resources that we or another instance wrote; none where they cannot be read. */
export async function readHandovers(reader: EhrReader, search: HandoverSearch): Promise<ChartHandover[]> {
  const { patientId, scopes, types } = search;
  const read = async (type: WriteBackType): Promise<ChartHandover[]> => {
    const by = SEARCHES[type];
    if (by === undefined || !isGranted(scopes, type, 's')) return [];
    const query = `${type}?patient=${encodeURIComponent(patientId)}&${by}&_count=${MOST_READ}`;
    const found = await orElse(
      () => reader.readFirst({ query, type }),
      () => [],
    );
    return found.filter(({ resourceType }) => resourceType === type).flatMap((one) => toHandover(one, search) ?? []);
  };
  return (await Promise.all(types.map(read))).flat();
}
