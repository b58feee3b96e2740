import { copyFileSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { searchLibrary } from '../../src/core/search/text-search.js';
import type { OpenOptions, OpenedLibrary } from '../../src/library/open.js';
import { FORMAT_BEFORE, RELEASE_FORMAT } from '../../src/catalogue/releases/release-facts.js';
import { NO_ROWS, type LibraryRows } from '../../src/build/source.js';
import { createDatabase, openLibrary } from '../../src/library/open.js';
import { listReleases, storeFile } from '../../src/store/release-store.js';
import { Releases } from '../../src/library/releases.js';
import { handoutRows } from '../contract/written-rows.js';
import { temporaryFolder } from '../support/connector.js';
import { columnOf, openFile, releaseFileOf } from '../support/library-file.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { seedPlaces } from './places.js';

// A library of the program's version before releases were files: their rows were in tables.

const server = suitePostgres();

let folder: ReturnType<typeof temporaryFolder>;
let opened: OpenedLibrary | undefined;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await opened?.written.close();
  await opened?.library.close();
  opened = undefined;
  folder.remove();
});

const tablesOf = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

const release = (id: number, layer: string, source: string, state: string, day: string): string => {
  const content = { rows: {}, complete: [], changes: {}, replaced: id === 12 ? 11 : null };
  const values = [
    id,
    layer,
    source,
    `${source}-${id}`,
    '',
    '2026-01-02',
    state,
    'old:1',
    0,
    `2026-01-${day}T00:00:00.000Z`,
  ];
  return `INSERT INTO release (id, layer, source, name, digest, built_on, state, writer, touched_at, activated_at, content)
    OVERRIDING_SYSTEM VALUES (${[...values, JSON.stringify(content)].map((one) => `'${one}'`).join(', ')})`;
};
const text = (id: number, article: string, title: string): string =>
  `INSERT INTO article_text VALUES (${id}, '${article}', 'en', '{"title":"${title}","url":"https://paper.example/${article}"}')`;

/** Two imports, of which the second no longer has an article; a release that died; and what a site has written. */
const ROWS = [
  release(11, 'imported', 'paper', 'ready', '03'),
  release(12, 'imported', 'paper', 'ready', '04'),
  release(13, 'imported', 'paper', 'writing', '05'),
  release(14, 'written', 'written', 'ready', '06'),
  text(11, 'topic-dropped', 'A dropped page'),
  text(11, 'topic-kept', 'Kept'),
  text(12, 'topic-kept', 'Barking cough'),
  text(14, 'local-a', 'A handout'),
  "INSERT INTO mapping VALUES (12, 'icd-10-cm', 'R05', 'topic-kept', 'equivalent', 1, NULL, 'curated', '')",
  "INSERT INTO mapping VALUES (14, 'icd-10-cm', 'W19', 'local-a', 'equivalent', 1, NULL, 'site', '')",
  "INSERT INTO concept VALUES (12, 'icd-10-cm', 'R05', 'Cough', NULL, 0, 1, '[]')",
  "INSERT INTO crosswalk VALUES (12, 'icd-9-cm', '786.2', 'icd-10-cm', 'R05', 'equivalent')",
  "INSERT INTO active_release VALUES ('imported', 'paper', 12), ('written', 'written', 14)",
  `INSERT INTO written_resource VALUES ('Document', 'a', 1, '${JSON.stringify(handoutRows('local-a', 'W19'))}')`,
];

async function makeFile(): Promise<OpenOptions> {
  const places = seedPlaces(folder.path);
  const db = openFile(places.libraryPath);
  db.exec(tablesOf('tables-5.sqlite.sql'));
  for (const sql of ROWS) db.exec(sql.replace('OVERRIDING_SYSTEM', ''));
  db.exec("INSERT INTO written_version VALUES (1, 'Document', 'a', 1, 'PUT', '2026-01-06T00:00:00.000Z', '{}')");
  db.exec('PRAGMA user_version = 5');
  db.close();
  return places;
}

async function makeDatabase(): Promise<OpenOptions> {
  const url = await server().createDatabase();
  const client = new pg.Client(url);
  await client.connect();
  await client.query(tablesOf('tables-4.postgres.sql'));
  await client.query('ALTER TABLE written_version ALTER COLUMN sequence DROP IDENTITY IF EXISTS');
  for (const sql of ROWS) await client.query(sql.replace('OVERRIDING_SYSTEM', 'OVERRIDING SYSTEM VALUE'));
  await client.query("SELECT setval(pg_get_serial_sequence('release', 'id'), 14)");
  await client.query(
    "INSERT INTO written_version VALUES (1, 'Document', 'a', 1, 'PUT', '2026-01-06T00:00:00.000Z', '{}')",
  );
  await client.query('CREATE TABLE schema_version (version INTEGER NOT NULL); INSERT INTO schema_version VALUES (4)');
  await client.end();
  return { ...seedPlaces(folder.path), database: { url, maxConnections: 2 } };
}

test.each([
  ['a file', makeFile],
  ['PostgreSQL', makeDatabase],
])(
  'of releases in tables of %s files are made: what was imported, written and withdrawn is there as before',
  async (_where, make) => {
    const places = await make();
    opened = await openLibrary(places);
    const { library, written } = opened;
    expect(library.status().releases.map(({ source }) => source)).toEqual(['written', 'paper', 'starter']);
    expect(library.findArticleIds({ system: 'icd-10-cm', code: 'R05' })).toEqual(['topic-kept']);
    expect(library.findMappings([{ system: 'icd-9-cm', code: '786.2' }])).toMatchObject([{ article: 'topic-kept' }]);
    expect(library.findConcepts([{ system: 'icd-10-cm', code: 'R05' }])).toMatchObject([
      { title: 'Cough', billable: false },
    ]);
    expect(library.findArticleIds({ system: 'icd-10-cm', code: 'W19' })).toEqual(['local-a']);
    expect(await written.list('Document')).toHaveLength(1);
    expect(library.findWithdrawn({ prefix: '' }).map(({ article }) => article.id)).toContain('topic-dropped');
    expect(library.findWithdrawn(['topic-dropped'])[0]?.article.texts.en?.title).toBe('A dropped page');
    const [hit] = await searchLibrary({ query: 'barking cough', language: 'en', kind: undefined, count: 1 }, library);
    expect(hit).toMatchObject({ article: { id: 'topic-kept' } });
    const releases = await Releases.open(places);
    expect(await releases.rollback('paper')).toMatchObject({ name: 'paper-11' });
    await releases.close();
  },
);

test('of a file that was converted the tables are gone, and a second start finds nothing to do', async () => {
  const places = await makeFile();
  for (const _start of [1, 2]) {
    const { library, written } = await openLibrary(places);
    await written.close();
    await library.close();
  }
  const db = openFile(places.libraryPath, 'read');
  const tables = columnOf(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  db.close();
  expect(tables).toEqual([
    'active_release',
    'feedback',
    'handed_over',
    'handed_over_clock',
    'handed_over_erasure',
    'handed_over_item',
    'handed_over_mark',
    'handed_over_text',
    'release',
    'release_part',
    'written_resource',
    'written_version',
  ]);
});

/** Puts the file of a release in use into the format before, in which rows were not indexed by article. */
async function toFormatBefore(places: OpenOptions, source: string): Promise<void> {
  const db = await createDatabase(places).connect();
  const release = (await listReleases(db)).find((one) => one.source === source && one.isActive);
  if (!release) throw new Error(`no release of ${source}`);
  const path = db.releases.newPath();
  copyFileSync(db.releases.buildPath(release.file), path);
  const file = openFile(path);
  file.exec(`
    DROP INDEX mapping_by_article;
    ALTER TABLE summary_document DROP COLUMN day;
    ALTER TABLE summary_document DROP COLUMN language;
    UPDATE facts SET facts = json_remove(facts, '$.mappings');
    PRAGMA user_version = ${FORMAT_BEFORE}`);
  file.close();
  const finished = await db.releases.measure(path);
  await db.releases.put(path, finished);
  if (db.storesFiles) await storeFile(db, finished);
  await db.run('UPDATE release SET file = $1, bytes = $2 WHERE id = $3', finished.file, finished.bytes, release.id);
  await db.close();
}

const PAPER = {
  ...NO_ROWS,
  publishers: [{ id: 'paper', name: 'Paper', url: '', licensed: true, texts: {} }],
  articles: [{ id: 'topic-paper', publisher: 'paper' }],
  texts: [
    {
      article: 'topic-paper',
      language: 'en',
      title: 'Barking cough',
      url: 'https://p.example',
      summaryHtml: '<p>Steam</p>',
    },
  ],
  mappings: [
    { system: 'icd-10-cm', code: 'R05', article: 'topic-paper', relationship: 'equivalent', rank: 1, line: 0 },
    { system: 'icd-10-cm', code: 'R06', article: undefined, relationship: 'none', rank: 1, line: 0 },
  ].map((row) => ({ ...row, sensitivity: undefined, origin: 'curated', note: '' })),
  concepts: [
    { system: 'icd-10-cm', code: 'R05', title: 'Cough', parent: undefined, billable: false, active: true, names: [] },
  ],
  leafletCodes: [{ system: 'rxnorm', code: '1', rank: 1, setId: undefined, maker: 'A', reason: 'no-patient-section' }],
} as LibraryRows;

test.each([
  ['a file', async () => seedPlaces(folder.path)],
  [
    'PostgreSQL',
    async () => ({
      ...seedPlaces(folder.path),
      database: { url: await server().createDatabase(), maxConnections: 2 },
    }),
  ],
])('files of the format before, over %s, are converted: every lookup answers as before', async (_where, make) => {
  const places: OpenOptions = await make();
  const releases = await Releases.open(places);
  const target = await releases.begin({ source: 'paper', name: 'paper', builtOn: '2026-01-02' });
  await target.write(PAPER);
  await target.finish([]);
  await releases.close();
  const look = async (): Promise<unknown> => {
    const { library, written } = await openLibrary(places);
    const code = { system: 'icd-10-cm', code: 'R05' } as const;
    const { release, articles, mappings, texts, systems } = library.status();
    const found = [
      [release, articles, mappings, texts, systems],
      library.findMappings([code, { ...code, code: 'R06' }]),
      library.findArticles(['topic-paper']),
      library.findConcepts([code]),
      library.findCodes('topic-paper').toArray(),
      library.findReleaseDate('topic-paper'),
      library.search.findSummariesWith(['steam']),
      library.findLeaflets({ system: 'rxnorm', code: '1' }),
      await searchLibrary({ query: 'barking cough', language: 'en', kind: undefined, count: 1 }, library),
    ];
    await written.close();
    await library.close();
    return found;
  };
  const before = await look();
  await toFormatBefore(places, 'paper');
  expect(await look()).toEqual(before);
  const format = (): unknown =>
    columnOf(openFile(releaseFileOf(createDatabase(places).localPath, 'paper'), 'read'), 'PRAGMA user_version')[0];
  expect(format()).toBe(RELEASE_FORMAT);
  expect(await look()).toEqual(before);
});
