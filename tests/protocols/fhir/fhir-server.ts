import { isDeepStrictEqual } from 'node:util';
import type { Bundle, DocumentReference, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { expect } from '@jest/globals';
import { readResourceXml } from '../../../src/protocols/fhir/syntax/read-xml.js';
import { toXml } from '../../../src/protocols/fhir/syntax/xml.js';
import type { Asking, Reply } from '../../http/ask.js';
import { ask } from '../../http/ask.js';
import { resourceComplaints } from '../../support/fhir-answer.js';
import { onceSound, thin } from '../../support/fhir-definitions.js';
import { xmlComplaints } from '../../support/fhir-xml.js';

export const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';

/** Characters of an answer that is not asked for again: its XML is written by the same hand as that of the small ones. */
const LARGE = 200_000;

/** Depth of what the server writes is not in question. */
const MOST_DEPTH = 100;

/** Jest's own comparison takes seconds for thousands of concepts: it is for showing what differs. */
function expectSame(one: unknown, other: unknown): void {
  if (!isDeepStrictEqual(one, other)) expect(one).toEqual(other);
}

const seen = new Set<string>();
const complaintsOfXml = onceSound((resource: Resource): string[] => {
  const xml = toXml(resource);
  expectSame(readResourceXml(xml, MOST_DEPTH), resource);
  return xmlComplaints(xml);
});

/** Each expansion has an identifier of its own. */
const withoutMoment = (resource: unknown): unknown =>
  JSON.parse(JSON.stringify(resource).replace(/"identifier":"urn:uuid:[0-9a-f-]+"/, '"identifier":""'));

/** Compares a resource with the same one requested as XML. */
async function expectSameInXml(url: string, path: string, asking: Asking, resource: Resource): Promise<void> {
  const headers = { ...asking.headers, Accept: 'application/fhir+xml' };
  const reply = await ask(url, `/fhir${path}`, { ...asking, headers });
  expect(reply.headers['content-type']).toBe('application/fhir+xml; charset=utf-8');
  expect(xmlComplaints(reply.text)).toEqual([]);
  expectSame(withoutMoment(readResourceXml(reply.text, MOST_DEPTH)), withoutMoment(resource));
}

/** Every entry of a search has an address of its own, an outcome a `urn:uuid:` (R4 bundle, 2.36.4). */
function expectFullUrls(resource: Resource): void {
  if (resource.resourceType !== 'Bundle' || resource.type !== 'searchset') return;
  const entries = resource.entry ?? [];
  for (const { fullUrl = '', search } of entries)
    expect(fullUrl).toMatch(search?.mode === 'outcome' ? /^urn:uuid:[0-9a-f-]{36}$/ : /^https?:/);
  expect(new Set(entries.map(({ fullUrl }) => fullUrl)).size).toBe(entries.length);
}

/** Asks a FHIR address; whatever resource comes back must be valid R4 and round-trip, and come as FHIR JSON or XML. */
// The type says what a test expects; whether it came is for the schema and the test to check.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export async function askFhir<T extends Resource>(
  url: string,
  path: string,
  asking: Asking = {},
): Promise<{ reply: Reply; resource: T }> {
  const reply = await ask(url, `/fhir${path}`, asking);
  const type = reply.headers['content-type'] ?? '';
  expect(['application/fhir+json; charset=utf-8', 'application/fhir+xml; charset=utf-8']).toContain(type);
  const isJson = type.includes('json');
  const resource = (isJson ? JSON.parse(reply.text) : readResourceXml(reply.text, MOST_DEPTH)) as T;
  expect(resourceComplaints(resource)).toEqual([]);
  expectFullUrls(resource);
  if (resource.resourceType === 'OperationOutcome')
    for (const { diagnostics } of resource.issue) expect(diagnostics).toMatch(/\S/);
  const isNew = isJson && !seen.has(reply.text);
  expect(isJson ? complaintsOfXml(thin(resource)) : xmlComplaints(reply.text)).toEqual([]);
  const isPlain = (asking.method ?? 'GET') === 'GET' && !asking.headers?.Accept && !path.includes('_format');
  if (isNew && isPlain && reply.text.length < LARGE) await expectSameInXml(url, path, asking, resource);
  seen.add(reply.text);
  return { reply, resource };
}

export async function searchFhir(url: string, query: string): Promise<Bundle<DocumentReference | OperationOutcome>> {
  const { reply, resource } = await askFhir<Bundle<DocumentReference | OperationOutcome>>(
    url,
    `/DocumentReference?${query}`,
  );
  expect([reply.status, resource.resourceType, resource.type]).toEqual([200, 'Bundle', 'searchset']);
  const matches = (resource.entry ?? []).filter(({ search }) => search?.mode === 'match');
  expect(resource.total).toBe(matches.length);
  const urls = matches.map(({ fullUrl }) => fullUrl);
  expect(new Set(urls).size).toBe(urls.length);
  return resource;
}

export const matchesOf = (bundle: Bundle<DocumentReference | OperationOutcome>): DocumentReference[] =>
  (bundle.entry ?? []).flatMap(({ resource, search }) =>
    search?.mode === 'match' && resource?.resourceType === 'DocumentReference' ? [resource] : [],
  );

export const notesOf = (bundle: Bundle<DocumentReference | OperationOutcome>): string[] =>
  (bundle.entry ?? []).flatMap(({ resource, search }) =>
    search?.mode === 'outcome' && resource?.resourceType === 'OperationOutcome'
      ? resource.issue.map(({ diagnostics }) => diagnostics ?? '')
      : [],
  );
