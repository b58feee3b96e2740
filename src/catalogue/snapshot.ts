import { setImmediate } from 'node:timers/promises';
import type { Publisher } from '../core/article.js';
import type { CodeSystemId } from '../core/code-systems.js';
import type { Layer, LibraryStatus } from '../core/library.js';
import { LAYERS } from '../core/library.js';
import type { IndexFacts } from '../core/search-index.js';
import { INDEX_VERSION } from '../core/text-index.js';
import type { LibraryRows } from '../build/source.js';
import type { LibraryReader, Queries } from '../store/connection.js';
import { readContent } from '../store/release-content.js';
import type { StoredRelease } from '../store/release-store.js';
import { listActiveReleases } from '../store/release-store.js';
import { mayTouch, swappedReleases } from './swapped-releases.js';

/** What is read once for the active releases. */
export interface Snapshot {
  readonly status: LibraryStatus;
  /** The releases in use, the highest layer first. */
  readonly active: readonly StoredRelease[];
  readonly searchIndexes: readonly IndexFacts[];
  readonly publishers: ReadonlyMap<string, Publisher>;
}

/** What is counted over all rows of a kind: it stays where a swap touched none of these. */
interface Counted {
  readonly articles: number;
  readonly mappings: number;
  readonly systems: readonly CodeSystemId[];
  readonly publishers: ReadonlyMap<string, Publisher>;
}

const ACTIVE = 'release IN (SELECT release FROM active_release)';

/** The day of the newest release; what a site writes has times of its own, and does not make everything else newer. */
function dateOf(releases: readonly StoredRelease[]): string {
  const shipped = releases.filter(({ layer }) => layer !== 'written');
  const days = (shipped.length > 0 ? shipped : releases).map(({ builtOn }) => builtOn);
  return days.sort().at(-1) ?? '';
}

async function count(db: Queries, things: string): Promise<number> {
  const [row] = await db.all<{ n: number }>(`SELECT count(*) AS n FROM ${things}`);
  return row?.n ?? 0;
}

function countArticles(db: Queries): Promise<number> {
  const ids = `SELECT id FROM article WHERE ${ACTIVE} UNION SELECT article FROM article_text WHERE ${ACTIVE}`;
  return count(db, `(${ids}) AS described`);
}

async function listSystems(db: Queries): Promise<CodeSystemId[]> {
  const rows = await db.all<{ system: CodeSystemId }>(
    `SELECT system FROM mapping WHERE ${ACTIVE} UNION SELECT system FROM crosswalk WHERE ${ACTIVE} ORDER BY system`,
  );
  return rows.map(({ system }) => system);
}

async function readPublishers(db: Queries): Promise<ReadonlyMap<string, Publisher>> {
  const rows = await db.all<{ layer: Layer; id: string; facts: string }>(
    'SELECT a.layer, p.id, p.facts FROM publisher p JOIN active_release a ON a.release = p.release ORDER BY a.source, p.id',
  );
  // The highest layer comes last, and stays in the map.
  rows.sort((a, b) => LAYERS.indexOf(b.layer) - LAYERS.indexOf(a.layer));
  return new Map(rows.map(({ id, facts }) => [id, JSON.parse(facts) as Publisher]));
}

/** Counts whole tables, one at a time: others come between. */
async function countRows(
  db: Queries,
  known: Counted | undefined,
  isTouched: (kind: keyof LibraryRows) => boolean,
): Promise<Counted> {
  const read = async <T>(kinds: readonly (keyof LibraryRows)[], before: T | undefined, now: () => Promise<T>) => {
    if (before !== undefined && !kinds.some(isTouched)) return before;
    await setImmediate();
    return now();
  };
  return {
    articles: await read(['articles', 'texts'], known?.articles, () => countArticles(db)),
    mappings: await read(['mappings'], known?.mappings, () => count(db, `mapping WHERE ${ACTIVE}`)),
    systems: await read(['mappings', 'crosswalks'], known?.systems, () => listSystems(db)),
    publishers: await read(['publishers'], known?.publishers, () => readPublishers(db)),
  };
}

/** Reads what the library is now: what is known already, where it is still that. */
async function readSnapshot(db: Queries, known: Snapshot | undefined): Promise<Snapshot> {
  const active = (await listActiveReleases(db)).sort(
    (a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || (a.source < b.source ? -1 : 1),
  );
  const searchIndexes = await db.all<IndexFacts>(
    `SELECT release, documents, concepts_from AS "conceptsFrom" FROM search_index
     WHERE ${ACTIVE} AND version = $1 ORDER BY release`,
    INDEX_VERSION,
  );
  const isKnown =
    known && JSON.stringify([known.active, known.searchIndexes]) === JSON.stringify([active, searchIndexes]);
  if (isKnown) return known;
  const swaps = swappedReleases(known?.active ?? [], active);
  const { publishers, ...counted } = await countRows(
    db,
    known && { ...known.status, publishers: known.publishers },
    (kind) => swaps.some((swap) => mayTouch(swap, kind)),
  );
  return {
    status: {
      release: active.map(({ name }) => name).join('+'),
      generation: 1,
      releases: active.map(({ layer, source, name }) => ({ layer, source, name })),
      date: dateOf(active),
      ...counted,
      completeSystems: new Map(
        // A release that an import has finished says which code systems it holds whole.
        active.flatMap((release) =>
          (readContent(release).complete ?? []).map((system) => [system, release.name] as const),
        ),
      ),
    },
    active,
    searchIndexes,
    publishers,
  };
}

/**
 * Reads what the library is now, and its version; what a swap came in between is read again.
 * @param known what it was: the same is answered where no release has come or gone, for a file has another version after
 * whatever is written to it, be it a part of an import that nobody sees yet
 */
export async function readCurrent(
  reader: LibraryReader,
  known?: Snapshot,
): Promise<{ snapshot: Snapshot; version: unknown }> {
  for (let version = await reader.version(); ;) {
    const snapshot = await readSnapshot(reader, known);
    const versionAfter = await reader.version();
    if (versionAfter === version) return { snapshot, version };
    version = versionAfter;
  }
}
