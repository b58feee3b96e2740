import { copyFileSync, cpSync, constants, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ReleaseFolder } from '../../src/store/release-folder.js';
import type { SqliteFile } from '../../src/store/sqlite/binding.js';
import { SqliteStatement, openSqlite } from '../../src/store/sqlite/binding.js';

/** A connection of the test's own to a library file, beside those of the program. */
export const openFile = (path: string, mode: 'read' | 'create' = 'create'): SqliteFile =>
  openSqlite(path, { mode, lockWaitMs: 5000 });

/** The first column of what a query or a pragma returns. */
export const columnOf = (file: SqliteFile, sql: string): unknown[] =>
  new SqliteStatement(file, sql).all<Record<string, unknown>>().map((row) => Object.values(row)[0]);

/** Copies a finished library: its file, and the files of its releases. */
export function copyLibrary(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const [{ path: releases }, { path: target }] = [ReleaseFolder.beside(from), ReleaseFolder.beside(to)];
  cpSync(releases, target, { recursive: true, mode: constants.COPYFILE_FICLONE });
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
}

/** The one release file of a library that holds a source's release in use. */
export function releaseFileOf(libraryPath: string, source: string): string {
  const db = openFile(libraryPath, 'read');
  const sql = `SELECT file FROM release r JOIN active_release a ON a.release = r.id WHERE r.source = '${source}'`;
  const [file] = columnOf(db, sql);
  db.close();
  return ReleaseFolder.beside(libraryPath).buildPath(String(file));
}
