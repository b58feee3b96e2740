import { icd10cm } from './icd-10-cm.js';
import type { ImportSource } from './import-source.js';

/** Every importer, by the name that the command line gives it. */
export const IMPORT_SOURCES: readonly ImportSource[] = [icd10cm];

export const findImportSource = (name: string): ImportSource | undefined =>
  IMPORT_SOURCES.find((source) => source.name === name);
