import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ERRORS } from '../../src/core/errors.js';
import { LIMITS } from '../../src/limits.js';

const read = (path: string): string => readFileSync(path, 'utf8');
const texts = (language: string): Record<string, Record<string, unknown>> =>
  JSON.parse(read(`resources/i18n/${language}.json`)) as Record<string, Record<string, unknown>>;

test('docs/errors.md has a heading for every error of the table, with its status, issue type and cause, and no other', () => {
  const rows = [...read('docs/errors.md').matchAll(/^### ([a-z-]+)\n\n(\d+), FHIR issue `([a-z-]+)`\. (.*)$/gm)];
  const documented: Record<string, { status: number; issue: string }> = {};
  const causes: Record<string, string> = {};
  for (const [, code = '', status, issue = '', cause = ''] of rows) {
    documented[code] = { status: Number(status), issue };
    causes[code] = cause;
  }
  expect(documented).toEqual(ERRORS);
  expect(causes).toEqual(texts('en').errorCauses);
});

test.each(['en', 'es'])('every error has a text and a cause in %s', (language) => {
  const { errors = {}, errorCauses = {} } = texts(language);
  expect(Object.keys(errors).sort()).toEqual(Object.keys(ERRORS).sort());
  expect(Object.keys(errorCauses).sort()).toEqual(Object.keys(ERRORS).sort());
});

test('both languages have the same texts with the same names to fill in', () => {
  const shape = (tree: object): unknown =>
    Object.fromEntries(
      Object.entries(tree).map(([key, value]) => [
        key,
        typeof value === 'string' ? (value.match(/\{\{\w+\}\}/g) ?? []).sort() : shape(value as object),
      ]),
    );
  expect(shape(texts('es'))).toEqual(shape(texts('en')));
});

test('the commands at the top of the README are what the gate runs', () => {
  const [start, testing] = [...read('README.md').matchAll(/```sh\n([^`]*?)\n```/g)].map(([, command]) => command);
  expect(start).toBe('npm ci && npm start');
  expect(testing).toBe('npm ci && npm test');
  const gate = read('.ci/run').split('\n');
  // Steps of `npm ci`, with no compiler in reach and no script but the project's own.
  const install = [
    'PATH=$bare npm ci --ignore-scripts',
    'PATH=$bare npm run prepare',
    'PATH=$bare node .ci/first-start.mjs',
  ];
  expect(gate).toEqual(expect.arrayContaining([...install, 'npm run check', 'npm test 2>&1']));
});

test('docs/architecture.md names every folder of src', () => {
  const page = read('docs/architecture.md');
  const folders = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}/${name}`);
  expect(folders).toContain('src/core');
  expect(
    folders.filter((path) => !page.includes(`\`${path}/`) && !page.includes(`\`${path.split('/').at(-1) ?? ''}/`)),
  ).toEqual([]);
});

test('docs/architecture.md has the order of articles as core/answer/rank.ts states it', () => {
  const oneLine = (text: string): string => text.replace(/\s+(?:\* )?/g, ' ');
  const [, order = ''] = /nearest level: ([^.]*, id)\./.exec(oneLine(read('src/core/answer/rank.ts'))) ?? [];
  expect(order).toContain('relationship');
  expect(oneLine(read('docs/architecture.md'))).toContain(`The order is ${order}.`);
});

test('every setting is in docs/operations/settings.md with its default', () => {
  const { properties } = JSON.parse(read('resources/schemas/config.json')) as {
    properties: Record<string, { default?: string | number | boolean }>;
  };
  const documented = [...read('docs/operations/settings.md').matchAll(/^\| `([A-Z_]+)` +\| ([^|]*?) +\|/gm)];
  const defaults: Record<string, string> = {};
  for (const [, name = '', value = ''] of documented) defaults[name] = value.replace(/`/g, '');
  expect(Object.keys(defaults).sort()).toEqual(Object.keys(properties).sort());
  for (const [name, { default: value }] of Object.entries(properties)) {
    if (value !== undefined) expect(`${name} ${defaults[name]}`).toBe(`${name} ${String(value)}`);
  }
});

test('the limits in docs/operations/reference.md are those of src/limits.ts', () => {
  const [, section = ''] = /^## Limits$([^]*?)^## /m.exec(read('docs/operations/reference.md')) ?? [];
  const rows = new Map(
    [...section.matchAll(/^\| ([a-z' ()]+?) +\| (.*?) +\|$/gm)].map(([, way = '', text = '']) => [way, text]),
  );
  const count = (value: number): string => value.toLocaleString('en-US');
  const bytes = (value: number): string => {
    const unit = ['bytes', 'KiB', 'MiB', 'GiB'][Math.floor(Math.log2(value) / 10)] ?? '';
    return `${value / 1024 ** Math.floor(Math.log2(value) / 10)} ${unit}`;
  };
  const seconds = (ms: number): string => `${ms / 1000} s`;
  const L = LIMITS;
  const told: Record<string, string[]> = {
    request: [
      `address ${count(L.maxAddressChars)} characters, headers ${bytes(L.maxHeaderBytes)}, ${L.maxParameters} parameters`,
      `headers within ${seconds(L.headersTimeoutMs)}, all of it within ${seconds(L.requestTimeoutMs)}`,
    ],
    body: [
      `form ${bytes(L.maxBodyBytes)}, a pasted chart ${bytes(L.maxPacketBytes)} (a list ${count(L.maxListChars)} characters)`,
      `FHIR ${bytes(L.maxResourceBytes)}`,
      `${L.maxResourceDepth} levels deep, ${count(L.maxResourceElements)} elements, ${count(L.maxMembers)} members of an object`,
      `${L.maxAttributes} attributes of an element`,
    ],
    requests: [
      `${L.maxCriteria} criteria, ${L.maxElements} names in \`_elements\`, ${L.maxBatchEntries} entries of a Bundle, ${count(L.maxChartResources)} resources of a chart`,
      `${count(L.maxChartQuestions)} questions, ${L.maxQueryChars} characters of a search`,
      `${L.maxHits} hits`,
      `${L.maxListValues} values of a list, ${L.maxLanguages} languages`,
      `a pasted list ${count(L.maxListParts)} lines and parts of lines`,
    ],
    answer: [
      `${bytes(L.maxAnswerBytes)}, laid out up to ${bytes(L.maxPrettyBytes)}`,
      `a page of ${L.maxPageMatches} matches, an expansion of ${count(L.maxExpansionCodes)} codes`,
      `no entry of a Bundle begun after ${seconds(L.maxBatchMs)}`,
      `does not read for ${seconds(L.silenceTimeoutMs)}`,
    ],
    memory: [
      `${bytes(L.maxBytesInFlight)} of bodies and answers in flight`,
      `${bytes(L.spareBytesInFlight)} more for requests of ${bytes(L.smallRequestBytes)} at most`,
    ],
    'long work': [
      `${count(L.heavyQueue)} more wait ${seconds(L.heavyWaitMs)} at most`,
      `${seconds(L.heavyWorkMs)} of work`,
      `${L.workerHeapMb} MiB of objects`,
    ],
    launches: [
      `${count(L.launchSessions)} sessions of ${L.launchSessionMs / 3_600_000} hours at most, ended after ${L.launchIdleMs / 60_000} minutes`,
      `launches that wait for the EHR, any number for ${L.pendingLaunchMs / 60_000} minutes each`,
      `${L.writeBackQueue} entries wait to be written`,
    ],
    client: [
      `${L.guessesPerMinute} invalid tokens and ${L.feedbackPerMinute} reports of wrong pages a minute`,
      `${L.maxCardFeedback} feedback entries on cards`,
    ],
    writes: [
      `a handout ${bytes(L.maxHandoutBytes)}`,
      `${L.writeQueue} wait for their turn, each ${seconds(L.writeWaitMs)} at most`,
    ],
    'what we ask': [
      `${bytes(L.upstreamAnswerBytes)}, ${L.upstreamCalls} calls at once`,
      `the issuer's keys ${seconds(L.jwksTimeoutMs)}, ${bytes(L.jwksAnswerBytes)}`,
      `FHIR server ${seconds(L.ehrTimeoutMs)} for all of a call, ${bytes(L.ehrAnswerBytes)} an answer, ${L.ehrPages} pages of a search, ${L.ehrCalls} reads`,
      `a launched page ${seconds(L.launchReadMs)}, as long for what is written to it, and ${seconds(L.smartTimeoutMs)} for its authorization server`,
      `PostgreSQL ${seconds(L.databaseConnectMs)} and ${seconds(L.databaseStatementMs)}, ${count(L.databaseQueue)} wait`,
    ],
    'imports (operator)': [
      `a file of ${bytes(L.importFileBytes)}`,
      'a line of a million characters',
      `${count(L.importBlankLines)} blank lines on end, a CSV record of ${L.importRecordLines} lines`,
      `${count(L.importCsvRows)} rows, ${bytes(L.importArticleChars)} of articles`,
    ],
  };
  expect(L.importLineChars).toBe(1_000_000);
  expect([...rows.keys()]).toEqual(['way in', ...Object.keys(told)]);
  for (const [way, figures] of Object.entries(told)) {
    for (const figure of figures) expect(rows.get(way)).toContain(figure);
  }
});

test('nobody reads more than 200 lines for one task', () => {
  const pages = readdirSync('docs/operations').map((name) => `docs/operations/${name}`);
  const index = read('docs/operations.md');
  for (const path of pages) {
    expect(index).toContain(`(${path.replace('docs/', '')})`);
    expect(read(path).split('\n').length).toBeLessThanOrEqual(200);
  }
});

test('every link of a document leads to a file, and to a heading of it', () => {
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
  const headingsOf = (path: string): string[] =>
    [
      ...read(path)
        .replace(/^```[^]*?^```/gm, '')
        .matchAll(/^#+ (.*)$/gm),
    ].map(([, heading = '']) => slug(heading));
  const documents = ['.', 'docs', 'docs/decisions', 'docs/operations', 'mappings'].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  const dead = documents.flatMap((path) =>
    [...read(path).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].flatMap(([link, target = '', anchor]) => {
      const file = target === '' ? path : join(dirname(path), target);
      const isThere = existsSync(file) && (anchor === undefined || headingsOf(file).includes(anchor));
      return isThere ? [] : [`${path}: ${link}`];
    }),
  );
  expect(dead).toEqual([]);
});

// Numbers are given out before a decision is written: several are under way at once.
test('each decision has a number of its own', () => {
  const numbers = readdirSync('docs/decisions').map((name) => Number(/^(\d{3})-[a-z0-9-]+\.md$/.exec(name)?.[1]));
  expect(numbers).not.toContain(NaN);
  expect(new Set(numbers).size).toBe(numbers.length);
});
