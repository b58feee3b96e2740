import type { Coding } from '../core/codes/concept.js';
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
  const file = ReleaseFile.openInPlace({ ...release, path: db.releases.buildPath(release.file) });
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
