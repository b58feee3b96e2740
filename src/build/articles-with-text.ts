import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { Coding } from '../core/codes/concept.js';
import { getOrAdd } from '../core/remember.js';
import { ReleaseFile } from '../catalogue/releases/release-file.js';
import type { Connection } from '../store/connection.js';
import { fetchFiles } from '../store/fetch-release.js';
import { listActiveReleases, type StoredRelease } from '../store/release-store.js';
import { EMPTY_LOG, isWritten } from '../store/written-log.js';

/** Runs a query on the file of a release; the file is fetched first if this machine lacks it. */
export async function onReleaseFile<T>(
  db: Connection,
  release: StoredRelease,
  ask: (file: ReleaseFile) => T,
): Promise<T> {
  await fetchFiles(db, db.releases, [release]);
  const file = ReleaseFile.open({ ...release, path: db.releases.buildPath(release.file) });
  try {
    return ask(file);
  } finally {
    file.close();
  }
}

/** Names a code among those of all systems. */
export const nameCode = ({ system, code }: Coding): string => `${system}|${code}`;

/** The codes, by `nameCode`, that have rows in any of the selected active releases. */
export async function codesWithRows(
  db: Connection,
  isMeant: (release: StoredRelease) => boolean,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const release of (await listActiveReleases(db)).filter(isMeant)) {
    if (isWritten(release)) {
      const { resources } = await EMPTY_LOG.follow(db);
      for (const { rows } of resources) for (const row of rows.mappings) found.add(nameCode(row));
      continue;
    }
    const rows = await onReleaseFile(db, release, (file) => file.read<Coding>('mappedCodes'));
    for (const row of rows) found.add(nameCode(row));
  }
  return found;
}

/** The articles that have a text in any of the selected active releases. */
export async function articlesWithText(
  db: Connection,
  isMeant: (release: StoredRelease) => boolean,
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const release of (await listActiveReleases(db)).filter(isMeant)) {
    if (isWritten(release)) {
      const { resources } = await EMPTY_LOG.follow(db);
      for (const { rows } of resources) for (const { article } of rows.texts) found.add(article);
      continue;
    }
    const rows = await onReleaseFile(db, release, (file) => file.read<{ id: string }>('withText'));
    for (const { id } of rows) found.add(id);
  }
  return found;
}

/** An article that a row leads to, with all its names. */
export interface RowPage {
  readonly article: string;
  /** The titles first, English before Spanish. */
  readonly titles: readonly string[];
  readonly alsoCalled: readonly string[];
}

interface NamesRow {
  readonly id: string;
  readonly title: string;
  /** JSON; null if there are none. */
  readonly alsoCalled: string | null;
}

/** The articles that the rows of a system's codes lead to, in any of the selected active releases; none for a code without a page on purpose. */
export async function listRowPages(
  db: Connection,
  system: CodeSystemId,
  isMeant: (release: StoredRelease) => boolean,
): Promise<ReadonlyMap<string, readonly RowPage[]>> {
  const rows = new Map<string, string[]>();
  const names = new Map<string, { titles: string[]; alsoCalled: string[] }>();
  const addRow = (code: string, article: string | undefined): void => {
    getOrAdd(rows, code, (): string[] => []).push(...(article === undefined || article === '' ? [] : [article]));
  };
  const addNames = (id: string, title: string, others: readonly string[]): void => {
    const { titles, alsoCalled } = getOrAdd(names, id, () => ({ titles: [], alsoCalled: [] }));
    titles.push(title);
    alsoCalled.push(...others);
  };
  for (const release of (await listActiveReleases(db)).filter(isMeant)) {
    if (isWritten(release)) {
      const { resources } = await EMPTY_LOG.follow(db);
      for (const { rows: written } of resources) {
        for (const row of written.mappings) if (row.system === system) addRow(row.code, row.article);
        for (const { article, title = '', alsoCalled = [] } of written.texts) addNames(article, title, alsoCalled);
      }
      continue;
    }
    await onReleaseFile(db, release, (file) => {
      for (const { code, article } of file.read<{ code: string; article: string | null }>('rowsOfSystem', system))
        addRow(code, article ?? undefined);
      for (const { id, title, alsoCalled } of file.read<NamesRow>('names'))
        addNames(id, title, alsoCalled === null ? [] : (JSON.parse(alsoCalled) as string[]));
    });
  }
  const toPage = (article: string): RowPage[] => {
    const found = names.get(article);
    return found ? [{ article, ...found }] : [];
  };
  return new Map([...rows].map(([code, articles]) => [code, [...new Set(articles)].flatMap(toPage)]));
}
