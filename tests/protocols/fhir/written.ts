import type { Bundle, ConceptMap, DocumentReference, Resource } from '@medplum/fhirtypes';
import { expect } from '@jest/globals';
import type { Asking, Reply } from '../../http/ask.js';
import { ask } from '../../http/ask.js';
import { readResourceXml } from '../../../src/protocols/fhir/syntax/read-xml.js';
import { toXml } from '../../../src/protocols/fhir/syntax/xml.js';
import { resourceComplaints } from '../../support/fhir-answer.js';
import { xmlComplaints } from '../../support/fhir-xml.js';
import { ICD } from './fhir-server.js';

/** A token as a site would make one. */
export const TOKEN = 'a-token-of-this-test-alone';
export const ARTICLES = 'https://education-connect.example/fhir/CodeSystem/articles';

/** Depth of what the server writes is not in question. */
const MOST_DEPTH = 100;

export interface Written {
  readonly reply: Reply;
  readonly resource: Resource | undefined;
}

/** Sends a resource with the right to write; whatever resource comes back must be valid, by our profiles too, and round-trip in XML. */
export async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Asking['headers'] = {},
): Promise<Written> {
  const reply = await ask(url, `/fhir${path}`, {
    method,
    headers: { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/fhir+json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  if (reply.text === '') return { reply, resource: undefined };
  const resource = JSON.parse(reply.text) as Resource;
  expect(resourceComplaints(resource)).toEqual([]);
  const xml = toXml(resource);
  expect([xmlComplaints(xml), readResourceXml(xml, MOST_DEPTH)]).toEqual([[], resource]);
  return { reply, resource };
}

/** A site's handout. */
export function handout(facts: Partial<DocumentReference> & { readonly title?: string } = {}): DocumentReference {
  const { title = 'Zebra plan of our clinic', ...rest } = facts;
  return {
    resourceType: 'DocumentReference',
    status: 'current',
    type: { coding: [{ system: 'http://loinc.org', code: '69730-0' }] },
    content: [{ attachment: { language: 'en', url: 'https://clinic.example/zebra.pdf', title } }],
    context: { event: [{ coding: [{ system: ICD, code: 'N53.14' }] }] },
    ...rest,
  };
}

/** A site's map of one ICD-10-CM code to articles. */
export function articleMap(
  code: string,
  target: NonNullable<NonNullable<NonNullable<ConceptMap['group']>[number]['element']>[number]['target']>,
): ConceptMap {
  return {
    resourceType: 'ConceptMap',
    status: 'active',
    group: [{ source: ICD, target: ARTICLES, element: [{ code, target }] }],
  };
}

/** The issues of an answer: where each is. */
export const placesOf = ({ resource }: Written): (string | undefined)[] =>
  resource?.resourceType === 'OperationOutcome' ? resource.issue.map(({ expression }) => expression?.[0]) : [];

export const idsIn = (resource: Resource | undefined): (string | undefined)[] =>
  ((resource as Bundle | undefined)?.entry ?? []).map((entry) => entry.resource?.id);

/** Takes away all that was written: what was shipped is left. */
export async function deleteWritten(url: string): Promise<void> {
  // A map of the library is named after the systems that it leads from and to; its handouts are not deleted (409).
  const isShippedMap = (id = ''): boolean => id.includes('-to-');
  for (const type of [
    'ConceptMap?_count=200&_elements=url',
    'DocumentReference?category=local&_count=200&_elements=id',
  ]) {
    const { resource } = await send(url, 'GET', `/${type}`);
    for (const id of idsIn(resource)) {
      if (!isShippedMap(id)) await send(url, 'DELETE', `/${type.split('?', 1)[0] ?? ''}/${id ?? ''}`);
    }
  }
}
