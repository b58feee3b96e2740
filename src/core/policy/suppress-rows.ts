import type { MappingRecord } from '../model/library.js';

/** A row of a suppressed article stands as `none` in its place: the code must not fall back to another article. */
export function suppressRow(record: MappingRecord, suppressed: ReadonlySet<string>): MappingRecord {
  const { article } = record;
  if (article === undefined || !suppressed.has(article)) return record;
  return { ...record, article: undefined, relationship: 'none', note: '', suppressed: article };
}
