import type { Bundle, CapabilityStatement, DocumentReference, OperationOutcome } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { ICD, askFhir } from './fhir-server.js';
import { ARTICLES, TOKEN, articleMap, deleteWritten, handout, idsIn, placesOf, send } from './written.js';
import { beLongSuffering } from '../../support/patience.js';

beLongSuffering();

const HELD_CODE = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
const ID = 'local-zebra-en';

let connector: TestConnector;
let url = '';
/** How much was shipped. */
let shipped: { readonly articles: number; readonly mappings: number };
beforeAll(async () => {
  connector = await startConnector({ env: { WRITE_TOKENS: TOKEN } });
  ({ url } = connector);
  const { articles, mappings } = connector.library.status();
  shipped = { articles, mappings };
});
afterAll(() => connector.stop());

/** Every test begins with what was shipped. */
afterEach(async () => {
  await deleteWritten(url);
  expect(connector.library.status()).toMatchObject(shipped);
});

const put = (resource: DocumentReference, headers = {}) =>
  send(url, 'PUT', `/DocumentReference/${ID}`, { id: ID, ...resource }, headers);

async function titlesOf(): Promise<string> {
  const { text } = await ask(url, `/service?${HELD_CODE}&knowledgeResponseType=application/json`);
  return text;
}

describe('create', () => {
  test('a handout gets an id, a version and what the profile asks for, and is told where it is', async () => {
    const { reply, resource } = await send(url, 'POST', '/DocumentReference', handout());
    expect(reply.status).toBe(201);
    const document = resource as DocumentReference;
    expect(document.id).toMatch(/^local-.*-en$/);
    expect(document).toMatchObject({
      meta: { versionId: '1', lastUpdated: '2026-11-24T12:34:56.000Z' },
      description: 'Zebra plan of our clinic',
      docStatus: 'final',
      masterIdentifier: { value: 'https://clinic.example/zebra.pdf' },
    });
    expect(document.content[0]?.attachment.contentType).toBe('application/pdf');
    expect(reply.headers.location).toBe(`${url}/fhir/DocumentReference/${document.id ?? ''}/_history/1`);
    expect(reply.headers.etag).toBe('W/"1"');
    const read = await askFhir<DocumentReference>(url, `/DocumentReference/${document.id ?? ''}`);
    expect(read.resource).toEqual(document);
  });

  test('it answers at once over every protocol, in the place of the rows that were there', async () => {
    expect(await titlesOf()).not.toContain('Zebra plan');
    await send(url, 'POST', '/DocumentReference', handout());
    expect(await titlesOf()).toContain('Zebra plan');
    const search = await ask(url, '/search?q=zebra', { headers: { Accept: 'application/json' } });
    expect(search.text).toContain('Zebra plan');
    expect((await ask(url, `/application?${HELD_CODE}`)).text).toContain('Zebra plan');
    const byEvent = await askFhir<Bundle>(url, `/DocumentReference?event=${ICD}|N53.14`);
    expect((byEvent.resource.entry ?? []).map(({ resource }) => (resource as DocumentReference).description)).toEqual([
      'Zebra plan of our clinic',
    ]);
    const body = {
      resourceType: 'Parameters',
      parameter: [{ name: 'coding', valueCoding: { system: ICD, code: 'N53.14' } }],
    };
    expect((await send(url, 'POST', '/$knowledge-request', body)).reply.text).toContain('Zebra plan');
    const translated = await askFhir(url, `/ConceptMap/$translate?system=${ICD}&code=N53.14&targetsystem=${ARTICLES}`);
    expect(translated.reply.text).toContain('local-');
    expect(translated.reply.headers['x-library-release']).toMatch(/^written-\d+\+starter-/);
  });

  test('codes are kept as the library writes them', async () => {
    const event = [{ coding: [{ system: 'urn:oid:2.16.840.1.113883.6.90', code: 'j45901' }] }];
    const { resource } = await send(url, 'POST', '/DocumentReference', handout({ context: { event } }));
    expect((resource as DocumentReference).context?.event).toEqual([{ coding: [{ system: ICD, code: 'J45.901' }] }]);
  });

  test('If-None-Exist finds what is there, writes where nothing is, and refuses where several are', async () => {
    const identifier = [{ system: 'urn:clinic', value: 'Z1' }];
    const create = (criteria: string) =>
      send(url, 'POST', '/DocumentReference', handout({ identifier }), { 'If-None-Exist': criteria });
    const first = await create('identifier=urn:clinic|Z1');
    const second = await create('identifier=urn:clinic|Z1');
    expect([first.reply.status, second.reply.status]).toEqual([201, 200]);
    expect(second.resource?.id).toBe(first.resource?.id);
    await send(url, 'POST', '/DocumentReference', handout({ identifier }));
    expect((await create('identifier=urn:clinic|Z1')).reply.status).toBe(412);
  });

  test('If-None-Exist may be an address of the type, as HAPI sends it; of another type, or without criteria, it is rejected', async () => {
    const identifier = [{ system: 'urn:clinic', value: 'Z1' }];
    await send(url, 'POST', '/DocumentReference', handout({ identifier }));
    const create = async (criteria: string) => {
      const headers = { 'If-None-Exist': criteria };
      return (await send(url, 'POST', '/DocumentReference', handout(), headers)).reply.status;
    };
    for (const [criteria, status] of [
      ['?identifier=urn:clinic|Z1', 200],
      ['DocumentReference?identifier=urn:clinic|Z1', 200],
      ['/DocumentReference?identifier=urn:clinic|Z1', 200],
      ['http://host.example/fhir/R4/DocumentReference?identifier=urn:clinic%7CZ1', 200],
      ['identifier=urn:clinic?x|Z1', 201],
      ['Patient?identifier=urn:clinic|Z1', 400],
      ['http://host.example/fhir/R4/Patient?identifier=urn:clinic|Z1', 400],
      ['DocumentReference', 400],
      ['DocumentReference?', 400],
      ['identifier=', 400],
      ['identifier=urn:clinic|Z1&_count=0', 400],
      ['identifier=urn:clinic|Z1&patient=1', 400],
      ['subject.identifier=urn:clinic|Z1', 400],
    ] as const) {
      expect([criteria, await create(criteria)]).toEqual([criteria, status]);
    }
  });

  describe('a write to what criteria match', () => {
    const Z1 = '/DocumentReference?identifier=urn:clinic%7CZ1';
    const CHOSEN = 'local-chosen-en';
    const identifier = [{ system: 'urn:clinic', value: 'Z1' }];
    const update = (facts: Parameters<typeof handout>[0] = {}, headers = {}, path = Z1) =>
      send(url, 'PUT', path, handout({ identifier, ...facts }), headers);
    const remove = async (path = Z1) => (await send(url, 'DELETE', path)).reply.status;

    test('creates where nothing matches, then updates that, and refuses where several match', async () => {
      const first = await update();
      const second = await update({ title: 'Zebra plan, second' });
      const { id = '' } = first.resource as DocumentReference;
      expect([first.reply.status, second.reply.status, second.resource?.id]).toEqual([201, 200, id]);
      expect(second.reply.headers.etag).toBe('W/"2"');
      // Its own id may stand in it, another may not.
      expect((await update({ id })).reply.status).toBe(200);
      expect((await update({ id: 'local-other-en' })).reply.status).toBe(400);
      await send(url, 'POST', '/DocumentReference', handout({ identifier }));
      expect([(await update()).reply.status, await remove()]).toEqual([412, 412]);
    });

    test('creates by the id of what was sent, and minds If-Match', async () => {
      expect((await update({}, { 'If-Match': 'W/"1"' })).reply.status).toBe(412);
      const created = await update({ id: CHOSEN });
      expect([created.reply.status, created.resource?.id]).toEqual([201, CHOSEN]);
      expect((await update({}, { 'If-Match': 'W/"7"' })).reply.status).toBe(412);
      expect((await update({}, { 'If-Match': 'W/"1"' })).reply.status).toBe(200);
    });

    test('deletes the one that matches, and nothing where none does', async () => {
      await update({ id: CHOSEN });
      expect([await remove(), await remove()]).toEqual([204, 204]);
      expect((await send(url, 'GET', `/DocumentReference/${CHOSEN}`)).reply.status).toBe(410);
    });

    test('without criteria, by parameters of the result, or of what is not the site’s own is refused', async () => {
      for (const query of ['', '?_count=1', '?identifier=', '?identifier=urn:clinic%7CZ1&_sort=date', '?patient=1']) {
        const path = `/DocumentReference${query}`;
        expect([query, (await update({}, {}, path)).reply.status, await remove(path)]).toEqual([query, 400, 400]);
      }
      expect(await remove('/DocumentReference?_id=topic-asthma-en')).toBe(409);
    });
  });

  test.each([
    ['minimal', ''],
    ['OperationOutcome', 'OperationOutcome'],
    ['representation', 'DocumentReference'],
  ])('Prefer: return=%s gives %s', async (wanted, type) => {
    const { reply, resource } = await send(url, 'POST', '/DocumentReference', handout(), {
      Prefer: `return=${wanted}`,
    });
    expect([reply.status, reply.headers.etag, resource?.resourceType ?? '']).toEqual([201, 'W/"1"', type]);
  });

  test('XML is taken as JSON is', async () => {
    const xml = `<DocumentReference xmlns="http://hl7.org/fhir"><status value="current"/><type><coding><system value="http://loinc.org"/><code value="69730-0"/></coding></type><content><attachment><language value="es"/><url value="https://clinic.example/x"/><title value="Cebra"/></attachment></content></DocumentReference>`;
    const { reply, resource } = await send(url, 'POST', '/DocumentReference', xml, {
      'Content-Type': 'application/fhir+xml',
      Accept: 'application/fhir+json',
    });
    expect([reply.status, (resource as DocumentReference).language]).toEqual([201, 'es']);
  });
});

describe('update and delete', () => {
  test('a client may choose the id; If-Match guards against what another has written', async () => {
    expect((await put(handout())).reply.status).toBe(201);
    expect((await put(handout({ title: 'Second' }), { 'If-Match': 'W/"1"' })).reply.status).toBe(200);
    const stale = await put(handout({ title: 'Third' }), { 'If-Match': 'W/"1"' });
    expect(stale.reply.status).toBe(412);
    expect((await put(handout(), { 'If-None-Match': '*' })).reply.status).toBe(412);
    expect((await put(handout(), { 'If-Match': 'W/"x"' })).reply.status).toBe(412);
    expect(await titlesOf()).toContain('Second');
  });

  test('the current version alone is read: the others stay in the log', async () => {
    await put(handout({ title: 'First' }));
    const second = (await put(handout({ title: 'Second' }))).resource as DocumentReference;
    const version = Number(second.meta?.versionId);
    const vread = (number: number) => send(url, 'GET', `/DocumentReference/${ID}/_history/${number}`);
    expect((await vread(version)).resource).toEqual((await send(url, 'GET', `/DocumentReference/${ID}`)).resource);
    const earlier = await vread(version - 1);
    expect([earlier.reply.status, earlier.reply.text]).toEqual([
      404,
      expect.stringContaining('education-connect export'),
    ]);
    await send(url, 'DELETE', `/DocumentReference/${ID}`);
    for (const number of [version, version + 1]) expect((await vread(number)).reply.status).toBe(410);
    for (const path of ['/_history', '/DocumentReference/_history', `/DocumentReference/${ID}/_history`]) {
      const { reply } = await send(url, 'GET', path);
      expect([path, reply.status, reply.text]).toEqual([
        path,
        404,
        expect.stringContaining('education-connect export'),
      ]);
    }
  });

  test('what is deleted is gone from every answer: 410, and a second deletion does nothing', async () => {
    await put(handout());
    await send(url, 'DELETE', `/DocumentReference/${ID}`);
    expect((await send(url, 'GET', `/DocumentReference/${ID}`)).reply.status).toBe(410);
    expect((await send(url, 'DELETE', `/DocumentReference/${ID}`)).reply.status).toBe(204);
    expect((await send(url, 'DELETE', '/DocumentReference/local-never-en')).reply.status).toBe(204);
    expect(await titlesOf()).not.toContain('Zebra');
    expect(idsIn((await send(url, 'GET', `/DocumentReference?_id=${ID}`)).resource)).toEqual([]);
  });

  test('what came with the library is neither changed nor deleted', async () => {
    const document = handout({ id: 'topic-acne-en' });
    expect((await send(url, 'PUT', '/DocumentReference/topic-acne-en', document)).reply.status).toBe(409);
    expect((await send(url, 'DELETE', '/DocumentReference/topic-acne-en')).reply.status).toBe(409);
    expect((await send(url, 'DELETE', '/ConceptMap/icd-10-cm-to-articles')).reply.status).toBe(409);
    expect((await send(url, 'GET', '/DocumentReference/topic-acne-en')).reply.status).toBe(200);
  });
});

describe('the text of a handout', () => {
  const withText = (html: string, contentType = 'text/html; charset=utf-8'): DocumentReference => {
    const [content] = handout().content;
    const data = Buffer.from(html).toString('base64');
    return handout({ content: [{ attachment: { ...content?.attachment, contentType, data } }] });
  };

  test('that it carries is shown, and printed in full', async () => {
    const { reply } = await put(
      withText('<h1>At home</h1><p onclick="x()">Añada <b>agua</b>.<script>y()</script></p>'),
    );
    expect(reply.status).toBe(201);
    const { text } = await ask(url, '/handout?article=local-zebra');
    expect(text).toContain('<h3>At home</h3><p>Añada <b>agua</b>.</p>');
    const replaced = await put(handout());
    expect(replaced.reply.status).toBe(200);
    expect((await ask(url, '/handout?article=local-zebra')).text).not.toContain('At home');
  });

  test.each([
    ['another type', withText('hi', 'text/plain')],
    ['nothing', withText('<p> </p>')],
  ])('is rejected where it is %s', async (_name, document) => {
    const refused = await put(document);
    expect([refused.reply.status, placesOf(refused)]).toEqual([422, ['DocumentReference.content[0].attachment.data']]);
  });
});

describe('what is refused', () => {
  test('all faults are told at once, each with its place', async () => {
    const document = {
      ...handout({ context: { event: [{ coding: [{ system: 'urn:nobody', code: '1' }] }, { text: 'asthma' }] } }),
      subject: { reference: 'Patient/1' },
      unknown: true,
      content: [{ attachment: { language: 'fr', data: 'aGk=', contentType: 'text/plain' } }],
    };
    const refused = await send(url, 'POST', '/DocumentReference', document);
    expect(refused.reply.status).toBe(422);
    const at = 'DocumentReference.content[0].attachment';
    expect(placesOf(refused).sort()).toEqual(
      [
        'DocumentReference.unknown',
        'DocumentReference.subject',
        'DocumentReference.subject.reference',
        `${at}.data`,
        `${at}.language`,
        `${at}.title`,
        `${at}.url`,
        'DocumentReference.context.event[0].coding[0].system',
        'DocumentReference.context.event[1]',
      ].sort(),
    );
  });

  const DIV = '<div xmlns="http://www.w3.org/1999/xhtml">';
  test.each<[string, object, string]>([
    ['no content', { content: undefined }, 'DocumentReference.content'],
    ['no status', { status: undefined }, 'DocumentReference.status'],
    ['a status of its own', { status: 'fine' }, 'DocumentReference.status'],
    ['more than a page of matches can hold 200 of', { description: 'é'.repeat(131_072) }, 'DocumentReference'],
    ['what a terminal obeys', { description: 'Plan \u001b[2J' }, 'DocumentReference.description'],
    ...['<div><b>no namespace</b></div>', `${DIV}<b</div>`, `${DIV}\u0001</div>`, `${DIV}&nbsp;</div>`, 'words'].map(
      (div): [string, object, string] => [
        `a narrative that would break an answer in XML: ${JSON.stringify(div)}`,
        { contained: [{ resourceType: 'Organization', id: 'a', text: { status: 'generated', div } }] },
        'DocumentReference.contained[0].text.div',
      ],
    ),
    ...[
      ['Patient', { id: 'a' }, ''],
      ['RelatedPerson', { id: 'a' }, ''],
      ['Bundle', { id: 'a', type: 'collection' }, ''],
      ['Organization', {}, '.id'],
      ['Organization', { id: 'b' }, ''],
      ['Organization', { id: 'a', contained: [{ resourceType: 'Patient' }] }, '.contained'],
      ['Organization', { id: 'a', meta: { versionId: '1' } }, '.meta'],
    ].map(([resourceType, one, place], index): [string, object, string] => [
      `what is not to be contained, ${index}`,
      { author: [{ reference: '#a' }], contained: [{ resourceType, ...(one as object) }] },
      `DocumentReference.contained[0]${place as string}`,
    ]),
    ...['Patient/1', 'Patient?identifier=urn:a|1', 'https://ehr.example/fhir/Patient/1/_history/2'].map(
      (reference): [string, object, string] => [
        `${reference} as author`,
        { author: [{ reference }] },
        'DocumentReference.author[0].reference',
      ],
    ),
    [
      'a visit of another server',
      { context: { related: [{ reference: 'https://ehr.example/fhir/Encounter/1' }] } },
      'DocumentReference.context.related[0].reference',
    ],
    [
      'a person by name alone',
      { authenticator: { type: 'RelatedPerson', display: 'X' } },
      'DocumentReference.authenticator.type',
    ],
    ['no type', { type: undefined }, 'DocumentReference.type'],
    ['a date that is none', { date: 'yesterday' }, 'DocumentReference.date'],
    [
      'a code that cannot be',
      { context: { event: [{ coding: [{ system: ICD, code: '!' }] }] } },
      'DocumentReference.context.event[0].coding[0].code',
    ],
    [
      'another site’s article',
      { identifier: [{ system: ARTICLES, value: 'topic-acne' }] },
      'DocumentReference.identifier',
    ],
    [
      'two articles',
      {
        identifier: [
          { system: ARTICLES, value: 'local-a' },
          { system: ARTICLES, value: 'local-b' },
        ],
      },
      'DocumentReference.identifier',
    ],
    [
      'a file that is not there',
      { content: [{ attachment: { language: 'en', title: 'X', url: 'handouts/none.pdf' } }] },
      'DocumentReference.content[0].attachment.url',
    ],
    [
      'an address that runs',
      { content: [{ attachment: { language: 'en', title: 'X', url: 'javascript:alert(1)' } }] },
      'DocumentReference.content[0].attachment.url',
    ],
    ['an element without anything', { category: [{}] }, 'DocumentReference.category[0]'],
  ])('%s', async (_name, facts, place) => {
    const refused = await send(url, 'POST', '/DocumentReference', { ...handout(), ...facts });
    expect(refused.reply.status).toBe(422);
    expect(placesOf(refused)).toContain(place);
  });

  test('an organisation may be contained, a script in its narrative not; more than a hundred faults are not told', async () => {
    const contained = (words: string) => [
      { resourceType: 'Organization', id: 'a', text: { status: 'generated', div: `${DIV}${words}</div>` }, name: 'A' },
    ];
    const post = (words: string, facts: object = {}) =>
      send(url, 'POST', '/DocumentReference', {
        ...handout(),
        author: [{ reference: '#a' }],
        contained: contained(words),
        ...facts,
      });
    const { reply, resource } = await post('<p>Our clinic</p>');
    expect([reply.status, (resource as DocumentReference).contained]).toEqual([201, contained('<p>Our clinic</p>')]);
    const refused = await post('<p>Our clinic</p><script>alert(1)</script>');
    expect(placesOf(refused)).toEqual(['DocumentReference.contained[0].text.div']);
    expect((refused.resource as OperationOutcome).issue[0]?.diagnostics).toContain('<script>');
    expect(placesOf(await post('x', { category: Array.from({ length: 200 }, () => ({})) })).length).toBe(100);
    const own = { ...handout(), text: { status: 'generated', div: `${DIV}<p onclick="a()">x</p></div>` } };
    expect(placesOf(await send(url, 'POST', '/DocumentReference', own))).toEqual(['DocumentReference.text.div']);
  });

  test('a body that is no resource, of another type or of another id is 400', async () => {
    for (const body of ['{', '{}', articleMap('N53.14', [])]) {
      expect((await send(url, 'POST', '/DocumentReference', body)).reply.status).toBe(400);
    }
    const other = await send(url, 'PUT', `/DocumentReference/${ID}`, handout({ id: 'local-other-en' }));
    expect(other.reply.status).toBe(400);
    expect((await send(url, 'PUT', `/DocumentReference/${ID}`, handout())).reply.status).toBe(400);
  });

  test('who has no token, or a wrong one, is told so before anything is read', async () => {
    const headers = { 'Content-Type': 'application/fhir+json' };
    const without = await ask(url, '/fhir/DocumentReference', { method: 'POST', headers, body: '{' });
    expect([without.status, without.headers['www-authenticate']]).toEqual([401, 'Bearer realm="Education Connect"']);
    const wrong = await send(url, 'POST', '/DocumentReference', handout(), { Authorization: 'Bearer wrong' });
    expect([wrong.reply.status, wrong.reply.headers['www-authenticate']]).toEqual([
      401,
      'Bearer realm="Education Connect", error="invalid_token"',
    ]);
    expect((await send(url, 'GET', '/metadata', undefined, { Authorization: 'Bearer wrong' })).reply.status).toBe(200);
  });

  test('no token, body or identity stands in the log', async () => {
    await put(handout());
    const log = JSON.stringify(connector.logLines);
    for (const secret of [TOKEN, 'Zebra', 'clinic.example', ID]) expect(log).not.toContain(secret);
  });
});

test('the CapabilityStatement and SMART’s configuration say what can be written', async () => {
  const { resource } = await askFhir<CapabilityStatement>(url, '/metadata');
  const [rest] = resource.rest ?? [];
  expect(rest?.interaction?.map(({ code }) => code)).toEqual(['batch']);
  const document = rest?.resource?.find(({ type }) => type === 'DocumentReference');
  expect(document).toMatchObject({
    ...{ versioning: 'versioned-update', updateCreate: true },
    ...{ conditionalCreate: true, conditionalUpdate: true, conditionalDelete: 'single' },
  });
  expect(document?.interaction?.map(({ code }) => code).sort()).toEqual([
    'create',
    'delete',
    'read',
    'search-type',
    'update',
    'vread',
  ]);
  expect(rest?.security?.service?.[0]?.coding?.[0]?.code).toBe('OAuth');
  const smart = await ask(url, '/fhir/.well-known/smart-configuration');
  expect(JSON.parse(smart.text)).toEqual({
    scopes_supported: ['system/*.cud', 'system/DocumentReference.cud', 'system/ConceptMap.cud'],
    capabilities: [],
  });
});
