import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SqliteStatement, openSqlite } from '../../src/store/sqlite/binding.js';
import { isSqliteFailure } from '../../src/store/sqlite/failures.js';

let folder = '';
const inFolder = (name: string): string => join(folder, name);
const open = (mode: 'read' | 'write' | 'create', name = 'a.db'): ReturnType<typeof openSqlite> =>
  openSqlite(inFolder(name), { mode, lockWaitMs: 1 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sqlite binding #?%-'));
  const file = open('create');
  file.exec("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT; INSERT INTO t VALUES (1, 'x'), (2, NULL)");
  file.close();
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function failureOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

test('rows are plain objects, whatever the path of the file holds', () => {
  const file = open('write');
  expect(new SqliteStatement(file, 'SELECT * FROM t WHERE a >= :least').all({ least: 1 })).toStrictEqual([
    { a: 1, b: 'x' },
    { a: 2, b: null },
  ]);
  expect(new SqliteStatement(file, 'UPDATE t SET b = ?').run('y')).toBe(2);
  file.close();
});

test('only `create` makes a file that is not there', () => {
  for (const mode of ['read', 'write'] as const) {
    expect(
      isSqliteFailure(
        failureOf(() => open(mode, 'none.db')),
        'cannotOpen',
      ),
    ).toBe(true);
  }
  open('create', 'none.db').close();
  open('write', 'none.db').close();
});

test('each way to run a statement says which failure it met', () => {
  const holder = open('write');
  const other = open('write');
  holder.exec('PRAGMA max_page_count = 2');
  const big = 'x'.repeat(100_000);
  const insert = (sql: string, how: 'all' | 'run'): unknown =>
    failureOf(() => new SqliteStatement(holder, sql)[how](big));
  expect(isSqliteFailure(insert('INSERT INTO t (b) VALUES (?)', 'run'), 'full')).toBe(true);
  expect(isSqliteFailure(insert('INSERT INTO t (b) VALUES (?) RETURNING a', 'all'), 'full')).toBe(true);
  holder.exec('BEGIN EXCLUSIVE');
  for (const meet of [
    () => {
      other.exec('BEGIN IMMEDIATE');
    },
    () => new SqliteStatement(other, 'SELECT * FROM t').all(),
    () => new SqliteStatement(other, 'DELETE FROM t').run(),
  ]) {
    const failure = failureOf(meet);
    expect([isSqliteFailure(failure, 'busy'), isSqliteFailure(failure), isSqliteFailure(failure, 'full')]).toEqual([
      true,
      true,
      false,
    ]);
  }
  holder.exec('ROLLBACK');
  holder.close();
  const reader = open('read');
  expect(
    isSqliteFailure(
      failureOf(() => new SqliteStatement(reader, 'DELETE FROM t').run()),
      'readOnly',
    ),
  ).toBe(true);
  expect(isSqliteFailure(failureOf(() => new SqliteStatement(reader, 'SELECT nothing FROM t')))).toBe(false);
  for (const file of [reader, other]) file.close();
});

test('a closed connection holds nothing, whatever statements it has prepared', () => {
  const file = open('write');
  file.exec('PRAGMA journal_mode = WAL');
  const statement = new SqliteStatement(file, 'SELECT * FROM t');
  statement.all();
  file.close();
  const alone = open('write');
  alone.exec('PRAGMA journal_mode = DELETE');
  alone.close();
});
