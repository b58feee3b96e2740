/** Queries over a release file, by name; values in the order of the marks. */
export const RELEASE_STATEMENTS = {
  facts: 'SELECT facts FROM facts',
  publishers: 'SELECT id, facts FROM publisher ORDER BY id',
  articles: 'SELECT id, facts FROM article',
  texts: 'SELECT article AS id, language, facts FROM article_text ORDER BY article, language',
  withText: 'SELECT DISTINCT article AS id FROM article_text',
  articleIds: 'SELECT id FROM article UNION SELECT article FROM article_text',
  article: 'SELECT facts FROM article WHERE id = ?',
  textsOf: 'SELECT language, facts FROM article_text WHERE article = ? ORDER BY language',
  hasText: 'SELECT 1 FROM article_text WHERE article = ? LIMIT 1',
  text: 'SELECT facts FROM article_text WHERE article = ? AND language = ?',
  namesArticle: `SELECT 1 FROM article WHERE id = ?1 UNION ALL SELECT 1 FROM article_text WHERE article = ?1
    UNION ALL SELECT 1 FROM mapping WHERE article = ?1 LIMIT 1`,
  gonePages: "SELECT DISTINCT article AS id FROM article_text WHERE facts ->> '$.linkCheck.isGone'",
  summaryDays: 'SELECT article, language, day FROM summary_document',
  // By rank, and by article in one rank.
  mappings: `SELECT article, relationship, rank, sensitivity, origin, note FROM mapping
    WHERE system = ? AND code = ? ORDER BY rank, article`,
  isMapped: 'SELECT 1 FROM mapping WHERE system = ? AND code = ? LIMIT 1',
  mappedCodesAfter: 'SELECT DISTINCT code FROM mapping WHERE system = ? AND code > ? ORDER BY code LIMIT ?',
  codesTo: `SELECT system, code, relationship FROM mapping WHERE article = ? AND relationship <> 'none'
    ORDER BY system, code`,
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
