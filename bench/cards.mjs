// How long a call of CDS Hooks takes: 60 resources in the prefetch, four calls at once; and all of them fetched from an EHR that answers
// in 100 ms, eight at once. Run after `npm run build`. CPU time is the server's; on a loaded machine it tells more than the percentiles.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CALLS = Number(process.env.CALLS ?? 300);
const subject = { reference: 'Patient/p1' };
const coded = (system, code) => ({ coding: [{ system, code }] });
const PROBLEMS =
  'I10 E11.9 J45.909 J18.9 N39.0 E78.5 K21.9 F32.9 M54.5 G43.909 E03.9 I48.91 J44.9 N18.3 D64.9 M19.90 I25.10 H40.9 L40.9 R51.9 E66.9 G47.33 ' +
  'M81.0 I50.9 K58.9 N20.0 B20 J30.9 L20.9 A54.9';
const DRUGS =
  '860975 314076 312940 197361 310798 617312 197884 308136 849574 198211 856980 311702 313782 314077 316672 200033 866924 197381 198240 310965 ' +
  '312961 314200 617314 861007 866436 904420 966222 1049640';
const conditions = PROBLEMS.split(' ').map((code) => ({
  resourceType: 'Condition',
  id: `c-${code}`,
  clinicalStatus: coded('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
  code: coded('http://hl7.org/fhir/sid/icd-10-cm', code),
  recordedDate: '2026-11-01',
  subject,
}));
const medications = DRUGS.split(' ').map((code) => ({
  resourceType: 'MedicationRequest',
  id: `m-${code}`,
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: coded('http://www.nlm.nih.gov/research/umls/rxnorm', code),
  authoredOn: '2026-11-01',
  subject,
}));
const searchset = (resources) => ({
  resourceType: 'Bundle',
  type: 'searchset',
  entry: resources.map((resource) => ({ resource })),
});
const CHART = {
  patient: { resourceType: 'Patient', id: 'p1', gender: 'female', birthDate: '1970-03-04' },
  encounter: { resourceType: 'Encounter', id: 'e1', status: 'in-progress', class: { code: 'IMP' }, subject },
  conditions: searchset(conditions),
  medications: searchset(medications),
};
const PART_OF_TYPE = { Patient: 'patient', Encounter: 'encounter', Condition: 'conditions' };

const ehr = createServer((request, response) => {
  const type = /^\/fhir\/([A-Za-z]+)/.exec(request.url)?.[1];
  setTimeout(() => {
    response.writeHead(200, { 'Content-Type': 'application/fhir+json' });
    response.end(JSON.stringify(CHART[PART_OF_TYPE[type] ?? 'medications']));
  }, 100);
});
await once(ehr.listen(0, '127.0.0.1'), 'listening');
const fhirServer = `http://127.0.0.1:${ehr.address().port}/fhir`;

const PORT = 4310;
const folder = mkdtempSync(join(tmpdir(), 'education-connect-bench-'));
const LIBRARY_PATH = join(folder, 'library.db');
const env = { ...process.env, PORT: String(PORT), LIBRARY_PATH, LOG_LEVEL: 'error', CDS_FHIR_SERVERS: fhirServer };
const server = spawn(process.execPath, ['dist/main.js'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
const url = `http://127.0.0.1:${PORT}/cds-services`;
for (let tries = 0; tries < 240 && !(await fetch(url).catch(() => undefined))?.ok; tries += 1)
  await new Promise((resolve) => setTimeout(resolve, 500));

/** CPU time of the server, in milliseconds (Linux: ticks of 10 ms). */
function readCpuMs() {
  const [, fields] = readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ');
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user + system) * 10;
}

async function measure(name, fields, atOnce, calls) {
  const times = [];
  const before = readCpuMs();
  let left = calls;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      const context = { userId: `Practitioner/${randomUUID()}`, patientId: 'p1', encounterId: 'e1' };
      const call = { hook: 'encounter-discharge', hookInstance: randomUUID(), context, ...fields };
      const begun = performance.now();
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${url}/encounter-discharge`, { method: 'POST', headers, body: JSON.stringify(call) });
      const { cards } = await answer.json();
      if (cards?.length !== 1) throw new Error(`no card: ${answer.status}`);
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.floor((times.length - 1) * share)].toFixed(0);
  const cpu = ((readCpuMs() - before) / calls).toFixed(1);
  console.log(
    `${name}: CPU ${cpu} ms a call, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms (${calls} calls, ${atOnce} at once)`,
  );
}

const fetched = { fhirServer, fhirAuthorization: { access_token: 'x', token_type: 'Bearer' } };
try {
  await measure('begin', { prefetch: CHART }, 4, 100);
  await measure('60 resources in the prefetch', { prefetch: CHART }, 4, CALLS);
  await measure('fetched from an EHR that answers in 100 ms', fetched, 8, CALLS);
} finally {
  server.kill('SIGTERM');
  await once(server, 'exit');
  ehr.close();
  rmSync(folder, { recursive: true, force: true });
}
