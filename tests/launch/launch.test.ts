import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import type { Card } from '../../src/protocols/cds-hooks/card.js';
import { ask } from '../http/ask.js';
import { DRUGS, draft, signing } from '../protocols/cds-hooks/hook-calls.js';
import type { SmartEhr } from './smart-ehr.js';
import { AUTH_FOLDER, CLIENT_ID, CLIENT_SECRET, startSmartEhr } from './smart-ehr.js';
import { send } from './fhir-stand-in.js';
import { CHART, FURTHER, NAME, OTHER_ID, OTHER_NAME, PATIENT_ID, condition } from './chart.js';
import { Visitor } from './visitor.js';

const folder = temporaryFolder();
let ehr: SmartEhr;
let connector: TestConnector;
let now: () => Date = () => new Date();

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
writeFileSync(join(folder.path, 'key.pem'), privateKey.export({ format: 'pem', type: 'pkcs8' }));
writeFileSync(join(folder.path, 'secret'), CLIENT_SECRET);

async function start(entry: object = {}, workers = 0): Promise<TestConnector> {
  const file = join(folder.path, 'ehrs.json');
  writeFileSync(file, JSON.stringify({ ehrs: [{ iss: `${ehr.iss}/`, name: 'Mercy', clientId: CLIENT_ID, ...entry }] }));
  return startConnector({ env: { EHRS_FILE: file }, clock: () => now(), workers });
}

beforeAll(async () => {
  ehr = await startSmartEhr(CHART, PATIENT_ID);
  // Its lists are computed by a worker.
  connector = await start({ authentication: 'private_key_jwt', keyFile: 'key.pem' }, 1);
  ehr.register(connector.url, 'private_key_jwt');
});
afterAll(async () => {
  await connector.stop();
  await ehr.stop();
  folder.remove();
});
const usual = { context: { patient: PATIENT_ID, need_patient_banner: true }, fhirUser: 'Practitioner/dr-1' };
afterEach(() => {
  now = () => new Date();
  Object.assign(ehr.behaviour, usual, { authorizationError: undefined, tokenError: undefined, granted: undefined });
  ehr.behaviour.configuration = {};
  ehr.behaviour.claims = undefined;
  ehr.fhir.answerBy = undefined;
  ehr.fhir.asked.length = 0;
});
beforeAll(() => {
  Object.assign(ehr.behaviour, usual);
});

const addressOf = (url: string, iss = ehr.iss): string => `${url}/launch?iss=${encodeURIComponent(iss)}&launch=xyz`;
const launch = (visitor = new Visitor()) => visitor.open(addressOf(connector.url));

describe('a clinician launches from a chart', () => {
  test('the list is filled with the chart, by private_key_jwt, with PKCE, state and nonce', async () => {
    const { status, text, url } = await launch();
    expect([status, new URL(url).pathname.startsWith('/launched/')]).toEqual([200, true]);
    expect(text).toContain(NAME);
    expect(text).toContain('March 4, 1970');
    // Both kinds of conditions, a drug by reference.
    for (const id of ['topic-highbloodpressure', 'topic-asthma', 'drug-a696005'])
      expect(text).toContain(`value="${id}"`);
    expect(ehr.lastRequest()).toMatchObject({ aud: ehr.iss, launch: 'xyz', code_challenge_method: 'S256' });
    expect(ehr.lastRequest().scope).toContain('patient/Condition.rs');
    expect(ehr.lastRequest().nonce).toBeDefined();
  });
});

describe('what the site’s configuration has read beside', () => {
  const further = Object.entries(FURTHER);
  const types = further.map(([type]) => type);
  let own: TestConnector;
  beforeAll(async () => {
    own = await start({ read: types });
    ehr.register(own.url, 'none');
    const resources = further.map(([resourceType, { resource }]) => ({ resourceType, id: 'further', ...resource }));
    ehr.fhir.resources.push(...resources);
  });
  afterAll(async () => {
    ehr.fhir.resources.splice(-further.length);
    ehr.register(connector.url, 'private_key_jwt');
    await own.stop();
  });
  const launchOwn = () => new Visitor().open(addressOf(own.url));

  test('is listed: allergies, orders, vaccines due, results', async () => {
    const { text } = await launchOwn();
    expect(further.filter(([, { article }]) => !text.includes(`value="${article}"`)).map(([type]) => type)).toEqual([]);
    expect(text).not.toContain('Missing:');
  });

  test.each(further)('%s that cannot be read is missing, and the others are there', async (type, { part }) => {
    ehr.fhir.answerBy = (_request, response, place) => {
      if (!place.startsWith(`/${type}`)) return false;
      send(response, 500, {});
      return true;
    };
    expect((await launchOwn()).text).toContain(`Missing: ${part}.`);
  });

  test.each(further)('%s that is not granted is missing, and is not asked for', async (type, { part }) => {
    const granted = ['Patient.r', 'Condition.rs', 'MedicationRequest.rs', ...types.map((one) => `${one}.rs`)];
    const scopes = granted.filter((one) => !one.startsWith(type)).map((one) => `patient/${one}`);
    ehr.behaviour.granted = ['launch openid fhirUser', ...scopes].join(' ');
    expect((await launchOwn()).text).toContain(`Missing: ${part}.`);
    expect(ehr.fhir.asked.filter((one) => one.includes(type))).toEqual([]);
  });
});

describe('a clinician adds words and codes to the chart’s list', () => {
  const boxesOf = (text: string): string[] =>
    [...text.matchAll(/<input(?=[^>]* type="checkbox")(?=[^>]* name="article")[^>]*>/g)].flatMap(([box]) =>
      / checked/.test(box) ? (/ value="([^"]+)"/.exec(box)?.[1] ?? []) : [],
    );

  test('they are ticked, what was ticked stays so, and what was not does too', async () => {
    const visitor = new Visitor();
    const { url, text } = await launch(visitor);
    expect(boxesOf(text)).toContain('topic-asthma');
    const added = await visitor.post(url, [
      ['article', 'topic-highbloodpressure'],
      ['list', 'acne\nE11.9\nnothing-of-the-kind'],
    ]);
    expect(added.status).toBe(200);
    expect(boxesOf(added.text)).toEqual(expect.arrayContaining(['topic-acne', 'topic-highbloodpressure']));
    expect(boxesOf(added.text)).not.toContain('topic-asthma');
    expect(added.text).toContain('Added by you');
    expect(added.text).toContain(NAME);
    expect(added.text).toMatch(/<textarea[^>]*>\nacne\nE11\.9/);
    // They stand in no address, and in no log.
    expect(added.url).toBe(url);
    expect(JSON.stringify(connector.logLines)).not.toContain('nothing-of-the-kind');
  });

  test('one of several meanings is chosen by a press', async () => {
    const visitor = new Visitor();
    const { url } = await launch(visitor);
    const asked = await visitor.post(url, [['list', 'MS']]);
    const [, choice = ''] = /name="as" value="([^"]+)"/.exec(asked.text) ?? [];
    expect(asked.text).toContain(`form="choice" formaction="${new URL(url).pathname}"`);
    const chosen = await visitor.post(url, [
      ['list', 'MS'],
      ['as', choice.replaceAll('&quot;', '"')],
    ]);
    expect(boxesOf(chosen.text)).toContain('topic-multiplesclerosis');
  });

  test('a chart that is pasted there is read as words: it may be anybody’s', async () => {
    const visitor = new Visitor();
    const { url } = await launch(visitor);
    const pasted = JSON.stringify(condition('c-9', 'C50.911', undefined, { reference: `Patient/${OTHER_ID}` }));
    const { status, text } = await visitor.post(url, [['list', pasted]]);
    expect([status, text.includes('value="topic-breastcancer"')]).toEqual([200, false]);
  });

  test('another site and a patient add nothing', async () => {
    const visitor = new Visitor();
    const { url } = await launch(visitor);
    const foreign = {
      method: 'POST',
      headers: { 'Sec-Fetch-Site': 'cross-site' },
      body: new URLSearchParams('list=x'),
    };
    expect((await visitor.open(url, foreign)).status).toBe(403);
    ehr.behaviour.fhirUser = `Patient/${PATIENT_ID}`;
    const patient = await launch(visitor);
    expect(reasonOf(await visitor.post(patient.url, [['list', 'acne']]))).toEqual([403, 'not-for-patients']);
  });
});

/** Launches up to where the EHR sends the user back. */
const launchToCallback = (visitor: Visitor) =>
  visitor.open(addressOf(connector.url), {}, (url) => url.startsWith(`${connector.url}/callback`));

test('the articles are in the language that the chart prefers, the page in the clinician’s', async () => {
  ehr.fhir.answerBy = (_request, response, place) => {
    if (!place.startsWith('/Patient')) return false;
    const communication = [{ language: { coding: [{ system: 'urn:ietf:bcp:47', code: 'es' }] }, preferred: true }];
    send(response, 200, { ...CHART[0], communication });
    return true;
  };
  const { text } = await launch();
  expect(text).toContain('<html lang="en">');
  expect(text).toMatch(/ lang="es"[^>]*>Asma</);
  expect(text).toMatch(/<option (?=[^>]*selected)[^>]*value="es"/);
  // Both languages have the article.
  expect(text).not.toMatch(/Available in \w+ only/);
});

test('a name that would turn the page around it stands by itself, without its controls', async () => {
  const controls = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069';
  ehr.fhir.answerBy = (_request, response, place) => {
    if (!place.startsWith('/Patient')) return false;
    send(response, 200, { ...CHART[0], name: [{ text: `Ann${controls}Lee` }], birthDate: '\u202e1970' });
    return true;
  };
  const { text } = await launch();
  expect(text).toContain('<bdi>AnnLee</bdi>');
  expect(text).not.toMatch(/\p{Bidi_Control}/u);
});

describe('a session belongs to one launch', () => {
  test('two patients in two tabs of one browser never mix; an address without its cookie opens nothing', async () => {
    const visitor = new Visitor();
    const first = await launch(visitor);
    ehr.behaviour.context = { patient: OTHER_ID, need_patient_banner: true };
    const second = await launch(visitor);
    expect(first.url).not.toBe(second.url);
    const [again, other] = [await visitor.open(first.url), await visitor.open(second.url)];
    expect([again.text.includes(NAME), again.text.includes(OTHER_NAME)]).toEqual([true, false]);
    expect([other.text.includes(NAME), other.text.includes(OTHER_NAME)]).toEqual([false, true]);
    // Each basket is the session's own.
    expect(again.text).toContain(`data-launch="${new URL(first.url).pathname}"`);
    const stolen = await new Visitor().open(first.url);
    expect([stolen.status, stolen.text.includes(NAME)]).toEqual([410, false]);
    // The cookie of one session is no key to another.
    const cookie = visitor.setCookies.filter((line) => line.startsWith('launched=')).map((line) => line.split(';')[0]);
    const swapped = await new Visitor().open(first.url, { headers: { Cookie: cookie[1] ?? '' } });
    expect(swapped.status).toBe(410);
  });

  test('its cookies are for the server alone, each at its own address', async () => {
    const visitor = new Visitor();
    const { url } = await launch(visitor);
    const ours = visitor.setCookies.filter((line) => line.startsWith('launch'));
    expect(ours).toHaveLength(3);
    for (const line of ours) expect(line).toMatch(/; HttpOnly; SameSite=Lax$/);
    // The one of the launch is deleted with the callback.
    expect(ours[2]).toContain('=; Path=/callback; Max-Age=0;');
    expect(ours[0]).toContain('; Path=/callback; Max-Age=600;');
    expect(ours[1]).toContain(`; Path=${new URL(url).pathname}; Max-Age=28800;`);
  });

  test('it ends by "Done", by standing still and by time', async () => {
    const visitor = new Visitor();
    const done = await launch(visitor);
    expect((await visitor.post(`${done.url}/done`, [])).text).toContain('Closed');
    expect((await visitor.open(done.url)).status).toBe(410);
    const { url } = await launch(visitor);
    const start = Date.now();
    const minutes = (count: number) => () => new Date(start + count * 60_000);
    now = minutes(29);
    expect((await visitor.open(url)).status).toBe(200);
    now = minutes(58);
    expect((await visitor.open(url)).status).toBe(200);
    now = minutes(89);
    expect((await visitor.open(url)).status).toBe(410);
  });

  test('another site posts nothing into it', async () => {
    const visitor = new Visitor();
    const { url } = await launch(visitor);
    const foreign = { method: 'POST', headers: { 'Sec-Fetch-Site': 'cross-site' }, body: new URLSearchParams() };
    expect((await visitor.open(`${url}/done`, foreign)).status).toBe(403);
    expect((await visitor.open(url)).status).toBe(200);
  });

  test('the handout of a launch shows whose it is, and becomes a PDF', async () => {
    const visitor = new Visitor();
    const { url } = await launch(visitor);
    const handout = await visitor.post(`${url}/handout`, [['article', 'topic-asthma']]);
    expect(handout.text).toContain(NAME);
    expect(handout.text).toContain(`action="${new URL(url).pathname}/handout"`);
    const pdf = await visitor.post(`${url}/handout.pdf`, [['article', 'topic-asthma']]);
    expect([pdf.status, pdf.headers.get('content-type')]).toEqual([200, 'application/pdf']);
  });
});

/** A page's words on a failure: its status, and the reason at its end. */
const reasonOf = ({ status, text }: { status: number; text: string }): (string | number | undefined)[] => [
  status,
  /For your help desk: ([a-z-]+)/.exec(text)?.[1],
];

describe('every failure is a page that says what to do', () => {
  test.each([
    ['access_denied', 403, 'denied'],
    ['login_required', 403, 'sign-in-needed'],
    ['invalid_scope', 502, 'scope-refused'],
    ['unauthorized_client', 502, 'client-refused'],
    ['invalid_request', 502, 'request-refused'],
    ['server_error', 502, 'ehr-failed'],
    ['temporarily_unavailable', 502, 'ehr-failed'],
    ['anything_else', 502, 'request-refused'],
  ])('the authorization server answers %s', async (error, status, reason) => {
    ehr.behaviour.authorizationError = error;
    const visitor = new Visitor();
    expect(reasonOf(await launch(visitor))).toEqual([status, reason]);
    // The launch is over: its cookie goes.
    const [begun, ended, ...others] = visitor.setCookies.filter((line) => line.startsWith('launch'));
    expect([begun?.split('=')[0] === ended?.split('=')[0], ended?.includes('Max-Age=0;'), others]).toEqual([
      true,
      true,
      [],
    ]);
  });

  test.each([
    [400, 'invalid_grant', 400, 'code-expired'],
    [401, 'invalid_client', 502, 'client-refused'],
    [400, 'invalid_scope', 502, 'scope-refused'],
    [400, 'invalid_request', 502, 'client-refused'],
    [503, 'server_error', 502, 'ehr-failed'],
  ])('the token endpoint answers %i %s', async (status, error, shown, reason) => {
    ehr.behaviour.tokenError = { status, error };
    expect(reasonOf(await launch())).toEqual([shown, reason]);
  });

  test('an address that is not on the list: nothing is sent to it', async () => {
    const reply = await new Visitor().open(addressOf(connector.url, 'https://evil.example/fhir'));
    expect(reasonOf(reply)).toEqual([400, 'unknown-issuer']);
    const logged = connector.logLines.findLast(({ msg }) => msg === 'launch failed');
    expect(logged).toMatchObject({ reason: 'unknown-issuer', detail: 'iss https://evil.example/fhir' });
    expect(reasonOf(await new Visitor().open(`${addressOf(connector.url)}&iss=x`))).toEqual([400, 'bad-launch']);
  });

  test('a state of another browser, one that was used, one that is too old, and none', async () => {
    const visitor = new Visitor();
    const { url } = await launchToCallback(visitor);
    expect(reasonOf(await new Visitor().open(url))).toEqual([400, 'wrong-state']);
    now = () => new Date(Date.now() + 601_000);
    expect(reasonOf(await visitor.open(url))).toEqual([400, 'wrong-state']);
    now = () => new Date();
    expect((await visitor.open(url)).status).toBe(200);
    expect(reasonOf(await visitor.open(url))).toEqual([400, 'wrong-state']);
    expect(reasonOf(await visitor.open(`${connector.url}/callback`))).toEqual([400, 'wrong-state']);
  });

  test.each(['code', 'state', 'iss'])('%s twice, and a callback with neither code nor error', async (name) => {
    const visitor = new Visitor();
    const { url } = await launchToCallback(visitor);
    expect(reasonOf(await visitor.open(`${url}&${name}=another`))).toEqual([400, 'bad-launch']);
    const { searchParams } = new URL(url);
    const bare = `${connector.url}/callback?state=${searchParams.get('state') ?? ''}`;
    expect(reasonOf(await visitor.open(bare))).toEqual([400, 'bad-launch']);
    expect((await visitor.open(url)).status).toBe(200);
  });

  test('a code that was exchanged before', async () => {
    const visitor = new Visitor();
    const { url } = await launchToCallback(visitor);
    const code = new URL(url).searchParams.get('code') ?? '';
    await visitor.open(url);
    const second = await launchToCallback(visitor);
    const replayed = new URL(second.url);
    replayed.searchParams.set('code', code);
    expect(reasonOf(await visitor.open(replayed.href))).toEqual([400, 'code-expired']);
  });

  test('a configuration without PKCE by S256', async () => {
    ehr.behaviour.configuration = { code_challenge_methods_supported: ['plain'] };
    // It is read anew once what is cached is too old.
    now = () => new Date(Date.now() + 601_000);
    expect(reasonOf(await launch())).toEqual([502, 'ehr-unfit']);
  });

  test.each([
    ['another nonce', { nonce: 'of-another-launch' }],
    ['another audience', { aud: 'another-client' }],
    ['an issuer elsewhere', { iss: 'https://evil.example' }],
    ['a time that is over', { exp: 1 }],
  ])('an id token with %s', async (_fault, claims) => {
    ehr.behaviour.claims = (sent) => ({ ...sent, ...claims });
    expect(reasonOf(await launch())).toEqual([502, 'bad-token']);
  });

  test('no patient, and nobody who uses it', async () => {
    ehr.behaviour.context = {};
    expect(reasonOf(await launch())).toEqual([400, 'no-patient']);
    Object.assign(ehr.behaviour, usual, { fhirUser: undefined });
    expect(reasonOf(await launch())).toEqual([400, 'no-user']);
  });

  test('the FHIR server does not take the token, is away, or sends what is of another patient', async () => {
    const answer = (status: number) => {
      ehr.fhir.answerBy = (_request, response) => {
        send(response, status, { resourceType: 'OperationOutcome' });
        return true;
      };
    };
    answer(401);
    expect(reasonOf(await launch())).toEqual([403, 'token-refused']);
    answer(503);
    expect(reasonOf(await launch())).toEqual([502, 'ehr-unreachable']);
    ehr.fhir.answerBy = (_request, response, place) => {
      if (!place.startsWith('/Condition')) return false;
      send(response, 200, condition('c-9', 'C50.911', undefined, { reference: `Patient/${OTHER_ID}` }));
      return true;
    };
    const mixed = await launch();
    expect(reasonOf(mixed)).toEqual([502, 'other-patient']);
    expect(mixed.text).not.toContain(NAME);
  });
});

describe('less is granted than was requested', () => {
  test('the page goes on, and says what is missing', async () => {
    ehr.behaviour.granted = 'launch openid fhirUser patient/Patient.r patient/Condition.rs';
    const { status, text } = await launch();
    expect([status, text.includes('value="topic-asthma"')]).toEqual([200, true]);
    expect(text).toContain('Missing: medications.');
    expect(ehr.fhir.asked.filter((one) => one.includes('Medication'))).toEqual([]);
  });

  test('a scope that a search narrows: what it allows is read, and the part is said to be missing', async () => {
    ehr.behaviour.granted = 'openid fhirUser patient/Patient.r patient/Condition.rs?category=problem-list-item';
    ehr.fhir.answerBy = (_request, response, place) => {
      if (!place.includes('encounter-diagnosis')) return false;
      send(response, 403, {});
      return true;
    };
    const { text } = await launch();
    expect(text).toContain('value="topic-highbloodpressure"');
    expect(text).toMatch(/Missing: [^.]*problems and diagnoses/);
  });

  test('a part that fails is missing; conditions without a category are found all the same', async () => {
    ehr.fhir.answerBy = (_request, response, place) => {
      if (place.startsWith('/MedicationRequest')) send(response, 500, {});
      else if (place.includes('category=')) send(response, 400, {});
      else return false;
      return true;
    };
    const { text } = await launch();
    expect(text).toContain('Missing: medications.');
    expect(text).toContain('value="topic-highbloodpressure"');
  });
});

describe('a patient launches', () => {
  test.each([
    ['the patient', `Patient/${PATIENT_ID}`],
    ['a relative', 'RelatedPerson/r-1'],
    ['a person who is a patient elsewhere', 'Patient/someone-else'],
    ['a patient of another server', 'https://other.example/fhir/Patient/p-1'],
  ])('%s sees the patient’s page, in the chart’s language, and no chart is read', async (_who, fhirUser) => {
    ehr.behaviour.fhirUser = fhirUser;
    const visitor = new Visitor();
    const { status, text, url } = await launch(visitor);
    expect(status).toBe(200);
    expect(text).not.toContain('topic-asthma');
    expect(text).toContain('Here is the health information that your care team has given you.');
    expect(text).not.toContain('class="choice');
    expect(ehr.fhir.asked).toEqual([`GET /Patient/${PATIENT_ID}`]);
    const handout = await visitor.post(`${url}/handout`, [['article', 'topic-asthma']]);
    expect(reasonOf(handout)).toEqual([403, 'not-for-patients']);
  });
});

test('a card of CDS Hooks leads to the launch', async () => {
  const reply = await ask(connector.url, '/cds-services/order-sign', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(signing([draft(DRUGS.metformin)])),
  });
  const { cards } = JSON.parse(reply.text) as { cards: Card[] };
  expect(cards[0]?.links.at(-1)).toMatchObject({ type: 'smart', url: `${connector.url}/launch` });
  // The reasons for which it may be set aside are a code system that can be read.
  const system = cards[0]?.overrideReasons[0]?.system ?? '';
  const found = await ask(connector.url, `/fhir/CodeSystem?url=${encodeURIComponent(system)}`);
  const { entry } = JSON.parse(found.text) as {
    entry: { resource: { concept: { code: string; display: string }[] } }[];
  };
  expect(entry[0]?.resource.concept.map(({ code, display }) => ({ code, display }))).toEqual(
    cards[0]?.overrideReasons.map(({ code, display }) => ({ code, display })),
  );
});

test('our keys are published, and nothing of the private one', async () => {
  const { keys } = (await (await fetch(`${connector.url}/.well-known/jwks.json`)).json()) as { keys: object[] };
  expect(keys).toEqual([
    expect.objectContaining({ kty: 'EC', crv: 'P-384', alg: 'ES384', use: 'sig', kid: expect.any(String) as unknown }),
  ]);
  expect(keys[0]).not.toHaveProperty('d');
});

test('nothing of the patient, the token or the session is in the log', async () => {
  const { url } = await launch();
  const log = JSON.stringify(connector.logLines);
  for (const secret of [PATIENT_ID, 'Quillfeather', new URL(url).pathname.split('/')[2] ?? '', 'code=', 'xyz']) {
    expect(log).not.toContain(secret);
  }
  expect(log).toContain('"route":"/launched/:session"');
});

test('an id token that another key signs is rejected, and one of a server without keys is not', async () => {
  ehr.behaviour.claims = (claims) => claims;
  expect((await launch()).status).toBe(200);
  ehr.behaviour.signsByAnother = true;
  expect(reasonOf(await launch())).toEqual([502, 'bad-token']);
  // It is configured anew: the configuration of the running one is cached.
  const own = await start({ authentication: 'none' });
  try {
    ehr.register(own.url, 'none');
    ehr.behaviour.configuration = { jwks_uri: undefined };
    expect((await new Visitor().open(addressOf(own.url))).status).toBe(200);
  } finally {
    ehr.behaviour.signsByAnother = false;
    await own.stop();
    ehr.register(connector.url, 'private_key_jwt');
  }
});

test('SMART’s launcher: id tokens issued beside the token endpoint, without a nonce', async () => {
  const own = await start({ authentication: 'none' });
  try {
    ehr.register(own.url, 'none');
    const folder = `${ehr.authUrl}${AUTH_FOLDER}`;
    ehr.behaviour.configuration = {
      authorization_endpoint: `${folder}/auth`,
      token_endpoint: `${folder}/token`,
      // It names itself in the callback (RFC 9207), and not in the configuration.
      issuer: undefined,
    };
    ehr.behaviour.claims = ({ nonce: _nonce, ...claims }) => ({ ...claims, iss: `${folder}/fhir` });
    const { status, text } = await new Visitor().open(addressOf(own.url));
    expect([status, text.includes(NAME)]).toEqual([200, true]);
  } finally {
    await own.stop();
    ehr.register(connector.url, 'private_key_jwt');
  }
});

test.each(['client_secret_basic', 'none'] as const)(
  'a client that authenticates by %s, in SMART 1 scopes',
  async (method) => {
    const own = await start({ authentication: method, secretFile: 'secret', scopeVersion: 1 });
    try {
      ehr.register(own.url, method);
      const { status, text } = await new Visitor().open(addressOf(own.url));
      expect([status, text.includes(NAME)]).toEqual([200, true]);
      expect(ehr.lastRequest().scope).toContain('patient/Condition.read');
      expect(ehr.lastRequest().scope).not.toContain('.rs');
    } finally {
      await own.stop();
      ehr.register(connector.url, 'private_key_jwt');
    }
  },
);
