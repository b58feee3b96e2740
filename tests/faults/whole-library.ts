import { createHash } from 'node:crypto';
import type { OpenOptions } from '../../src/library/open.js';
import { databaseOf } from '../../src/library/open.js';
import { TABLE_NAMES } from '../../src/store/tables.js';

/** Each table of a library: how many rows of active releases it has, and a digest of them all. */
export type Whole = Readonly<Record<string, string>>;

const TABLES = [
  ...TABLE_NAMES.map((name) => [name, `SELECT * FROM ${name} WHERE release IN (SELECT release FROM active_release)`]),
  ['active_release', 'SELECT * FROM active_release'],
  ['written_resource', 'SELECT * FROM written_resource'],
  ['written_version', 'SELECT * FROM written_version'],
  ['feedback', 'SELECT * FROM feedback'],
] as const;

/** All that a library holds for whoever asks it, to be compared with what it held before or should hold now. */
export async function wholeOf(options: OpenOptions): Promise<Whole> {
  const db = await databaseOf(options).connect();
  try {
    const whole: Record<string, string> = {};
    for (const [name = '', sql = ''] of TABLES) {
      const rows = (await db.all<object>(sql)).map((row) => JSON.stringify(row)).sort();
      whole[name] = `${rows.length} ${createHash('sha256').update(rows.join('\n')).digest('hex').slice(0, 12)}`;
    }
    return whole;
  } finally {
    await db.close();
  }
}
