import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { validateXML } from 'xmllint-wasm';
import { buildLibraryFile, openLibrary } from '../../../src/library/open.js';
import { Releases } from '../../../src/library/releases.js';
import { NO_ROWS } from '../../../src/build/source.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector, temporaryFolder } from '../../support/connector.js';
import { seedPlaces } from '../../library/places.js';

const ATOM_SCHEMA = readFileSync(new URL('../../support/atom.xsd', import.meta.url), 'utf8');
/** The attributes of the xml namespace that the schema refers to. */
const XML_NAMESPACE = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    targetNamespace="http://www.w3.org/XML/1998/namespace">
  <xs:attribute name="lang" type="xs:language"/>
  <xs:attribute name="base" type="xs:anyURI"/>
</xs:schema>`;

const folder = temporaryFolder();
let clock = new Date('2026-03-01T08:00:00Z');
const places = { ...seedPlaces(folder.path), writer: { name: 'test:1', clock: () => clock } };
let connector: TestConnector;

async function importConcepts(name: string, titles: Readonly<Record<string, string>>): Promise<void> {
  const releases = await Releases.open(places);
  const target = await releases.begin({ source: 'test-source', name, builtOn: '2026-01-01' });
  const concepts = Object.entries(titles).map(([code, title]) => {
    return { system: 'icd-10-cm' as const, code, title, parent: undefined, billable: true, active: true, names: [] };
  });
  await target.write({ ...NO_ROWS, concepts });
  await target.finish([]);
  await releases.close();
}

beforeAll(async () => {
  await buildLibraryFile(places);
  clock = new Date('2026-04-01T08:00:00Z');
  await importConcepts('test-source-1', { A00: 'Cholera', A01: 'Typhoid <fever>' });
  clock = new Date('2026-05-01T08:00:00Z');
  await importConcepts('test-source-2', { A00: 'Cholera', A01: 'Typhoid & paratyphoid', A02: 'Salmonella' });
  connector = await startConnector({ library: (await openLibrary({ ...places, readOnly: true })).library });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

const get = async (query = '', headers: Record<string, string> = {}) =>
  fetch(`${connector.url}/updates.atom${query}`, { headers });

/** Texts of an element, in the order of the document. */
const textsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))].map(([, text = '']) => text);

describe('the feed of releases', () => {
  test('is valid Atom with our name, a self link and the time of the last release', async () => {
    const response = await get();
    const xml = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const { errors } = await validateXML({
      xml: { fileName: 'updates.atom', contents: xml },
      schema: { fileName: 'atom.xsd', contents: ATOM_SCHEMA },
      preload: { fileName: 'xml.xsd', contents: XML_NAMESPACE },
    });
    expect(errors).toEqual([]);
    expect(xml).toContain(`<link rel="self" type="application/atom+xml" href="${connector.url}/updates.atom"`);
    expect(textsOf(xml, 'updated')[0]).toBe('2026-05-01T08:00:00.000Z');
    expect(response.headers.get('last-modified')).toBe('Fri, 01 May 2026 08:00:00 GMT');
  });

  test('has an entry for each release, the latest first, under an id that stays', async () => {
    const xml = await (await get()).text();
    const ids = textsOf(xml, 'id');
    expect(ids.slice(0, 3)).toEqual([
      'tag:education-connect.example,2026:updates',
      'tag:education-connect.example,2026:release/test-source-2',
      'tag:education-connect.example,2026:release/test-source-1',
    ]);
    expect(ids).toHaveLength(4);
    for (const name of ['title', 'updated']) expect(textsOf(xml, name)).toHaveLength(4);
    expect(textsOf(xml, 'title')[1]).toBe('test-source-2, content of 2026-01-01');
  });

  test('says what was added, changed and withdrawn, with examples', async () => {
    const [latest = '', before = ''] = textsOf(await (await get()).text(), 'content');
    expect(latest).toContain('Codes described: 1 added, 1 changed, 0 withdrawn.');
    expect(latest).toContain('&lt;li&gt;added: icd-10-cm A02&lt;/li&gt;');
    expect(latest).toContain('&lt;li&gt;changed: icd-10-cm A01&lt;/li&gt;');
    expect(latest).not.toContain('no longer in use');
    expect(before).toContain('Codes described: 2 added');
    expect(before).toContain('It is no longer in use.');
  });

  test('is told in Spanish where Spanish is asked, by its self link too', async () => {
    const response = await get('?language=es-MX');
    const xml = await response.text();
    expect(response.headers.get('content-language')).toBe('es');
    expect(xml).toContain('xml:lang="es"');
    expect(xml).toContain('/updates.atom?language=es"');
    expect(textsOf(xml, 'content')[0]).toContain('Códigos descritos: 1 añadidos');
  });

  test('a reader that holds it is told so', async () => {
    const first = await get();
    const etag = first.headers.get('etag') ?? '';
    expect((await get('', { 'If-None-Match': etag })).status).toBe(304);
    expect((await get('', { 'If-Modified-Since': 'Fri, 01 May 2026 08:00:00 GMT' })).status).toBe(304);
    expect((await get('', { 'If-Modified-Since': 'Thu, 30 Apr 2026 08:00:00 GMT' })).status).toBe(200);
  });

  test('an error is told in XML', async () => {
    const response = await fetch(`${connector.url}/updates.atom`, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(await response.text()).toContain('<error><code>method-not-allowed</code><status>405</status>');
  });
});

test('a release that came back is told once, at the time it came back', async () => {
  clock = new Date('2026-06-01T08:00:00Z');
  const releases = await Releases.open(places);
  await releases.rollback('test-source');
  await releases.close();
  while (!connector.library.status().release.includes('test-source-1'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const xml = await (await get()).text();
  expect(textsOf(xml, 'id').slice(1, 3)).toEqual([
    'tag:education-connect.example,2026:release/test-source-1',
    'tag:education-connect.example,2026:release/test-source-2',
  ]);
  expect(textsOf(xml, 'updated')[0]).toBe('2026-06-01T08:00:00.000Z');
});

test('a release that left its use says so at the time it left', async () => {
  clock = new Date('2026-07-01T08:00:00Z');
  const releases = await Releases.open(places);
  await releases.remove('test-source');
  await releases.close();
  while (connector.library.status().release.includes('test-source'))
    await new Promise((resolve) => setTimeout(resolve, 20));
  const xml = await (await get()).text();
  const [feed, ...entries] = textsOf(xml, 'updated');
  expect(feed).toBe('2026-07-01T08:00:00.000Z');
  expect(entries.slice(0, 2)).toEqual(['2026-07-01T08:00:00.000Z', '2026-06-01T08:00:00.000Z']);
});
