/**
 * How long the event loop is held while requests at their limits are answered: each kind is sent several times, one after the other
 * and at once, to a server with the documented 256 MB of heap.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { start, stop } from './servers.mjs';

const MOST_MS = 50;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3);
const AT_ONCE = 4;
const TOKEN = 'loop-0123456789abcdef';
/** The limits of the server that the requests come up to. */
const { LIMITS } = await import('../dist/limits.js').catch(() => ({ LIMITS: undefined }));

const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';
const SNOMED = 'http://snomed.info/sct';

/** Codes with their first article, each code once as long as there are more. */
function rowsOf(system, count) {
  const text = readFileSync(new URL(`../mappings/${system}.csv`, import.meta.url), 'utf8');
  const rows = text.split('\n').map((line) => line.split(',', 2));
  const codes = [...new Map(rows.reverse())].filter(([code, article]) => /^[A-Z\d][\w.-]*\d$/.test(code) && article);
  return Array.from({ length: count }, (_, index) => codes[index % codes.length]);
}

const codesOf = (system, count) => rowsOf(system, count).map(([code]) => code);

const fhir = (path, resource, headers = {}) => ({
  method: 'POST',
  path: `/fhir${path}`,
  headers: { 'content-type': 'application/fhir+json', ...headers },
  body: JSON.stringify(resource),
});
const form = (path, fields) => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});
const get = (path, accept) => ({ method: 'GET', path, headers: accept ? { accept } : {} });
const parameters = (parameter) => ({ resourceType: 'Parameters', parameter });

/** A chart of as many bytes as a body may have. */
function chart(count) {
  const note = 'x'.repeat(Math.max(0, Math.floor((LIMITS.maxResourceBytes * 0.95) / count) - 250));
  const resources = codesOf('snomed-ct', count).map((code) => ({
    resourceType: 'Condition',
    code: { coding: [{ system: SNOMED, code }] },
    note: [{ text: note }],
  }));
  return { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
}

const batch = (url) => ({
  resourceType: 'Bundle',
  type: 'batch',
  entry: Array.from({ length: LIMITS.maxBatchEntries }, (_, index) => ({
    request: { method: 'GET', url: url(index) },
  })),
});

/** Every kind of request, as large as it may be. */
function requests() {
  const icd = codesOf('icd-10-cm', LIMITS.maxChartQuestions);
  const criteria = icd
    .slice(0, LIMITS.maxCriteria)
    .map((code, at) => {
      const place = at === 0 ? '' : at;
      return `mainSearchCriteria${place}.v.c=${code}&mainSearchCriteria${place}.v.cs=2.16.840.1.113883.6.90`;
    })
    .join('&');
  const words = 'pain in my big toe and swollen knee when I walk up the stairs with diabetes type two '.repeat(4);
  const long = encodeURIComponent(words.slice(0, LIMITS.maxQueryChars));
  const many = Array.from({ length: LIMITS.maxListValues }, (_, at) => ({ system: ICD, code: icd[at] }));
  return {
    'a chart of 500 resources and 5 MB': fhir('/$knowledge-request', chart(500)),
    'a chart of 1,000 conditions': fhir('/$knowledge-request', chart(LIMITS.maxChartQuestions)),
    'the same as XML': fhir('/$knowledge-request?_format=xml', chart(LIMITS.maxChartQuestions)),
    'a batch of 500 searches of titles': fhir(
      '',
      batch((at) => `DocumentReference?description:contains=asthma ${icd[at]}`),
    ),
    'a batch of 500 lookups': fhir(
      '',
      batch((at) => `CodeSystem/$lookup?system=${ICD}&code=${icd[at]}`),
    ),
    'a batch that reads every map, as XML': fhir(
      '?_format=xml',
      batch(() => 'ConceptMap'),
    ),
    'an infobutton call of 50 criteria': get(`/infobutton?${criteria}`),
    'a search of 200 characters': get(`/search?q=${long}&count=${LIMITS.maxHits}`),
    'the page of it': get(`/find?q=${long}`),
    'a list of 1,000 codes': form('/packet', { list: icd.join('\n') }),
    'a list of 1,000 lines of words': form('/packet', {
      list: Array.from({ length: 1000 }, (_, at) => `pain in my toe ${at}`).join('\n'),
    }),
    'every map': get('/fhir/ConceptMap', 'application/fhir+json'),
    'every map as XML': get('/fhir/ConceptMap', 'application/fhir+xml'),
    'every code system as XML': get('/fhir/CodeSystem', 'application/fhir+xml'),
    'an expansion of 5,000 codes': get(
      `/fhir/ValueSet/$expand?url=${encodeURIComponent(`${ICD}?fhir_vs`)}&filter=a&count=${LIMITS.maxExpansionCodes}`,
    ),
    'validation of 100 codings': fhir(
      '/ValueSet/$validate-code',
      parameters([
        { name: 'url', valueUri: `${ICD}?fhir_vs` },
        { name: 'codeableConcept', valueCodeableConcept: { coding: many } },
      ]),
    ),
    'a page of 200 articles': get(`/fhir/DocumentReference?_count=${LIMITS.maxPageMatches}`),
    'the feed of releases': get('/updates.atom'),
    'the OpenAPI document': get('/openapi.json'),
    'a handout of 5 MB that is rejected': {
      ...fhir('/DocumentReference', {
        resourceType: 'DocumentReference',
        status: 'current',
        description: 'x'.repeat(Math.floor(LIMITS.maxResourceBytes * 0.95)),
        content: [],
      }),
      token: true,
    },
    'a map of 5,000 rows that is written': {
      ...fhir('/ConceptMap/loop', {
        resourceType: 'ConceptMap',
        id: 'loop',
        status: 'active',
        group: [
          {
            source: ICD,
            target: 'https://education-connect.example/fhir/CodeSystem/articles',
            element: rowsOf('icd-10-cm', 5000).map(([code, article]) => ({
              code,
              target: [{ code: article, equivalence: 'wider' }],
            })),
          },
        ],
      }),
      method: 'PUT',
      token: true,
    },
  };
}

/** The longest turn of a server's event loop since the last question. */
const longestTurn = ({ child }) =>
  new Promise((resolve) => {
    child.once('message', resolve);
    child.send('longest');
  });

async function send(url, { method, path, headers, body, token }) {
  const authorized = token ? { ...headers, authorization: `Bearer ${TOKEN}` } : headers;
  const reply = await fetch(url + path, { method, headers: authorized, body });
  await reply.arrayBuffer();
  return reply.status;
}

/** Prints for each kind of request the longest turn of the event loop meanwhile. */
export async function loop(folder) {
  const env = { LIBRARY_PATH: join(folder, 'loop.db'), WRITE_TOKENS: TOKEN, CACHE_MAX_BYTES: '0' };
  const flags = ['--max-old-space-size=256', '--import', './bench/loop-probe.mjs'];
  const server = await start('loop', 'dist/main.js', ['/healthz'], env, flags);
  while ((await fetch(`${server.url}/readyz`)).status !== 200) await new Promise((next) => setTimeout(next, 50));
  const rows = [];
  console.log(
    `\nThe longest turn of the event loop under requests at their limits, ${AT_ONCE} at once: CPU ms of its thread, ms by the clock`,
  );
  for (const [name, request] of Object.entries(requests())) {
    const statuses = new Set([await send(server.url, request)]);
    await longestTurn(server);
    for (let round = 0; round < ROUNDS; round += 1) {
      const all = await Promise.all(Array.from({ length: AT_ONCE }, () => send(server.url, request)));
      for (const status of all) statuses.add(status);
    }
    const { cpuMs, ms } = await longestTurn(server);
    const missed = cpuMs > MOST_MS;
    rows.push({ name, cpuMs, ms, statuses: [...statuses], missed });
    const figures = [cpuMs, ms].map((value) => value.toFixed(0).padStart(5)).join(' ');
    console.log(`${figures}  ${name} (${[...statuses].join(', ')})${missed ? `   MISSES ${MOST_MS} ms` : ''}`);
  }
  await stop(server);
  return { rows };
}
