import type { Config } from '../config/config.js';
import { csvLine } from '../core/csv.js';
import { GivenCounter } from '../core/handing-over/count-given.js';
import type { EntryFilter, HandedOverRecord, HoldSubject, RecordedEntry } from '../core/handing-over/record.js';
import { retentionEnd } from '../core/handing-over/retention.js';
import { openHandedOver } from '../library/open-records.js';
import type { Out, Streams } from './reports/streams.js';

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

/** @returns undefined where a day is none */
function readFilter({ from, to, recall }: HandedOverOptions): EntryFilter | undefined {
  const isDay = (text: string | undefined): boolean =>
    text === undefined || (DAY.test(text) && !Number.isNaN(Date.parse(text)));
  if (!isDay(from) || !isDay(to)) return undefined;
  return {
    article: recall,
    from,
    to: to === undefined ? undefined : new Date(Date.parse(to) + DAY_MS).toISOString(),
  };
}

function readSubject(text: string): HoldSubject | undefined {
  if (ENTRY_ID.test(text)) return { entry: text };
  const [, ehr, patientId] = /^(https?:\/\/\S+)\/Patient\/([A-Za-z0-9.-]{1,64})$/.exec(text) ?? [];
  return ehr === undefined || patientId === undefined ? undefined : { ehr, patientId };
}

/** Goes through all entries, a page at a time. */
async function eachEntry(
  record: HandedOverRecord,
  filter: EntryFilter,
  take: (one: RecordedEntry) => void,
): Promise<void> {
  for (let before: number | undefined; ;) {
    const page = await record.list(filter, PAGE, before);
    for (const one of page) take(one);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    before = last.sequence;
  }
}

async function writeCounts(record: HandedOverRecord, filter: EntryFilter, isCsv: boolean, out: Out): Promise<void> {
  const counter = new GivenCounter();
  await eachEntry(record, filter, (one) => {
    counter.add(one);
  });
  if (isCsv) out.write(csvLine(['article', 'title', 'language', 'given']));
  for (const { article, title, language, count } of counter.list()) {
    const given = count ?? 'under 11';
    out.write(
      isCsv ? csvLine([article, title, language, given]) : `${JSON.stringify({ article, title, language, given })}\n`,
    );
  }
}

/** One line an entry that gave the article: where in which chart it is, and nothing else of the patient. */
async function writeRecall(
  record: HandedOverRecord,
  filter: EntryFilter & { readonly article: string },
  isCsv: boolean,
  out: Out,
): Promise<void> {
  const columns = ['at', 'ehr', 'patient', 'encounter', 'by', 'language', 'textDigest', 'release', 'error', 'entry'];
  if (isCsv) out.write(csvLine(columns));
  await eachEntry(record, filter, ({ entry, error }) => {
    const item = entry.items.find(({ article }) => article === filter.article);
    const row: Record<string, string> = {
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
    out.write(isCsv ? csvLine(columns.map((name) => row[name])) : `${JSON.stringify(row)}\n`);
  });
}

/** Puts a legal hold, or releases it. @returns exit code */
async function changeHold(
  record: HandedOverRecord,
  named: string,
  isHeld: boolean,
  owner: string,
  { stdout, stderr }: Streams,
): Promise<number> {
  const subject = readSubject(named);
  if (!subject) {
    stderr.write('a hold is on the id of an entry, or on a patient: https://ehr.example/fhir/Patient/12\n');
    return 2;
  }
  if ('entry' in subject && !(await record.find(subject.entry))) {
    stderr.write('there is no such entry\n');
    return 1;
  }
  await record.hold(subject, isHeld, owner, new Date());
  stdout.write(isHeld ? 'on hold: nothing of it goes by retention\n' : 'released\n');
  return 0;
}

/**
 * Reports what was handed over to patients: counts, the recall of an article. Sets legal holds, and purges expired entries.
 * @returns exit code: 0; 1 where nothing is recorded; 2 for wrong use
 */
export async function reportHandedOver(config: Config, options: HandedOverOptions, streams: Streams): Promise<number> {
  const { stdout, stderr } = streams;
  const { recordKeeping } = config;
  if (!recordKeeping) {
    stderr.write('nothing is recorded: set HANDED_OVER_OWNER and HANDED_OVER_RETENTION_DAYS\n');
    return 1;
  }
  const { recall, hold, release, purge = false, format } = options;
  const filter = readFilter(options);
  if (!filter) {
    stderr.write('--from and --to must be days: 2026-11-24\n');
    return 2;
  }
  if ([recall, hold, release, purge || undefined].filter((one) => one !== undefined).length > 1) {
    stderr.write('--recall, --hold, --release and --purge exclude each other\n');
    return 2;
  }
  const record = openHandedOver(config);
  try {
    const held = hold ?? release;
    if (held !== undefined) return await changeHold(record, held, hold !== undefined, recordKeeping.owner, streams);
    if (purge)
      stdout.write(`${await record.purge(retentionEnd(recordKeeping.retentionDays, new Date()))} entries deleted\n`);
    else if (recall !== undefined) await writeRecall(record, { ...filter, article: recall }, format === 'csv', stdout);
    else await writeCounts(record, filter, format === 'csv', stdout);
    return 0;
  } finally {
    await record.close();
  }
}
