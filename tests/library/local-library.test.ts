import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import type { Article } from '../../src/core/model/article.js';
import type { CodeSystemId } from '../../src/core/codes/code-systems.js';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import type { BuildReport } from '../../src/build/build.js';
import type { OpenOptions } from '../../src/library/open.js';
import { openLibrary } from '../../src/library/open.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces, writeFiles } from './places.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';

const MAPPING = 'code,article,relationship,rank,sensitivity,origin,note\n';
const TEXTS = 'id,title,url,also_called,origin\n';
const page = (title: string): string => `<!doctype html><html><head><title>${title}</title></head><body></body></html>`;

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
let local: string;
let open: ManagedLibrary | undefined;
beforeEach(() => {
  folder = temporaryFolder();
  places = seedPlaces(folder.path);
  local = join(folder.path, 'local');
});
afterEach(async () => {
  await open?.close();
  open = undefined;
  folder.remove();
});

async function start(
  localLibrary: string | undefined,
): Promise<{ library: ManagedLibrary; reports: readonly BuildReport[] }> {
  await open?.close();
  const { library, reports } = await openLibrary({ ...places, localLibrary });
  open = library;
  return { library, reports };
}

/** Writes a site's files, opens the library with them and answers what the local layer's report says. */
async function lay(files: Readonly<Record<string, string>>): Promise<{ library: ManagedLibrary; report: BuildReport }> {
  writeFiles(local, files);
  const { library, reports } = await start(local);
  const report = reports.find(({ layer }) => layer === 'local');
  if (!report) throw new Error('the local layer was not built');
  return { library, report };
}

function articlesFor(library: ManagedLibrary, system: CodeSystemId, code: string): Article[] {
  return library.findArticles(library.findArticleIds({ system, code }));
}

async function answer(library: ManagedLibrary, code: string): Promise<string[]> {
  const coding = { system: 'icd-10-cm', systemSent: '', code, display: '', userSelected: false } as const;
  const context = ANYONE;
  const { answers } = await answerRequest({ criteria: [{ codings: [coding] }], context, maxArticles: 3 }, library);
  return answers[0]?.matches.map(({ article }) => article.id) ?? [];
}

describe("a site's rows and articles", () => {
  const files = {
    'mappings/icd-10-cm.csv': `${MAPPING}J45,local-plan,equivalent,1,,,\nE11.3,topic-diabetestype2,broader,1,,,\nN53.14,,none,,,,the clinic hands out its own\n`,
    'articles/local.csv': 'id,publisher\nlocal-plan,nlm\n',
    'articles/local.en.csv': `${TEXTS}local-plan,Our plan,https://clinic.example/plan,,\n`,
  };

  test('win over the starter for their codes and change no other', async () => {
    const { library } = await lay(files);
    expect(await answer(library, 'J45.909')).toEqual(['local-plan']);
    expect(await answer(library, 'E11.311')).toEqual(['topic-diabetestype2']);
    expect(await answer(library, 'N53.14')).toEqual([]);
    expect(await answer(library, 'W19')).toEqual(['topic-falls']);
  });

  test('are gone when the folder is no longer configured, and back when it is again', async () => {
    await lay(files);
    const without = await start(undefined);
    expect(without.reports).toEqual([]);
    expect(without.library.status().release).toMatch(/^starter-[^+]+$/);
    expect(await answer(without.library, 'J45')).toEqual(['topic-asthma']);
    expect(without.library.findArticles(['local-plan'])).toEqual([]);
    const again = await start(local);
    expect(again.reports.map(({ layer }) => layer)).toEqual(['local']);
    expect(await answer(again.library, 'J45')).toEqual(['local-plan']);
  });

  test('are built once, and again only where a file of theirs has changed', async () => {
    await lay(files);
    expect((await start(local)).reports).toEqual([]);
    appendFileSync(join(local, 'mappings/icd-10-cm.csv'), 'W19,local-plan,related,1,,,\n');
    const { library, reports } = await start(local);
    expect(reports.map(({ layer }) => layer)).toEqual(['local']);
    expect(await answer(library, 'W19')).toEqual(['local-plan']);
  });

  test('stand when the starter is built anew', async () => {
    await lay(files);
    appendFileSync(join(places.mappingsDir, 'icd-10-cm.csv'), 'W20,topic-falls,related,1,,,\n');
    const { library, reports } = await start(local);
    expect(reports.map(({ layer }) => layer)).toEqual(['starter', 'local']);
    expect(await answer(library, 'J45')).toEqual(['local-plan']);
    expect(await answer(library, 'W20')).toEqual(['topic-falls']);
  });

  test('an empty folder changes nothing', async () => {
    const { library, report } = await lay({});
    expect(report).toMatchObject({ articles: 0, mappings: 0, complaints: [] });
    expect(await answer(library, 'J45')).toEqual(['topic-asthma']);
  });

  test('a row whose own article has gone is found, though the release before still held it', async () => {
    await lay(files);
    rmSync(join(local, 'articles'), { recursive: true });
    const { library, report } = await lay({});
    expect(report.complaints.map(({ file }) => file)).toEqual(['icd-10-cm.csv']);
    expect(await answer(library, 'J45')).toEqual(['topic-asthma']);
  });

  test('a row that waited for an article works as soon as a new starter brings it', async () => {
    const { report } = await lay({ 'mappings/icd-10-cm.csv': `${MAPPING}W20,topic-new,equivalent,1,,,\n` });
    expect(report.complaints).toHaveLength(1);
    appendFileSync(join(places.resourcesDir, 'articles/topic.csv'), 'topic-new,nlm,,,\n');
    appendFileSync(
      join(places.resourcesDir, 'articles/topic.en.csv'),
      'topic-new,New,https://medlineplus.gov/new.html,,,\n',
    );
    expect(await answer((await start(local)).library, 'W20')).toEqual(['topic-new']);
  });
});

describe('handouts named as OpenEMR names them', () => {
  test.each<[string, CodeSystemId, string, 'en' | 'es', string]>([
    ['icd10_n53.14_en.pdf', 'icd-10-cm', 'N53.14', 'en', 'Handout ICD-10-CM N53.14'],
    ['ICD10_N5314_ES.PDF', 'icd-10-cm', 'N53.14', 'es', 'Folleto ICD-10-CM N53.14'],
    ['icd9_250.00_en.pdf', 'icd-9-cm', '250.00', 'en', 'Handout ICD-9-CM 250.00'],
    ['snomed_195967001_en.pdf', 'snomed-ct', '195967001', 'en', 'Handout SNOMED CT 195967001'],
    ['rxcui_6809_sp.pdf', 'rxnorm', '6809', 'es', 'Folleto RXCUI 6809'],
    ['loinc_2160-0_en.pdf', 'loinc', '2160-0', 'en', 'Handout LOINC 2160-0'],
  ])('%s answers its code', async (name, system, code, language, title) => {
    const { library, report } = await lay({ [`handouts/${name}`]: '%PDF-1.4' });
    expect(report).toMatchObject({ articles: 1, mappings: 1, complaints: [] });
    const [article, ...others] = articlesFor(library, system, code);
    expect(others).toEqual([]);
    expect(article).toMatchObject({ kind: 'local', id: `local-${system}-${code.toLowerCase()}` });
    expect(Object.keys(article?.texts ?? {})).toEqual([language]);
    expect(article?.texts[language]).toMatchObject({ title, url: `handouts/${name}` });
  });

  test('two languages of one code are one article with one row', async () => {
    const { library, report } = await lay({
      'handouts/icd10_n53.14_en.pdf': '%PDF-1.4',
      'handouts/icd10_n53.14_es.pdf': '%PDF-1.4',
    });
    expect(report).toMatchObject({ articles: 1, mappings: 1, complaints: [] });
    const [article] = articlesFor(library, 'icd-10-cm', 'N53.14');
    expect(Object.keys(article?.texts ?? {}).sort()).toEqual(['en', 'es']);
  });

  test('they answer the descendants of their code too', async () => {
    const { library } = await lay({ 'handouts/icd10_j45_en.pdf': '%PDF-1.4' });
    expect(await answer(library, 'J45.909')).toEqual(['local-icd-10-cm-j45']);
  });

  test.each([
    ['Our plan', 'Our plan'],
    ['\n  Our\n  plan ', 'Our plan'],
    ['Salt &amp; water', 'Salt & water'],
    ['Asma en ni&ntilde;os: qu&eacute; hacer', 'Asma en niños: qué hacer'],
    ['Word&#146;s &ldquo;plan&rdquo; &#x2014; &unknown; &toString;', 'Word’s “plan” — &unknown; &toString;'],
    ['The doctor&#39;s &quot;plan&quot;', 'The doctor\'s "plan"'],
    ['', 'Handout ICD-10-CM J45'],
  ])('an HTML handout titled %j is called what a browser would call it', async (written, title) => {
    const { library } = await lay({ 'handouts/icd10_j45_en.html': page(written) });
    const [article] = articlesFor(library, 'icd-10-cm', 'J45');
    expect(article?.texts.en?.title).toBe(title);
  });

  test.each([
    ['brochure.pdf'],
    ['icd10_en.pdf'],
    ['icd10_zzz_en.pdf'],
    ['icd10_n53.14_fr.pdf'],
    ['icd10_n53.14.pdf'],
    ['read2_abc_en.pdf'],
    ['icd10_n53.14_en_v2.pdf'],
    ['icd10_n53.14_en.docx'],
  ])('%s is not understood: it is named and left out', async (name) => {
    const { report } = await lay({ [`handouts/${name}`]: '%PDF-1.4', 'handouts/icd10_j45_en.pdf': '%PDF-1.4' });
    expect(report.complaints).toEqual([{ file: `handouts/${name}`, line: 0, reason: expect.stringMatching(/\w{3}/) }]);
    expect(report).toMatchObject({ articles: 1, mappings: 1 });
  });

  test('two files for one code and language: one is taken and the other is named', async () => {
    const { report } = await lay({
      'handouts/icd10_j45_en.html': page('Our plan'),
      'handouts/icd10_j45_en.pdf': '%PDF-1.4',
    });
    expect(report).toMatchObject({ articles: 1, mappings: 1 });
    expect(report.complaints.map(({ file }) => file)).toEqual(['handouts/icd10_j45_en.pdf']);
  });

  test('a file with any name may be listed in the catalogue instead', async () => {
    const { library, report } = await lay({
      'handouts/brochure.pdf': '%PDF-1.4',
      'articles/local.csv': 'id,publisher\nlocal-brochure,nlm\n',
      'articles/local.en.csv': `${TEXTS}local-brochure,Our brochure,handouts/brochure.pdf,,\n`,
      'mappings/icd-10-cm.csv': `${MAPPING}J45,local-brochure,equivalent,1,,,\n`,
    });
    expect(report.complaints).toEqual([]);
    const [article] = articlesFor(library, 'icd-10-cm', 'J45');
    expect(article?.texts.en).toMatchObject({ title: 'Our brochure', url: 'handouts/brochure.pdf' });
  });

  test.each(['handouts/missing.pdf', 'handouts/..'])(
    'a row that lists %s, which is not there, is named',
    async (url) => {
      const { report } = await lay({
        'handouts/brochure.txt': 'to have a folder',
        'articles/local.en.csv': `${TEXTS}local-brochure,Our brochure,${url},,\n`,
      });
      expect(report.complaints).toContainEqual({
        file: 'local.en.csv',
        line: 2,
        reason: expect.stringMatching(/\w{3}/),
      });
    },
  );

  test('the article of a handout has an id as the catalogue would allow it', async () => {
    const { library } = await lay({ 'handouts/drug-name_baby aspirin 81_en.pdf': '%PDF-1.4' });
    const [id = 'local-none'] = library.findArticleIds({ system: 'drug-name', code: 'baby aspirin 81' });
    expect(id).toMatch(/^local-[A-Za-z0-9][A-Za-z0-9.-]*$/);
  });

  test('drugs whose names differ in a mark alone have handouts of their own', async () => {
    const { library, report } = await lay({
      'handouts/drug-name_tylenol 3_en.pdf': '%PDF-1.4',
      'handouts/drug-name_tylenol #3_en.pdf': '%PDF-1.4',
    });
    expect(report).toMatchObject({ articles: 2, mappings: 2, complaints: [] });
    const ids = ['tylenol 3', 'tylenol #3'].map((code) => library.findArticleIds({ system: 'drug-name', code }));
    expect(new Set(ids.flat()).size).toBe(2);
  });

  test('hidden files, tables and a README beside handouts are no handouts and not complained of', async () => {
    const { report } = await lay({ 'handouts/.notes': 'x', 'handouts/list.csv': 'x', 'handouts/README.txt': 'x' });
    expect(report.complaints).toEqual([]);
  });

  test("the catalogue's title wins over the file's name", async () => {
    const { library } = await lay({
      'handouts/icd10_j45_en.pdf': '%PDF-1.4',
      'articles/local.en.csv': `${TEXTS}local-icd-10-cm-j45,Your asthma plan,handouts/icd10_j45_en.pdf,,\n`,
      'mappings/icd-10-cm.csv': `${MAPPING}J45,local-icd-10-cm-j45,equivalent,1,,,\n`,
    });
    const [article] = articlesFor(library, 'icd-10-cm', 'J45');
    expect(article?.texts.en?.title).toBe('Your asthma plan');
  });

  test('a row of the site that says none is its last word, whatever handouts lie there', async () => {
    const { library } = await lay({
      'handouts/icd10_j45_en.pdf': '%PDF-1.4',
      'mappings/icd-10-cm.csv': `${MAPPING}J45,,none,,,,withdrawn\n`,
    });
    expect(await answer(library, 'J45')).toEqual([]);
  });

  test('a handout put in, changed or taken away is noticed at the next start', async () => {
    await lay({ 'handouts/icd10_j45_en.html': page('First') });
    const second = await lay({ 'handouts/icd10_j45_en.html': page('Second') });
    expect(articlesFor(second.library, 'icd-10-cm', 'J45')[0]?.texts.en?.title).toBe('Second');
    rmSync(join(local, 'handouts/icd10_j45_en.html'));
    const third = await lay({ 'handouts/icd10_w19_en.pdf': '%PDF-1.4' });
    expect(await answer(third.library, 'J45')).toEqual(['topic-asthma']);
    expect(await answer(third.library, 'W19')).toEqual(['local-icd-10-cm-w19']);
  });

  test('a folder of handouts alone, as OpenEMR keeps them, is enough', async () => {
    writeFiles(local, {});
    writeFileSync(join(local, 'icd10_j45_en.pdf'), '%PDF-1.4');
    const { library } = await lay({});
    expect(await answer(library, 'J45')).toEqual(['local-icd-10-cm-j45']);
  });
});

test('a link among handouts, were it to itself, is not followed and is named; all else is served', async () => {
  writeFiles(local, { 'handouts/icd10_w20_en.html': page('Falls') });
  symlinkSync('icd10_w19_en.pdf', join(local, 'handouts', 'icd10_w19_en.pdf'));
  const { library, report } = await lay({});
  expect(report.complaints).toEqual([
    { file: 'handouts/icd10_w19_en.pdf', line: 0, reason: 'a link is not followed: put the file itself here' },
  ]);
  expect(articlesFor(library, 'icd-10-cm', 'W20').map(({ texts }) => texts.en?.title)).toEqual(['Falls']);
});
