import { readFileSync } from 'node:fs';
import { RequestedCodes, type KnownCoding } from '../../core/evaluation/requested-codes.js';
import { codeSystem, findCodeSystem } from '../../core/codes/code-systems.js';
import { LANGUAGES } from '../../core/model/language.js';
import { detectOtherSystem, normalizeCode } from '../../core/codes/normalize-code.js';
import { forEachRecord } from '../../build/read-rows.js';
import type { Complaint } from '../../build/source.js';
import { printableLine } from '../../core/client-text.js';
import type { Out } from './command.js';

/** A list that cannot be read at all: one line that names it and the reason. */
export class CodeListError extends Error {
  override readonly name = 'CodeListError';
}

/** The coding of a row, or why the row is invalid. */
function readCoding(cell: (name: string) => string): KnownCoding | string {
  const [systemSent, code] = [cell('system'), cell('code')];
  const display = cell('display') || cell('title');
  const found = findCodeSystem(systemSent);
  if (!found) return systemSent === '' ? 'no code system' : `unknown code system ${systemSent}`;
  const coding = { system: found.id, systemSent, code, display, userSelected: false };
  if (code === '') return found.kind === 'drug' && display !== '' ? coding : 'no code';
  if (normalizeCode(found.id, code) !== undefined) return coding;
  const other = detectOtherSystem(found.id, code);
  const hint = other ? `; it looks like a code of ${codeSystem(other).label}` : '';
  return `${code} is not a possible code of ${found.label}${hint}`;
}

function readCount(text: string): number | undefined {
  if (text === '') return 1;
  const count = /^\d{1,12}$/.test(text) ? Number(text) : 0;
  return count > 0 ? count : undefined;
}

/**
 * Reads a CSV list of codes: the columns `system` (id, OID, label or FHIR address), `code`, and optionally `count` and
 * `display` (a drug's name). Invalid rows are left out and reported.
 * @returns the codes, each once, and the invalid rows
 * @throws CodeListError if there is no such file, or a column is missing
 */
export function readCodeList(path: string) {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CodeListError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const [header = ''] = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 1);
  if (!/\bsystem\b/i.test(header) || !/\bcode\b/i.test(header)) {
    throw new CodeListError(`${path}: its first line must name the columns system,code and optionally count,display`);
  }
  const codes = new RequestedCodes(true);
  const complaints: Complaint[] = [];
  forEachRecord(text, ({ record, line, fault }) => {
    const cells = new Map(Object.entries(record).map(([name, value]) => [name.toLowerCase(), value.trim()]));
    const cell = (name: string): string => cells.get(name) ?? '';
    const coding = fault ?? readCoding(cell);
    const count = readCount(cell('count'));
    if (typeof coding === 'string') complaints.push({ file: path, line, reason: coding });
    else if (count === undefined) complaints.push({ file: path, line, reason: `${cell('count')} is not a count` });
    // The list has no languages: a code counts in full for every language.
    else codes.add(coding, count, LANGUAGES);
  });
  return { codes: codes.list(), complaints };
}

/** Exit code if rows of a list were left out. */
const LEFT_OUT = 2;

/** Writes the rows of a list that were left out to stderr. @returns exit code: 0, or 2 if there are any */
export function reportComplaints(complaints: readonly Complaint[], stderr: Out): number {
  for (const { file, line, reason } of complaints) stderr.write(`${file}:${line}: ${printableLine(reason)}\n`);
  if (complaints.length === 0) return 0;
  stderr.write(`rows left out: ${complaints.length}\n`);
  return LEFT_OUT;
}
