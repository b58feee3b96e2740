import type { Config } from '../config/config.js';
import { csvLine } from '../core/csv.js';
import { GivenCounter } from '../core/handing-over/count-given.js';
import type { EntryFilter, HandedOverRecord, HoldSubject, RecordedEntry } from '../core/handing-over/record.js';
import { retentionEnd } from '../core/handing-over/retention.js';
import { openHandedOver } from '../library/open-records.js';
import { CommandEnd, command, type Streams } from './reports/command.js';

export interface HandedOverOptions {
  readonly format: 'csv' | 'ndjson';
  /** ISO 8601 days: from this one on, up to and with that one. */
  readonly from?: string;
  readonly to?: string;
  /** Id of an article: lists who received it. */
  readonly recall?: string;
  /** Id of an entry, or a patient as `https://ehr.example/fhir/Patient/12`. */
  readonly hold?: string;
  readonly release?: string;
  readonly purge?: boolean;
}

/** Entries that are read at once. */
const PAGE = 500;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
const ENTRY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws CommandEnd where a day is none */
function readFilter({ from, to, recall }: HandedOverOptions): EntryFilter {
  const isDay = (text: string | undefined): boolean =>
    text === undefined || (DAY.test(text) && !Number.isNaN(Date.parse(text)));
  if (!isDay(from) || !isDay(to)) throw new CommandEnd('--from and --to must be days: 2026-11-24', 2);
  return {
    article: recall,
    from,
    to: to === undefined ? undefined : new Date(Date.parse(to) + DAY_MS).toISOString(),
  };
}

function readSubject(text: string): HoldSubject {
  if (ENTRY_ID.test(text)) return { entry: text };
  const [, ehr, patientId] = /^(https?:\/\/\S+)\/Patient\/([A-Za-z0-9.-]{1,64})$/.exec(text) ?? [];
  if (ehr !== undefined && patientId !== undefined) return { ehr, patientId };
  throw new CommandEnd('a hold is on the id of an entry, or on a patient: https://ehr.example/fhir/Patient/12', 2);
}

/** Goes through all entries, a page at a time. */
async function* listEntries(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<RecordedEntry> {
  for (let before: number | undefined; ;) {
    const page = await record.list(filter, PAGE, before);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    before = last.sequence;
  }
}

type Row = Readonly<Record<string, string | number>>;

async function* listCounts(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  const counter = new GivenCounter();
  for await (const one of listEntries(record, filter)) counter.add(one);
  for (const { article, title, language, count } of counter.list())
    yield { article, title, language, given: count ?? 'under 11' };
}

/** One row an entry that gave the article: where in which chart it is, and nothing else of the patient. */
async function* listRecalled(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  for await (const { entry, error } of listEntries(record, filter)) {
    const item = entry.items.find(({ article }) => article === filter.article);
    yield {
      at: entry.at,
      ehr: entry.ehr ?? '',
      patient: entry.patientId === undefined ? '' : `Patient/${entry.patientId}`,
      encounter: entry.encounterId === undefined ? '' : `Encounter/${entry.encounterId}`,
      by: entry.by ?? '',
      language: item?.language ?? '',
      textDigest: item?.textDigest ?? '',
      release: entry.release,
      error: error?.at ?? '',
      entry: entry.id,
    };
  }
}

/** The reports, each with its columns. */
const COUNTS = { list: listCounts, columns: ['article', 'title', 'language', 'given'] };
const RECALL = {
  list: listRecalled,
  columns: ['at', 'ehr', 'patient', 'encounter', 'by', 'language', 'textDigest', 'release', 'error', 'entry'],
};

/** Puts a legal hold, or releases it. @throws CommandEnd */
async function changeHold(
  record: HandedOverRecord,
  named: string,
  isHeld: boolean,
  owner: string,
  { stdout }: Streams,
): Promise<void> {
  const subject = readSubject(named);
  if ('entry' in subject && !(await record.find(subject.entry))) throw new CommandEnd('there is no such entry');
  await record.hold(subject, isHeld, owner, new Date());
  stdout.write(isHeld ? 'on hold: nothing of it goes by retention\n' : 'released\n');
}

/**
 * Reports what was handed over to patients: counts, the recall of an article. Sets legal holds, and purges expired entries.
 * @returns exit code: 0; 1 where nothing is recorded; 2 for wrong use
 */
export const reportHandedOver = command(async (config: Config, options: HandedOverOptions, streams: Streams) => {
  const { stdout } = streams;
  const { recordKeeping } = config;
  if (!recordKeeping) throw new CommandEnd('nothing is recorded: set HANDED_OVER_OWNER and HANDED_OVER_RETENTION_DAYS');
  const { recall, hold, release, purge = false, format } = options;
  const filter = readFilter(options);
  if ([recall, hold, release, purge || undefined].filter((one) => one !== undefined).length > 1)
    throw new CommandEnd('--recall, --hold, --release and --purge exclude each other', 2);
  const record = openHandedOver(config);
  try {
    const held = hold ?? release;
    if (held !== undefined) await changeHold(record, held, hold !== undefined, recordKeeping.owner, streams);
    else if (purge)
      stdout.write(`${await record.purge(retentionEnd(recordKeeping.retentionDays, new Date()))} entries deleted\n`);
    else {
      const { list, columns } = recall === undefined ? COUNTS : RECALL;
      if (format === 'csv') stdout.write(csvLine(columns));
      for await (const row of list(record, filter))
        stdout.write(format === 'csv' ? csvLine(columns.map((name) => row[name])) : `${JSON.stringify(row)}\n`);
    }
    return 0;
  } finally {
    await record.close();
  }
});
