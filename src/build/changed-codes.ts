import type { Coding } from '../core/codes/concept.js';
import { SqliteStatement } from '../store/sqlite/binding.js';
import { onReleases } from './release-changes.js';

/** Differences between two releases of a source. */
export interface ReleaseDifference {
  /** Codes whose own rows or crosswalks differ. */
  readonly codes: readonly Coding[];
  /** Articles whose content differs. */
  readonly articles: readonly string[];
}

/**
 * Compares two releases of a source.
 * @param before path of a release file; undefined: there was none
 */
export function compareReleases(before: string | undefined, after: string): ReleaseDifference {
  return onReleases({ after, ...(before === undefined ? {} : { before }) }, (db) => {
    /** Rows that only one of the two contains. */
    const selectDiffering = (columns: string, table: string): string => {
      const [then, now] = ['before', 'after'].map((side) => `SELECT ${columns} FROM ${side}.${table}`);
      if (before === undefined) return now ?? '';
      return `SELECT * FROM (${now} EXCEPT ${then}) UNION ALL SELECT * FROM (${then} EXCEPT ${now})`;
    };
    const all = <Row>(sql: string): Row[] => new SqliteStatement(db, sql).all<Row>();
    const codes = all<Coding>(`
      SELECT system, code FROM (${selectDiffering('system, code, article, relationship, rank, sensitivity', 'mapping')})
      UNION
      SELECT system, code FROM (${selectDiffering('system, code, target_system, target_code', 'crosswalk')})`);
    const articles = all<{ id: string }>(`
      SELECT id FROM (${selectDiffering('id, facts', 'article')})
      UNION
      SELECT article FROM (${selectDiffering('article, language, facts', 'article_text')})`);
    return { codes, articles: articles.map(({ id }) => id) };
  });
}
