import { readDataFile } from '../../core/read-data-file.js';
import type { JsonObject } from '../json-object.js';
import type { Node } from './read-tree.js';
import { readAttribute, findChildren } from './read-tree.js';

/** What a section holds; by its LOINC code, as C-CDA R2.1 has it. */
export type SectionKind =
  | 'problems'
  | 'past-problems'
  | 'diagnoses'
  | 'encounters'
  | 'medications'
  | 'discharge-medications'
  | 'results'
  | 'vital-signs'
  | 'social-history'
  | 'immunizations'
  | 'allergies'
  | 'procedures'
  | 'plan';

interface SectionRow {
  readonly codes: readonly string[];
  readonly template?: string;
  readonly inWords?: JsonObject;
}

const { read, unread } = readDataFile('charts/ccda-sections.yaml') as {
  readonly read: Readonly<Record<SectionKind, SectionRow>>;
  readonly unread: Readonly<Record<string, string | undefined>>;
};
const ROWS = Object.entries(read) as [SectionKind, SectionRow][];

const SECTION_TEMPLATE = '2.16.840.1.113883.10.20.22.2.';

/** What sections that are not read are called, each reported once as a type that asks nothing. */
export const UNREAD = unread;

/** What stands for a section that has words and no entries: a fact without a code, so that it is reported. */
export const findInWords = (kind: SectionKind): JsonObject | undefined => read[kind].inWords;

/** What a section holds: by its code, else by its template. */
export function findKind(section: Node, code: string): SectionKind | undefined {
  if (code !== '') return ROWS.find(([, { codes }]) => codes.includes(code))?.[0];
  const roots = findChildren(section, 'templateId').map((one) => readAttribute(one, 'root'));
  const number = roots
    .find((root) => root.startsWith(SECTION_TEMPLATE))
    ?.slice(SECTION_TEMPLATE.length)
    .split('.', 1)[0];
  return ROWS.find(([, { template }]) => template !== undefined && template === number)?.[0];
}
