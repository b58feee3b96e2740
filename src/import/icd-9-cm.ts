import type { CodeSystemId } from '../core/codes/code-systems.js';
import { normalizeCode } from '../core/codes/normalize-code.js';
import type { CrosswalkFacts } from '../build/source.js';
import type { ImportLog, ImportSource, InputFile, RowPortions } from './import-source.js';
import { findOptionalFile, ImportError, findNewestDay, findOneFile } from './import-source.js';
import { toCodeRows } from './read/code-rows.js';
import { readCsv } from './read/read-csv.js';
import { readNumbered } from './read/read-lines.js';
import type { TextOptions } from './read/read-text.js';

/** CMS's titles, and NBER's copy of them. */
const TITLES = /^(CMS\d\d_DESC_LONG_DX.*\.txt|icd9dx\d*\.csv)$/i;
/** CMS's General Equivalence Mappings (`2018_I9gem.txt`, `2018_I10gem.txt`), and NBER's copies of them. */
const FROM_ICD_9 = /^(\d{4}_I9gem\.txt|icd9toicd10cmgem\.csv)$/i;
const FROM_ICD_10 = /^(\d{4}_I10gem\.txt|icd10cmtoicd9gem\.csv)$/i;

/** A line of CMS's titles: the code without its dot, spaces, the title. */
const TITLE_LINE = /^([0-9VE]\w{2,4}) +(\S.*)$/;
/** Titles such as Ménière's disease may be in an encoding other than UTF-8. */
const TITLE_ENCODING: TextOptions = { orElse: 'windows-1252' };
/** A line of a GEM: source and target without dots, then the flags approximate, no map, combination, scenario, choice list. */
const GEM_LINE = /^(\w+) +(\w+) +(\d{5})\s*$/;

/** Cells of a row, undefined if it is invalid, with its line. */
interface Row {
  readonly cells: readonly string[] | undefined;
  readonly line: number;
}

async function* readMatches(
  file: InputFile,
  pattern: RegExp,
  log: ImportLog,
  encoding?: TextOptions,
): AsyncGenerator<readonly Row[]> {
  for await (const lines of readNumbered(file, log, encoding))
    yield lines.map(({ text, line }) => ({ cells: pattern.exec(text)?.slice(1), line }));
}

async function* readCells(file: InputFile, columns: readonly string[], log: ImportLog): AsyncGenerator<readonly Row[]> {
  for await (const rows of readCsv(file, columns, log)) {
    yield rows.map(({ cells, line }) => ({ cells: columns.map((column) => cells[column] ?? ''), line }));
  }
}

const isCsv = ({ name }: InputFile): boolean => /\.csv$/i.test(name);

/** Rejects a truncated file: one that does not reach the end of its code system. */
function rejectTruncated(file: InputFile, last: string, ending: RegExp): void {
  if (!ending.test(last)) throw new ImportError(`${file.label} ends with ${last || 'nothing'}: truncated`);
}

/**
 * Reads the titles of billable codes. CMS's files have no headings (250, 250.0), so codes have no parent.
 * @see
 * https://www.cms.gov/medicare/coding-billing/icd-10-codes/icd-9-cm-diagnosis-procedure-codes-abbreviated-and-full-code-titles
 */
async function* readTitles(file: InputFile, log: ImportLog): RowPortions {
  const known = new Set<string>();
  let last = '';
  const portions = isCsv(file)
    ? readCells(file, ['dgns_cd', 'longdesc'], log)
    : readMatches(file, TITLE_LINE, log, TITLE_ENCODING);
  yield* toCodeRows(portions, ({ cells, line }, { concepts }) => {
    const [sent = '', title = ''] = cells ?? [];
    const code = normalizeCode('icd-9-cm', sent);
    if (code === undefined || title.trim() === '' || known.has(code)) {
      const isRepeated = code !== undefined && known.has(code);
      log.reject(file.label, line, isRepeated ? `${code} is a duplicate` : 'not an ICD-9-CM code with its title');
      return;
    }
    known.add(code);
    last = code;
    const facts = { title: title.trim(), parent: undefined, billable: true, active: true, names: [] };
    concepts.push({ system: 'icd-9-cm', code, ...facts });
  });
  rejectTruncated(file, last, /^[EV]/);
}

/** A GEM target's relationship to its source. */
function toRelationship(flags: string): CrosswalkFacts['relationship'] {
  const [isApproximate, , isCombination] = flags;
  // The flag states that the two differ, and not which is wider; a combination's target is a part.
  return isApproximate === '0' && isCombination === '0' ? 'equivalent' : 'related';
}

/**
 * Reads a General Equivalence Mapping as crosswalks. A code without a target has none.
 * @see "General Equivalence Mappings: Documentation for Technical Users", CMS 2018
 */
async function* readGem(
  file: InputFile,
  [from, to]: readonly [CodeSystemId, CodeSystemId],
  log: ImportLog,
): RowPortions {
  let last = '';
  const portions = isCsv(file)
    ? readCells(file, from === 'icd-9-cm' ? ['icd9cm', 'icd10cm', 'flags'] : ['icd10cm', 'icd9cm', 'flags'], log)
    : readMatches(file, GEM_LINE, log);
  yield* toCodeRows(portions, ({ cells, line }, { crosswalks }) => {
    const [source = '', target = '', flags = ''] = cells ?? [];
    const code = normalizeCode(from, source);
    const targetCode = normalizeCode(to, target);
    const hasNoMap = flags.startsWith('1', 1);
    if (code === undefined || (targetCode === undefined && !hasNoMap)) {
      log.reject(file.label, line, 'not a row of a General Equivalence Mapping');
      return;
    }
    last = code;
    if (targetCode === undefined || hasNoMap) return;
    const relationship = toRelationship(flags);
    crosswalks.push({ from: { system: from, code }, to: { system: to, code: targetCode }, relationship });
  });
  rejectTruncated(file, last, from === 'icd-9-cm' ? /^[EV]/ : /^[ZU]/);
}

/** The year, or CMS's version, of which 32 is that of 2015 and the last. */
function reportRelease(file: InputFile, log: ImportLog): void {
  const version = /20\d\d|(?<=^CMS)\d\d/.exec(file.name)?.[0];
  // The files with titles have no headings, so a missing code may still exist.
  log.release({ version, date: findNewestDay([file]), complete: [] });
}

async function* readFiles(files: readonly InputFile[], log: ImportLog): RowPortions {
  const titles = findOptionalFile(files, TITLES, 'the titles of ICD-9-CM');
  const fromIcd9 = findOptionalFile(files, FROM_ICD_9, 'the mapping from ICD-9-CM to ICD-10-CM');
  const fromIcd10 = findOptionalFile(files, FROM_ICD_10, 'the mapping from ICD-10-CM to ICD-9-CM');
  const first =
    titles ??
    fromIcd9 ??
    fromIcd10 ??
    findOneFile(files, TITLES, 'the titles of ICD-9-CM or a General Equivalence Mapping');
  reportRelease(first, log);
  if (titles) yield* readTitles(titles, log);
  if (fromIcd9) yield* readGem(fromIcd9, ['icd-9-cm', 'icd-10-cm'], log);
  if (fromIcd10) yield* readGem(fromIcd10, ['icd-10-cm', 'icd-9-cm'], log);
}

/** ICD-9-CM in CMS's final version, and its mappings from and to ICD-10-CM. */
export const icd9cm: ImportSource = {
  name: 'icd-9-cm',
  description:
    'ICD-9-CM: titles (CMS32_DESC_LONG_DX.txt) and mappings (2018_I9gem.txt, 2018_I10gem.txt), in one folder',
  read: readFiles,
};
