import type { Publisher } from '../../core/article.js';
import type { CodeSystemId } from '../../core/code-systems.js';
import type { Layer, LibraryStatus } from '../../core/library.js';
import { LAYERS } from '../../core/library.js';
import type { IndexFacts } from '../../core/search-index.js';
import { INDEX_VERSION } from '../../core/text-index.js';
import type { LibraryReader, Queries } from './connection.js';
import type { StoredRelease } from './release-store.js';
import { listReleases } from './release-store.js';
import type { ReleaseContent } from './release-writer.js';

/** What is read once for the active releases. */
export interface Snapshot {
  readonly status: LibraryStatus;
  readonly searchIndexes: readonly IndexFacts[];
  readonly publishers: ReadonlyMap<string, Publisher>;
}

/** A release that an import has finished says which code systems it holds whole. */
function completeIn(content: string): readonly CodeSystemId[] {
  return (JSON.parse(content) as Partial<ReleaseContent>).complete ?? [];
}

/** The day of the newest release; what a site writes has times of its own, and does not make everything else newer. */
function dateOf(releases: readonly StoredRelease[]): string {
  const shipped = releases.filter(({ layer }) => layer !== 'written');
  const days = (shipped.length > 0 ? shipped : releases).map(({ builtOn }) => builtOn);
  return days.sort().at(-1) ?? '';
}

/** Reads what the library is now. */
async function readSnapshot(db: Queries): Promise<Snapshot> {
  const releases = (await listReleases(db))
    .filter(({ isActive }) => isActive)
    .sort((a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || (a.source < b.source ? -1 : 1));
  const active = 'release IN (SELECT release FROM active_release)';
  const count = async (things: string): Promise<number> => {
    const [row] = await db.all<{ n: number }>(`SELECT count(*) AS n FROM ${things}`);
    return row?.n ?? 0;
  };
  const systems = await db.all<{ system: CodeSystemId }>(
    `SELECT system FROM mapping WHERE ${active} UNION SELECT system FROM crosswalk WHERE ${active} ORDER BY system`,
  );
  const publishers = await db.all<{ layer: Layer; id: string; facts: string }>(
    'SELECT a.layer, p.id, p.facts FROM publisher p JOIN active_release a ON a.release = p.release ORDER BY a.source, p.id',
  );
  // The highest layer comes last, and stays in the map.
  publishers.sort((a, b) => LAYERS.indexOf(b.layer) - LAYERS.indexOf(a.layer));
  const articles = `SELECT id FROM article WHERE ${active} UNION SELECT article FROM article_text WHERE ${active}`;
  return {
    status: {
      release: releases.map(({ name }) => name).join('+'),
      generation: 1,
      releases: releases.map(({ layer, source, name }) => ({ layer, source, name })),
      date: dateOf(releases),
      articles: await count(`(${articles}) AS described`),
      mappings: await count(`mapping WHERE ${active}`),
      systems: systems.map(({ system }) => system),
      completeSystems: new Map(
        releases.flatMap(({ name, content }) => completeIn(content).map((system) => [system, name] as const)),
      ),
    },
    searchIndexes: await db.all<IndexFacts>(
      `SELECT release, documents, concepts_from AS "conceptsFrom" FROM search_index
       WHERE ${active} AND version = $1 ORDER BY release`,
      INDEX_VERSION,
    ),
    publishers: new Map(publishers.map(({ id, facts }) => [id, JSON.parse(facts) as Publisher])),
  };
}

/** Reads what the library is now, and its version; what a swap came in between is read again. */
export async function readCurrent(reader: LibraryReader): Promise<{ snapshot: Snapshot; version: unknown }> {
  for (let version = await reader.version(); ;) {
    const snapshot = await readSnapshot(reader);
    const versionAfter = await reader.version();
    if (versionAfter === version) return { snapshot, version };
    version = versionAfter;
  }
}
