import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { readNumberedRows } from '../support/csv-rows.js';

/** A row of mappings/<code system>.csv, as it is written. */
export interface MappingLine {
  readonly file: string;
  readonly system: string;
  readonly line: number;
  readonly code: string;
  readonly article: string;
  readonly relationship: string;
  readonly rank: string;
  readonly sensitivity: string;
  readonly origin: string;
  readonly note: string;
}

/** A row of a catalogue file: `kind` and `language` are the file's (no language: facts). */
export interface CatalogueLine {
  readonly file: string;
  readonly kind: string;
  readonly language: string | undefined;
  readonly line: number;
  readonly id: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** The rows of a CSV file, each with its line. */
export const readCsv = (path: string): ReturnType<typeof readNumberedRows> =>
  readNumberedRows(readFileSync(path, 'utf8'));

const csvIn = (folder: string): string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.csv')) : [];

export const MAPPINGS: readonly MappingLine[] = csvIn('mappings').flatMap((file) =>
  readCsv(`mappings/${file}`).map(
    ({ line, cells }) => ({ file, system: file.replace('.csv', ''), line, ...cells }) as MappingLine,
  ),
);

/** Rows of mappings/crosswalks/<from>.<to>.csv. */
export const CROSSWALKS = csvIn('mappings/crosswalks').flatMap((file) =>
  readCsv(`mappings/crosswalks/${file}`).map(({ line, cells: { code = '', target = '' } }) => {
    const [from = '', to = ''] = file.split('.');
    return { file, line, from, to, code, target };
  }),
);

export const CATALOGUE: readonly CatalogueLine[] = csvIn('resources/articles')
  .filter((file) => !file.startsWith('publisher') && file !== 'language-link.csv')
  .flatMap((file) =>
    readCsv(`resources/articles/${file}`).map(({ line, cells }) => {
      const [kind = '', second] = file.split('.');
      return { file, kind, language: second === 'csv' ? undefined : second, line, id: cells['id'] ?? '', cells };
    }),
  );

export const FACTS: ReadonlyMap<string, CatalogueLine> = new Map(
  CATALOGUE.filter(({ language }) => language === undefined).map((row) => [row.id, row]),
);
export const ENGLISH: ReadonlyMap<string, CatalogueLine> = new Map(
  CATALOGUE.filter(({ language }) => language === 'en').map((row) => [row.id, row]),
);

export const titleOf = (article: string): string => ENGLISH.get(article)?.cells['title'] ?? '';

const byCode = new Map<string, MappingLine[]>();
for (const row of MAPPINGS) {
  const key = `${row.system}|${row.code}`;
  byCode.set(key, [...(byCode.get(key) ?? []), row]);
}

/** The rows of each code, by `system|code`. */
export const ROWS_OF: ReadonlyMap<string, readonly MappingLine[]> = byCode;

/** The rows that answer a code: its own, or its nearest ancestor's; none where there are none. */
export function answering(system: string, code: string, own = true): readonly MappingLine[] {
  const shortest = system === 'icd-9-cm' && code.startsWith('E') ? 4 : 3;
  if (own) {
    const rows = ROWS_OF.get(`${system}|${code}`);
    if (rows) return rows;
  }
  const isHierarchical = system === 'icd-10-cm' || system === 'icd-9-cm';
  if (!isHierarchical || code.length <= shortest) return [];
  return answering(system, code.slice(0, -1).replace(/\.$/, ''));
}

/** How a row is named in a failure: where it is and what it says. */
export const name = ({ file, line, code, article, relationship }: MappingLine): string =>
  `${file}:${line} ${code} → ${article || relationship}${article ? ` (${titleOf(article)})` : ''}`;

/** The sensitivity that a row's article travels with. */
export const sensitivityOf = (row: MappingLine): string =>
  row.sensitivity || (FACTS.get(row.article)?.cells['sensitivity'] ?? '');
