import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { OpenOptions } from '../../src/library/open.js';
import { createDatabase } from '../../src/library/open.js';
import type { Connection } from '../../src/store/connection.js';
import { listActiveReleases } from '../../src/store/release-store.js';

/** Each table of a library: how many rows it has, and a digest of them all; the releases in use, each with its file's digest. */
export type Whole = Readonly<Record<string, string>>;

const TABLES = ['active_release', 'written_resource', 'written_version', 'feedback'] as const;

const digestOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** All that a library holds for whoever asks it, to be compared with what it held before or should hold now. */
export async function wholeOf(options: OpenOptions): Promise<Whole> {
  const db = await createDatabase(options).connect();
  try {
    const whole: Record<string, string> = {};
    for (const name of TABLES) {
      const rows = (await db.all<object>(`SELECT * FROM ${name}`)).map((row) => JSON.stringify(row)).sort();
      whole[name] = `${rows.length} ${digestOf(rows.join('\n')).slice(0, 12)}`;
    }
    for (const { layer, source, name, file } of await listActiveReleases(db)) {
      // Written resources have no file: they are in the tables.
      if (file === '') continue;
      const found = db.storesFiles ? await storedBytes(db, file) : readFileSync(db.releases.buildPath(file));
      whole[`${layer} ${source}`] = `${name} ${digestOf(found)}`;
    }
    return whole;
  } finally {
    await db.close();
  }
}

async function storedBytes(db: Connection, file: string): Promise<Buffer> {
  const sql = 'SELECT bytes FROM release_part WHERE file = $1 ORDER BY part';
  return Buffer.concat((await db.all<{ bytes: Buffer }>(sql, file)).map(({ bytes }) => bytes));
}
