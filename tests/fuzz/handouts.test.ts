import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { handoutName } from '../../src/core/model/article.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { judge } from './judge.js';
import { Random } from './random.js';

const SEED = 22;
const FILES = 150;
const PATHS = 300;
const SECRET = 'what-nobody-may-read';

const folder = temporaryFolder();
const files = new Map<string, Buffer>();
let connector: TestConnector;

const CODES = ['icd10_j45', 'icd10_e11.9', 'icd10_N53.14', 'snomed_195967001', 'loinc_4548-4', 'drug_metformin', 'x_y'];
const WORDS = [
  'en',
  'es',
  'fr',
  '',
  ' ',
  '%2e%2e',
  "'",
  '"',
  '<script>',
  '&amp;',
  '\n',
  '\t',
  'é',
  '\u{1f600}',
  '#',
  '?',
  ';',
];

function nameOf(random: Random): string {
  const code = random.chance(0.8)
    ? random.pick(CODES)
    : random.times(random.below(20), () => random.pick(WORDS)).join('');
  const language = random.chance(0.7) ? random.pick(['en', 'es']) : random.pick(WORDS);
  const tail = random.chance(0.4) ? '' : random.times(random.below(4), () => random.pick(WORDS)).join('_');
  const extension = random.pick(['.pdf', '.html', '.htm', '.PDF', '.html', '.exe', '']);
  return `${code}_${language}${tail === '' ? '' : `_${tail}`}`.replaceAll('/', '').slice(0, 120) + extension;
}

function contentOf(random: Random): Buffer {
  const bytes = Buffer.from(random.times(random.below(3000), () => random.below(256)));
  const title = random.pick([
    'A',
    '',
    '<b>',
    '&#0;',
    '&#x110000;',
    '&amp;'.repeat(200),
    'x'.repeat(10_000),
    '\u0000',
    '</title>',
  ]);
  return random.pick([
    bytes,
    Buffer.alloc(0),
    Buffer.from(`<!DOCTYPE html><title>${title}</title><script>alert(1)</script>`),
    Buffer.from(`<title>${title}`),
    Buffer.from(`\ufeff<TITLE lang=en>${title}</TITLE>`, 'utf16le'),
    Buffer.concat([Buffer.from('<title>'), bytes, Buffer.from('</title>')]),
    Buffer.from(`%PDF-1.4\n${title}`),
  ]);
}

beforeAll(async () => {
  const handouts = join(folder.path, 'site', 'handouts');
  mkdirSync(join(handouts, 'icd10_i10_en.pdf'), { recursive: true });
  mkdirSync(join(handouts, 'below'));
  for (const path of [join(folder.path, 'site', 'secret.pdf'), join(folder.path, 'icd10_j45_en.pdf')]) {
    writeFileSync(path, SECRET);
  }
  symlinkSync(join(folder.path, 'site', 'secret.pdf'), join(handouts, 'icd10_r05_en.pdf'));
  symlinkSync(join(folder.path, 'nowhere'), join(handouts, 'icd10_r06.02_en.html'));
  for (let number = 0; number < FILES; number += 1) {
    const random = new Random(SEED, number);
    const [name, content] = [nameOf(random), contentOf(random)];
    if (name.startsWith('.') || name === '') continue;
    writeFileSync(join(handouts, name), content);
    files.set(name, content);
  }
  connector = await startConnector({ env: { LOCAL_LIBRARY: join(folder.path, 'site') } });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

const asked = (number: number, path: string) => ({
  number,
  method: 'GET',
  path,
  headers: [],
  body: undefined,
  bytes: undefined,
});

test('handouts of any name and content are given as they are, or left out', async () => {
  const { library } = connector;
  const articles = library.findArticles(library.findArticleIds({ prefix: 'local-' }));
  const names = articles.flatMap(({ texts }) => Object.values(texts).flatMap(({ url }) => handoutName(url) ?? []));
  expect(names.length).toBeGreaterThan(5);
  for (const name of names) {
    const { status, body, headers } = await ask(connector.url, `/handouts/${encodeURIComponent(name)}`);
    expect([name, status, headers['x-content-type-options']]).toEqual([name, 200, 'nosniff']);
    expect(body.equals(files.get(name) ?? Buffer.from('?'))).toBe(true);
  }
  // The content of a title is text wherever it is shown.
  for (const [number, { id }] of articles.entries()) {
    for (const path of [`/article/${id}`, `/fhir/DocumentReference?_id=${id}-en,${id}-es`]) {
      const reply = await ask(connector.url, path);
      expect([path, judge(asked(number, path), reply), reply.text.includes('<script>alert')]).toEqual([
        path,
        undefined,
        false,
      ]);
    }
  }
});

test('no address below the folder breaks anything or leads out of it', async () => {
  const parts = [
    '..',
    '%2e%2e',
    '..%2f',
    '%2f',
    '/',
    '//',
    '%5c',
    '\\',
    '%00',
    '%',
    '%e9',
    '.',
    'below',
    'secret.pdf',
    'site',
  ];
  for (let number = 0; number < PATHS; number += 1) {
    const random = new Random(SEED + 1, number);
    const known = random.pick([...files.keys()]);
    const path = `/handouts/${random
      .times(1 + random.below(6), () => (random.chance(0.2) ? encodeURIComponent(known) : random.pick(parts)))
      .join(random.pick(['/', '']))}`;
    const reply = await ask(connector.url, path);
    const isFile = [...files.values()].some((content) => content.length > 0 && content.equals(reply.body));
    const complaint = reply.status === 200 && isFile ? undefined : judge(asked(number, path), reply);
    expect([path, complaint, reply.text.includes(SECRET)]).toEqual([path, undefined, false]);
  }
});
