import { spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, DocumentReference, OperationOutcome, Resource } from '@medplum/fhirtypes';
import { askFhir, matchesOf, notesOf } from '../protocols/fhir/fhir-server.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { fhirComplaints } from '../support/fhir-schema.js';
import { exitOf } from './image-folder.js';

const JSON_TYPE = { 'content-type': 'application/fhir+json' };
const FOLDER = 'resources/demo/patients';
const NAMES = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
const read = (name: string): Bundle => JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as Bundle;
const resourcesOf = (bundle: Bundle): Resource[] => (bundle.entry ?? []).flatMap(({ resource }) => resource ?? []);

describe('a sample patient', () => {
  test.each(NAMES)('%s is a transaction of R4, in which everything has an id and is marked as test data', (name) => {
    const bundle = read(name);
    expect(fhirComplaints(bundle)).toEqual([]);
    expect(bundle.type).toBe('transaction');
    for (const { resource, request } of bundle.entry ?? []) {
      expect(request).toEqual({ method: 'PUT', url: `${resource?.resourceType ?? ''}/${resource?.id ?? ''}` });
      expect(resource?.id).toMatch(new RegExp(`^demo-${name}\\b`));
      expect(resource?.meta?.tag?.[0]?.code).toBe('HTEST');
    }
    const [patient, ...facts] = resourcesOf(bundle);
    expect(patient).toMatchObject({ resourceType: 'Patient', id: `demo-${name}`, name: [{ family: 'Sample' }] });
    for (const fact of facts) {
      const { subject, patient: whose } = fact as { subject?: unknown; patient?: unknown };
      expect(subject ?? whose).toEqual({ reference: `Patient/demo-${name}` });
    }
  });
});

interface Expected {
  readonly language: string;
  /** Articles that must be there, in this order. */
  readonly has: readonly string[];
  /** Codes that are not asked for, with the word that says why. */
  readonly not: Readonly<Record<string, 'left out' | 'held'>>;
  readonly hasNot: readonly RegExp[];
}

const EXPECTED: Readonly<Record<string, Expected>> = {
  adult: {
    language: 'en',
    has: ['topic-diabetestype2', 'topic-highbloodpressure', 'drug-a696005', 'ency-000819'],
    not: { 'J18.9': 'left out', 'I21.9': 'left out', '29046': 'left out' },
    hasNot: [/pneumonia/, /heartattack/, /penicillin/, /a1c/],
  },
  child: {
    language: 'en',
    has: ['topic-asthma', 'drug-a682145', 'topic-foodallergy'],
    not: { 'H66.90': 'held', '723': 'held', '21': 'left out' },
    hasNot: [/earinfections/, /varicella|chickenpox/, /mmr/],
  },
  older: {
    language: 'en',
    has: ['drug-a613032', 'topic-heartfailure', 'topic-copd'],
    not: { '11289': 'left out', '2160-0': 'held', '300916003': 'held' },
    hasNot: [/creatinine/, /latex/, /natriuretic/],
  },
  spanish: {
    language: 'es',
    has: ['ency-000584', 'topic-prenatalcare'],
    not: { B20: 'left out', '2345-7': 'left out' },
    hasNot: [/hiv/, /glucose/, /hemoglobin/],
  },
  chinese: {
    // There is no article in Chinese: those in English come with links to pages in it.
    language: 'en',
    has: ['topic-coronaryarterybypasssurgery', 'topic-coronaryarterydisease'],
    not: { '6918': 'left out' },
    hasNot: [/metoprolol/],
  },
};

describe('the demonstration', () => {
  let connector: TestConnector;
  beforeAll(async () => {
    connector = await startConnector();
  });
  afterAll(() => connector.stop());

  test('has an expectation for every sample patient', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual(NAMES.sort());
  });

  test.each(Object.entries(EXPECTED))('of %s brings the articles of what is true', async (name, expected) => {
    // Answer of the EHR's server to Patient/…/$everything.
    const entry = resourcesOf(read(name)).map((resource) => ({ resource, search: { mode: 'match' } }));
    const everything = { resourceType: 'Bundle', type: 'searchset', total: entry.length, entry };
    const asking = { method: 'POST' as const, headers: JSON_TYPE, body: JSON.stringify(everything) };
    const { reply, resource } = await askFhir<Bundle<DocumentReference | OperationOutcome>>(
      connector.url,
      '/$knowledge-request',
      asking,
    );
    expect(reply.status).toBe(200);
    const articles = matchesOf(resource);
    const ids = articles.map(({ identifier }) => identifier?.[0]?.value ?? '');
    expect(ids.filter((id) => expected.has.includes(id))).toEqual(expected.has);
    for (const pattern of expected.hasNot) expect(ids.filter((id) => pattern.test(id))).toEqual([]);
    expect(new Set(articles.map(({ content }) => content[0]?.attachment.language))).toEqual(
      new Set([expected.language]),
    );
    const notes = notesOf(resource);
    for (const [code, word] of Object.entries(expected.not)) {
      expect(notes.filter((note) => note.includes(`|${code}: ${word}`))).toHaveLength(1);
    }
    expect(reply.text).not.toMatch(/Sample|demo-/);
  });
});

/** Runs deploy/demo/load-patients.mjs. */
function runLoader(...args: string[]) {
  const child = spawn(process.execPath, ['deploy/demo/load-patients.mjs', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (said += part.toString()));
  return exitOf(child).then((code) => ({ code, said }));
}

describe('deploy/demo/load-patients.mjs', () => {
  /** A FHIR server that is not ready at first, and takes transactions or refuses them. */
  async function startEhr(status: number) {
    const taken: Bundle[] = [];
    let asked = 0;
    const server = createServer((request, response) => {
      if (request.method === 'GET') {
        response.writeHead(request.url === '/fhir/metadata' && (asked += 1) > 1 ? 200 : 503).end();
        return;
      }
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        if (request.url === '/fhir') taken.push(JSON.parse(text) as Bundle);
        response.writeHead(status).end('{"its":"reason"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `http://127.0.0.1:${port}/fhir`, taken, close: () => server.close() };
  }

  test('waits for the server and hands it every patient', async () => {
    const ehr = await startEhr(200);
    const { code, said } = await runLoader(ehr.url);
    ehr.close();
    expect([code, said]).toEqual([
      0,
      NAMES.sort()
        .map((name) => `loaded Patient/demo-${name}\n`)
        .join(''),
    ]);
    expect(ehr.taken).toEqual(NAMES.sort().map(read));
  });

  test('says what the server has against it, and ends with 1; without a server, with 2', async () => {
    const ehr = await startEhr(422);
    const { code, said } = await runLoader(ehr.url);
    ehr.close();
    expect([code, said]).toEqual([1, 'load-patients: adult.json: 422 {"its":"reason"}\n']);
    expect((await runLoader()).code).toBe(2);
  });
});
