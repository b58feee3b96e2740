/** Requests to the servers, by protocol: for codes of ICD-10-CM. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const DISTINCT_CODES = 1000;
const ICD_10_CM = '2.16.840.1.113883.6.90';
const SYSTEM = 'http://hl7.org/fhir/sid/icd-10-cm';
const ICD_10_CM_URI = encodeURIComponent(SYSTEM);

const rows = parse(readFileSync(new URL('../mappings/icd-10-cm.csv', import.meta.url)), { columns: true });
/** Every code that a row leads from. */
export const CODES = [...new Set(rows.filter((row) => row.relationship !== 'none').map((row) => row.code))];

const criteria = (code) => `mainSearchCriteria.v.cs=${ICD_10_CM}&mainSearchCriteria.v.c=${code}`;
const ADDRESSES = {
  json: (code) => `/service?${criteria(code)}&knowledgeResponseType=application/json`,
  service: (code) => `/service?${criteria(code)}`,
  infobutton: (code) => `/infobutton?${criteria(code)}`,
  page: (code) => `/application?${criteria(code)}`,
  event: (code) => `/fhir/DocumentReference?event=${ICD_10_CM_URI}%7C${code}`,
  explains: (code) => `/fhir/DocumentReference?explains=${ICD_10_CM_URI}%7C${code}`,
  lookup: (code) => `/fhir/CodeSystem/$lookup?system=${ICD_10_CM_URI}&code=${code}`,
  translate: (code) => `/fhir/ConceptMap/$translate?system=${ICD_10_CM_URI}&code=${code}`,
  knowledge: (code) => `/fhir/$knowledge-request?code=${ICD_10_CM_URI}%7C${code}`,
  search: (code) => `/search?q=${code}`,
};

/** One call over and over, and one for each code. */
export const onePath = (kind) => [ADDRESSES[kind]('N53.14')];
export const manyCodes = CODES.slice(0, DISTINCT_CODES);
export const manyPaths = (kind) => manyCodes.map(ADDRESSES[kind]);

const get = (kind) => (code) => ({ method: 'GET', path: ADDRESSES[kind](code) });

/** A chart of three conditions, the code among them. */
export const chart = (code) => ({
  method: 'POST',
  path: '/fhir/$knowledge-request',
  headers: { 'content-type': 'application/fhir+json' },
  body: JSON.stringify({
    resourceType: 'Bundle',
    type: 'collection',
    entry: [code, 'I10', 'E11.9'].map((one) => ({
      resource: { resourceType: 'Condition', code: { coding: [{ system: SYSTEM, code: one }] } },
    })),
  }),
});

/** Words that are searched for, spelt right and not. */
const WORDS = [
  'sugar diabetes',
  'high blood',
  'hart atack',
  'azucar',
  'kidney stone',
  'metformina',
  'broken leg',
  'asma',
];

/**
 * The protocols, each with the request for a code.
 * @property isKept whether the answer cache keeps such an answer
 */
export const PROTOCOLS = [
  { name: 'MedlinePlus Connect, JSON', isKept: true, request: get('json') },
  { name: 'MedlinePlus Connect, Atom', isKept: true, request: get('service') },
  { name: 'HL7 Infobutton', isKept: true, request: get('infobutton') },
  { name: 'FHIR, event=', isKept: true, request: get('event') },
  { name: 'FHIR, explains=', isKept: true, request: get('explains') },
  { name: 'FHIR, $lookup', isKept: true, request: get('lookup') },
  { name: 'FHIR, $translate', isKept: true, request: get('translate') },
  { name: 'FHIR, $knowledge-request', isKept: false, request: chart },
  { name: 'the page', isKept: true, request: get('page') },
  { name: 'search by code', isKept: false, request: get('search') },
  {
    name: 'search by words',
    isKept: false,
    request: (code) => {
      const words = WORDS[code.length % WORDS.length];
      return { method: 'GET', path: `/search?q=${encodeURIComponent(`${words} ${code.slice(0, 1)}`)}` };
    },
  },
];
