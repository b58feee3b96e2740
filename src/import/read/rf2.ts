import type { ImportLog, InputFile } from '../import-source.js';
import { readColumns, type ColumnRow } from './read-columns.js';

/** A file of a release (Release File Specifications, RF2): its name pattern and columns. */
export interface Rf2Kind {
  readonly pattern: RegExp;
  readonly wanted: string;
  readonly columns: readonly string[];
}

export const createRf2Kind = (pattern: RegExp, wanted: string, columns: string): Rf2Kind => ({
  pattern,
  wanted: `the SNOMED CT ${wanted} snapshot (RF2)`,
  columns: `id effectiveTime active moduleId ${columns}`.split(' '),
});

/** The relationships that a snapshot states. */
export const RELATIONSHIPS = createRf2Kind(
  /^x?sct2_Relationship_Snapshot_/,
  'relationship',
  'sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId',
);
/** The type of the relationship of a concept to one that it is a kind of. */
export const IS_A = '116680003';

/** Reads a snapshot's rows in portions. */
export function readRf2(file: InputFile, { columns }: Rf2Kind, log: ImportLog): AsyncGenerator<readonly ColumnRow[]> {
  return readColumns(file, { separator: '\t', width: columns.length, heading: columns }, log);
}
