import Database from 'better-sqlite3';
import type { Layer, Library } from '../core/library.js';
import type { OpenOptions } from './open.js';
import { onFile } from './open.js';
import { SqliteLibrary } from './sqlite/sqlite-library.js';

/** What is to be in the place of a source's active release. */
export interface ReleaseChoice {
  readonly layer: Layer;
  readonly source: string;
  /** Undefined: the source is left out. */
  readonly release: number | undefined;
}

/**
 * A table of the connection's own hides the library's: whoever reads by this connection sees this choice of releases, and
 * nothing in the file changes.
 */
const HIDE_ACTIVE_RELEASES = `
  CREATE TEMP TABLE active_release (
    layer TEXT NOT NULL, source TEXT NOT NULL, release INTEGER NOT NULL, PRIMARY KEY (layer, source)
  ) STRICT;
  INSERT INTO temp.active_release SELECT layer, source, release FROM main.active_release;
  CREATE UNIQUE INDEX temp.active_release_by_release ON active_release (release, layer);`;

function choose(db: Database.Database, { layer, source, release }: ReleaseChoice): void {
  db.exec(HIDE_ACTIVE_RELEASES);
  db.prepare('DELETE FROM temp.active_release WHERE layer = ? AND source = ?').run(layer, source);
  if (release === undefined) return;
  db.prepare('INSERT INTO temp.active_release VALUES (?, ?, ?)').run(layer, source, release);
}

/** Opens the library's file to read, as it is. */
export function openToRead(libraryPath: string): Database.Database {
  return new Database(libraryPath, { readonly: true, fileMustExist: true });
}

/**
 * Opens the library as it would be with another release of one source; the file itself stays as it is.
 * @throws LibraryFileError
 */
export function openLibraryWith(
  { libraryPath, resourcesDir }: Pick<OpenOptions, 'libraryPath' | 'resourcesDir'>,
  choice: ReleaseChoice,
): Library {
  return onFile(libraryPath, () => {
    const db = openToRead(libraryPath);
    try {
      choose(db, choice);
      return new SqliteLibrary(db, resourcesDir);
    } catch (error) {
      db.close();
      throw error;
    }
  });
}
