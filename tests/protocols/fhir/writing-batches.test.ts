import type { Bundle, BundleEntry, OperationOutcome } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { TOKEN, articleMap, deleteWritten, handout, send } from './written.js';
import { beLongSuffering } from '../../support/patience.js';

beLongSuffering();

const ID = 'local-zebra-en';

let connector: TestConnector;
let url = '';
beforeAll(async () => {
  connector = await startConnector({ env: { WRITE_TOKENS: TOKEN } });
  ({ url } = connector);
});
afterAll(() => connector.stop());
afterEach(() => deleteWritten(url));

const batch = (entry: readonly object[], headers = {}) =>
  send(url, 'POST', '', { resourceType: 'Bundle', type: 'batch', entry }, headers);
const entryOf = (method: string, address: string, more: object = {}, conditions: object = {}) => ({
  ...more,
  request: { method, url: address, ...conditions },
});
const putDocument = (title: string, conditions = {}) =>
  entryOf('PUT', `DocumentReference/${ID}`, { resource: handout({ id: ID, title }) }, conditions);
const entriesIn = ({ resource }: { resource: unknown }): BundleEntry[] => (resource as Bundle).entry ?? [];
const statusesOf = (answer: { resource: unknown }): string[] =>
  entriesIn(answer).map(({ response }) => response?.status.slice(0, 3) ?? '');

test('a batch may write to what criteria match', async () => {
  const identifier = [{ system: 'urn:clinic', value: 'Z1' }];
  const address = 'DocumentReference?identifier=urn:clinic|Z1';
  const put = (title: string) => entryOf('PUT', address, { resource: handout({ identifier, title }) });
  const created = await batch([put('First')]);
  const updated = await batch([put('Second')]);
  expect([statusesOf(created), statusesOf(updated)]).toEqual([['201'], ['200']]);
  expect(entriesIn(updated)[0]?.resource?.id).toBe(entriesIn(created)[0]?.resource?.id);
  expect(statusesOf(await batch([entryOf('DELETE', address), entryOf('DELETE', address)]))).toEqual(['204', '204']);
});

test('a batch goes by each entry’s conditions', async () => {
  const resource = handout({ identifier: [{ system: 'urn:clinic', value: 'Z1' }] });
  const ifNoneExist = 'identifier=urn:clinic|Z1';
  const create = entryOf('POST', 'DocumentReference', { resource }, { ifNoneExist });
  const first = await batch([create, putDocument('First', { ifNoneMatch: '*' })]);
  expect(statusesOf(first)).toEqual(['201', '201']);
  const ifMatch = entriesIn(first)[1]?.response?.etag;
  const second = await batch([create, putDocument('Second', { ifMatch }), putDocument('Third', { ifNoneMatch: '*' })]);
  expect(statusesOf(second)).toEqual(['200', '200', '412']);
  expect(entriesIn(second)[0]?.resource?.id).toBe(entriesIn(first)[0]?.resource?.id);
});

test('a batch is answered without resources where none are wanted', async () => {
  const answer = await batch([putDocument('First')], { Prefer: 'return=minimal' });
  expect(entriesIn(answer).map(({ resource, response }) => [resource, response?.status])).toEqual([
    [undefined, '201 Created'],
  ]);
});

test('a batch needs a token only where it writes', async () => {
  const body = JSON.stringify({
    resourceType: 'Bundle',
    type: 'batch',
    entry: [entryOf('GET', 'metadata'), putDocument('First')],
  });
  const { status, text } = await ask(url, '/fhir', {
    method: 'POST',
    headers: { 'Content-Type': 'application/fhir+json' },
    body,
  });
  expect([status, statusesOf({ resource: JSON.parse(text) })]).toEqual([200, ['200', '401']]);
});

test('a batch is taken entry by entry, one after the other', async () => {
  const answer = await batch([
    putDocument('First'),
    entryOf('GET', `DocumentReference/${ID}`),
    putDocument('Stale', { ifMatch: 'W/"99999"' }),
    entryOf('POST', 'DocumentReference', { resource: { ...handout(), status: undefined } }),
    entryOf('DELETE', 'ConceptMap/icd-10-cm-to-articles'),
    entryOf('DELETE', `DocumentReference/${ID}`),
    entryOf('GET', `DocumentReference/${ID}`),
    entryOf('POST', 'ConceptMap', { resource: articleMap('N53.14', [{ code: 'topic-acne', equivalence: 'equal' }]) }),
    entryOf('POST', 'ConceptMap', { resource: handout() }),
  ]);
  expect(statusesOf(answer)).toEqual(['201', '200', '412', '422', '409', '204', '410', '201', '400']);
  const { issue } = entriesIn(answer)[3]?.response?.outcome as OperationOutcome;
  expect(issue[0]?.expression).toEqual(['Bundle.entry[3].resource.status']);
  expect((entriesIn(answer)[2]?.response?.outcome as OperationOutcome).issue[0]?.expression).toEqual([
    'Bundle.entry[2]',
  ]);
  expect(entriesIn(answer)[7]?.response?.location).toMatch(/\/fhir\/ConceptMap\/map-[^/]+\/_history\/1$/);
});
