/** Queries over a release file, by name; values in the order of the marks. */
export const RELEASE_STATEMENTS = {
  facts: 'SELECT facts FROM facts',
  publishers: 'SELECT id, facts FROM publisher ORDER BY id',
  articles: 'SELECT id, facts FROM article',
  texts: 'SELECT article AS id, language, facts FROM article_text ORDER BY article, language',
  withText: 'SELECT DISTINCT article AS id FROM article_text',
  // So many rows after a key, as one JSON array.
  articleSlice: `SELECT json_group_array(json_array(id, json(facts))) AS rows
    FROM (SELECT id, facts FROM article WHERE id > ? ORDER BY id LIMIT ?)`,
  // Summaries stay where they are: `hasSummary` tells of them.
  textSlice: `SELECT json_group_array(json_array(article, language, json(json_remove(facts, '$.summaryHtml')),
      json_type(facts, '$.summaryHtml') IS NOT NULL)) AS rows
    FROM (SELECT * FROM article_text WHERE (article, language) > (?, ?) ORDER BY article, language LIMIT ?)`,
  // The same for each of their systems, divided as in src/catalogue/releases/mapping-table.ts.
  mappingSlice: `SELECT system, count(*) AS count, group_concat(
      json_array(code, article, relationship, rank, sensitivity, origin, note), ',' || char(10)) AS rows
    FROM (SELECT * FROM mapping WHERE (system, code, article) > (?, ?, ?) ORDER BY system, code, article LIMIT ?)
    GROUP BY system ORDER BY system`,
  summary: "SELECT facts ->> '$.summaryHtml' AS html FROM article_text WHERE article = ? AND language = ?",
  summaryTerm: 'SELECT postings FROM summary_term WHERE term = ?',
  summaryDocument: 'SELECT article FROM summary_document WHERE document = ?',
  mappedCodes: 'SELECT DISTINCT system, code FROM mapping',
  rowsOfSystem: 'SELECT code, article FROM mapping WHERE system = ? ORDER BY code, rank',
  names: `SELECT article AS id, facts ->> '$.title' AS title, facts -> '$.alsoCalled' AS alsoCalled FROM article_text
    ORDER BY article, language`,
  truncatedCodes: "SELECT system, code, billable, active FROM concept WHERE system LIKE 'icd-%'",
  lastKnown: 'SELECT kind, id, language, facts FROM last_known',
  concept: 'SELECT code, title, parent, billable, active, names FROM concept WHERE system = ? AND code = ?',
  codesAfter: 'SELECT code FROM concept WHERE system = ? AND code > ? ORDER BY code LIMIT ?',
  // SQLite itself would read the whole system in the order of its codes.
  children: `SELECT code, title, parent, billable, active, names FROM concept INDEXED BY concept_by_parent
    WHERE system = ? AND parent = ? ORDER BY code`,
  // From the code to the last text that begins with it.
  codesBelow:
    'SELECT code FROM concept WHERE system = ? AND code > ? AND code < ? || char(1114111) ORDER BY code LIMIT ?',
  crosswalksFrom: `SELECT system, code, target_system AS targetSystem, target_code AS targetCode, relationship
    FROM crosswalk WHERE system = ? AND code = ?`,
  crosswalksTo: `SELECT system, code, target_system AS targetSystem, target_code AS targetCode, relationship
    FROM crosswalk WHERE target_system = ? AND target_code = ?`,
  crosswalkedCodesAfter: `SELECT DISTINCT code FROM crosswalk
    WHERE system = ? AND target_system = ? AND code > ? ORDER BY code LIMIT ?`,
  crosswalksBetween: `SELECT system, code, target_system AS targetSystem, target_code AS targetCode, relationship
    FROM crosswalk WHERE system = ? AND target_system = ? AND code > ? AND code <= ?`,
  termIds: 'SELECT id FROM search_term WHERE term = ?',
  // Those of most documents first.
  completions: `SELECT id FROM search_term WHERE term > ? AND term < ? || char(1114111)
    ORDER BY documents DESC, term LIMIT ?`,
  term: 'SELECT id, term, word, documents FROM search_term WHERE id = ?',
  postings: 'SELECT term, documents, postings FROM search_term WHERE id = ?',
  gram: 'SELECT terms FROM search_gram WHERE gram = ?',
  document: 'SELECT system, key FROM search_document WHERE document = ?',
  leaflet: 'SELECT facts, texts FROM leaflet WHERE set_id = ?',
  leafletCodes: `SELECT system, code, rank, set_id AS setId, maker, reason FROM leaflet_code
    WHERE system = ? AND code = ? ORDER BY rank`,
  codesOfLeaflet: 'SELECT system, code FROM leaflet_code WHERE set_id = ? ORDER BY system, code',
  leafletsByWord: `SELECT set_id AS setId FROM leaflet WHERE facts LIKE '%' || ? || '%' ORDER BY set_id LIMIT ?`,
  synonyms: 'SELECT term, means, language FROM search_synonym WHERE term = ?',
} as const;

export type ReleaseStatement = keyof typeof RELEASE_STATEMENTS;
