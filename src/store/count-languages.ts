import type {
  LanguageCount,
  LanguageOutcome,
  RecordPeriod,
  UseCount,
  WantedPage,
} from '../core/handing-over/record.js';
import type { Connection } from './connection.js';

/** The parts of SQL in which the databases differ: an entry's JSON, and its articles as rows `i(value)`. */
const DIALECTS = {
  sqlite: { content: 'g.content', items: "json_each(g.content, '$.items')" },
  postgres: { content: 'g.content::jsonb', items: "jsonb_array_elements(g.content::jsonb -> 'items')" },
} as const;

/** How well an article's language is the preferred one: by its text, by a link, or not. */
const RANKS: Readonly<Record<number, LanguageOutcome>> = { 3: 'text', 2: 'link', 1: 'other' };

/** A language and its regional forms are one: `es` and `es-MX`. */
const IS_PREFERRED = "(preferred = i.value ->> 'language' OR preferred LIKE (i.value ->> 'language') || '-%')";
const RANK = `
  CASE WHEN ${IS_PREFERRED} AND COALESCE(i.value ->> 'textDigest', '') <> '' THEN 3
    WHEN ${IS_PREFERRED} OR preferred = LOWER(i.value ->> 'linkedIn') THEN 2 ELSE 1 END`;

/** Entries of a period without those in error, with the preferred language. */
const buildGiven = (content: string): string => `
  SELECT g.entry, g.content, LOWER(COALESCE(${content} ->> 'languagePreferred', '')) AS preferred
  FROM handed_over g WHERE g.kind = 'given' AND g.at >= $1 AND g.at < $2
  AND NOT EXISTS (SELECT 1 FROM handed_over e WHERE e.entry = g.entry AND e.kind = 'error')`;

function buildCount({ content, items }: (typeof DIALECTS)[keyof typeof DIALECTS]): string {
  return `
    SELECT department, language, rank, interpreter, "teachBack", COUNT(*) AS handovers FROM (
      SELECT COALESCE(${content} ->> 'department', '') AS department, preferred AS language,
        (SELECT MIN(${RANK}) FROM ${items} i) AS rank,
        ${content} ->> 'interpreter' AS interpreter, ${content} ->> 'teachBack' AS "teachBack"
      FROM (${buildGiven(content)}) g
    ) handover
    GROUP BY department, language, rank, interpreter, "teachBack"`;
}

function buildWanted({ content, items }: (typeof DIALECTS)[keyof typeof DIALECTS]): string {
  return `
    SELECT article, MAX(title) AS title, preferred AS language, COUNT(*) AS handovers FROM (
      SELECT DISTINCT g.entry, i.value ->> 'article' AS article, i.value ->> 'title' AS title, preferred
      FROM (${buildGiven(content)}) g CROSS JOIN ${items} i WHERE preferred <> '' AND ${RANK} = 1
    ) wanted
    GROUP BY article, preferred HAVING COUNT(*) >= $3 ORDER BY handovers DESC, article, language`;
}

function buildArticles({ content, items }: (typeof DIALECTS)[keyof typeof DIALECTS]): string {
  return `
    SELECT department, article, MAX(title) AS title, language, COUNT(*) AS given FROM (
      SELECT COALESCE(${content} ->> 'department', '') AS department, i.value ->> 'article' AS article,
        i.value ->> 'title' AS title, i.value ->> 'language' AS language
      FROM (${buildGiven(content)}) g CROSS JOIN ${items} i
    ) item
    GROUP BY department, article, language`;
}

/** Counts articles as `HandedOverRecord` has it. */
export const countArticles = (db: Connection, { from, to }: RecordPeriod): Promise<UseCount[]> =>
  db.all<UseCount>(buildArticles(DIALECTS[db.dialect]), from, to);

/** Counts handovers as `HandedOverRecord` has it. */
export async function countLanguages(db: Connection, { from, to }: RecordPeriod): Promise<LanguageCount[]> {
  const sql = buildCount(DIALECTS[db.dialect]);
  const rows = await db.all<Omit<LanguageCount, 'outcome'> & { rank: number | null }>(sql, from, to);
  return rows.map(({ rank, ...row }) => ({ ...row, outcome: RANKS[rank ?? 1] ?? 'other' }));
}

/** Lists wanted pages as `HandedOverRecord` has it. */
export const listWanted = (db: Connection, { from, to }: RecordPeriod, least: number): Promise<WantedPage[]> =>
  db.all<WantedPage>(buildWanted(DIALECTS[db.dialect]), from, to, least);
