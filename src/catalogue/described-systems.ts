import { setImmediate } from 'node:timers/promises';
import type { CodeSystemId } from '../core/code-systems.js';
import { groupBy } from '../core/group-by.js';
import type { Queries } from '../store/connection.js';
import type { StoredRelease } from '../store/release-store.js';
import { mayHold, mostRows } from './swapped-releases.js';

/** From one system to the next by the table's key: all rows between are passed over. */
const SYSTEMS = `
  WITH RECURSIVE described (system) AS (
    SELECT min(system) FROM concept WHERE release = $1
    UNION ALL
    SELECT (SELECT min(c.system) FROM concept c WHERE c.release = $1 AND c.system > described.system)
    FROM described WHERE described.system IS NOT NULL
  )
  SELECT system FROM described WHERE system IS NOT NULL`;

/** The code systems that a release describes codes of. */
export async function systemsDescribedIn(db: Queries, release: StoredRelease): Promise<CodeSystemId[]> {
  if (!mayHold(release, 'concepts')) return [];
  const rows = await db.all<{ system: CodeSystemId }>(SYSTEMS, release.id);
  return rows.map(({ system }) => system);
}

/** Codes looked at at once where several releases describe a system: others come between. */
const PART_CODES = 10_000;
/** After every code. */
const LAST_TEXT = '\u{10ffff}';

/**
 * How many codes each system has in the releases in use. They are counted once for as long as the same releases describe a
 * system: to count a whole one takes a while.
 */
export class ConceptCounts {
  readonly #db: Queries;
  /** By a system and the releases that describe it. */
  #known = new Map<string, number>();
  #counting: { active: readonly StoredRelease[]; counts: Promise<ReadonlyMap<CodeSystemId, number>> } | undefined;

  constructor(db: Queries) {
    this.#db = db;
  }

  /** @param active the releases in use; the same list until another is */
  count(active: readonly StoredRelease[]): Promise<ReadonlyMap<CodeSystemId, number>> {
    if (this.#counting?.active === active) return this.#counting.counts;
    const counts = this.#count(active);
    const counting = { active, counts };
    this.#counting = counting;
    counts.catch(() => {
      // The next one tries again.
      if (this.#counting === counting) this.#counting = undefined;
    });
    return counts;
  }

  async #count(active: readonly StoredRelease[]): Promise<ReadonlyMap<CodeSystemId, number>> {
    const described: { system: CodeSystemId; release: StoredRelease }[] = [];
    for (const release of active) {
      for (const system of await systemsDescribedIn(this.#db, release)) described.push({ system, release });
    }
    const before = this.#known;
    const now = new Map<string, number>();
    const counts = new Map<CodeSystemId, number>();
    const bySystem = groupBy(described, ({ system }) => system);
    for (const [system, describing] of [...bySystem].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const releases = describing.map(({ release }) => release);
      const key = `${system} ${releases.map(({ id }) => id).join(' ')}`;
      const found = before.get(key) ?? (await this.#countIn(system, releases));
      now.set(key, found);
      counts.set(system, found);
    }
    this.#known = now;
    return counts;
  }

  async #countIn(system: CodeSystemId, releases: readonly StoredRelease[]): Promise<number> {
    const [largest, ...others] = [...releases]
      .sort((a, b) => mostRows(b, 'concepts') - mostRows(a, 'concepts'))
      .map(({ id }) => id);
    if (largest === undefined) return 0;
    const from = 'FROM concept WHERE release';
    await setImmediate();
    if (others.length === 0) return this.#number(`SELECT count(*) AS n ${from} = $1 AND system = $2`, largest, system);
    // Part by part, and no join of the releases: right after an import a database may take a whole one for a few rows.
    const places = others.map((_, index) => `$${index + 5}`).join(', ');
    const part = `SELECT code ${from} = $1 AND system = $2 AND code > $3 ORDER BY code LIMIT ${PART_CODES}`;
    const sql = `SELECT count(DISTINCT code) AS n, max(code) AS last ${from} IN ($1, ${places}) AND system = $2 AND code > $3
      AND code <= coalesce((SELECT max(code) FROM (${part}) AS part), $4)`;
    let found = 0;
    for (let after = ''; ;) {
      await setImmediate();
      const values = [largest, system, after, LAST_TEXT, ...others];
      const [row] = await this.#db.all<{ n: number; last: string | null }>(sql, ...values);
      found += row?.n ?? 0;
      // A part before the last has as many of the largest release alone.
      if (!row?.last || row.n < PART_CODES) return found;
      after = row.last;
    }
  }

  async #number(sql: string, ...values: (string | number)[]): Promise<number> {
    const [row] = await this.#db.all<{ n: number }>(sql, ...values);
    return row?.n ?? 0;
  }
}
