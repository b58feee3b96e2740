/**
 * `$knowledge-request` over a chart of 500 coded resources, all of them different and with the names of their codes, sent to the real server. Prints the first answer's time, some seconds after the start, and those after it.
 * Fails where a chart takes longer than it may.
 */
import { readFileSync } from 'node:fs';
import { timeAnswers } from './time-answers.mjs';

/** Codes of a mapping file, spread over it. */
function codesOf(system, count) {
  const lines = readFileSync(new URL(`../mappings/${system}.csv`, import.meta.url), 'utf8')
    .split('\n')
    .slice(1);
  const codes = [...new Set(lines.map((line) => line.split(',', 1)[0]).filter((code) => /^[\w.-]+$/.test(code)))];
  return Array.from({ length: count }, (_, index) => codes[Math.floor((index * codes.length) / count)]);
}

const CONFIRMED = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'confirmed' }],
};
const KINDS = [
  [
    'icd-10-cm',
    'http://hl7.org/fhir/sid/icd-10-cm',
    150,
    (code) => ({ resourceType: 'Condition', verificationStatus: CONFIRMED, code }),
  ],
  ['snomed-ct', 'http://snomed.info/sct', 100, (code) => ({ resourceType: 'Condition', code })],
  [
    'rxnorm',
    'http://www.nlm.nih.gov/research/umls/rxnorm',
    100,
    (code) => ({
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      medicationCodeableConcept: code,
    }),
  ],
  ['loinc', 'http://loinc.org', 120, (code) => ({ resourceType: 'Observation', status: 'final', code })],
  [
    'cvx',
    'http://hl7.org/fhir/sid/cvx',
    30,
    (vaccineCode) => ({ resourceType: 'Immunization', status: 'completed', vaccineCode }),
  ],
];

const coded = KINDS.flatMap(([id, system, count, make]) =>
  codesOf(id, count).map((code) => ({ make, coding: { system, code } })),
);
const patient = { resourceType: 'Patient', gender: 'female', birthDate: '1961-03-04' };

/** Name of a code as the server itself knows it; undefined where it does not. */
async function findName(url, { system, code }) {
  const reply = await fetch(`${url}/fhir/CodeSystem/$lookup?${new URLSearchParams({ system, code })}`);
  const { parameter = [] } = await reply.json();
  return parameter.find(({ name }) => name === 'display')?.valueString;
}

/** A chart as an EHR sends it, each code with its name, as JSON. @param reword makes another title of the name */
export async function readChart(url, reword = (name) => name) {
  const entry = [{ resource: patient }];
  for (const { make, coding } of coded) {
    const name = await findName(url, coding);
    const text = name && reword(name);
    entry.push({ resource: make({ coding: [{ ...coding, display: text }], text }) });
  }
  return JSON.stringify({ resourceType: 'Bundle', type: 'searchset', entry });
}

/** Sends a chart, read once. */
function ask(reword) {
  let chartRead;
  return async (url) => {
    const headers = { 'content-type': 'application/fhir+json' };
    const body = await (chartRead ??= readChart(url, reword));
    const reply = await fetch(`${url}/fhir/$knowledge-request`, { method: 'POST', headers, body });
    const text = await reply.text();
    if (reply.status !== 200) throw new Error(`${reply.status} ${text.slice(0, 300)}`);
    return { articles: JSON.parse(text).total, bytes: text.length };
  };
}

/** Titles that no code has: the reader of titles reads each. */
const toOwnWords = (name) => `${name.replace(/,? ?\bunspecified\b/i, '')}, today`;

/** Asks about the chart over and over, with the names of codes and with titles of its own; the process ends in failure where the former takes too long. */
export const chart = async (folder) => {
  const title = `$knowledge-request, a chart of ${coded.length} coded resources`;
  const named = await timeAnswers(folder, `${title} by their names`, ask());
  const titled = await timeAnswers(folder, `${title}, each with a title of its own`, ask(toOwnWords), Infinity);
  return { resources: coded.length, ...named, titled };
};
