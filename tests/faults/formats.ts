import { expect } from '@jest/globals';
import type { Asking, Reply } from '../http/ask.js';
import { ask } from '../http/ask.js';
import { resourceComplaints } from '../support/fhir-answer.js';

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const criteria = (code: string): string =>
  `mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=${code}`;

/** A way to ask, and how it is told that the library is unavailable. */
export interface Way extends Asking {
  readonly path: string;
  readonly type: RegExp;
  readonly says: RegExp;
  /** Status while the library is unavailable, where it is not 503: a browser runs no script of an error. */
  readonly unavailable?: number;
}

const JSON_SAYS = /"code":\s*"library-unavailable"/;
const ATOM_SAYS = /<error[^>]*>/;
const PAGE_SAYS = /<html[\s\S]*cannot be reached/;
const OUTCOME_SAYS = /"resourceType":\s*"OperationOutcome"[\s\S]*"transient"/;

/** Every protocol and format, each asking for a code of ICD-10-CM. */
export function waysToAsk(code: string): Way[] {
  const post = { method: 'POST', headers: { 'content-type': 'application/fhir+json' } };
  const xml = { headers: { accept: 'application/fhir+xml' } };
  const service = `/service?${criteria(code)}`;
  const coding = { system: ICD, code };
  const condition = { resourceType: 'Condition', subject: { display: 'somebody' }, code: { coding: [coding] } };
  const parameters = { resourceType: 'Parameters', parameter: [{ name: 'resource', resource: condition }] };
  const fhir = { type: /^application\/fhir\+json/, says: OUTCOME_SAYS };
  const page = { headers: { accept: 'text/html' }, type: /^text\/html/, says: PAGE_SAYS };
  return [
    { path: service, type: /xml/, says: ATOM_SAYS },
    { path: `${service}&knowledgeResponseType=application/json`, type: /^application\/json/, says: JSON_SAYS },
    {
      path: `${service}&knowledgeResponseType=application/javascript&callback=show`,
      type: /^application\/javascript/,
      says: /^[^{]*show\(\{[\s\S]*library-unavailable/,
      unavailable: 200,
    },
    { ...page, path: `${service}&knowledgeResponseType=text/html` },
    { path: `/infobutton?${criteria(code)}`, type: /xml/, says: ATOM_SAYS },
    { ...page, path: `/application?${criteria(code)}` },
    { ...page, path: `/find?q=${code}` },
    { ...page, path: `/packet?code=icd-10-cm|${code}` },
    { path: `/search?q=${code}x&_format=atom`, type: /xml/, says: ATOM_SAYS },
    { path: `/search?q=${code}x`, type: /^application\/json/, says: JSON_SAYS },
    { path: '/updates.atom', type: /xml/, says: ATOM_SAYS },
    { ...fhir, path: `/fhir/DocumentReference?event=${ICD}|${code}` },
    { ...fhir, path: `/fhir/CodeSystem/$lookup?system=${ICD}&code=${code}` },
    { ...fhir, path: '/fhir/$knowledge-request', ...post, body: JSON.stringify(parameters) },
    {
      ...xml,
      path: `/fhir/DocumentReference?event=${ICD}|${code}`,
      type: /^application\/fhir\+xml/,
      says: /<OperationOutcome[\s\S]*"transient"/,
    },
  ];
}

/** An answer as every asker can read it: 503, when to come back, and why, in the format that was asked for. */
export function expectUnavailable(
  { status, headers, text }: Reply,
  { path, type, says, unavailable = 503 }: Way,
): void {
  expect([path, status, headers['retry-after']]).toEqual([path, unavailable, '2']);
  expect(headers['content-type']).toMatch(type);
  expect(text).toMatch(says);
  expect(text).not.toMatch(/ECONN|postgres|^\s+at /m);
  if (text.startsWith('{"resourceType"')) expect(resourceComplaints(JSON.parse(text) as never)).toEqual([]);
}

/** Asks again until the answer is as it is expected, as long as a test may take. */
export async function askUntil(url: string, path: string, isThere: (reply: Reply) => boolean): Promise<Reply> {
  for (;;) {
    const reply = await ask(url, path);
    if (isThere(reply)) return reply;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
