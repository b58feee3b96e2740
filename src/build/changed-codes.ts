import { CodeSet, NO_CODE_CHANGES, compareCodes, type CodeChanges } from '../core/codes/code-changes.js';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { Coding } from '../core/codes/concept.js';
import { RELEASE_STATEMENTS } from '../catalogue/releases/release-statements.js';
import { SqliteStatement } from '../store/sqlite/binding.js';
import { onReleases } from './release-changes.js';

/** Differences between two releases of a source. */
export interface ReleaseDifference {
  /** Codes whose own rows or crosswalks differ. */
  readonly codes: readonly Coding[];
  /** Articles whose content differs. */
  readonly articles: readonly string[];
  readonly concepts: CodeChanges;
}

/** A code as a release stores it. */
export interface CodeRow extends Coding {
  readonly billable: number | null;
  readonly active: number;
}

/** The codes of a release's rows. */
export function toCodeSet(rows: readonly CodeRow[]): CodeSet {
  const codes = new CodeSet();
  for (const { system, code, billable, active } of rows)
    codes.add({ system, code, active: active === 1, ...(billable === null ? {} : { billable: billable === 1 }) });
  return codes;
}

/**
 * Compares two releases of a source.
 * @param before path of a release file; undefined: there was none
 * @param complete the systems of which the later one has every code
 */
export function compareReleases(
  before: string | undefined,
  after: string,
  complete: readonly CodeSystemId[],
): ReleaseDifference {
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
    const readCodes = (side: string): CodeSet =>
      toCodeSet(all<CodeRow>(RELEASE_STATEMENTS.truncatedCodes.replace('FROM ', `FROM ${side}.`)));
    const concepts =
      complete.length === 0
        ? NO_CODE_CHANGES
        : compareCodes(before === undefined ? undefined : readCodes('before'), readCodes('after'), complete);
    return { codes, articles: articles.map(({ id }) => id), concepts };
  });
}
