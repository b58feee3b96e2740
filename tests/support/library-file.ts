import { copyFileSync, constants, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ReleaseFolder } from '../../src/store/release-folder.js';
import type { SqliteFile } from '../../src/store/sqlite/binding.js';
import { SqliteStatement, openSqlite } from '../../src/store/sqlite/binding.js';

/** A connection of the test's own to a library file, beside those of the program. */
export const openFile = (path: string, mode: 'read' | 'create' = 'create'): SqliteFile =>
  openSqlite(path, { mode, lockWaitMs: 5000 });

/** The first column of what a query or a pragma returns. */
export const columnOf = (file: SqliteFile, sql: string): unknown[] =>
  new SqliteStatement(file, sql).all<Record<string, unknown>>().map((row) => Object.values(row)[0]);

/** Puts a file at a second place without its bytes; on another file system there are two of them. */
export function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}

/**
 * Copies a finished library: its file, and links to the files of its releases, which are never written again. A test that damages
 * one removes it first: it is that of the whole run (end-run.js checks it).
 */
export function copyLibrary(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const [{ path: releases }, { path: target }] = [ReleaseFolder.beside(from), ReleaseFolder.beside(to)];
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(releases)) linkOrCopy(join(releases, name), join(target, name));
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
