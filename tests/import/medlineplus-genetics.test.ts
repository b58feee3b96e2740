import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DATA, describeWithData } from '../support/shared-data.js';
import type { ImportPlace } from './import-place.js';
import { importPlace } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

const importTexts = (files: Readonly<Record<string, string>>) => place.importTexts('medlineplus-genetics', files);
const importOne = (condition: unknown) => importTexts({ 'one.json': JSON.stringify(condition) });
const article = (id: string) => place.look((library) => library.findArticles([id])[0]);

const URL = 'https://medlineplus.gov/genetics/condition/brittle-bones';
const part = (role: string, html: string) => ({ text: { 'text-role': role, html } });
const key = (db: string, code: string) => ({ 'db-key': { db, key: code } });
const CONDITION = {
  name: 'brittle bones',
  'ghr-page': 'https://ghr.nlm.nih.gov/condition/brittle-bones',
  'synonym-list': [{ synonym: 'Vrolik disease' }, { synonym: 'Vrolik disease' }],
  'text-list': [
    part('description', '<p>Bones <script>bad()</script>break.</p>'),
    part('frequency', '<p>It is rare.</p>'),
  ],
  'db-key-list': [key('SNOMED CT', '78314001'), key('ICD-10-CM', 'J45.909'), key('OMIM', '166200')],
};
const TEXT = '<h3>Description</h3><p>Bones break.</p>\n<h3>Frequency</h3><p>It is rare.</p>';

describe('a condition', () => {
  test('of a JSON file is an article with its whole text, at its address of today', async () => {
    expect(await importOne(CONDITION)).toMatchObject({ read: 1, rejected: 0, imported: { articles: 1, texts: 1 } });
    expect(await article('genetics-brittle-bones')).toMatchObject({
      publisher: { id: 'nlm' },
      sensitivity: 'GDIS',
      texts: {
        en: {
          title: 'Brittle bones',
          url: URL,
          alsoCalled: ['Vrolik disease'],
          summary: { html: TEXT },
          origin: 'imported',
        },
      },
    });
  });

  test('is the same with the other spelling of its keys, and in a list', async () => {
    const { 'ghr-page': page, 'text-list': texts, ...rest } = CONDITION;
    await importOne([{ ...rest, ghr_page: page, text_list: texts }]);
    expect((await article('genetics-brittle-bones'))?.texts.en).toMatchObject({ url: URL, summary: { html: TEXT } });
  });

  test.each(['ghr-page', 'ghr_page'])(
    'of the XML file of all, with %s, is the same; genes are passed over',
    async (page) => {
      const xml = `<summaries><gene-summary><name>COL1A1</name></gene-summary><health-condition-summary>
<name>brittle bones</name><${page}>${URL}/</${page}>
<text-list><text><text-role>description</text-role><html><![CDATA[<p>Bones break.</p>]]></html></text>
<text><html><![CDATA[<p>It is rare.</p>]]></html><text-role>frequency</text-role></text></text-list>
<synonym-list><synonym>Vrolik disease</synonym></synonym-list>
<db-key-list><db-key><db>SNOMED CT</db><key>78314001</key></db-key></db-key-list>
</health-condition-summary></summaries>`;
      expect(await importTexts({ 'ghr-summaries.xml': xml })).toMatchObject({ read: 1, rejected: 0 });
      expect((await article('genetics-brittle-bones'))?.texts.en).toMatchObject({
        url: URL,
        alsoCalled: ['Vrolik disease'],
        summary: { html: TEXT },
      });
      expect(await place.mappings('snomed-ct', '78314001')).toMatchObject([{ article: 'genetics-brittle-bones' }]);
    },
  );

  test('of the file of 2020 has plain text', async () => {
    const xml = `<MedlinePlusConditions><item type="dict"><term type="str">brittle bones</term><url>${URL}/</url>
<description>Bones &lt;b&gt; break.</description><synonyms><item>Vrolik disease</item></synonyms>
<resources><A><item><term>Another name</term></item></A></resources></item></MedlinePlusConditions>`;
    await importTexts({ 'conditions.xml': xml });
    expect((await article('genetics-brittle-bones'))?.texts.en).toMatchObject({
      title: 'Brittle bones',
      alsoCalled: ['Vrolik disease'],
      summary: { html: '<h3>Description</h3><p>Bones &lt;b&gt; break.</p>' },
    });
  });

  test('answers its codes, but for those that other rows answer', async () => {
    await importOne(CONDITION);
    expect(await place.mappings('snomed-ct', '78314001')).toMatchObject([
      { article: 'genetics-brittle-bones', relationship: 'equivalent', layer: 'imported' },
    ]);
    expect((await place.mappings('icd-10-cm', 'J45.909')).filter(({ layer }) => layer === 'imported')).toEqual([]);
  });

  test('that is listed once for each of its names is imported once', async () => {
    expect(await importOne([CONDITION, CONDITION])).toMatchObject({ read: 2, rejected: 0, imported: { articles: 1 } });
  });

  test('of several codes is broader than each', async () => {
    await importOne({ ...CONDITION, 'db-key-list': [key('SNOMED CT', '78314001'), key('SNOMED CT', '205496008')] });
    expect(await place.mappings('snomed-ct', '205496008')).toMatchObject([{ relationship: 'broader' }]);
  });
});

describe('rejected', () => {
  test.each([
    [
      'a gene',
      { ...CONDITION, 'ghr-page': 'https://medlineplus.gov/genetics/gene/col1a1' },
      'not the address of a condition',
    ],
    ['another site', { ...CONDITION, 'ghr-page': 'javascript:alert(1)' }, 'not the address of a condition'],
    ['no name', { ...CONDITION, name: 7 }, 'has no name'],
    ['a text without end', { ...CONDITION, 'text-list': [part('description', 'x'.repeat(200_001))] }, 'is too long'],
  ])('is %s, and the others are imported', async (_name, condition, reason) => {
    const other = { ...CONDITION, 'ghr-page': `${URL}-2` };
    const another = { ...CONDITION, 'ghr-page': `${URL}-3` };
    const report = await importOne([condition, other, another]);
    expect(report).toMatchObject({ rejected: 1, imported: { articles: 2 } });
    expect(report.complaints[0]?.reason).toContain(reason);
  });

  test.each([
    ['truncated JSON', 'one.json', '{"name": "brittle', 'is not JSON'],
    ['an empty list', 'one.json', '[]', 'has no condition'],
    ['other XML', 'one.xml', '<health-topics/>', 'its root element is health-topics'],
    ['truncated XML', 'one.xml', '<summaries><health-condition-summary>', 'not a complete XML document'],
    ['XML that nests without end', 'one.xml', `<summaries>${'<a>'.repeat(10_000)}`, 'nested too deeply'],
    [
      'an entity that is declared',
      'one.xml',
      '<!DOCTYPE summaries [<!ENTITY a "b">]><summaries>&a;</summaries>',
      'not a complete XML',
    ],
    ['another kind of file', 'one.txt', 'x', 'none of the files'],
  ])('is %s as a whole', async (_name, file, text, reason) => {
    await expect(importTexts({ [file]: text })).rejects.toThrow(reason);
  });
});

describeWithData('genetics', "NLM's own files", () => {
  test('are read in all three forms', async () => {
    const files = ['json/alzheimer-disease.json', 'json/osteogenesis-imperfecta.json', 'z.condition_2020-11.xml'];
    const texts = files.map((file) => [file.replace('json/', ''), readFileSync(join(DATA, 'genetics', file), 'utf8')]);
    const report = await importTexts(Object.fromEntries(texts) as Record<string, string>);
    expect(report).toMatchObject({ read: 11, rejected: 0, imported: { articles: 8, texts: 8 } });
    const known = await article('genetics-osteogenesis-imperfecta');
    expect(known?.texts.en?.summary?.html).toMatch(/^<h3>Description<\/h3><p>Osteogenesis imperfecta \(OI\)/);
  });
});
