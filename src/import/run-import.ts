import type { Complaint, LibraryRows, MappingFacts, RowCounts } from '../build/source.js';
import { NO_ROWS, ROW_KINDS, countRows, createCounts } from '../build/source.js';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { ImportIdentity, ImportTarget } from '../library/releases.js';
import type { ReleaseContent } from '../store/release-content.js';
import type { ImportLog, ImportSetting, ImportSource, InputFile, ImportFacts } from './import-source.js';
import { ImportError } from './import-source.js';

/** Rows per transaction. */
const BATCH_ROWS = 5000;
/** Leaflets per transaction, which are long texts. */
const BATCH_LEAFLETS = 200;
/** Maximum complaints stored; all are counted. */
const MAX_COMPLAINTS = 10_000;
/** From this share of rejected rows on, the file is not of the expected kind. */
const MOST_REJECTED = 0.5;
/** A release with less than this share of its predecessor's rows counts as truncated. */
const LEAST_OF_BEFORE = 0.5;

export interface ImportOptions extends ImportSetting {
  /** Undefined: nothing is written (a dry run). */
  readonly begin: ((identity: ImportIdentity) => Promise<ImportTarget>) | undefined;
  /** Rows of the source's active release; undefined if it has none. */
  readonly rowsBefore: number | undefined;
  /** Whether the library has an article, not counting this source's earlier releases. */
  readonly hasArticle: (id: string) => boolean;
  /** Overrides the version stated in the files. */
  readonly version?: string | undefined;
  /** Accepts a release that looks truncated, or of another kind. */
  readonly force?: boolean | undefined;
  /** ISO 8601 day, used if the files state none. */
  readonly today: string;
  readonly onRows: (count: number) => void;
  /** Called for each accepted batch, written or not. */
  readonly onBatch?: ((batch: LibraryRows) => void) | undefined;
}

export interface ImportReport {
  readonly name: string;
  readonly read: number;
  readonly imported: Readonly<RowCounts>;
  readonly rejected: number;
  /** The first of the rejected rows, each with its reason. */
  readonly complaints: readonly Complaint[];
  /** Code systems of which the release has every code. */
  readonly complete: readonly CodeSystemId[];
  /** Undefined in a dry run. */
  readonly content: ReleaseContent | undefined;
}

/** Collects an importer's reports. */
class Tally implements ImportLog {
  readonly #onRows: (count: number) => void;
  readonly complaints: Complaint[] = [];
  #facts: ImportFacts | undefined;
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

  release(facts: ImportFacts): void {
    this.#facts = facts;
  }

  get facts(): ImportFacts {
    if (!this.#facts) throw new RangeError('an importer yields rows before it names its release');
    return this.#facts;
  }
}

/** Joins portions of any size to batches. */
async function* toBatches(portions: AsyncIterable<Partial<LibraryRows>>): AsyncGenerator<LibraryRows> {
  let batch = createBatch();
  for await (const portion of portions) {
    for (const kind of ROW_KINDS) {
      // One kind's rows go to the array of the same kind.
      for (const row of portion[kind] ?? []) (batch[kind] as unknown[]).push(row);
    }
    if (countRows(batch) < BATCH_ROWS && batch.leaflets.length < BATCH_LEAFLETS) continue;
    yield batch;
    batch = createBatch();
  }
  if (countRows(batch) > 0) yield batch;
}

const createBatch = (): LibraryRows =>
  Object.fromEntries(ROW_KINDS.map((kind) => [kind, []])) as unknown as LibraryRows;

/**
 * Mapping rows of articles not read so far: they wait for the files' end, since an article may follow its rows. A row
 * that remains without an article is rejected: it would answer with nothing.
 */
function createWaiting(hasArticle: (id: string) => boolean) {
  const known = new Set<string>();
  const waiting: MappingFacts[] = [];
  const isKnown = ({ article }: MappingFacts): boolean =>
    article === undefined || known.has(article) || hasArticle(article);
  return {
    /** A batch without the rows that must wait. */
    holdBack: (batch: LibraryRows): LibraryRows => {
      for (const { article } of batch.texts) known.add(article);
      const mappings: MappingFacts[] = [];
      for (const row of batch.mappings) (isKnown(row) ? mappings : waiting).push(row);
      return { ...batch, mappings };
    },
    /** The waiting rows whose article was read; the others are rejected. */
    release: (log: ImportLog): LibraryRows => {
      const mappings = waiting.filter((row) => {
        if (isKnown(row)) return true;
        log.reject(`${row.system}.csv`, row.line, `${row.code}: no article ${row.article ?? ''}`);
        return false;
      });
      return { ...NO_ROWS, mappings };
    },
  };
}

function rejectImplausible(tally: Tally, imported: number, { rowsBefore, force }: ImportOptions): void {
  const first = tally.complaints[0];
  const example = first ? `, the first in ${first.file}:${first.line}: ${first.reason}` : '';
  if (imported === 0) throw new ImportError(`none of its rows could be imported${example}`);
  if (force) return;
  const fail = (fault: string): never => {
    throw new ImportError(`${fault}; --force imports it anyway`);
  };
  const { rowsRead, rejected, facts } = tally;
  if (rejected > rowsRead * MOST_REJECTED) fail(`${rejected} of ${rowsRead} rows could not be imported${example}`);
  const { announced = 0 } = facts;
  if (rowsRead < announced) fail(`it states ${announced} rows and has ${rowsRead}: truncated?`);
  if (rowsBefore !== undefined && imported < rowsBefore * LEAST_OF_BEFORE) {
    fail(`it has ${imported} rows, the release in use ${rowsBefore}: truncated?`);
  }
}

function buildName(source: ImportSource, { version }: ImportFacts, statedVersion: string | undefined): string {
  const known = statedVersion ?? version;
  if (known === undefined) throw new ImportError('its files do not state their release: use --release');
  return `${source.name}-${known.replace(/[^\w.-]+/g, '-')}`;
}

/**
 * Reads a release with its importer and writes it in batches, then swaps. An error before the swap leaves the library
 * unchanged.
 * @throws ImportError for unknown, damaged or implausible files
 */
export async function runImport(
  source: ImportSource,
  files: readonly InputFile[],
  options: ImportOptions,
): Promise<ImportReport> {
  const tally = new Tally(options.onRows);
  const imported = createCounts();
  const waiting = createWaiting(options.hasArticle);
  let name = '';
  let target: ImportTarget | undefined;
  const write = async (batch: LibraryRows): Promise<void> => {
    if (name === '') {
      name = buildName(source, tally.facts, options.version);
      target = await options.begin?.({ source: source.name, name, builtOn: tally.facts.date ?? options.today });
      name = target?.name ?? name;
    }
    for (const kind of ROW_KINDS) imported[kind] += batch[kind].length;
    options.onBatch?.(batch);
    await target?.write(batch);
  };
  const inputs = options.force ? files.map((file) => ({ ...file, isForced: true })) : files;
  try {
    for await (const batch of toBatches(source.read(inputs, tally, options))) {
      await write(waiting.holdBack(batch));
    }
    const late = waiting.release(tally);
    if (late.mappings.length > 0) await write(late);
    const total = ROW_KINDS.reduce((sum, kind) => sum + imported[kind], 0);
    rejectImplausible(tally, total, options);
    const content = await target?.finish(tally.facts.complete);
    const { rowsRead: read, rejected, complaints } = tally;
    return { name, read, imported, rejected, complaints, complete: tally.facts.complete, content };
  } catch (error) {
    try {
      await target?.abort();
    } catch {
      // On a full disk the cleanup fails too: the next process that opens the library does it. The error is reported
      // above.
    }
    throw error;
  }
}
