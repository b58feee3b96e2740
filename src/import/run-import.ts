import type { Complaint, LibraryRows } from '../library/source.js';
import { NO_ROWS } from '../library/source.js';
import type { ImportIdentity, ImportTarget } from '../library/releases.js';
import type { ReleaseContent } from '../library/sqlite/release-writer.js';
import type { ImportLog, ImportSource, InputFile, ReleaseFacts } from './import-source.js';
import { ImportError } from './import-source.js';

/** Rows written in one transaction. */
const BATCH_ROWS = 5000;
/** Complaints kept; all are counted. */
const MAX_COMPLAINTS = 10_000;
/** Of this share of rejected rows on, the file is not what it was taken for. */
const MOST_REJECTED = 0.5;
/** A release with less than this share of its predecessor's rows is taken for half a file. */
const LEAST_OF_BEFORE = 0.5;

type Kind = keyof LibraryRows;
const KINDS = Object.keys(NO_ROWS) as Kind[];

export interface ImportOptions {
  /** Undefined: nothing is written (a dry run). */
  readonly begin: ((identity: ImportIdentity) => ImportTarget) | undefined;
  /** Rows of the source's active release; undefined where it has none. */
  readonly rowsBefore: number | undefined;
  /** Version in place of what the files say. */
  readonly version?: string | undefined;
  /** Takes a release that looks like half of its predecessor all the same. */
  readonly force?: boolean | undefined;
  /** ISO 8601 day, where the files do not say their own. */
  readonly today: string;
  readonly onRows: (count: number) => void;
}

export interface ImportReport {
  readonly name: string;
  readonly read: number;
  readonly kept: Readonly<Record<Kind, number>>;
  readonly rejected: number;
  /** The first of the rejected rows, each with its reason. */
  readonly complaints: readonly Complaint[];
  /** Undefined in a dry run. */
  readonly content: ReleaseContent | undefined;
}

/** Gathers what an importer tells. */
class Tally implements ImportLog {
  readonly #onRows: (count: number) => void;
  readonly complaints: Complaint[] = [];
  facts: ReleaseFacts | undefined;
  rowsRead = 0;
  rejected = 0;

  constructor(onRows: (count: number) => void) {
    this.#onRows = onRows;
  }

  read(rows: number): void {
    this.rowsRead += rows;
    this.#onRows(rows);
  }

  reject(file: string, line: number, reason: string): void {
    this.rejected += 1;
    if (this.complaints.length < MAX_COMPLAINTS) this.complaints.push({ file, line, reason });
  }

  release(facts: ReleaseFacts): void {
    this.facts = facts;
  }
}

const countOf = (rows: LibraryRows): number => KINDS.reduce((sum, kind) => sum + rows[kind].length, 0);

/** Portions of any size, put together to batches. */
async function* inBatches(portions: AsyncIterable<Partial<LibraryRows>>): AsyncGenerator<LibraryRows> {
  let batch = empty();
  for await (const portion of portions) {
    for (const kind of KINDS) {
      // One kind's rows go to the array of the same kind.
      for (const row of portion[kind] ?? []) (batch[kind] as unknown[]).push(row);
    }
    if (countOf(batch) < BATCH_ROWS) continue;
    yield batch;
    batch = empty();
  }
  if (countOf(batch) > 0) yield batch;
}

const empty = (): LibraryRows => Object.fromEntries(KINDS.map((kind) => [kind, []])) as unknown as LibraryRows;

function refuseImplausible(tally: Tally, kept: number, { rowsBefore, force }: ImportOptions): void {
  const first = tally.complaints[0];
  const example = first ? `, the first in ${first.file}:${first.line}: ${first.reason}` : '';
  if (kept === 0) throw new ImportError(`nothing in it could be taken${example}`);
  if (tally.rejected > tally.rowsRead * MOST_REJECTED) {
    throw new ImportError(`${tally.rejected} of ${tally.rowsRead} rows could not be taken${example}`);
  }
  if (!force && rowsBefore !== undefined && kept < rowsBefore * LEAST_OF_BEFORE) {
    throw new ImportError(
      `it holds ${kept} rows where the release in use holds ${rowsBefore}: half a file? --force takes it all the same`,
    );
  }
}

function nameOf(source: ImportSource, { version }: ReleaseFacts, given: string | undefined): string {
  return `${source.name}-${(given ?? version).replace(/[^\w.-]+/g, '-')}`;
}

/**
 * Reads a release with its importer and writes it in batches; the swap comes last. Whatever goes wrong before leaves the
 * library as it was.
 * @throws ImportError for files that are unknown, damaged or implausible
 */
export async function runImport(
  source: ImportSource,
  files: readonly InputFile[],
  options: ImportOptions,
): Promise<ImportReport> {
  const tally = new Tally(options.onRows);
  const kept: Record<Kind, number> = Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Kind, number>;
  let target: ImportTarget | undefined;
  try {
    for await (const batch of inBatches(source.read(files, tally))) {
      for (const kind of KINDS) kept[kind] += batch[kind].length;
      const facts = tally.facts;
      if (!facts) throw new RangeError(`${source.name} yields rows before it names its release`);
      target ??= options.begin?.({
        source: source.name,
        name: nameOf(source, facts, options.version),
        builtOn: facts.date ?? options.today,
      });
      target?.write(batch);
    }
    refuseImplausible(
      tally,
      KINDS.reduce((sum, kind) => sum + kept[kind], 0),
      options,
    );
    const facts = tally.facts ?? { version: 'unknown', complete: [] };
    const content = target?.finish(facts.complete);
    const { rowsRead: read, rejected, complaints } = tally;
    return { name: nameOf(source, facts, options.version), read, kept, rejected, complaints, content };
  } catch (error) {
    target?.abort();
    throw error;
  }
}
