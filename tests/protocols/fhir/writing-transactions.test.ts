import type { Bundle, BundleEntry, ConceptMap, DocumentReference, OperationOutcome } from '@medplum/fhirtypes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { LIMITS } from '../../../src/limits.js';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { ICD } from './fhir-server.js';
import { TOKEN, articleMap, deleteWritten, handout, placesOf, send } from './written.js';
import { beLongSuffering } from '../../support/patience.js';

beLongSuffering();

const NAME = 'urn:uuid:6f1d2f8e-5a4e-4bd4-9a55-3f7a9d0e1c11';
const OTHER = 'urn:uuid:0a9a4c0e-61c5-4b0a-8c37-1d1f5b8b2a22';
const ID = 'local-zebra-en';

let connector: TestConnector;
let url = '';
beforeAll(async () => {
  connector = await startConnector({ env: { WRITE_TOKENS: TOKEN } });
  ({ url } = connector);
});
afterAll(() => connector.stop());
afterEach(() => deleteWritten(url));

const bundle = (type: 'batch' | 'transaction', entry: readonly object[], headers = {}) =>
  send(url, 'POST', '', { resourceType: 'Bundle', type, entry }, headers);
const entryOf = (method: string, address: string, more: object = {}, conditions: object = {}) => ({
  ...more,
  request: { method, url: address, ...conditions },
});
const putDocument = (title: string, conditions = {}) =>
  entryOf('PUT', `DocumentReference/${ID}`, { resource: handout({ id: ID, title }) }, conditions);
const entriesIn = ({ resource }: { resource: unknown }): BundleEntry[] => (resource as Bundle).entry ?? [];
const statusesOf = (answer: { resource: unknown }): string[] =>
  entriesIn(answer).map(({ response }) => response?.status.slice(0, 3) ?? '');
/** How many versions there are in all: nothing is written where it stays. */
const countVersions = async (): Promise<number> =>
  ((await send(url, 'GET', '/_history')).resource as Bundle).total ?? -1;

describe('a transaction', () => {
  test('is answered in its own order, by what it wrote; a map may name a handout of the same Bundle', async () => {
    const map = { ...articleMap('N53.14', [{ code: NAME, equivalence: 'equivalent' }]), id: 'ours' };
    const { context: _context, ...document } = handout();
    const answer = await bundle('transaction', [
      entryOf('GET', `DocumentReference?explains=${ICD}|N53.14`),
      entryOf('PUT', 'ConceptMap/ours', { fullUrl: OTHER, resource: map }),
      entryOf('POST', 'DocumentReference', { fullUrl: NAME, resource: document }),
    ]);
    expect([answer.reply.status, (answer.resource as Bundle).type]).toEqual([200, 'transaction-response']);
    expect(statusesOf(answer)).toEqual(['200', '201', '201']);
    const [found, mapped, created] = entriesIn(answer);
    const { id = '' } = created?.resource as DocumentReference;
    expect(created?.response).toMatchObject({ etag: 'W/"1"', location: expect.stringContaining(`/${id}/_history/1`) });
    const article = id.replace(/-en$/, '');
    expect((mapped?.resource as ConceptMap).group?.[0]?.element[0]?.target?.[0]?.code).toBe(article);
    expect((found?.resource as Bundle).entry?.map(({ resource }) => resource?.id)).toEqual([id]);
  });

  test.each(['batch', 'transaction'] as const)('a %s may write to what criteria match', async (type) => {
    const identifier = [{ system: 'urn:clinic', value: 'Z1' }];
    const address = 'DocumentReference?identifier=urn:clinic|Z1';
    const put = (title: string) => entryOf('PUT', address, { resource: handout({ identifier, title }) });
    const created = await bundle(type, [put('First')]);
    const updated = await bundle(type, [put('Second')]);
    expect([statusesOf(created), statusesOf(updated)]).toEqual([['201'], ['200']]);
    expect(entriesIn(updated)[0]?.resource?.id).toBe(entriesIn(created)[0]?.resource?.id);
    expect(statusesOf(await bundle(type, [entryOf('DELETE', address)]))).toEqual(['204']);
    expect(statusesOf(await bundle(type, [entryOf('DELETE', address)]))).toEqual(['204']);
  });

  test('names of the Bundle become addresses wherever a resource refers to another of it', async () => {
    const spanish = handout({
      content: [{ attachment: { language: 'es', url: 'https://clinic.example/cebra.pdf', title: 'Cebra' } }],
      relatesTo: [{ code: 'transforms', target: { reference: NAME } }],
    });
    const answer = await bundle('transaction', [
      entryOf('POST', 'DocumentReference', { fullUrl: OTHER, resource: spanish }),
      entryOf('POST', 'DocumentReference', { fullUrl: NAME, resource: handout() }),
    ]);
    expect(statusesOf(answer)).toEqual(['201', '201']);
    const [one, other] = entriesIn(answer).map(({ resource }) => resource as DocumentReference);
    expect(one?.relatesTo?.[0]?.target.reference).toBe(`DocumentReference/${other?.id ?? ''}`);
  });

  test('writes nothing where it asks for more than one Bundle may answer', async () => {
    const before = await countVersions();
    const reads = Array<object>(LIMITS.maxBatchEntries - 1).fill(entryOf('GET', 'CodeSystem/articles'));
    const answer = await bundle('transaction', [putDocument('Too much beside it'), ...reads]);
    expect([answer.reply.status, placesOf(answer)]).toEqual([422, [expect.stringMatching(/^Bundle\.entry\[\d+\]$/)]]);
    expect(await countVersions()).toBe(before);
  });

  test.each<[string, object, number, string]>([
    [
      'a resource with a fault',
      entryOf('PUT', 'DocumentReference/local-b-en', { resource: { ...handout({ id: 'local-b-en' }), content: [] } }),
      422,
      'Bundle.entry[1].resource.content',
    ],
    [
      'another version than was expected',
      entryOf('PUT', 'DocumentReference/local-b-en', { resource: handout({ id: 'local-b-en' }) }, { ifMatch: 'W/"3"' }),
      412,
      'Bundle.entry[1]',
    ],
    [
      'a version where none is',
      entryOf('PUT', 'DocumentReference/local-b-en', { resource: handout({ id: 'local-b-en' }) }, { ifMatch: '*' }),
      412,
      'Bundle.entry[1]',
    ],
    [
      'an id that is not its address’s',
      entryOf('PUT', 'DocumentReference/local-b-en', { resource: handout({ id: 'local-c-en' }) }),
      400,
      'Bundle.entry[1].resource.id',
    ],
    [
      'a code with and without an article',
      entryOf('POST', 'ConceptMap', { resource: articleMap('N53.14', [{ equivalence: 'unmatched' }]) }),
      409,
      'Bundle.entry[1]',
    ],
    ['what came with the library', entryOf('DELETE', 'DocumentReference/topic-acne-en'), 409, 'Bundle.entry[1]'],
    ['a resource that is written twice', putDocument('Again'), 400, 'Bundle.entry[1]'],
    ['a write without a resource', entryOf('POST', 'DocumentReference'), 400, 'Bundle.entry[1]'],
    ['a read of what is not there', entryOf('GET', 'DocumentReference/none-en'), 404, 'Bundle.entry[1]'],
    ['a type that is not written', entryOf('DELETE', 'CodeSystem/icd-10-cm'), 422, 'Bundle.entry[1]'],
    ['a method that is none', entryOf('PATCH', `DocumentReference/${ID}`), 400, 'Bundle.entry[1].request'],
  ])('%s undoes the whole', async (_name, entry, status, place) => {
    const { release } = connector.library.status();
    const before = await countVersions();
    const refused = await bundle('transaction', [putDocument('First'), entry]);
    expect(refused.reply.status).toBe(status);
    expect(placesOf(refused)).toContain(place);
    expect((refused.resource as OperationOutcome).issue[0]?.details?.text).toContain('Bundle.entry[1]');
    expect([await countVersions(), connector.library.status().release]).toEqual([before, release]);
    expect((await send(url, 'GET', `/DocumentReference/${ID}`)).reply.status).not.toBe(200);
  });

  test('deletes first, and looks at what is left: a handout and the map to it go together', async () => {
    const { context: _context, ...document } = handout({ id: ID });
    const map = { ...articleMap('N53.14', [{ code: 'local-zebra', equivalence: 'equivalent' }]), id: 'ours' };
    await bundle('transaction', [
      entryOf('PUT', 'ConceptMap/ours', { resource: map }),
      entryOf('PUT', `DocumentReference/${ID}`, { resource: document }),
    ]);
    const alone = await bundle('transaction', [entryOf('DELETE', `DocumentReference/${ID}`)]);
    expect([alone.reply.status, placesOf(alone)]).toEqual([409, ['Bundle.entry[0]']]);
    const other = { ...articleMap('N53.14', [{ code: 'local-zebra', equivalence: 'equivalent' }]), id: 'theirs' };
    const twice = await bundle('transaction', [
      entryOf('GET', 'metadata'),
      entryOf('PUT', 'ConceptMap/theirs', { fullUrl: OTHER, resource: other }),
    ]);
    expect([twice.reply.status, placesOf(twice)]).toEqual([409, ['Bundle.entry[1]']]);
    // The entry is told by its own name too.
    expect((twice.resource as OperationOutcome).issue[0]?.diagnostics).toContain(`Bundle.entry[1] (${OTHER}): `);
    const both = await bundle('transaction', [
      entryOf('GET', `DocumentReference/${ID}`),
      entryOf('DELETE', `DocumentReference/${ID}`),
      entryOf('DELETE', 'ConceptMap/ours'),
    ]);
    // What the transaction itself takes away can no longer be read, and stays away.
    expect(statusesOf(both)).toEqual(['410', '204', '204']);
    expect(connector.library.findArticles(['local-zebra'])).toEqual([]);
  });

  test('goes by each entry’s conditions', async () => {
    const identifier = [{ system: 'urn:clinic', value: 'Z1' }];
    const create = entryOf(
      'POST',
      'DocumentReference',
      { fullUrl: NAME, resource: handout({ identifier }) },
      { ifNoneExist: 'identifier=urn:clinic|Z1' },
    );
    const map = { ...articleMap('J45.909', [{ code: 'topic-asthma', equivalence: 'equivalent' }]), id: 'ours' };
    const first = await bundle('transaction', [create, putDocument('First', { ifNoneMatch: '*' })]);
    expect(statusesOf(first)).toEqual(['201', '201']);
    const version = /"(\d+)"/.exec(entriesIn(first)[1]?.response?.etag ?? '')?.[1] ?? '';
    const second = await bundle('transaction', [
      create,
      putDocument('Second', { ifMatch: `W/"${version}"` }),
      entryOf('PUT', 'ConceptMap/ours', { resource: map }),
    ]);
    expect(statusesOf(second)).toEqual(['200', '200', '201']);
    expect(entriesIn(second)[0]?.resource?.id).toBe(entriesIn(first)[0]?.resource?.id);
    expect((await bundle('transaction', [putDocument('Third', { ifNoneMatch: '*' })])).reply.status).toBe(412);
  });

  test('is answered without resources where none are wanted', async () => {
    const answer = await bundle('transaction', [putDocument('First')], { Prefer: 'return=minimal' });
    expect(entriesIn(answer).map(({ resource, response }) => [resource, response?.status])).toEqual([
      [undefined, '201 Created'],
    ]);
  });

  test('needs a token only where it writes', async () => {
    const headers = { 'Content-Type': 'application/fhir+json' };
    const post = (type: string, entry: object[]) =>
      ask(url, '/fhir', { method: 'POST', headers, body: JSON.stringify({ resourceType: 'Bundle', type, entry }) });
    const before = await countVersions();
    const refused = await post('transaction', [entryOf('GET', 'metadata'), putDocument('First')]);
    expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer realm="Education Connect"']);
    expect((await post('transaction', [entryOf('GET', 'metadata')])).status).toBe(200);
    const parts = await post('batch', [entryOf('GET', 'metadata'), putDocument('First')]);
    expect([parts.status, statusesOf({ resource: JSON.parse(parts.text) })]).toEqual([200, ['200', '401']]);
    expect(await countVersions()).toBe(before);
  });
});

test('a batch is taken entry by entry, one after the other', async () => {
  const answer = await bundle('batch', [
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
