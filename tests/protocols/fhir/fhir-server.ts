import type { Bundle, DocumentReference, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { expect } from '@jest/globals';
import { readXml } from '../../../src/protocols/fhir/read-xml.js';
import type { Asking, Reply } from '../../http/ask.js';
import { ask } from '../../http/ask.js';
import { fhirComplaints } from '../../support/fhir-schema.js';

export const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';

/** Asks a FHIR address; whatever resource comes back must be valid R4, and come as FHIR JSON or XML. */
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
  const resource = (type.includes('json') ? JSON.parse(reply.text) : readXml(reply.text, 100)) as T;
  expect(fhirComplaints(resource)).toEqual([]);
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
