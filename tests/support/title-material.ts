import { codeSystem, isCodeSystemId, type CodeSystemId } from '../../src/core/codes/code-systems.js';
import type { Coding, Library } from '../../src/core/model/library.js';
import { normalizeCode } from '../../src/core/codes/normalize-code.js';
import { groupBy } from '../../src/core/group-by.js';
import { type SelectedRow, selectRows } from '../../src/core/codes/resolve-coding.js';
import { DATA, read } from './shared-data.js';
import { gunzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';

/** A code as somebody sends it, with the title that goes with it. */
export interface Display extends Coding {
  readonly display: string;
}

function toDisplay(system: string, sent: string, display: string): Display[] {
  const code = isCodeSystemId(system) ? normalizeCode(system, sent) : undefined;
  return isCodeSystemId(system) && code !== undefined && display !== '' ? [{ system, code, display }] : [];
}

/** Each code and display once. */
function unique(displays: readonly Display[]): Display[] {
  const texts = displays.map((one) => [`${one.system}|${one.code}|${one.display}`, one] as const);
  return [...new Map(texts).values()];
}

const SAMPLES: readonly (readonly [file: string, system: CodeSystemId])[] = [
  ['conditions', 'snomed-ct'],
  ['procedures', 'snomed-ct'],
  ['medications', 'rxnorm'],
  ['observations', 'loinc'],
];

/** Codes that the synthetic hospital titles wrongly: 833036 is hydrocodone with acetaminophen, and named captopril there. */
const MISTITLED: ReadonlySet<string> = new Set(['rxnorm|833036']);

/** The displays that false alarms are measured on: those of quality measures' value sets and of a synthetic hospital. */
export function measuredDisplays(): Display[] {
  const ofValueSets = read('value-sets/quality_measure_codes.csv.gz').flatMap(
    ({ system = '', code = '', display = '' }) => toDisplay(system, code, display),
  );
  const ofSamples = SAMPLES.flatMap(([file, system]) =>
    read(`sample-codes/${file}.csv`).flatMap((row) => toDisplay(system, row['CODE'] ?? '', row['DESCRIPTION'] ?? '')),
  );
  return unique([...ofValueSets, ...ofSamples]).filter(({ system, code }) => !MISTITLED.has(`${system}|${code}`));
}

/** Mondo's labels of codes (SSSOM, with comments before the table). */
function mondoLabels(file: string, system: CodeSystemId): Display[] {
  const lines = gunzipSync(readFileSync(`${DATA}/crosswalks/${file}`))
    .toString()
    .split('\n');
  const [header = '', ...rows] = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const columns = header.split('\t');
  const [label, object] = [columns.indexOf('subject_label'), columns.indexOf('object_id')];
  return rows.flatMap((line) => {
    const cells = line.split('\t');
    return toDisplay(system, cells[object]?.split(':')[1] ?? '', cells[label] ?? '');
  });
}

/** Mondo's names of the diseases that are exactly a code of ICD-10-CM. */
export const mondoTitles = (): Display[] =>
  mondoLabels('mondo_exactmatch_icd10cm.sssom.tsv.gz', 'icd-10-cm').filter(
    ({ display }) => !/^obsolete /.test(display),
  );

/** The terms of ICD-10-CM's index, each with those above it: `Diabetes`, `type 1` → `Diabetes type 1`. */
function indexTerms(): Display[] {
  const above: string[] = [];
  return read('icd10cm/alphabetic-index-2025.csv.gz').flatMap(({ Level = '', Term = '', Code = '' }) => {
    above.length = Number(Level);
    above.push(Term);
    return toDisplay('icd-10-cm', Code.replace(/[.-]+$/, ''), above.join(' '));
  });
}

/** ICD-10-CM's codes with their official titles. */
export const officialTitles = (): Display[] =>
  read('icd10cm/icd10cm_2027.csv.gz').flatMap(({ code = '', title = '' }) => toDisplay('icd-10-cm', code, title));

/** ICD-9-CM's codes with their official titles. */
export const ninthTitles = (): Display[] =>
  read('icd9cm/icd9dx2015.csv.gz').flatMap(({ dgns_cd = '', longdesc = '' }) =>
    toDisplay('icd-9-cm', dgns_cd, longdesc),
  );

/** All titles of codes that lie beside the project: what articles' words are counted in. */
export function knownDisplays(): Display[] {
  return unique([
    ...measuredDisplays(),
    ...officialTitles(),
    ...ninthTitles(),
    ...indexTerms(),
    ...read('snomed/core_2014_usage.csv.gz').flatMap(({ sctid = '', name = '' }) =>
      toDisplay('snomed-ct', sctid, name),
    ),
    ...mondoLabels('mondo_exactmatch_sctid.sssom.tsv.gz', 'snomed-ct'),
    ...mondoLabels('mondo_exactmatch_icd10cm.sssom.tsv.gz', 'icd-10-cm'),
  ]);
}

const CHUNK = 500;

/** The articles that each coding leads to, whoever reads: those of its nearest level, or of some of its rows. */
export function articlesOfCodings(
  codings: readonly Coding[],
  library: Library,
  choose: (rows: readonly SelectedRow[]) => readonly SelectedRow[] = (rows) => rows,
): readonly string[][] {
  const found: string[][] = [];
  for (let start = 0; start < codings.length; start += CHUNK) {
    const chunk = codings.slice(start, start + CHUNK);
    const records = groupBy(library.findMappings(chunk), ({ input }) => input);
    found.push(
      ...chunk.map((_, input) => {
        const selection = selectRows(records.get(input) ?? []);
        return choose(selection?.rows ?? []).map(({ article }) => article);
      }),
    );
  }
  return found;
}

/** SNOMED CT's full names end in what kind of thing they name. */
export const withoutTag = ({ system, display }: Display): string =>
  system === 'snomed-ct' ? display.replace(/\s*\([a-z /]+\)$/, '') : display;

export const isDiagnosis = ({ system }: Coding): boolean => codeSystem(system).kind === 'diagnosis';
