import { readDataFile } from '../read-data-file.js';

/** An official source of what the library holds, as resources/editions/sources.yaml describes it. */
export interface OfficialSource {
  /** Name of its importer. */
  readonly id: string;
  readonly label: string;
  /** `by-hand`: the files that `files` tells newer ones by are not those that are imported. */
  readonly importer?: 'by-hand';
  /** The publisher's page about it. */
  readonly page: string;
  /** The licence that its files need; undefined: they are public. */
  readonly licence?: string;
  /** Way to find its newest file; undefined: by the publisher's calendar alone. */
  readonly find?: 'topics' | 'file' | 'fiscal-year';
  /** Addresses of its newest file, to be tried in order; `{year}` stands for the fiscal year. */
  readonly files?: readonly string[];
  /** Months, 1 to 12, on whose first day a new edition is due. */
  readonly months: readonly number[];
  /** Months after which an edition that is not in use is late. */
  readonly grace: number;
  /** ISO 8601 day of what ships with the program; undefined: rows of ours that follow no edition. */
  readonly shipped?: string;
}

/** Every official source, in the order in which they are listed. */
export const OFFICIAL_SOURCES: readonly OfficialSource[] = Object.entries(
  readDataFile('editions/sources.yaml') as Readonly<Record<string, Omit<OfficialSource, 'id'>>>,
).map(([id, source]) => ({ id, ...source }));
