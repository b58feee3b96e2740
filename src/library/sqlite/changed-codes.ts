import type Database from 'better-sqlite3';
import type { Coding } from '../../core/library.js';

/** Rows that only one of two releases has: what was taken away, and what came. */
const differing = (columns: string, table: string): string => {
  const rows = (release: string): string => `SELECT ${columns} FROM ${table} WHERE release = ${release}`;
  return `SELECT * FROM (${rows(':before')} EXCEPT ${rows(':after')})
    UNION ALL SELECT * FROM (${rows(':after')} EXCEPT ${rows(':before')})`;
};

const CHANGED_CODES = `
  WITH
    changed_article (id) AS (
      SELECT id FROM (${differing('id, facts', 'article')})
      UNION
      SELECT article FROM (${differing('article, language, facts', 'article_text')})
    )
  SELECT system, code FROM (${differing('system, code, article, relationship, rank, sensitivity', 'mapping')})
  UNION
  SELECT system, code FROM (${differing('system, code, target_system, target_code', 'crosswalk')})
  UNION
  SELECT m.system, m.code
  FROM changed_article c
  JOIN mapping m ON m.article = c.id
  WHERE m.release IN (:before, :after) OR m.release IN (SELECT release FROM active_release)
  ORDER BY system, code`;

/**
 * The codes whose answers may differ between two releases of a source: rows of their own, crosswalks from them, or the
 * articles that their rows lead to, are not the same.
 * @param before undefined: there was none
 */
export function findChangedCodes(
  db: Database.Database,
  before: number | undefined,
  after: number | undefined,
): Coding[] {
  return db.prepare(CHANGED_CODES).all({ before: before ?? null, after: after ?? null }) as Coding[];
}
