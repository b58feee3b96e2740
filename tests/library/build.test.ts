import { appendFileSync, existsSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Library } from '../../src/core/model/library.js';
import type { BuildReport } from '../../src/build/build.js';
import type { OpenOptions } from '../../src/library/open.js';
import { buildLibraryFile, openLibrary } from '../../src/library/open.js';
import { ReleaseFolder } from '../../src/store/release-folder.js';
import { temporaryFolder } from '../support/connector.js';
import { seedPlaces } from './places.js';
import { columnOf, openFile } from '../support/library-file.js';

let folder: ReturnType<typeof temporaryFolder>;
let places: OpenOptions;
beforeEach(() => {
  folder = temporaryFolder();
  places = seedPlaces(folder.path);
});
afterEach(() => {
  folder.remove();
});

/** Opens the library, asks it, closes it; answers what was asked and what was built on the way. */
async function inLibrary<T>(ask: (library: Library) => Promise<T> | T): Promise<{ answer: T; reports: BuildReport[] }> {
  const { library, reports } = await openLibrary(places);
  try {
    return { answer: await ask(library), reports: [...reports] };
  } finally {
    await library.close();
  }
}

const articlesOf = (code: string) => (library: Library) => library.findArticleIds({ system: 'icd-10-cm', code });
const inMappings = (name: string): string => join(places.mappingsDir, name);
const inArticles = (name: string): string => join(places.resourcesDir, 'articles', name);
const withoutLine = (file: string, start: string): void => {
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.filter((line) => !line.startsWith(start)).join('\n'));
};

describe('the first build', () => {
  test('makes the file and its folder, and reports what is in it', async () => {
    places = { ...places, libraryPath: join(folder.path, 'deep/down/library.db') };
    const { answer, reports } = await inLibrary((library) => library.status());
    expect(existsSync(places.libraryPath)).toBe(true);
    expect(reports).toEqual([{ layer: 'starter', name: answer.release, articles: 10, mappings: 17, complaints: [] }]);
  });

  test('names the release after its layer and the day its files give, not after the clock', async () => {
    writeFileSync(join(places.resourcesDir, 'release.json'), '{ "date": "2025-02-03" }');
    const { answer } = await inLibrary((library) => library.status());
    expect(answer.release).toMatch(/^starter-2025-02-03-[0-9a-f]{8}$/);
    expect(answer.date).toBe('2025-02-03');
  });

  test('keeps the file in WAL mode, so that readers go on during a build', async () => {
    await buildLibraryFile(places);
    const db = openFile(places.libraryPath);
    expect(columnOf(db, 'PRAGMA journal_mode')[0]).toBe('wal');
    db.close();
  });
});

describe('a later start', () => {
  beforeEach(async () => {
    await buildLibraryFile(places);
  });

  test('builds nothing where no file has changed', async () => {
    expect((await inLibrary(articlesOf('W19'))).reports).toEqual([]);
  });

  test('builds nothing where only a time stamp has changed', async () => {
    utimesSync(inMappings('icd-10-cm.csv'), new Date(), new Date());
    expect((await inLibrary(articlesOf('W19'))).reports).toEqual([]);
  });

  test.each([
    [
      'a row added to a mapping',
      () => {
        appendFileSync(inMappings('icd-10-cm.csv'), 'W20,topic-falls,related,1,,,\n');
      },
    ],
    [
      'a new mapping file',
      () => {
        writeFileSync(inMappings('cvx.csv'), 'code,article,relationship,rank\n08,topic-falls,related,1\n');
      },
    ],
    [
      'a new title',
      () => {
        appendFileSync(inArticles('topic.es.csv'), 'topic-falls,Caídas,https://medlineplus.gov/spanish/falls.html,,\n');
      },
    ],
    [
      'a crosswalk',
      () => {
        appendFileSync(inMappings('crosswalks/rxnorm.rxnorm.csv'), '860975,6809\n');
      },
    ],
    [
      'a file taken away',
      () => {
        rmSync(inMappings('drug-name.csv'));
      },
    ],
    [
      'a publisher renamed',
      () => {
        appendFileSync(inArticles('publisher.csv'), 'other,Other,https://other.example/,false\n');
      },
    ],
  ])('builds anew after %s, once', async (_what, change) => {
    change();
    expect((await inLibrary(articlesOf('W19'))).reports.map(({ layer }) => layer)).toEqual(['starter']);
    expect((await inLibrary(articlesOf('W19'))).reports).toEqual([]);
  });

  test('answers from the new files and from nothing of the old', async () => {
    const before = (await inLibrary((library) => library.status())).answer;
    withoutLine(inMappings('icd-10-cm.csv'), 'W19');
    appendFileSync(inMappings('icd-10-cm.csv'), 'W20,topic-falls,related,1,,,\n');
    expect((await inLibrary(articlesOf('W20'))).answer).toEqual(['topic-falls']);
    expect((await inLibrary(articlesOf('W19'))).answer).toEqual([]);
    const { answer } = await inLibrary((library) => library.status());
    expect(answer).toMatchObject({ articles: before.articles, mappings: before.mappings });
    expect(answer.release).not.toBe(before.release);
  });

  test('keeps the rows of the release before the one in use, and of none older', async () => {
    for (const code of ['W20', 'W21', 'W22']) {
      appendFileSync(inMappings('icd-10-cm.csv'), `${code},topic-falls,related,1,,,\n`);
      await buildLibraryFile(places);
    }
    const db = openFile(places.libraryPath, 'read');
    const states = columnOf(db, 'SELECT state FROM release ORDER BY id');
    const files = columnOf(db, "SELECT file FROM release WHERE state = 'ready'");
    db.close();
    expect(readdirSync(ReleaseFolder.beside(places.libraryPath).path).sort()).toEqual(
      files.map((file) => `${String(file)}.db`).sort(),
    );
    expect(states).toEqual(['gone', 'gone', 'ready', 'ready']);
  });

  test('finds the rows whose article has gone since, as the first build would', async () => {
    withoutLine(inArticles('topic.en.csv'), 'topic-falls');
    withoutLine(inArticles('topic.csv'), 'topic-falls');
    const { reports } = await inLibrary(articlesOf('W19'));
    const complaints = reports.flatMap((report) => report.complaints);
    expect(complaints.map(({ file }) => file).sort()).toEqual([
      'icd-10-cm.csv',
      'icd-9-cm.csv',
      'icd-9-cm.csv',
      'rxnorm.csv',
    ]);
    expect((await inLibrary(articlesOf('W19'))).answer).toEqual([]);
  });

  test('is right again when files go back to what they were', async () => {
    const before = (await inLibrary((library) => library.status())).answer;
    const text = readFileSync(inMappings('icd-10-cm.csv'));
    appendFileSync(inMappings('icd-10-cm.csv'), 'W20,topic-falls,related,1,,,\n');
    await buildLibraryFile(places);
    writeFileSync(inMappings('icd-10-cm.csv'), text);
    expect((await inLibrary((library) => library.status())).answer).toEqual(before);
  });
});

describe('a file that is no library', () => {
  test('is refused with an error and not overwritten', async () => {
    writeFileSync(places.libraryPath, 'these are notes, not a database, and somebody may need them'.repeat(100));
    await expect(openLibrary(places)).rejects.toThrow(/not a database/);
    expect(readFileSync(places.libraryPath, 'utf8')).toMatch(/^these are notes/);
  });

  test('is refused where it is empty: what was in it is not built anew without a word', async () => {
    writeFileSync(places.libraryPath, '');
    for (const readOnly of [false, true]) {
      await expect(openLibrary({ ...places, readOnly })).rejects.toThrow(
        /it is empty \(0 bytes\): put back a copy, or remove it/,
      );
    }
    expect(readFileSync(places.libraryPath)).toHaveLength(0);
    rmSync(places.libraryPath);
    expect((await inLibrary(articlesOf('W19'))).answer).not.toEqual([]);
    // The unfinished file is gone.
    expect(readdirSync(dirname(places.libraryPath)).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  test('is refused where it is a database of something else, and keeps its tables', async () => {
    const other = openFile(places.libraryPath);
    other.exec('CREATE TABLE patient (name TEXT)');
    other.close();
    await expect(openLibrary(places)).rejects.toThrow(/database of something else/);
    const after = openFile(places.libraryPath, 'read');
    expect(columnOf(after, 'SELECT name FROM sqlite_schema')).toEqual(['patient']);
    after.close();
  });

  test('is refused where a later version made it', async () => {
    await buildLibraryFile(places);
    const later = openFile(places.libraryPath);
    later.exec('PRAGMA user_version = 99');
    later.close();
    await expect(openLibrary(places)).rejects.toThrow(/later version/);
  });
});

describe('a library of the first version', () => {
  test('is built anew', async () => {
    const old = openFile(places.libraryPath);
    old.exec('CREATE TABLE active_release (layer TEXT PRIMARY KEY); CREATE TABLE mapping (code TEXT)');
    old.close();
    expect((await inLibrary(articlesOf('W19'))).answer).toEqual(['topic-falls']);
  });
});

describe('code systems that are left out', () => {
  test('bring no rows and no titles, and come back when they are let in', async () => {
    await buildLibraryFile({ ...places, omitCodeSystems: ['icd-10-cm'] });
    const without = (await openLibrary({ ...places, omitCodeSystems: ['icd-10-cm'] })).library;
    expect(without.findMappings([{ system: 'icd-10-cm', code: 'W19' }])).toEqual([]);
    expect(without.findConcepts([{ system: 'icd-10-cm', code: 'N53.14' }])).toEqual([]);
    expect(without.status().systems).not.toContain('icd-10-cm');
    expect(without.status().articles).toBeGreaterThan(0);
    await without.close();
    expect((await inLibrary(articlesOf('W19'))).answer).toEqual(['topic-falls']);
  });
});

describe('on a full disk', () => {
  test('a library that cannot be written to at all opens as it is, if it is up to date', async () => {
    await buildLibraryFile(places);
    const { libraryPath } = places;
    const full = Object.assign(new Error('disk I/O error'), { errcode: 778 });
    const clock = (): never => {
      throw full;
    };
    places = { ...places, writer: { ...places.writer, clock } };
    expect((await inLibrary(articlesOf('W19'))).answer).not.toEqual([]);
    appendFileSync(inMappings('icd-10-cm.csv'), 'Q99,topic-acne,related,1,,curated,\n');
    await expect(inLibrary((library) => library.status())).rejects.toThrow(
      `cannot open the library at ${libraryPath}: disk I/O error`,
    );
  });
});
