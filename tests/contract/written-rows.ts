import type { WrittenChange, WrittenRows } from '../../src/core/model/written-store.js';
import { NOTHING_WRITTEN } from '../../src/core/model/written-store.js';

export const NOW = new Date('2026-11-24T12:00:00Z');

/** A handout of one code. */
export function handoutRows(article: string, code: string, title = 'A handout'): WrittenRows {
  const row = { system: 'icd-10-cm', code, article, relationship: 'equivalent', rank: 1 } as const;
  return {
    ...NOTHING_WRITTEN,
    articles: [{ id: article, publisher: 'site' }],
    texts: [
      {
        article,
        language: 'en',
        title,
        url: 'https://a.example',
        alsoCalled: [],
        summaryHtml: undefined,
        origin: 'curated',
      },
    ],
    mappings: [{ ...row, sensitivity: undefined, origin: 'curated', note: '' }],
  };
}

export const put = (id: string, rows: WrittenRows, facts: Partial<WrittenChange> = {}): WrittenChange => ({
  type: 'Document',
  id,
  method: 'PUT',
  content: `{"id":"${id}"}`,
  rows,
  ...facts,
});
export const remove = (id: string): WrittenChange => put(id, NOTHING_WRITTEN, { method: 'DELETE', content: undefined });
