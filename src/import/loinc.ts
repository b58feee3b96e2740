import { normalizeCode } from '../core/codes/normalize-code.js';
import type { ConceptFacts, CrosswalkFacts } from '../build/source.js';
import type { ImportLog, ImportSource, InputFile, RowPortions } from './import-source.js';
import { findOptionalFile, findNewestDay, findOneFile, SILENT_LOG } from './import-source.js';
import { copyCell } from './read/read-text.js';
import { listOtherNames, splitList, toCodeRows } from './read/code-rows.js';
import { readCsv } from './read/read-csv.js';

const TABLE = /^Loinc\.csv$/i;
/** `MapTo.csv`, or `map_to.csv` in older releases. */
const MAP_TO = /^map_?to\.csv$/i;
/** Other files of the release with the same names: the terms of its panels only. */
const OTHER_FOLDERS = /PanelsAndForms|TableCore/i;

/** A related name shared by so many terms names an axis (Serum, Point in time), not a test. */
const SHARED_BY = 500;
/** Maximum related names stored for a term. */
const MAX_RELATED = 10;

/** Facts about the whole table, needed before its first row is imported: the release, as named by its newest terms, and shared names. */
async function surveyTable(table: InputFile) {
  const counts = new Map<string, number>();
  let version: string | undefined;
  for await (const rows of readCsv(table, ['VersionLastChanged', 'RELATEDNAMES2'], SILENT_LOG)) {
    for (const { cells } of rows) {
      const { VersionLastChanged: changed, RELATEDNAMES2: related } = cells;
      // From 2.01 on, versions sort as strings.
      if (/^\d\.\d\d$/.test(changed) && changed > (version ?? '')) version = changed;
      for (const name of splitList(related)) {
        const count = counts.get(name) ?? 0;
        counts.set(count === 0 ? copyCell(name) : name, count + 1);
      }
    }
  }
  const sharedNames = new Set([...counts].filter(([, count]) => count >= SHARED_BY).map(([name]) => name));
  return { version, sharedNames };
}

const COLUMNS = ['LOINC_NUM', 'LONG_COMMON_NAME', 'SHORTNAME', 'CONSUMER_NAME', 'RELATEDNAMES2', 'STATUS'] as const;
type Cells = Readonly<Record<(typeof COLUMNS)[number], string>>;

function toConcept(code: string, cells: Cells, sharedNames: ReadonlySet<string>): ConceptFacts {
  const title = cells.LONG_COMMON_NAME.trim();
  const related = splitList(cells.RELATEDNAMES2).filter((name) => !sharedNames.has(name));
  const names = [cells.CONSUMER_NAME.trim(), cells.SHORTNAME.trim(), ...related.slice(0, MAX_RELATED)];
  return {
    system: 'loinc',
    code,
    title,
    parent: undefined,
    billable: undefined,
    // Discouraged and deprecated terms are inactive.
    active: /^(ACTIVE|TRIAL)$/.test(cells.STATUS),
    names: listOtherNames(names, title),
  };
}

const readTable = (table: InputFile, sharedNames: ReadonlySet<string>, log: ImportLog): RowPortions =>
  toCodeRows(readCsv(table, COLUMNS, log), ({ cells, line }, { concepts }) => {
    const code = normalizeCode('loinc', cells.LOINC_NUM);
    if (code === undefined) log.reject(table.label, line, `${cells.LOINC_NUM} is not a LOINC code`);
    else if (cells.LONG_COMMON_NAME.trim() === '') log.reject(table.label, line, `${code} has no name`);
    else concepts.push(toConcept(code, cells, sharedNames));
  });

/**
 * Reads the replacements of deprecated terms. If there are several targets, each applies in some cases only, as its
 * comment states.
 */
async function* readReplacements(file: InputFile, log: ImportLog): RowPortions {
  const targets = new Map<string, string[]>();
  for await (const rows of readCsv(file, ['LOINC', 'MAP_TO'], log)) {
    for (const { cells, line } of rows) {
      const code = normalizeCode('loinc', cells.LOINC);
      const target = normalizeCode('loinc', cells.MAP_TO);
      if (code === undefined || target === undefined) log.reject(file.label, line, 'not a pair of LOINC codes');
      else targets.set(code, [...(targets.get(code) ?? []), target]);
    }
  }
  const crosswalks: CrosswalkFacts[] = [];
  for (const [code, its] of targets) {
    const relationship = its.length === 1 ? 'equivalent' : 'related';
    for (const target of its) {
      crosswalks.push({ from: { system: 'loinc', code }, to: { system: 'loinc', code: target }, relationship });
    }
  }
  yield { crosswalks };
}

async function* readFiles(files: readonly InputFile[], log: ImportLog): RowPortions {
  const own = files.filter(({ label }) => !OTHER_FOLDERS.test(label));
  const table = findOneFile(own, TABLE, 'the LOINC table (Loinc.csv)');
  const replacements = findOptionalFile(own, MAP_TO, "the LOINC table's replacements (MapTo.csv)");
  const { version, sharedNames } = await surveyTable(table);
  log.release({ version, date: findNewestDay([table]), complete: ['loinc'] });
  yield* readTable(table, sharedNames, log);
  if (replacements) yield* readReplacements(replacements, log);
}

/**
 * LOINC as published by Regenstrief: the table of its release, and the replacements of deprecated terms.
 * @see https://loinc.org/kb/users-guide, "LOINC Database Structure"
 */
export const loinc: ImportSource = {
  name: 'loinc',
  description: 'LOINC: the release, or its Loinc.csv and MapTo.csv (under the LOINC licence)',
  read: readFiles,
};
