/** Our server beside a bare node:http server that sends the same headers and logs, and a bare Express route; both return as many bytes. */
import { join } from 'node:path';
import { compare } from './compare.mjs';
import { answerBytes, answerHeaders, residentMegabytes, start, stop, toRequest } from './servers.mjs';
import { wear } from './mixed-load.mjs';
import { chart, manyCodes, manyPaths, onePath } from './requests.mjs';

const SAMPLE = 200;
const COLD = { CACHE_MAX_BYTES: '0' };
/** As in docker-compose.yml and the Dockerfile, for all servers alike. */
const MEMORY = {
  NODE_OPTIONS: '--max-old-space-size=256 --max-semi-space-size=8',
  MALLOC_ARENA_MAX: '1',
};
/** The bare node:http server writes a log line for each request, the same as ours beside it. */
const LOGGED = { LOG_LEVEL: 'info' };

/** Starts this server and wears it. */
async function startWorn(name, paths, env) {
  const server = await start(name, 'dist/main.js', paths, { ...env, ...MEMORY });
  await wear(server);
  return server;
}

/** Runs one comparison with servers of its own; `ours` is started last and compared with the others. */
async function beside(others, ours, options) {
  const bytes = await answerBytes({ ...ours, paths: ours.paths.slice(0, SAMPLE) });
  const route = toRequest(ours, ours.paths[0]).path.split('?', 1)[0];
  const headers = JSON.stringify(await answerHeaders(ours));
  const started = [];
  for (const { file, env, ...server } of others) {
    const settings = { BYTES: String(bytes), HEADERS: headers, ROUTE: route, ...MEMORY, ...env };
    const { paths, request } = ours;
    started.push({ ...(await start(server.name, file, [route], settings)), paths, request, ...server });
  }
  const result = await compare({ ...options, title: `${options.title}, ${bytes} bytes`, servers: [...started, ours] });
  await Promise.all(started.map(stop));
  return result;
}

const bareHttp = (protocol) => ({
  name: 'bare node:http',
  file: 'bench/bare-http.mjs',
  env: { ...LOGGED, PROTOCOL: protocol },
});
const EXPRESS = { name: 'bare Express', file: 'bench/bare-express.mjs' };

/** Every DocumentReference of a server, in a file for the peer to hold. */
async function readDocuments({ url }) {
  const documents = [];
  for (let next = `${url}/fhir/DocumentReference?_count=500`; next;) {
    const { entry = [], link } = await (await fetch(next)).json();
    documents.push(...entry.map(({ resource }) => resource));
    next = link.find(({ relation }) => relation === 'next')?.url;
  }
  return documents;
}

/** The Infobutton protocol, warm and cold, of worn processes; start-up and memory. */
export async function infobutton(folder) {
  const library = { LIBRARY_PATH: join(folder, 'library.db') };
  const first = await start('first start', 'dist/main.js', onePath('service'), library);
  await stop(first);
  const warm = await startWorn('this server, cached', onePath('service'), { ...library, ...LOGGED });
  const again = { title: 'Infobutton, one call repeated', connections: 32 };
  const comparisons = [await beside([bareHttp('medlineplus-connect'), EXPRESS], warm, again)];
  const cold = await startWorn('this server, cache off', manyPaths('service'), { ...library, ...COLD });
  const each = { title: 'Infobutton, 1,000 codes in rotation', connections: 32, aims: { [EXPRESS.name]: 0.5 } };
  comparisons.push(await beside([EXPRESS], cold, each));
  const memory = { warmMegabytes: residentMegabytes(warm), coldMegabytes: residentMegabytes(cold) };
  const startUp = { withBuildMs: first.startMs, ms: warm.startMs };
  console.log(
    `\nFirst answer after ${startUp.withBuildMs} ms where the library has to be built, ${startUp.ms} ms where it is there` +
      `\nResident memory, worn: ${memory.warmMegabytes.toFixed(0)} MB cached, ${memory.coldMegabytes.toFixed(0)} MB with the cache off`,
  );
  await Promise.all([warm, cold].map(stop));
  return { comparisons, memory, startUp };
}

/** FHIR: a search by code, warm and cold, also beside a peer; two operations; of worn processes. */
export async function fhir(folder, writeFile) {
  const library = { LIBRARY_PATH: join(folder, 'library.db') };
  const comparisons = [];
  const warm = await startWorn('this server, cached', onePath('event'), { ...library, ...LOGGED });
  const again = { title: 'DocumentReference?event=, one call repeated', connections: 32 };
  comparisons.push(await beside([bareHttp('fhir')], warm, again));
  const documents = await readDocuments(warm);
  await stop(warm);
  // All documents as objects do not fit into the memory that our image has.
  const env = { DOCUMENTS: writeFile('documents.json', JSON.stringify(documents)), NODE_OPTIONS: '' };
  // It looks through all documents for each search: more connections would only wait for each other.
  const peer = { name: '@medplum/fhir-router', file: 'bench/medplum.mjs', env, connections: 1 };
  const cold = await startWorn('this server, cache off', manyPaths('event'), { ...library, ...COLD });
  const each = { title: `DocumentReference?event=, 1,000 codes, ${documents.length} documents`, connections: 32 };
  comparisons.push(await beside([EXPRESS, peer], cold, { ...each, aims: { [EXPRESS.name]: 0.35 } }));
  for (const [name, aim, asked] of [
    ['CodeSystem/$lookup', 0.6, { paths: manyPaths('lookup') }],
    ['ConceptMap/$translate', 0.6, { paths: manyPaths('translate') }],
    ['$knowledge-request, one code', undefined, { paths: manyPaths('knowledge') }],
    ['$knowledge-request, three conditions', undefined, { paths: manyCodes, request: chart }],
  ]) {
    const options = { title: `${name}, 1,000 codes in rotation`, connections: 10, aims: { [EXPRESS.name]: aim } };
    comparisons.push(await beside([EXPRESS], { ...cold, ...asked }, options));
  }
  await stop(cold);
  return { comparisons };
}
