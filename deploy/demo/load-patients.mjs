// Hands the sample patients to a FHIR server, once it answers: node load-patients.mjs http://ehr:8080/fhir [folder of the patients]
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TRY_EVERY_MS = 2_000;
const GIVE_UP_AFTER_MS = 300_000;
const JSON_TYPE = 'application/fhir+json';
const SHIPPED = fileURLToPath(new URL('../../resources/demo/patients', import.meta.url));

const [server, folder = SHIPPED] = process.argv.slice(2);
if (server === undefined) {
  console.error('load-patients: which FHIR server?');
  process.exit(2);
}

async function waitForServer() {
  const end = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const answers = await fetch(`${server}/metadata`, { headers: { accept: JSON_TYPE } }).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return;
    if (Date.now() > end) throw new Error(`${server} does not answer`);
    await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
  }
}

/** Each file is a transaction whose entries have ids of their own: done twice it changes nothing. */
async function load(name) {
  const body = await readFile(join(folder, name), 'utf8');
  const response = await fetch(server, {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, accept: JSON_TYPE },
    body,
  });
  if (!response.ok) throw new Error(`${name}: ${response.status} ${(await response.text()).slice(0, 1_000)}`);
  console.log(`loaded Patient/demo-${name.replace(/\.json$/, '')}`);
}

try {
  await waitForServer();
  for (const name of (await readdir(folder)).sort()) await load(name);
} catch (error) {
  console.error(`load-patients: ${error.message}`);
  process.exit(1);
}
