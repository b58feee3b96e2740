import type { Bundle, ConceptMap, Parameters } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { ICD, askFhir } from './fhir-server.js';
import { ARTICLES, TOKEN, articleMap, handout, idsIn, placesOf, send } from './written.js';

const SNOMED = 'http://snomed.info/sct';

let connector: TestConnector;
let url = '';
beforeAll(async () => {
  connector = await startConnector({ env: { WRITE_TOKENS: TOKEN } });
  ({ url } = connector);
});
afterAll(() => connector.stop());

const putMap = (id: string, map: ConceptMap) => send(url, 'PUT', `/ConceptMap/${id}`, { ...map, id });
const titles = async (code: string): Promise<string> =>
  (
    await ask(
      url,
      `/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=${code}&knowledgeResponseType=application/json`,
    )
  ).text;

test('a map’s targets answer in their order, and a code without a match has no article', async () => {
  const map = articleMap('n5314', [
    { code: 'topic-acne', equivalence: 'wider' },
    { code: 'topic-asthma', equivalence: 'relatedto' },
  ]);
  map.group?.[0]?.element.push({
    code: 'J45.909',
    target: [{ equivalence: 'unmatched', comment: 'We tell it in person.' }],
  });
  const { reply, resource } = await putMap('ours', map);
  expect(reply.status).toBe(201);
  expect((resource as ConceptMap).group?.[0]?.element[0]?.code).toBe('N53.14');
  const text = await titles('N53.14');
  expect(text.indexOf('Acne')).toBeGreaterThan(0);
  expect(text.indexOf('Asthma')).toBeGreaterThan(text.indexOf('Acne'));
  expect(await titles('J45.909')).toContain('"entry":[]');
  const byUrl = await askFhir<Parameters>(
    url,
    `/ConceptMap/$translate?url=https://education-connect.example/fhir/ConceptMap/ours&system=${ICD}&code=N53.14`,
  );
  expect(byUrl.resource.parameter?.[0]?.valueBoolean).toBe(true);
  expect(byUrl.reply.text).toContain('topic-acne');
  expect((await askFhir(url, `/ConceptMap/ours/$translate?system=${ICD}&code=N53.14`)).reply.text).toContain(
    'topic-asthma',
  );
  const whole = await askFhir<ConceptMap>(url, '/ConceptMap/icd-10-cm-to-articles');
  const row = whole.resource.group?.[0]?.element.find(({ code }) => code === 'N53.14');
  expect(row?.target?.map(({ code }) => code)).toEqual(['topic-acne', 'topic-asthma']);
  const found = await askFhir<Bundle>(url, '/ConceptMap?url=https://education-connect.example/fhir/ConceptMap/ours');
  expect(idsIn(found.resource)).toEqual(['ours']);
  await send(url, 'DELETE', '/ConceptMap/ours');
  expect(await titles('J45.909')).not.toContain('"entry":[]');
  expect((await send(url, 'GET', '/ConceptMap/ours')).reply.status).toBe(410);
});

test('a map between code systems is a crosswalk', async () => {
  const map: ConceptMap = {
    resourceType: 'ConceptMap',
    status: 'active',
    group: [
      {
        source: SNOMED,
        target: ICD,
        element: [{ code: '111111111111116', target: [{ code: 'N53.14', equivalence: 'equivalent' }] }],
      },
    ],
  };
  const refused = await send(url, 'POST', '/ConceptMap', {
    ...map,
    group: [{ ...map.group?.[0], element: [{ code: 'x', target: [{ code: '?', equivalence: 'equivalent' }] }] }],
  });
  expect(placesOf(refused)).toContain('ConceptMap.group[0].element[0].code');
  // The code of a test: its check digit is right.
  const element = [{ code: '195967001', target: [{ code: 'N53.14', equivalence: 'equivalent' as const }] }];
  expect((await putMap('cross', { ...map, group: [{ source: SNOMED, target: ICD, element }] })).reply.status).toBe(201);
  const translated = await askFhir(url, `/ConceptMap/$translate?system=${SNOMED}&code=195967001&targetsystem=${ICD}`);
  expect(translated.reply.text).toContain('N53.14');
  await send(url, 'DELETE', '/ConceptMap/cross');
});

test('faults of a map are told all at once', async () => {
  const map = articleMap('N53.14', [
    { code: 'topic-nobody-wrote', equivalence: 'equivalent' },
    { code: 'topic-acne', equivalence: 'disjoint' },
    { code: 'topic-acne', equivalence: 'narrower' },
    { equivalence: 'unmatched' },
  ]);
  map.group?.push({ source: 'urn:nobody', target: 'urn:none', element: [{ code: '1', target: [] }] });
  delete map.group?.[1]?.element[0]?.target;
  const refused = await send(url, 'POST', '/ConceptMap', map);
  expect(refused.reply.status).toBe(422);
  const at = 'ConceptMap.group[0].element[0].target';
  expect(placesOf(refused)).toEqual(
    expect.arrayContaining([
      `${at}[0].code`,
      `${at}[1].equivalence`,
      `${at}[2].comment`,
      `${at}[3]`,
      'ConceptMap.group[1].source',
      'ConceptMap.group[1].target',
    ]),
  );
});

test('a handout to which a map leads is not deleted, and no code has an article and none', async () => {
  const document = { ...handout({ id: 'local-kept-en' }) };
  delete document.context;
  await send(url, 'PUT', '/DocumentReference/local-kept-en', document);
  await putMap('to-kept', articleMap('N53.14', [{ code: 'local-kept', equivalence: 'equivalent' }]));
  expect((await send(url, 'DELETE', '/DocumentReference/local-kept-en')).reply.status).toBe(409);
  const none = articleMap('N53.14', [{ equivalence: 'unmatched' }]);
  expect((await putMap('none', none)).reply.status).toBe(409);
  await send(url, 'DELETE', '/ConceptMap/to-kept');
  expect((await send(url, 'DELETE', '/DocumentReference/local-kept-en')).reply.status).toBe(204);
});

test('two maps cannot have one address', async () => {
  const map = {
    ...articleMap('N53.14', [{ code: 'topic-acne', equivalence: 'equivalent' as const }]),
    url: 'urn:a:map',
  };
  expect((await putMap('one', map)).reply.status).toBe(201);
  expect((await putMap('one', map)).reply.status).toBe(200);
  expect(placesOf(await putMap('two', map))).toEqual(['ConceptMap.url']);
  const shipped = { ...map, url: 'https://education-connect.example/fhir/ConceptMap/icd-10-cm-to-articles' };
  expect(placesOf(await putMap('two', shipped))).toEqual(['ConceptMap.url']);
  expect(ARTICLES).toContain('/CodeSystem/articles');
});
