import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, DocumentReference, OperationOutcome } from '@medplum/fhirtypes';
import { buildLibraryFile } from '../../../src/library/open.js';
import { writeLinkChecks } from '../../../src/library/link-checks.js';
import { released } from '../../contract/seeded-library.js';
import { ask } from '../../http/ask.js';
import { writeFiles } from '../../library/places.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector, temporaryFolder } from '../../support/connector.js';
import { ICD, askFhir, matchesOf, searchFhir } from './fhir-server.js';
import { TOKEN, handout, send } from './written.js';

const MINE = ['local-plan-en', 'local-plan-es'];
const GONE = 'ency-001282-en';

let folder: ReturnType<typeof temporaryFolder>;
let connector: TestConnector;
let url = '';

/** A site's folder with a handout in two languages, taken away; and a page that a visit found gone. */
beforeAll(async () => {
  folder = temporaryFolder();
  writeFiles(folder.path, {
    'articles/publisher.csv': 'id,name,url,licensed\nclinic,Our Clinic,https://clinic.example/,false\n',
    'articles/local.csv': 'id,publisher,sex,age_groups,sensitivity\nlocal-plan,clinic,,,\n',
    'articles/local.en.csv':
      'id,title,url,also_called,origin\nlocal-plan,Zebra plan,https://clinic.example/plan.pdf,,curated\n',
    'articles/local.es.csv':
      'id,title,url,also_called,origin\nlocal-plan,Plan cebra,https://clinic.example/es.pdf,,curated\n',
    'mappings/icd-10-cm.csv':
      'code,article,relationship,rank,sensitivity,origin,note\nN53.14,local-plan,equivalent,1,,curated,\n',
  });
  connector = await startConnector({ env: { LOCAL_LIBRARY: folder.path, WRITE_TOKENS: TOKEN } });
  ({ url } = connector);
  const { config, library } = connector;
  expect(await idsOf(`event=${ICD}|N53.14`)).toEqual(MINE);
  const [article] = library.findArticles(['ency-001282']);
  const text = article?.texts.en;
  if (!text) throw new Error('the starter has no such article');
  const options = { ...config, readOnly: false, localLibrary: undefined };
  await buildLibraryFile(options, false, ['starter', 'local']);
  await writeLinkChecks(options, [
    { article: 'ency-001282', language: 'en', url: text.url, day: '2026-11-20', isGone: true },
  ]);
  await released(library, (release) => release.includes('link-check'));
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

const idsOf = async (query: string): Promise<string[]> =>
  matchesOf(await searchFhir(url, query)).map(({ id }) => id ?? '');

describe('a withdrawn article', () => {
  test('can be read, is superseded, and is what it was', async () => {
    const { reply, resource } = await askFhir<DocumentReference>(url, `/DocumentReference/${MINE[1] ?? ''}`);
    expect(reply.status).toBe(200);
    expect(resource).toMatchObject({
      status: 'superseded',
      docStatus: 'final',
      description: 'Plan cebra',
      relatesTo: [{ code: 'transforms', target: { reference: `DocumentReference/${MINE[0] ?? ''}` } }],
      content: [{ attachment: { url: 'https://clinic.example/es.pdf', language: 'es' } }],
    });
    expect(JSON.stringify(resource.contained)).toContain('Our Clinic');
    expect(resource.context).toBeUndefined();
    expect(resource.text?.div).toContain('><p>Este artículo se ha retirado: la biblioteca ya no lo ofrece.</p><p>Plan');
  });

  test('says so in the language of each text, and one that is offered does not', async () => {
    const divOf = async (id: string): Promise<string> =>
      (await askFhir<DocumentReference>(url, `/DocumentReference/${id}`)).resource.text?.div ?? '';
    for (const id of [MINE[0] ?? '', GONE]) expect(await divOf(id)).toContain('This article has been withdrawn');
    expect(await divOf('topic-asthma-en')).not.toContain('withdrawn');
  });

  test('has a version', async () => {
    const { resource } = await askFhir<DocumentReference>(url, `/DocumentReference/${GONE}`);
    expect(resource.status).toBe('superseded');
    const version = resource.meta?.versionId ?? '';
    const vread = await askFhir<DocumentReference>(url, `/DocumentReference/${GONE}/_history/${version}`);
    expect(vread.resource).toEqual(resource);
  });

  test.each([
    ['status=superseded', [GONE, ...MINE]],
    ['status=http://hl7.org/fhir/document-reference-status|superseded', [GONE, ...MINE]],
    ['status:not=current', [GONE, ...MINE]],
    ['status=superseded&language=es', ['local-plan-es']],
    ['status=superseded&category=local&_sort=-description', ['local-plan-en', 'local-plan-es']],
    ['status=superseded&_id=local-plan-es', ['local-plan-es']],
    ['status=current&_id=local-plan-es', []],
    ['_id=local-plan-es', []],
    ['_id=local-plan-es,ency-001282-es', ['ency-001282-es']],
    ['identifier=local-plan', []],
    ['identifier=local-plan&status=current,superseded', MINE],
    ['identifier=ency-001282&status=current,superseded', [GONE, 'ency-001282-es']],
    ['status=entered-in-error', []],
    ['description=zebra', []],
    [`event=${ICD}|N53.14`, ['ency-001282-es']],
    [`event=${ICD}|N53.14&status=superseded`, [GONE]],
    [`event=${ICD}|N53.14&status=current,superseded`, [GONE, 'ency-001282-es']],
    [`explains=${ICD}|N53.14&status=superseded`, []],
  ])('is found where its status is asked: %s', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  test('a translation brings its original, offered or not', async () => {
    const bundle = await searchFhir(url, 'status=superseded&language=es&_include=DocumentReference:relatesto');
    expect(bundle.entry?.map(({ resource, search }) => `${search?.mode ?? ''} ${resource?.id ?? ''}`)).toEqual([
      'match local-plan-es',
      'include local-plan-en',
    ]);
  });

  test('pages and counts hold withdrawn and current ones together', async () => {
    const { resource: all } = await askFhir<Bundle>(url, '/DocumentReference?status=current,superseded&_summary=count');
    const { resource: current } = await askFhir<Bundle>(url, '/DocumentReference?_summary=count');
    expect([all.total, current.total]).toEqual([(current.total ?? 0) + 3, current.total]);
  });

  test('is offered nowhere: not by the infobutton, not for a chart, not by the search', async () => {
    const criterion = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';
    const paths = [
      `/service?${criterion}&knowledgeResponseType=application/json`,
      `/infobutton?${criterion}&knowledgeResponseType=application/json`,
      `/fhir/$knowledge-request?coding=${ICD}|N53.14`,
      '/search?q=zebra+plan&format=json',
    ];
    for (const path of paths)
      expect((await ask(url, path)).text).not.toMatch(/clinic\.example|en\/ency\/article\/001282/);
  });

  test('its id is free for what the site writes itself, and gone when that is deleted', async () => {
    const before = await askFhir<DocumentReference>(url, '/DocumentReference/local-plan-en');
    expect(before.resource.status).toBe('superseded');
    const own = { ...handout({ title: 'Zebra plan, written' }), id: 'local-plan-en' };
    const { reply } = await send(url, 'PUT', '/DocumentReference/local-plan-en', own);
    expect(reply.status).toBe(201);
    expect(await idsOf('identifier=local-plan')).toEqual(['local-plan-en']);
    expect(await idsOf('identifier=local-plan&status=superseded')).toEqual(['local-plan-es']);
    await send(url, 'DELETE', '/DocumentReference/local-plan-en');
    const read = await askFhir<OperationOutcome>(url, '/DocumentReference/local-plan-en');
    expect([read.reply.status, await idsOf('identifier=local-plan&status=superseded')]).toEqual([
      410,
      ['local-plan-es'],
    ]);
  });
});
