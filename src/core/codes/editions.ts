import { readTextFile } from '../read-data-file.js';
import { findLine, hasBeginning } from '../sorted-lines.js';
import type { CodeSystemId } from './code-systems.js';

/** The withdrawal of a code by its code system: it was deleted, or it became the header of more specific codes. */
export interface Withdrawal {
  readonly kind: 'deleted' | 'header';
  /** ISO 8601 day; undefined: of an earlier edition, not known. */
  readonly on: string | undefined;
}

/** Files with every code of a system's edition in force and of earlier ones: sorted lines `code` or `code,kind day`. */
const CODES_OF: Partial<Record<CodeSystemId, string>> = { 'icd-10-cm': 'editions/icd-10-cm-codes.txt.gz' };

function findInEditions(system: CodeSystemId, code: string): string | undefined {
  const file = CODES_OF[system];
  return file === undefined ? '' : findLine(readTextFile(file), code);
}

/** The codes of a system's edition in force, headers among them; empty in systems without editions here. */
export function listInForce(system: CodeSystemId): string[] {
  const file = CODES_OF[system];
  return file === undefined
    ? []
    : readTextFile(file)
        .split('\n')
        .filter((line) => line !== '' && !line.includes(','));
}

/** True if the mapping rows were judged for a code: it is one of the edition in force or of an earlier one. True in systems without editions here. */
export const isInEditions = (system: CodeSystemId, code: string): boolean => findInEditions(system, code) !== undefined;

/** The withdrawal of a code that records of earlier years carry; undefined if it is in force or not known. */
export function findWithdrawal(system: CodeSystemId, code: string): Withdrawal | undefined {
  const [kind, on] = findInEditions(system, code)?.split(' ') ?? [];
  return kind === 'deleted' || kind === 'header' ? { kind, on } : undefined;
}

/** True if the editions have the code and codes below it. */
export function isHeaderInEditions(system: CodeSystemId, code: string): boolean {
  const file = CODES_OF[system];
  if (file === undefined || !isInEditions(system, code)) return false;
  return hasBeginning(readTextFile(file), code.length > CATEGORY_LENGTH ? code : `${code}.`, code);
}

/** Characters of a category of ICD-10-CM. */
const CATEGORY_LENGTH = 3;

/**
 * True for a code that no edition has and that would stand below a code without any below it: E11.99, Q99.99X. What follows a header may be
 * of an edition to come.
 */
export function isImpossibleInEditions(system: CodeSystemId, code: string): boolean {
  if (CODES_OF[system] === undefined || isInEditions(system, code)) return false;
  for (let length = code.length - 1; length >= CATEGORY_LENGTH; length -= 1) {
    const above = code.slice(0, length).replace(/\.$/, '');
    if (isInEditions(system, above)) return !isHeaderInEditions(system, above);
  }
  return false;
}
