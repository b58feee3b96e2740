import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector, temporaryFolder } from '../../support/connector.js';
import type { Resource } from './hook-calls.js';
import {
  DRUGS,
  callHook,
  chart,
  condition,
  contextOf,
  discharge,
  draft,
  encounter,
  newUser,
  order,
  orderCategory,
  patient,
  searchset,
  signing,
} from './hook-calls.js';

const METFORMIN_1000 = '861004';
/** "Pneumonia in adults - discharge". */
const PNEUMONIA = 'encypi-000017';

let connector: TestConnector;
const all = 'encounter-discharge,order-sign,patient-view,order-select';
beforeAll(async () => {
  connector = await startConnector({ env: { CDS_HOOKS: all } });
});
afterAll(() => connector.stop());

const call = (body: unknown, more: Parameters<typeof callHook>[2] = {}) => callHook(connector.url, body, more);

describe('discovery', () => {
  interface Discovery {
    readonly services: readonly { hook: string; id: string; prefetch: Record<string, string> }[];
  }
  const discover = async (url: string): Promise<Discovery> =>
    JSON.parse((await ask(url, '/cds-services')).text) as Discovery;

  test('offers discharge and signing unless the site says otherwise', async () => {
    const plain = await startConnector();
    const { services } = await discover(plain.url);
    expect(services.map(({ hook, id }) => [hook, id])).toEqual([
      ['encounter-discharge', 'encounter-discharge'],
      ['order-sign', 'order-sign'],
    ]);
    const notOffered = await callHook(plain.url, { ...discharge({}), hook: 'patient-view' });
    expect(notOffered.status).toBe(404);
    await plain.stop();
  });

  test('lists what is configured, with queries of plain tokens', async () => {
    const { services } = await discover(connector.url);
    expect(services.map(({ hook }) => hook).sort()).toEqual(all.split(',').sort());
    const queries = services.flatMap(({ prefetch }) => Object.values(prefetch));
    const tokens = queries.flatMap((query) => [...query.matchAll(/\{\{(.*?)\}\}/g)].map(([, token]) => token));
    expect(new Set(tokens)).toEqual(new Set(['context.patientId', 'context.encounterId']));
  });

  test('lets pages of an EHR in browsers call with a token', async () => {
    const headers = { Origin: 'https://ehr.example', 'Access-Control-Request-Method': 'POST' };
    const { status, headers: told } = await ask(connector.url, '/cds-services/order-sign', {
      method: 'OPTIONS',
      headers,
    });
    expect([status, told['access-control-allow-origin']]).toEqual([204, '*']);
    expect(told['access-control-allow-methods']).toContain('POST');
    expect(told['access-control-allow-headers']).toContain('Authorization');
  });
});

describe('a card', () => {
  test('at a discharge links the pages of this encounter, three at most, in the language of the patient', async () => {
    const conditions = [condition('J18.9'), condition('E11.9'), condition('I10'), condition('N39.0')];
    const { cards, articles } = await call(discharge(chart(conditions, [order(DRUGS.metformin)])));
    expect([cards.length, articles.length]).toEqual([1, 3]);
    expect(articles).toEqual(expect.arrayContaining([PNEUMONIA, 'topic-highbloodpressure']));
    const spanish = { language: { coding: [{ code: 'es' }] }, preferred: true };
    const inSpanish = { ...chart(conditions), patient: patient({ communication: [spanish] }) };
    const [card] = (await call(discharge(inSpanish))).cards;
    expect(card?.links.map(({ url }) => url.includes('?lang=es&'))).toEqual([true, true, true]);
    expect(card?.links.map(({ label }) => label).join()).toContain('neumonía');
    expect(card?.summary).toMatch(/^Pages for Urinary tract infection.*, .* and 2 more$/);
    // The card itself is in the language of whoever reads it.
    const ofReader = await call(discharge(inSpanish), { headers: { 'Accept-Language': 'es-MX,es;q=0.9' } });
    expect(ofReader.cards[0]?.summary).toMatch(/^Páginas sobre .* y 2 más$/);
  });

  test('says that the chart asks for another language', async () => {
    const communication = [{ language: { coding: [{ code: 'vi' }] }, preferred: true }];
    const [card] = (await call(discharge({ ...chart([condition('J18.9')]), patient: patient({ communication }) })))
      .cards;
    expect(card?.detail).toContain('Vietnamese');
  });

  test('leads to pages that are there', async () => {
    const { cards } = await call(discharge(chart([condition('J18.9')])));
    const url = cards[0]?.links[0]?.url ?? '';
    expect((await ask(connector.url, url.slice(connector.url.length))).status).toBe(200);
  });

  test('names nothing that is marked, nor anything of the patient', async () => {
    const marked = [
      condition('F32.9'),
      condition('B20'),
      condition('T74.11XA'),
      condition('F11.20'),
      condition('O03.9'),
    ];
    const alone = await call(discharge(chart(marked, [order(DRUGS.sertraline)])));
    expect(alone.cards).toEqual([]);
    const { text, articles } = await call(discharge(chart([...marked, condition('J18.9')])));
    expect(articles).toEqual([PNEUMONIA]);
    for (const word of ['Quillfeather', 'hk-patient', 'J18.9', 'Depress', 'HIV']) expect(text).not.toContain(word);
    expect(JSON.stringify(connector.logLines)).not.toMatch(/Quillfeather|hk-patient|J18\.9|encypi-000017/);
  });

  test.each<[string, Resource]>([
    ['nothing in the chart', chart([])],
    [
      'what is over, refuted or in doubt',
      chart([
        condition('J18.9', { clinicalStatus: { coding: [{ code: 'resolved' }] } }),
        condition('I10', { verificationStatus: { coding: [{ code: 'refuted' }] } }),
        condition('E11.9', { verificationStatus: { coding: [{ code: 'provisional' }] } }),
      ]),
    ],
    ['a patient who has died', { ...chart([condition('J18.9')]), patient: patient({ deceasedBoolean: true }) }],
    ['null for all', { patient: null, encounter: null, conditions: null, medications: null }],
  ])('does not come for %s', async (_name, prefetch) => {
    const { status, text } = await call(discharge(prefetch));
    expect([status, text]).toEqual([200, '{"cards":[]}']);
  });

  test.each(['Patient/hk-patient-1', 'RelatedPerson/2'])(
    'does not come to %s: no clinician has released it',
    async (userId) => {
      const { cards } = await call(discharge(chart([condition('J18.9')]), {}, { userId }));
      expect(cards).toEqual([]);
    },
  );

  test('stays the same until it is answered, for a user, a patient and an encounter', async () => {
    const first = discharge(chart([condition('J18.9')]));
    const again = { ...first, hookInstance: 'd1577c69-dfbe-44ad-ba6d-3e05e953b2ea' };
    const more = { ...first, prefetch: chart([condition('J18.9'), condition('E11.9')]) };
    const seen = [await call(first), await call(again), await call(more), await call(first)];
    const [one, two, , four] = seen.map(({ cards }) => cards);
    expect([two, four]).toEqual([one, one]);
    expect(seen.map(({ articles }) => articles.length)).toEqual([1, 1, 2, 1]);
    for (const change of [{ userId: newUser() }, { encounterId: 'another' }]) {
      const other = { ...first, context: { ...contextOf(first), ...change } };
      const { articles, cards } = await call(other);
      expect([articles, cards[0]?.uuid === one?.[0]?.uuid]).toEqual([[PNEUMONIA], false]);
    }
  });

  test('leaves out what was opened: the link tells which card it is on', async () => {
    const body = discharge(chart([condition('J18.9'), condition('E11.9')]));
    const { cards, articles } = await call(body);
    const url = cards[0]?.links.find((one) => one.url.includes(PNEUMONIA))?.url ?? '';
    expect((await ask(connector.url, url.slice(connector.url.length))).status).toBe(200);
    expect((await call(body)).articles).toEqual(articles.filter((id) => id !== PNEUMONIA));
    const other = { ...body, context: { ...contextOf(body), userId: newUser() } };
    expect((await call(other)).articles).toEqual(articles);
  });

  test('says what it had no room for, which comes next', async () => {
    const codes = ['J18.9', 'E11.9', 'I10', 'N39.0', 'M10.9'];
    const body = discharge(chart(codes.map((code) => condition(code))));
    const { cards, articles } = await call(body);
    expect(cards[0]?.summary).toMatch(/ and 3 more$/);
    expect(cards[0]?.detail).toMatch(/And 2 more, which come once these are answered or opened: [^;]+; [^;]+\.$/);
    const feedback = [{ card: cards[0]?.uuid, outcome: 'overridden', outcomeTimestamp: '2026-11-24T12:00:00Z' }];
    await call({ feedback }, { path: '/cds-services/encounter-discharge/feedback' });
    const next = await call(body);
    expect(next.articles).toHaveLength(2);
    expect(next.articles.filter((id) => articles.includes(id))).toEqual([]);
    expect(next.cards[0]?.source.topic.code).not.toBe(cards[0]?.source.topic.code);
  });

  test('names the drug that it is about, and links it in its detail', async () => {
    const { cards } = await call(signing([draft(DRUGS.metformin)]));
    expect(cards[0]?.summary).toBe('Metformin: page for the patient');
    expect(cards[0]?.detail).toMatch(/^- \[Metformin\]\(http:\S+\)$/);
  });

  test('speaks of patient-view’s chart where that is offered', async () => {
    const { encounter: _none, ...prefetch } = chart([condition('J18.9', { recordedDate: '2026-11-23' })]);
    const { articles } = await call({ ...discharge(prefetch), hook: 'patient-view' });
    // A visit ends without a discharge.
    expect(articles).toEqual(['topic-pneumonia']);
  });
});

describe('Epic', () => {
  const TRIGGER = 'com.epic.cdshooks.request.bpa-trigger-action';
  const fire = (action: unknown, id: string, prefetch: Resource = chart([condition('J18.9')])) =>
    call({ ...discharge(prefetch, { extension: { [TRIGGER]: action } }), hook: 'patient-view' }, { id });

  test.each(['27', 27])('fires patient-view at a discharge, with action %j', async (action) => {
    const { encounter: _none, ...prefetch } = chart([condition('J18.9', { recordedDate: '2026-11-23' })]);
    for (const id of ['encounter-discharge', 'patient-view'])
      expect((await fire(action, id, prefetch)).articles).toEqual([PNEUMONIA]);
  });

  test('patient-view without that action is no discharge', async () => {
    expect((await fire('19', 'encounter-discharge')).status).toBe(400);
    expect((await fire('27', 'order-sign')).status).toBe(400);
  });

  test.each<[string, unknown]>([
    ['an object', { reason: { code: 'wrong-page' } }],
    ['a list', [{ reason: { code: 'wrong-page' }, userComment: 'x' }]],
    ['a list of codings', [{ code: 'wrong-page', system: 'https://x.example' }]],
  ])('spells overrideReasons, %s', async (_name, overrideReasons) => {
    const own = await startConnector();
    const { cards } = await callHook(own.url, discharge(chart([condition('J18.9')])));
    const feedback = [{ card: cards[0]?.uuid, outcome: 'overridden', overrideReasons }];
    await callHook(own.url, { feedback }, { path: '/cds-services/encounter-discharge/feedback' });
    expect((await own.feedback?.list())?.map(({ article }) => article)).toEqual([PNEUMONIA]);
    await own.stop();
  });
});

test('the audit trail names the articles that a card links, and nothing else of the call', async () => {
  const folder = temporaryFolder();
  const AUDIT_LOG = join(folder.path, 'audit.ndjson');
  const audited = await startConnector({ env: { AUDIT_LOG } });
  const prefetch = chart([condition('J18.9'), condition('F32.9')]);
  await callHook(audited.url, discharge(prefetch));
  await audited.stop();
  const [line = '', ...others] = readFileSync(AUDIT_LOG, 'utf8').trim().split('\n');
  folder.remove();
  const event = JSON.parse(line) as {
    subtype: unknown;
    outcomeDesc: string;
    entity: { what: { reference?: string } }[];
  };
  expect([others, event.subtype, event.outcomeDesc]).toEqual([[], [{ code: 'cds-hooks' }], 'answered']);
  expect(event.entity.flatMap(({ what }) => what.reference ?? [])).toEqual([`DocumentReference/${PNEUMONIA}-en`]);
  expect(line).not.toMatch(/hk-|Quillfeather|Practitioner|J18|F32/);
});

describe('while orders are made', () => {
  test('a drug that is new has a card, one that is taken already has none', async () => {
    const before = order(DRUGS.metformin, { authoredOn: '2026-01-02' });
    const { articles } = await call(signing([draft(DRUGS.metformin), draft(DRUGS.lisinopril)], [before]));
    expect(articles).toEqual(['drug-a692051']);
    expect((await call(signing([draft(DRUGS.metformin)], [before]))).cards).toEqual([]);
  });

  test.each<[string, Resource]>([
    ['without a date', order(DRUGS.metformin, { authoredOn: undefined })],
    ['since today', order(DRUGS.metformin, { authoredOn: '2026-11-24' })],
    ['in another strength', order(METFORMIN_1000, { authoredOn: '2026-01-02' })],
  ])('a drug that is taken %s is not new', async (_name, taken) => {
    expect((await call(signing([draft(DRUGS.metformin)], [taken]))).cards).toEqual([]);
  });

  test('an order that is among the drugs already, as it stood, is new', async () => {
    const signed = draft(DRUGS.metformin);
    const { articles } = await call(signing([signed], [order(DRUGS.metformin, { id: signed['id'] })]));
    expect(articles).toEqual(['drug-a696005']);
  });

  test.each([
    ['community', 1],
    ['discharge', 1],
    ['inpatient', 0],
    ['outpatient', 0],
  ])('an order of the category %s has %i cards', async (code, count) => {
    const signed = signing([draft(DRUGS.metformin, { category: orderCategory(code) })]);
    expect((await call(signed)).cards).toHaveLength(count);
  });

  test.each([
    ['IMP', 0],
    ['EMER', 0],
    ['AMB', 1],
    ['HH', 1],
  ])('an order without a category in an encounter of the class %s has %i cards', async (code, count) => {
    const signed = signing([draft(DRUGS.metformin)], [], { encounterId: 'hk-encounter-1' });
    const prefetch = { ...(signed['prefetch'] as Resource), encounter: { ...encounter(), class: { code } } };
    expect((await call({ ...signed, prefetch })).cards).toHaveLength(count);
  });

  test('one order alone is a chart as well', async () => {
    expect((await call(signing([draft(DRUGS.metformin)]))).articles).toEqual(['drug-a696005']);
  });

  test.each<[string, Resource[]]>([
    ['orders of other kinds', [{ resourceType: 'ServiceRequest', status: 'draft', intent: 'order' }]],
    ['what is not to be given', [draft(DRUGS.metformin, { doNotPerform: true })]],
    ['no orders', []],
  ])('%s have none', async (_name, orders) => {
    expect((await call(signing(orders))).cards).toEqual([]);
  });

  test('order-select speaks of what is selected', async () => {
    const orders = [draft(DRUGS.metformin), draft(DRUGS.lisinopril)];
    const body = {
      ...signing(orders, [], { selections: [`MedicationRequest/d-${DRUGS.lisinopril}`] }),
      hook: 'order-select',
    };
    expect((await call(body)).articles).toEqual(['drug-a692051']);
  });
});

describe('what is said of cards', () => {
  const say = (hook: string, ...feedback: Resource[]) => call({ feedback }, { path: `/cds-services/${hook}/feedback` });
  const override = (card: string, code: string, userComment = 'call Zebediah'): Resource => ({
    card,
    outcome: 'overridden',
    overrideReason: { reason: { code, system: 'https://education-connect.example' }, userComment },
    outcomeTimestamp: '2026-11-24T12:00:00Z',
  });
  const cardOf = async (body: Resource): Promise<string> => (await call(body)).cards[0]?.uuid ?? '';

  test('an override ends its pages for its user, patient and encounter, and no others', async () => {
    const body = discharge(chart([condition('J18.9')]));
    const uuid = await cardOf(body);
    expect((await say('encounter-discharge', override(uuid, 'declined'))).status).toBe(200);
    expect((await call(body)).cards).toEqual([]);
    expect((await call({ ...body, prefetch: chart([condition('E11.9')]) })).articles).toEqual(['topic-diabetestype2']);
    const ofAnother = { ...body, context: { ...contextOf(body), userId: newUser() } };
    expect((await call(ofAnother)).cards).toHaveLength(1);
  });

  test('is counted, a wrong page once told to the curator, and nothing else kept', async () => {
    const own = await startConnector();
    const { url } = own;
    const { cards } = await callHook(url, discharge(chart([condition('J18.9')])));
    const uuid = cards[0]?.uuid ?? '';
    const feedback = [
      override(uuid, 'wrong-page'),
      override(uuid, 'wrong-page'),
      override('6e4d4a0e-27f1-4b1f-8d4e-8e1f0d9a1c11', 'wrong-page'),
      override(uuid, 'my own reason'),
      { card: uuid, outcome: 'accepted', acceptedSuggestions: [{ id: '1' }] },
    ];
    const path = '/cds-services/encounter-discharge/feedback';
    expect((await callHook(url, { feedback }, { path })).text).toBe('{"received":5}');
    const metrics = (await ask(url, '/metrics')).text;
    const counted = (outcome: string, reason: string): string =>
      `cds_hooks_feedback_total{hook="encounter-discharge",outcome="${outcome}",reason="${reason}"}`;
    expect(metrics).toContain(`${counted('overridden', 'wrong-page')} 3`);
    expect(metrics).toContain(`${counted('overridden', 'other')} 1`);
    expect(metrics).toContain(`${counted('accepted', 'none')} 1`);
    expect(JSON.stringify(own.logLines)).not.toContain('Zebediah');
    const entries = await own.feedback?.list();
    expect(entries?.map(({ article, coding, count, remark }) => ({ article, coding, count, remark }))).toEqual([
      { article: PNEUMONIA, coding: { system: 'icd-10-cm', code: 'J18.9' }, count: 1, remark: '' },
    ]);
    await own.stop();
  });

  test.each<[string, unknown, string]>([
    ['an outcome that is none (cds-fb-1)', { card: 'x', outcome: 'ignored' }, 'must be one of accepted, overridden'],
    ['accepted without a suggestion (cds-fb-2)', { card: 'x', outcome: 'accepted' }, 'acceptedSuggestions'],
    ['a reason that is none (cds-fb-3)', { card: 'x', outcome: 'overridden', overrideReason: {} }, 'overrideReason'],
    ['no card', { outcome: 'overridden' }, 'card'],
  ])('%s is refused', async (_name, item, said) => {
    const { status, message } = await say('order-sign', item as Resource);
    expect([status, message]).toEqual([400, expect.stringContaining(said)]);
  });

  test('more than may be said at once is refused, as is a service that is not there', async () => {
    const many = Array.from({ length: 101 }, () => override('x', 'declined'));
    expect((await say('order-sign', ...many)).status).toBe(400);
    expect((await say('none', override('x', 'declined'))).status).toBe(404);
  });
});

describe('a request that is none is refused with its reason', () => {
  const good = discharge(chart([condition('J18.9')]));
  const context = contextOf(good);
  const signed = signing([draft(DRUGS.metformin)]);
  test.each<[string, unknown, string]>([
    ['what is no JSON', '{', 'not well-formed JSON'],
    ['a list', [], 'object'],
    ['another hook', { ...good, hook: 'order-sign' }, 'hook must be encounter-discharge'],
    ['no hookInstance', { ...good, hookInstance: undefined }, 'hookInstance'],
    ['a hookInstance that is no UUID', { ...good, hookInstance: '7' }, 'hookInstance must be a UUID'],
    ['no context', { ...good, context: undefined }, 'context'],
    ['no patient', { ...good, context: { ...context, patientId: undefined } }, 'patientId'],
    ['an empty patient', { ...good, context: { ...context, patientId: '' } }, 'context.patientId must be an id'],
    ['no user', { ...good, context: { ...context, userId: undefined } }, 'userId'],
    ['no encounter', { ...good, context: { ...context, encounterId: undefined } }, 'encounterId'],
    [
      'a token without a server (cds-r-1)',
      { ...good, fhirAuthorization: { access_token: 'x', token_type: 'Bearer' } },
      'fhirServer',
    ],
    [
      'a token that breaks a header',
      {
        ...good,
        fhirServer: 'https://ehr.example',
        fhirAuthorization: { access_token: 'x\r\ny', token_type: 'Bearer' },
      },
      'access_token must be a bearer token',
    ],
    [
      'a token of another type',
      { ...good, fhirServer: 'https://ehr.example', fhirAuthorization: { access_token: 'x', token_type: 'mac' } },
      'token_type must be Bearer',
    ],
    [
      'a server that is no address',
      { ...good, fhirServer: 'file:///etc/passwd' },
      'fhirServer must be an http or https address',
    ],
    ['a prefetch that is a list', { ...good, prefetch: [] }, 'prefetch'],
    [
      'a resource that is sent as a text',
      { ...good, prefetch: { ...chart([]), patient: '{"resourceType":"Patient"}' } },
      'prefetch.patient must be a resource',
    ],
    [
      'one in a Bundle',
      { ...good, prefetch: { ...chart([]), conditions: { resourceType: 'Bundle', entry: [{ resource: '{}' }] } } },
      'prefetch.conditions.entry.0.resource must be an object',
    ],
    [
      'a Bundle in a Bundle',
      { ...good, prefetch: { ...chart([]), conditions: searchset([searchset([condition('J18.9')])]) } },
      'prefetch.conditions.entry.0.resource must be no Bundle',
    ],
    [
      'a resource of another type',
      { ...good, prefetch: { ...chart([]), patient: { resourceType: 'Group' } } },
      'prefetch.patient must be a Patient',
    ],
    ['another patient', { ...good, prefetch: { ...chart([]), patient: patient({ id: 'other' }) } }, 'another patient'],
    [
      'facts of another patient',
      { ...good, prefetch: chart([condition('J18.9', { subject: { reference: 'Patient/other' } })]) },
      'prefetch.conditions is of another patient',
    ],
    [
      'orders for another patient',
      signing([draft(DRUGS.metformin, { subject: { reference: 'https://ehr.example/Patient/other/_history/2' } })]),
      'context.draftOrders is of another patient',
    ],
    ['no orders', { ...signed, context: { ...contextOf(signed), draftOrders: undefined } }, 'draftOrders'],
    [
      'orders that are no Bundle',
      { ...signed, context: { ...contextOf(signed), draftOrders: draft(DRUGS.metformin) } },
      'draftOrders.resourceType must be Bundle',
    ],
  ])('%s', async (_name, body, said) => {
    const id =
      (body as Resource)['hook'] === 'order-sign' && said !== 'hook must be encounter-discharge'
        ? 'order-sign'
        : 'encounter-discharge';
    const { status, message } = await call(body, { id });
    expect([status, message]).toEqual([400, expect.stringContaining(said)]);
  });

  test('a body of another type, and one that is too large', async () => {
    const ofType = await call('<a/>', { id: 'order-sign', headers: { 'Content-Type': 'text/xml' } });
    expect(ofType.status).toBe(415);
    const form = await call('a=b', {
      id: 'order-sign',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    });
    expect(form.status).toBe(415);
    const large = { ...good, prefetch: { ...chart([]), x: 'x'.repeat(5_300_000) } };
    expect((await call(large, { id: 'encounter-discharge' })).status).toBe(413);
    const many = {
      ...chart([]),
      conditions: { resourceType: 'Bundle', entry: Array.from({ length: 5001 }, () => ({})) },
    };
    expect((await call(discharge(many))).status).toBe(413);
  });

  test('members that nobody asked for are passed over', async () => {
    const nulls = { fhirServer: null, fhirAuthorization: null };
    const body = { ...good, ...nulls, extension: { a: 1 }, prefetch: { ...chart([condition('J18.9')]), further: 'x' } };
    expect((await call(body)).articles).toEqual([PNEUMONIA]);
    expect((await call(signing([draft(DRUGS.metformin)], [], { encounterId: null }))).cards).toHaveLength(1);
  });
});

test('a chart of two pages of a search without a server to ask is no whole chart', async () => {
  const prefetch = { ...chart([]), conditions: searchset([condition('J18.9')], 'https://ehr.example/fhir?page=2') };
  const { status, message } = await call(discharge(prefetch));
  expect([status, message]).toEqual([412, expect.stringContaining('names no FHIR server')]);
});
