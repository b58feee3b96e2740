/** What the servers are asked: a thousand different codes in rotation, of one code system. */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

const DISTINCT_CODES = 1000;
const ICD_10_CM = '2.16.840.1.113883.6.90';
const ICD_10_CM_URI = encodeURIComponent('http://hl7.org/fhir/sid/icd-10-cm');

const rows = parse(readFileSync(new URL('../mappings/icd-10-cm.csv', import.meta.url)), { columns: true });
const mapped = rows.filter((row) => row.relationship !== 'none').map((row) => row.code);
const CODES = [...new Set(mapped)].slice(0, DISTINCT_CODES);

const ADDRESSES = {
  service: (code) => `/service?mainSearchCriteria.v.cs=${ICD_10_CM}&mainSearchCriteria.v.c=${code}`,
  event: (code) => `/fhir/DocumentReference?event=${ICD_10_CM_URI}%7C${code}`,
  lookup: (code) => `/fhir/CodeSystem/$lookup?system=${ICD_10_CM_URI}&code=${code}`,
  translate: (code) => `/fhir/ConceptMap/$translate?system=${ICD_10_CM_URI}&code=${code}`,
};

/** One call over and over, and one for each code. */
export const onePath = (kind) => [ADDRESSES[kind]('N53.14')];
export const manyPaths = (kind) => CODES.map(ADDRESSES[kind]);
