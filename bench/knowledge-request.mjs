/**
 * `$knowledge-request` over a chart of 500 coded resources, all of them different, sent to the real server. Prints the first answer's time, when nothing is in memory, and those after it.
 * Fails where a chart takes longer than it may.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadConfig } from '../dist/config/config.js';
import { openLibrary } from '../dist/library/open.js';
import { createServer } from '../dist/server.js';

const MOST_MS = 150;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3) * 10;

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

const resources = KINDS.flatMap(([id, system, count, make]) =>
  codesOf(id, count).map((code) =>
    make({ coding: [{ system, code, display: `${id} ${code}` }], text: `${id} ${code}` }),
  ),
);
const patient = { resourceType: 'Patient', gender: 'female', birthDate: '1961-03-04' };
const CHART = JSON.stringify({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: [patient, ...resources].map((resource) => ({ resource })),
});

async function ask(url) {
  const started = performance.now();
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/fhir+json' }, body: CHART });
  const text = await reply.text();
  const ms = performance.now() - started;
  if (reply.status !== 200) throw new Error(`${reply.status} ${text.slice(0, 300)}`);
  return { ms, total: JSON.parse(text).total, bytes: text.length };
}

/** Asks about the chart over and over; the process ends in failure where that takes too long. */
export async function chart(folder) {
  const settings = { RATE_LIMIT_PER_MINUTE: '0', LIBRARY_PATH: join(folder, 'library.db'), LOG_LEVEL: 'silent' };
  const config = loadConfig(settings);
  const { library } = await openLibrary({ ...config, readOnly: false });
  const { server, stop } = createServer({ config, library, clock: () => new Date(), log: pino({ level: 'silent' }) });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/fhir/$knowledge-request`;
  const first = await ask(url);
  const times = [];
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round += 1) times.push((await ask(url)).ms);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1000 / ROUNDS;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  const [p50, p95] = [at(0.5), at(0.95)];
  console.log(
    `\n$knowledge-request, a chart of ${resources.length} coded resources: ${first.total} articles, ${first.bytes} bytes` +
      `\n  first ${first.ms.toFixed(0)} ms, then median ${p50.toFixed(0)} ms, 95th percentile ${p95.toFixed(0)} ms, ` +
      `CPU ${cpuMs.toFixed(0)} ms with its client's   aim ${MOST_MS} ms`,
  );
  await stop();
  await library.close();
  if (p50 > MOST_MS) {
    console.log(`  FAILED: a chart may take ${MOST_MS} ms`);
    process.exitCode = 1;
  }
  return { resources: resources.length, articles: first.total, firstMs: first.ms, p50, p95, cpuMs, aim: MOST_MS };
}
