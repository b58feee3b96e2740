import type Database from 'better-sqlite3';
import type { Publisher } from '../../core/article.js';
import type { CodeSystemId } from '../../core/code-systems.js';
import type { Layer, LibraryStatus } from '../../core/library.js';
import { LAYERS } from '../../core/library.js';
import type { IndexFacts } from '../../core/search-index.js';
import { INDEX_VERSION } from '../../core/text-index.js';
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

/** Reads what the library is now. */
export function readSnapshot(db: Database.Database): Snapshot {
  const releases = listReleases(db)
    .filter(({ isActive }) => isActive)
    .sort((a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer) || (a.source < b.source ? -1 : 1));
  const active = 'release IN (SELECT release FROM active_release)';
  const count = (sql: string): number => (db.prepare(sql).get() as { n: number }).n;
  const systems = db
    .prepare(`SELECT system FROM mapping WHERE ${active} UNION SELECT system FROM crosswalk WHERE ${active}`)
    .all() as { system: CodeSystemId }[];
  const publishers = db
    .prepare('SELECT a.layer, p.id, p.facts FROM publisher p JOIN active_release a ON a.release = p.release')
    .all() as { layer: Layer; id: string; facts: string }[];
  // The highest layer comes last, and stays in the map.
  publishers.sort((a, b) => LAYERS.indexOf(b.layer) - LAYERS.indexOf(a.layer));
  return {
    status: {
      release: releases.map(({ name }) => name).join('+'),
      date:
        releases
          .map((row) => row.builtOn)
          .sort()
          .at(-1) ?? '',
      articles: count(
        `SELECT count(*) AS n
         FROM (SELECT id FROM article WHERE ${active} UNION SELECT article FROM article_text WHERE ${active})`,
      ),
      mappings: count(`SELECT count(*) AS n FROM mapping WHERE ${active}`),
      systems: systems.map(({ system }) => system),
      completeSystems: new Map(
        releases.flatMap(({ name, content }) => completeIn(content).map((system) => [system, name] as const)),
      ),
    },
    searchIndexes: db
      .prepare(
        `SELECT release, documents, concepts_from AS conceptsFrom FROM search_index
         WHERE ${active} AND version = ? ORDER BY release`,
      )
      .all(INDEX_VERSION) as IndexFacts[],
    publishers: new Map(publishers.map(({ id, facts }) => [id, JSON.parse(facts) as Publisher])),
  };
}
