import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle, DocumentReference, OperationOutcome } from '@medplum/fhirtypes';
import { ICD, askFhir, matchesOf, searchFhir } from '../protocols/fhir/fhir-server.js';
import { ask } from '../http/ask.js';
import type { AnswerCase } from '../support/answer-case.js';
import { toRows } from '../support/answer-case.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { MemoryLibrary } from '../support/memory-library.js';
import type { OtherServer } from './other-server.js';
import { send, startOther, translation } from './other-server.js';

const SNOMED = 'http://snomed.info/sct';
/** Well-formed, and in no row of the library. */
const UNKNOWN = '10000006';
const ASKED = `mainSearchCriteria.v.cs=${SNOMED}&mainSearchCriteria.v.c=${UNKNOWN}`;
const JSON_TYPE = 'knowledgeResponseType=application/json';

const OTHER: AnswerCase = {
  name: 'a terminology server with a map of its own',
  rows: ['icd-10-cm|J45.909 -> topic-asthma equivalent'],
  crosswalks: [`snomed-ct|${UNKNOWN} -> icd-10-cm|J45.909`],
  ask: '',
  expect: { articles: [] },
};

const CODING = {
  resourceType: 'Parameters',
  parameter: [{ name: 'coding', valueCoding: { system: SNOMED, code: UNKNOWN } }],
};

/** A library of few rows, quickly made. */
const OURS: AnswerCase = {
  name: 'ours',
  rows: [
    'icd-10-cm|J45 -> topic-asthma equivalent',
    'snomed-ct|195967001 -> topic-asthma equivalent',
    'rxnorm|6809 -> drug-a696005 equivalent',
    'drug-name|metformin -> drug-a696005 equivalent',
  ],
  ask: '',
  expect: { articles: [] },
};

describe('another instance of this server is asked', () => {
  let other: TestConnector;
  let connector: TestConnector;
  beforeAll(async () => {
    other = await startConnector({ library: new MemoryLibrary(toRows(OTHER)) });
    connector = await startConnector({
      env: { TERMINOLOGY_SERVER: `${other.url}/fhir/`, UPSTREAM_TIMEOUT_MS: '5000' },
    });
  });
  afterAll(async () => {
    await connector.stop();
    await other.stop();
  });

  test.each(['/service', '/infobutton'])('%s answers through it, and its path says so', async (path) => {
    const reply = await ask(connector.url, `${path}?${ASKED}&${JSON_TYPE}&explain=true`);
    expect(reply.headers['x-answer']).toBe('elsewhere');
    expect(reply.text).toContain('Asthma');
    expect(reply.text).toContain(`path asked snomed-ct ${UNKNOWN} > elsewhere icd-10-cm J45.909 > ancestor icd-10-cm`);
    const atom = await ask(connector.url, `${path}?${ASKED}&explain=true`, {
      headers: { Accept: 'application/atom+xml' },
    });
    expect(atom.text).toContain('elsewhere icd-10-cm J45.909');
  });

  test.each([
    ['en', `SNOMED CT ${UNKNOWN} is translated to ICD-10-CM J45.909 by another terminology server`],
    ['es', `otro servidor de terminología traduce SNOMED CT ${UNKNOWN} a ICD-10-CM J45.909`],
  ])('the page says why in %s', async (language, why) => {
    const page = await ask(connector.url, `/application?${ASKED}&informationRecipient.languageCode.c=${language}`, {
      headers: { Accept: 'text/html' },
    });
    expect([page.status, page.headers['x-answer']]).toEqual([200, 'elsewhere']);
    expect(page.text).toContain(why);
  });

  test('explains finds it, with the path', async () => {
    const bundle = await searchFhir(connector.url, `explains=${SNOMED}|${UNKNOWN}`);
    expect(matchesOf(bundle).length).toBeGreaterThan(0);
    expect(JSON.stringify(bundle)).toContain(`asked ${SNOMED}|${UNKNOWN} > elsewhere ${ICD}|J45.909`);
  });

  test('$knowledge-request finds it, with the path', async () => {
    const { resource } = await askFhir<Bundle<DocumentReference | OperationOutcome>>(
      connector.url,
      '/$knowledge-request',
      { method: 'POST', headers: { 'Content-Type': 'application/fhir+json' }, body: JSON.stringify(CODING) },
    );
    expect(resource.total).toBeGreaterThan(0);
    expect(JSON.stringify(resource)).toContain(`elsewhere ${ICD}|J45.909`);
  });

  test('the counters tell how it was found and how often it was asked', async () => {
    const { text } = await ask(connector.url, '/metrics');
    expect(text).toMatch(/^matches_total\{kind="elsewhere"\} [1-9]/m);
    expect(text).toMatch(/^upstream_calls_total\{operation="translate",outcome="found"\} 1$/m);
    expect(text).toMatch(/^upstream_breaker_state\{state="closed"\} 1$/m);
  });

  test('no log line names the code', () => {
    expect(JSON.stringify(connector.logLines)).not.toContain(UNKNOWN);
  });
});

describe('what goes to it and what is taken from it', () => {
  let other: OtherServer;
  let connector: TestConnector;
  beforeEach(async () => {
    other = await startOther();
    connector = await startConnector({
      library: new MemoryLibrary(toRows(OURS)),
      env: { TERMINOLOGY_SERVER: other.url, TERMINOLOGY_TOKEN: 'a-token', UPSTREAM_TIMEOUT_MS: '2000' },
    });
  });
  afterEach(async () => {
    await connector.stop();
    await other.stop();
  });
  const answerOf = async (query: string): Promise<string | undefined> => {
    const reply = await ask(connector.url, `/service?${query}&${JSON_TYPE}`, {
      headers: { 'X-Forwarded-For': '10.1.2.3', Authorization: 'Basic abc', 'Accept-Language': 'es', Cookie: 'a=b' },
    });
    expect(reply.status).toBe(200);
    return String(reply.headers['x-answer']);
  };

  test('the code and its system, and nothing of who asks or is asked for', async () => {
    const patient = 'patientPerson.administrativeGenderCode.c=F&age.v.v=44&age.v.u=a&holder.assignedEntity.n=Smith';
    await answerOf(`${ASKED}&mainSearchCriteria.v.dn=Jane+Doe+chest+pain&${patient}`);
    expect(other.asked.map(({ url }) => decodeURIComponent(url)).sort()).toEqual([
      `/fhir/ConceptMap/$translate?system=${SNOMED}&code=${UNKNOWN}&targetsystem=${ICD}`,
    ]);
    const { headers } = other.asked[0] ?? {};
    expect(headers).toMatchObject({ authorization: 'Bearer a-token', accept: 'application/fhir+json' });
    expect(JSON.stringify(headers)).not.toMatch(/Jane|Smith|10\.1\.2\.3|Basic|a=b|"es"/);
  });

  test('a code that the library answers, or that cannot be, is not asked about', async () => {
    await answerOf('mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=J45.909');
    await answerOf(`mainSearchCriteria.v.cs=${SNOMED}&mainSearchCriteria.v.c=10000007`);
    await answerOf('mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&mainSearchCriteria.v.dn=nosuchdrug');
    expect(other.asked).toEqual([]);
  });

  test.each([
    ['equivalent', `equivalent ${ICD}|J45`, 'equivalent'],
    ['wider', `wider ${ICD}|J45`, 'broader'],
    ['narrower', `narrower ${ICD}|J45`, 'narrower'],
    ['relatedto', `relatedto ${ICD}|J45`, 'related'],
  ])('%s: the article is to the code what the target is', async (_name, match, relationship) => {
    other.answer = (_request, response) => {
      send(response, translation(match));
    };
    const reply = await ask(connector.url, `/service?${ASKED}&${JSON_TYPE}&explain=true`);
    expect(reply.text).toContain(`relationship ${relationship}`);
  });

  test.each([
    ['unmatched', `unmatched ${ICD}|J45`],
    ['disjoint', `disjoint ${ICD}|J45`],
    ['a word that is no equivalence', `sameish ${ICD}|J45`],
    ['another system than was asked for', 'equivalent http://loinc.org|4548-4'],
    ['an unknown system', 'equivalent http://example.org/x|J45'],
    ['an impossible code', `equivalent ${ICD}|<script>`],
  ])('%s is not taken', async (_name, match) => {
    other.answer = (_request, response) => {
      send(response, translation(match));
    };
    expect(await answerOf(ASKED)).toBe('code-not-mapped');
  });

  test.each([
    ['no list', { resourceType: 'Parameters', parameter: 'x' }],
    ['parts that are none', { resourceType: 'Parameters', parameter: [null, 1, { name: 'match', part: [null, 7] }] }],
    ['a result that denies its matches', { ...translation(`equivalent ${ICD}|J45`), parameter: [{ name: 'match' }] }],
  ])('%s is no answer and no error', async (_name, resource) => {
    other.answer = (_request, response) => {
      send(response, resource);
    };
    expect(await answerOf(ASKED)).toBe('code-not-mapped');
  });

  test('a drug without a row is found by the name that it has elsewhere', async () => {
    other.answer = ({ url = '' }, response) => {
      const display = { name: 'display', valueString: 'metformin hydrochloride 500 MG Oral Tablet' };
      if (url.includes('lookup')) send(response, { resourceType: 'Parameters', parameter: [display] });
      else send(response, translation());
    };
    const query = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.88&mainSearchCriteria.v.c=99999999';
    const reply = await ask(connector.url, `/service?${query}&${JSON_TYPE}&explain=true`);
    expect(reply.headers['x-answer']).toBe('elsewhere');
    expect(reply.text).toContain('elsewhere drug-name');
    const page = await ask(connector.url, `/application?${query}`, { headers: { Accept: 'text/html' } });
    expect(page.text).toContain('another terminology server names RXCUI 99999999: found by the drug name metformin');
  });

  test('what it said is kept, also that it knows nothing', async () => {
    for (const language of ['en', 'es', 'en']) {
      expect(await answerOf(`${ASKED}&informationRecipient.languageCode.c=${language}`)).toBe('code-not-mapped');
    }
    expect(other.asked).toHaveLength(1);
  });

  test('what is asked many times at once is asked once', async () => {
    const waiting: (() => void)[] = [];
    other.answer = (_request, response) => {
      waiting.push(() => {
        send(response, translation(`equivalent ${ICD}|J45`));
      });
    };
    const both = ['en', 'es'].map((language) => answerOf(`${ASKED}&informationRecipient.languageCode.c=${language}`));
    while (waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    waiting.forEach((go) => {
      go();
    });
    expect(await Promise.all(both)).toEqual(['elsewhere', 'elsewhere']);
    expect(other.asked).toHaveLength(1);
  });
});
