import type { Coding } from '../core/library.js';
import type { Queries } from '../store/connection.js';

/**
 * Rows that only one of two releases has: what was taken away, and what came.
 * @param among a condition on the rows that are looked at
 */
export const differing = (columns: string, table: string, among = 'true'): string => {
  const rows = (release: string): string => `SELECT ${columns} FROM ${table} WHERE release = ${release} AND ${among}`;
  return `SELECT * FROM (${rows('$1')} EXCEPT ${rows('$2')}) AS gone
    UNION ALL SELECT * FROM (${rows('$2')} EXCEPT ${rows('$1')}) AS come`;
};

const CHANGED_CODES = `
  WITH
    changed_article (id) AS (
      SELECT id FROM (${differing('id, facts', 'article')}) AS differing
      UNION
      SELECT article FROM (${differing('article, language, facts', 'article_text')}) AS differing
    )
  SELECT system, code FROM (${differing('system, code, article, relationship, rank, sensitivity', 'mapping')}) AS differing
  UNION
  SELECT system, code FROM (${differing('system, code, target_system, target_code', 'crosswalk')}) AS differing
  UNION
  SELECT m.system, m.code
  FROM changed_article c
  JOIN mapping m ON m.article = c.id
  WHERE m.release IN ($1, $2) OR m.release IN (SELECT release FROM active_release)
  ORDER BY system, code`;

/**
 * The codes whose answers may differ between two releases of a source: rows of their own, crosswalks from them, or the
 * articles that their rows lead to, are not the same.
 * @param before undefined: there was none
 */
export function findChangedCodes(
  db: Queries,
  before: number | undefined,
  after: number | undefined,
): Promise<Coding[]> {
  return db.all<Coding>(CHANGED_CODES, before ?? null, after ?? null);
}
