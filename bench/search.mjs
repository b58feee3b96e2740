/**
 * Text search over a large library. Imports the ICD-10-CM order file and ICD-9-CM
 * from ../shared/data where these are there, else searches the starter alone. Prints how long imports take with their index, what
 * memory they take, and how long searches take in process, of all queries together and of the slowest.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../dist/config/config.js';
import { understandWords } from '../dist/core/words/understand-words.js';
import { openLibrary } from '../dist/library/open.js';
import { readVocabulary } from '../dist/read-vocabulary.js';
import { residentMegabytes, runCommand, start, stop } from './servers.mjs';

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3) * 10;
const WARM_UP_ROUNDS = 5;
const IMPORTS = [
  ['icd-10-cm', '../shared/data/icd10cm/icd10cm-order-2021.txt.gz'],
  ['icd-9-cm', '../shared/data/icd9cm/icd9dx2015.csv.gz'],
];
const QUERIES = [
  ...['sugar diabetes', 'high blood', 'heart attack', 'diabetis', 'E11', 'azucar', 'presion alta', 'n5314', '250.00'],
  ...['metformina', 'tilenol', 'xray', 'kidney stone', 'stroke', 'copd exacerbation', 'S72', 'broken leg', 'lupus'],
  ...['suger diabetis', 'high blod presure', 'hart atack', 'numonia', 'di', 'fra', 'pain', 'unspecified', 'asma'],
  ...['fracture of right femur initial encounter', 'type 2 diabetes with retinopathy', 'dolor de cabeza', 'vitamin d'],
  ...['other specified injury of left hand subsequent encounter', 'neoplasm of uncertain behavior', 'qqqq zzzz'],
  // Lines that find nothing are searched for in every way.
  ...['insurance card copy needed', 'parking garage validation ticket', 'cita con el doctor el martes'],
  ...['metformin 500 mg tablet', 'banana 500 mg tablet', 'MS', 'sob', 'denies chest pain', 'total knee arthroplasty'],
];

async function run(env, ...args) {
  const { code, ms, megabytes } = await runCommand(env, ...args);
  const failed = code === 1 ? '   FAILED' : '';
  console.log(`  ${args.slice(0, 2).join(' ').padEnd(28)} ${ms} ms, ${megabytes.toFixed(0)} MB at most${failed}`);
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))].toFixed(2);

/** Size of a library: its file, and the files of its releases. */
function megabytesOf(path) {
  const releases = path.replace(/\.db$/, '-releases');
  const files = [path, ...readdirSync(releases).map((name) => join(releases, name))];
  return files.reduce((sum, file) => sum + statSync(file).size, 0) / 1e6;
}

async function searchTimes(env) {
  const { library } = await openLibrary({ ...loadConfig(env), readOnly: false });
  const vocabulary = readVocabulary(loadConfig(env).resourcesDir);
  const times = new Map(QUERIES.map((query) => [query, []]));
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    for (const query of QUERIES) {
      const started = performance.now();
      await understandWords({ query, language: 'en', kind: undefined, count: 10 }, library, vocabulary);
      if (round >= WARM_UP_ROUNDS) times.get(query).push(performance.now() - started);
    }
  }
  const documents = library.search.indexes.reduce((sum, index) => sum + index.documents, 0);
  await library.close();
  for (const list of times.values()) list.sort((a, b) => a - b);
  const all = [...times.values()].flat().sort((a, b) => a - b);
  console.log(`\n${QUERIES.length} searches over ${documents} documents, ${ROUNDS} times each, in process`);
  console.log(`  all${' '.repeat(61)} p50 ${at(all, 0.5)} ms   p99 ${at(all, 0.99)} ms`);
  const slowest = [...times].sort(([, a], [, b]) => Number(at(b, 0.5)) - Number(at(a, 0.5))).slice(0, 5);
  for (const [query, list] of slowest)
    console.log(`  ${query.padEnd(64)}p50 ${at(list, 0.5)} ms   p99 ${at(list, 0.99)} ms`);
  return { documents, p50: Number(at(all, 0.5)), p99: Number(at(all, 0.99)) };
}

/** Memory of the server after every query was searched for over HTTP. */
async function serverMemory(env) {
  const paths = QUERIES.map((query) => `/search?q=${encodeURIComponent(query)}`);
  const server = await start('this server', 'dist/main.js', paths, env);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const path of paths) await (await fetch(server.url + path)).arrayBuffer();
  const resident = residentMegabytes(server);
  await stop(server);
  return resident;
}

/** Builds the large library in a folder and searches it. */
export async function search(folder) {
  const env = { LIBRARY_PATH: join(folder, 'large.db'), LOG_LEVEL: 'silent' };
  console.log('\nText search');
  await run(env, 'build');
  for (const [source, path] of IMPORTS) {
    if (existsSync(path)) await run(env, 'import', source, path, '--release', '2021');
    else console.log(`  ${path} is not there: ${source} is left out`);
  }
  const libraryMegabytes = megabytesOf(env.LIBRARY_PATH);
  console.log(`  ${'library'.padEnd(28)} ${libraryMegabytes.toFixed(0)} MB`);
  const times = await searchTimes(env);
  const serverMegabytes = await serverMemory(env);
  console.log(`  resident memory of the server after these: ${serverMegabytes.toFixed(0)} MB`);
  return { ...times, libraryMegabytes, serverMegabytes };
}
