import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toDocumentReference } from '../../src/protocols/fhir/documents/document-reference.js';
import type { ImportPlace } from './import-place.js';
import { importPlace } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

type Json = Readonly<Record<string, unknown>>;
const importJson = (document: Json) => place.importTexts('fhir', { 'input.json': JSON.stringify(document) });
const bundle = (...resources: readonly Json[]): Json => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: resources.map((resource) => ({ resource })),
});
const article = (id: string) => place.look((library) => library.findArticles([id])[0]);
const rowsOf = async (system: 'icd-10-cm' | 'snomed-ct', code: string) =>
  (await place.mappings(system, code)).filter(({ layer }) => layer === 'imported');

const CODES: Json = {
  resourceType: 'CodeSystem',
  id: 'cm',
  url: 'http://hl7.org/fhir/sid/icd-10-cm',
  status: 'active',
  content: 'complete',
  concept: [
    {
      code: 'S00-T88',
      display: 'Injury',
      concept: [
        {
          code: 'w20',
          display: 'Struck by thrown object',
          designation: [
            { language: 'en', value: 'Hit by an object' },
            { language: 'de', value: 'Getroffen' },
            { value: 'Hit by an object' },
          ],
          concept: [{ code: 'W20.0', display: 'In cave-in', property: [{ code: 'inactive', valueBoolean: true }] }],
        },
      ],
    },
    {
      code: 'W21',
      property: [
        { code: 'parent', valueCode: 'S00-T88' },
        { code: 'status', valueCode: 'retired' },
      ],
    },
  ],
};

describe('a CodeSystem', () => {
  test('gives its concepts with what is above them, other names and whether they are in use', async () => {
    const report = await importJson(CODES);
    expect(report).toMatchObject({ read: 4, rejected: 0, imported: { concepts: 4 } });
    expect(report.name).toMatch(/^fhir-\d{4}-\d{2}-\d{2}$/);
    expect(await place.concept('icd-10-cm', 'W20')).toMatchObject({
      title: 'Struck by thrown object',
      parent: 'S00-T88',
      names: ['Hit by an object'],
      active: true,
    });
    expect(await place.concept('icd-10-cm', 'W20.0')).toMatchObject({ parent: 'W20', active: false });
    expect(await place.concept('icd-10-cm', 'W21')).toMatchObject({ title: 'W21', parent: 'S00-T88', active: false });
    expect(await place.concept('icd-10-cm', 'S00-T88')).toMatchObject({ title: 'Injury', parent: undefined });
    expect(await place.look((library) => library.status().completeSystems.get('icd-10-cm'))).toBe(report.name);
  });

  test('of a vaccine statement, written by us, keeps its edition and number', async () => {
    const library = await article('ency-001282');
    const text = library?.texts.en;
    if (!library || !text) throw new Error('the seed has no such article');
    const { reviewedOn, ...statement } = { ...library, editionOn: '2025-01-31', gdti: '0886983000127' };
    const document = toDocumentReference({ ...statement, reviewedOn: undefined }, text, {
      canonicalBase: 'https://another.example/fhir',
      baseUrl: 'https://another.example',
      releaseDate: '2026-11-01',
      status: 'current',
      events: [],
      related: new Map(),
    });
    await importJson(document as unknown as Json);
    expect(await article('ency-001282')).toMatchObject({ reviewedOn, editionOn: '2025-01-31', gdti: '0886983000127' });
  });

  test.each([
    ['a fragment', { content: 'fragment' }],
    ['one of which a concept was rejected', { concept: [{ code: 'W20' }, { code: 'W21' }, { display: 'no code' }] }],
  ])('%s does not hold its system whole', async (_what, change) => {
    await importJson({ ...CODES, ...change });
    expect(await place.look((library) => library.status().completeSystems.has('icd-10-cm'))).toBe(false);
  });
});

const mapOf = (target: string, ...element: readonly Json[]): Json => ({
  resourceType: 'ConceptMap',
  id: 'map',
  status: 'active',
  group: [{ source: 'http://hl7.org/fhir/sid/icd-10-cm', target, element }],
});
const OURS = 'https://another.example/fhir/CodeSystem/articles';

describe('a ConceptMap', () => {
  test('to our articles gives mapping rows, in its order', async () => {
    const report = await importJson(
      mapOf(
        OURS,
        {
          code: 'E12',
          target: [
            { code: 'topic-diabetestype2', equivalence: 'wider', comment: 'malnutrition is not on it' },
            { code: 'topic-diabeticeyeproblems', equivalence: 'relatedto' },
          ],
        },
        { code: 'E13', target: [{ code: 'topic-asthma', equivalence: 'equal' }] },
        { code: 'E14', target: [{ equivalence: 'unmatched', comment: 'nothing to hand over' }] },
        { code: 'E15', target: [{ equivalence: 'unmatched' }] },
        { code: 'E16' },
      ),
    );
    expect(report).toMatchObject({ rejected: 0, imported: { mappings: 5, crosswalks: 0 } });
    expect(await rowsOf('icd-10-cm', 'E12')).toMatchObject([
      {
        article: 'topic-diabetestype2',
        relationship: 'broader',
        rank: 1,
        origin: 'imported',
        note: 'malnutrition is not on it',
      },
      { article: 'topic-diabeticeyeproblems', relationship: 'related', rank: 2, note: '' },
    ]);
    expect(await rowsOf('icd-10-cm', 'E13')).toMatchObject([{ relationship: 'equivalent' }]);
    expect(await rowsOf('icd-10-cm', 'E14')).toMatchObject([{ relationship: 'none', note: 'nothing to hand over' }]);
    expect(await rowsOf('icd-10-cm', 'E15')).toMatchObject([
      { relationship: 'none', note: 'unmatched in ConceptMap/map.group[0].element[3].target[0]' },
    ]);
  });

  test('to another code system gives crosswalks', async () => {
    const report = await importJson({
      resourceType: 'ConceptMap',
      group: [
        {
          source: 'http://snomed.info/sct',
          target: 'urn:oid:2.16.840.1.113883.6.90',
          element: [
            { code: '73211009', target: [{ code: 'E119', equivalence: 'narrower' }] },
            { code: '44054006', target: [{ equivalence: 'unmatched' }] },
          ],
        },
      ],
    });
    expect(report).toMatchObject({ rejected: 0, imported: { mappings: 0, crosswalks: 1 } });
    expect(await place.mappings('snomed-ct', '73211009')).toMatchObject([{ code: 'E11', crossings: 1 }]);
  });

  test('leaves out what it cannot say truly, by element and reason', async () => {
    const { complaints, imported } = await importJson(
      mapOf(
        OURS,
        { code: 'E11', target: [{ code: 'topic-asthma', equivalence: 'equivalent' }] },
        { code: 'E12', target: [{ code: 'acne', equivalence: 'equivalent' }] },
        { code: 'E13', target: [{ code: 'topic-asthma', equivalence: 'disjoint' }] },
        { code: 'E14', target: [{ code: 'topic-asthma', equivalence: 'constructor' }] },
        { code: 'nonsense', target: [] },
        {
          code: 'J45',
          target: [
            ...Array.from({ length: 6 }, () => ({ code: 'topic-asthma', equivalence: 'equivalent' })),
            { code: 'topic-diabetestype2', equivalence: 'equivalent' },
          ],
        },
        {
          code: 'E15',
          target: [{ code: 'topic-asthma', equivalence: 'equivalent', dependsOn: [{ property: 'x', value: 'y' }] }],
        },
      ),
    );
    expect(imported).toMatchObject({ mappings: 7 });
    expect(complaints.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^ConceptMap\/map\.group\[0\]\.element\[1\]\.target\[0\]\.code: acne is not an article id/),
      expect.stringMatching(/element\[2\]\.target\[0\]\.equivalence: disjoint leads to no target/),
      expect.stringMatching(/element\[3\]\.target\[0\]\.equivalence: constructor leads to no target/),
      expect.stringMatching(/element\[4\]\.code: nonsense is not a possible code of icd-10-cm/),
      expect.stringMatching(/element\[5\]\.target\[6\]\.code: a code has at most 6 articles/),
      expect.stringMatching(/element\[6\]\.target\[0\]\.dependsOn: /),
    ]);
  });
});

const DOCUMENT: Json = {
  resourceType: 'DocumentReference',
  id: 'Inhaler_Use-en',
  status: 'current',
  language: 'en',
  description: 'How to use an inhaler',
  securityLabel: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'PSY' }] }],
  content: [
    {
      attachment: {
        contentType: 'application/pdf',
        url: 'https://clinic.example/inhaler.pdf',
        creation: '2026-05-01T08:00:00Z',
      },
    },
    { attachment: { language: 'es-MX', url: 'https://clinic.example/inhalador.pdf', title: 'El inhalador' } },
  ],
  context: {
    event: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J45' }] }],
  },
};

describe('a DocumentReference', () => {
  test('of a site is a local article, with an address for each language and the codes it is about', async () => {
    expect(await importJson(DOCUMENT)).toMatchObject({ rejected: 0, imported: { articles: 1, texts: 2, mappings: 1 } });
    expect(await article('local-inhaler-use')).toMatchObject({
      kind: 'local',
      sensitivity: 'PSY',
      reviewedOn: '2026-05-01',
      texts: {
        en: { title: 'How to use an inhaler', url: 'https://clinic.example/inhaler.pdf', origin: 'imported' },
        es: { title: 'El inhalador', url: 'https://clinic.example/inhalador.pdf' },
      },
    });
    expect(await rowsOf('icd-10-cm', 'J45.9')).toMatchObject([
      { code: 'J45', article: 'local-inhaler-use', relationship: 'equivalent', rank: 1 },
    ]);
  });

  test('that we wrote ourselves is the article it was made of, with its publisher and audience', async () => {
    const library = await article('ency-001282');
    const text = library?.texts.en;
    if (!library || !text) throw new Error('the seed has no such article');
    const document = toDocumentReference(library, text, {
      canonicalBase: 'https://another.example/fhir',
      baseUrl: 'https://another.example',
      releaseDate: '2026-11-01',
      status: 'current',
      events: [{ coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'N53.14' }] }],
      related: new Map(),
    });
    const report = await importJson(document as unknown as Json);
    expect(report).toMatchObject({ rejected: 0, imported: { articles: 1, texts: 1, mappings: 1 } });
    const { reviewedOn, ...known } = library;
    expect(await article('ency-001282')).toMatchObject({
      publisher: known.publisher,
      sex: 'male',
      ageGroups: known.ageGroups,
      sensitivity: 'SEX',
      reviewedOn,
      texts: { en: { title: text.title, origin: 'imported' }, es: known.texts.es },
    });
    expect(await rowsOf('icd-10-cm', 'N53.14')).toMatchObject([{ article: 'ency-001282' }]);
  });

  test.each([
    ['status', { status: 'superseded' }, /status: superseded is not current/],
    ['content', { content: [] }, /content: is missing/],
    ['language', { language: 'de' }, /language: de is not supported/],
    ['url', { content: [{ attachment: { url: 'javascript:x' } }] }, /content\[0\]\.attachment\.url: is not an http/],
    ['inline', { content: [{ attachment: { data: 'eA==' } }] }, /attachment\.url: is missing/],
    ['id', { id: 7 }, /id: is not a string/],
    ['shape', { content: 'x' }, /content: is not an array/],
  ])('with a wrong %s is left out, by element and reason', async (_what, change, reason) => {
    const { complaints, imported } = await importJson(bundle(CODES, { ...DOCUMENT, ...change }));
    expect(imported.concepts).toBe(4);
    expect(complaints[0]).toMatchObject({ file: expect.stringMatching(/input\.json$/), line: 0 });
    expect(complaints[0]?.reason).toMatch(/^Bundle\.entry\[1\]\.resource/);
    expect(complaints[0]?.reason).toMatch(reason);
  });
});

describe('files', () => {
  test('a Bundle of any kind: what is no resource of ours is left out, and the rest is read', async () => {
    const report = await importJson({
      ...bundle(
        CODES,
        { resourceType: 'Patient', id: 'p' },
        DOCUMENT,
        mapOf(OURS, { code: 'E13', target: [{ code: 'topic-asthma', equivalence: 'equivalent' }] }),
        bundle(),
      ),
      id: 'all',
      type: 'transaction',
    });
    expect(report.imported).toMatchObject({ concepts: 4, articles: 1, texts: 2, mappings: 2 });
    expect(report.complaints.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^Bundle\/all\.entry\[1\]\.resource Patient\/p: not a resource that can be imported/),
      expect.stringMatching(/entry\[4\]\.resource Bundle: not a resource/),
    ]);
  });

  test('one resource a line, by any name: a fault names its line', async () => {
    const lines = [CODES, { resourceType: 'Patient' }, DOCUMENT].map((resource) => JSON.stringify(resource));
    const text = [...lines.slice(0, 2), '{"resourceType": ', '', lines[2]].join('\n');
    for (const name of ['all.ndjson', 'all.json']) {
      const report = await place.importTexts('fhir', { [name]: text, '.DS_Store': 'x' });
      expect(report).toMatchObject({ rejected: 2, imported: { concepts: 4, texts: 2 } });
      expect(report.complaints).toEqual([
        { file: expect.stringContaining(name), line: 3, reason: 'not JSON' },
        { file: expect.stringContaining(name), line: 2, reason: expect.stringMatching(/^Patient: not a resource/) },
      ]);
    }
  });

  test('a folder of single resources', async () => {
    const report = await place.importTexts('fhir', {
      'a/codes.json': JSON.stringify(CODES),
      'b/document.json': JSON.stringify(DOCUMENT),
    });
    expect(report).toMatchObject({ rejected: 0, imported: { concepts: 4, texts: 2 } });
  });

  test.each([
    [
      'a document that is cut short',
      { 'a.json': JSON.stringify(CODES).slice(0, -20) },
      /a\.json is not a complete JSON/,
    ],
    [
      'lines that are cut short',
      { 'a.ndjson': `${JSON.stringify(CODES)}\n{"resou` },
      /a\.ndjson stops in line 2: truncated/,
    ],
    ['an unknown file', { 'a.xml': '<CodeSystem/>' }, /none of the files is FHIR JSON/],
    [
      'JSON that is no resource',
      { 'a.json': '[1]' },
      /none of its rows could be imported.*a\.json:0: is not an object/,
    ],
    ['a resource that a library does not take', { 'a.json': '{"resourceType":"Patient"}' }, /Patient: not a resource/],
    [
      'an unknown code system',
      { 'a.json': JSON.stringify({ ...CODES, url: 'urn:mine' }) },
      /CodeSystem\/cm\.url: urn:mine is not a known code system/,
    ],
  ])('%s is refused', async (_what, files, reason) => {
    await expect(place.importTexts('fhir', files)).rejects.toThrow(reason);
  });

  test('concepts nested ever so deep are read', async () => {
    const depth = 20_000;
    const head = '{"code":"W20","concept":[';
    const text = `{"resourceType":"CodeSystem","url":"http://hl7.org/fhir/sid/icd-10-cm","content":"fragment","concept":[${head.repeat(depth)}${']}'.repeat(depth)}]}`;
    expect(await place.importTexts('fhir', { 'deep.json': text })).toMatchObject({ rejected: 0 });
  });
});
