import { setImmediate } from 'node:timers/promises';
import type { CodeSystemId } from '../../core/code-systems.js';
import { RequestError } from '../../core/errors.js';
import type { Queries } from './connection.js';
import type { StoredRelease } from './release-store.js';
import type { ReleaseContent } from './release-writer.js';
import { mayHold } from './swapped-releases.js';

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

/** The codes of a system ($2) that a release ($1) describes, and none of so many others. */
function codesAlone(others: number): string {
  const places = Array.from({ length: others }, (_, index) => `$${index + 3}`).join(', ');
  const isElsewhere = `SELECT 1 FROM concept o WHERE o.system = c.system AND o.code = c.code AND o.release IN (${places})`;
  const alone = others === 0 ? '' : `AND NOT EXISTS (${isElsewhere})`;
  return `SELECT count(*) AS n FROM concept c WHERE c.release = $1 AND c.system = $2 ${alone}`;
}

const countOf = ({ content }: StoredRelease): number =>
  (JSON.parse(content) as Partial<ReleaseContent>).rows?.concepts ?? 0;

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
    const counts = this.#count(active).catch((error: unknown) => {
      throw new RequestError('library-unavailable', {}, error);
    });
    const counting = { active, counts };
    this.#counting = counting;
    counts.catch(() => {
      // The next one tries again.
      if (this.#counting === counting) this.#counting = undefined;
    });
    return counts;
  }

  async #count(active: readonly StoredRelease[]): Promise<ReadonlyMap<CodeSystemId, number>> {
    const describing = new Map<CodeSystemId, StoredRelease[]>();
    for (const release of active) {
      for (const system of await systemsDescribedIn(this.#db, release)) {
        const known = describing.get(system);
        if (known) known.push(release);
        else describing.set(system, [release]);
      }
    }
    const before = this.#known;
    const now = new Map<string, number>();
    const counts = new Map<CodeSystemId, number>();
    for (const [system, releases] of [...describing].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const key = `${system} ${releases.map(({ id }) => id).join(' ')}`;
      const found = before.get(key) ?? (await this.#countIn(system, releases));
      now.set(key, found);
      counts.set(system, found);
    }
    this.#known = now;
    return counts;
  }

  /** The largest release is counted as it is: of all others each code is looked for in those before. */
  async #countIn(system: CodeSystemId, releases: readonly StoredRelease[]): Promise<number> {
    const ids = [...releases].sort((a, b) => countOf(b) - countOf(a)).map(({ id }) => id);
    let found = 0;
    for (const [place, id] of ids.entries()) {
      await setImmediate();
      const [row] = await this.#db.all<{ n: number }>(codesAlone(place), id, system, ...ids.slice(0, place));
      found += row?.n ?? 0;
    }
    return found;
  }
}
