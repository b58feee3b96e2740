/** The tables that hold rows of releases: their columns in order, and how many of a row's columns are its key. */
export interface TableShape {
  /** Column → its type. */
  readonly columns: Readonly<Record<string, 'integer' | 'text' | 'bytes'>>;
  readonly key: readonly string[];
  /** The first of several rows with one key stays, where otherwise the last one does. */
  readonly keepsFirst?: boolean;
}

const SHAPES = {
  publisher: { columns: { release: 'integer', id: 'text', facts: 'text' }, key: ['release', 'id'] },
  article: { columns: { release: 'integer', id: 'text', facts: 'text' }, key: ['id', 'release'] },
  article_text: {
    columns: { release: 'integer', article: 'text', language: 'text', facts: 'text' },
    key: ['article', 'language', 'release'],
  },
  mapping: {
    columns: {
      release: 'integer',
      system: 'text',
      code: 'text',
      article: 'text',
      relationship: 'text',
      rank: 'integer',
      sensitivity: 'text',
      origin: 'text',
      note: 'text',
    },
    key: ['system', 'code', 'release', 'article'],
  },
  crosswalk: {
    columns: {
      release: 'integer',
      system: 'text',
      code: 'text',
      target_system: 'text',
      target_code: 'text',
      relationship: 'text',
    },
    key: ['system', 'code', 'release', 'target_system', 'target_code'],
    keepsFirst: true,
  },
  concept: {
    columns: {
      release: 'integer',
      system: 'text',
      code: 'text',
      title: 'text',
      parent: 'text',
      billable: 'integer',
      active: 'integer',
      names: 'text',
    },
    key: ['release', 'system', 'code'],
  },
  search_index: {
    columns: { release: 'integer', version: 'integer', documents: 'integer', concepts_from: 'integer' },
    key: ['release'],
  },
  search_document: {
    columns: { release: 'integer', document: 'integer', system: 'text', key: 'text' },
    key: ['release', 'document'],
  },
  search_term: {
    columns: {
      release: 'integer',
      id: 'integer',
      term: 'text',
      word: 'text',
      documents: 'integer',
      postings: 'bytes',
    },
    key: ['release', 'id'],
  },
  search_gram: { columns: { release: 'integer', gram: 'text', terms: 'bytes' }, key: ['release', 'gram'] },
  search_synonym: {
    columns: { release: 'integer', term: 'text', means: 'text', language: 'text' },
    key: ['release', 'term', 'means'],
  },
} as const satisfies Readonly<Record<string, TableShape>>;

export type TableName = keyof typeof SHAPES;
export const TABLES: Readonly<Record<TableName, TableShape>> = SHAPES;
export const TABLE_NAMES = Object.keys(SHAPES) as TableName[];
