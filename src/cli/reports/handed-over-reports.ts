import { GivenCounter } from '../../core/handing-over/count-given.js';
import { NO_FOLLOW_UP, listFollowUp } from '../../core/handing-over/follow-up.js';
import type { EntryFilter, HandedOverRecord, RecordedEntry } from '../../core/handing-over/record.js';

type Row = Readonly<Record<string, string | number>>;

/** A report on the record: its rows and their columns. */
export interface HandedOverReport {
  readonly list: (record: HandedOverRecord, filter: EntryFilter) => AsyncGenerator<Row>;
  readonly columns: readonly string[];
}

/** Entries that are read at once. */
const PAGE = 500;

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

async function* listCounts(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  const counter = new GivenCounter();
  for await (const one of listEntries(record, filter)) counter.add(one);
  for (const { article, title, language, count } of counter.list())
    yield { article, title, language, given: count ?? 'under 11' };
}

/** Where in which chart an entry is, and nothing else of the patient. */
const toPlace = ({ entry }: RecordedEntry): Row => ({
  at: entry.at,
  ehr: entry.ehr ?? '',
  patient: entry.patientId === undefined ? '' : `Patient/${entry.patientId}`,
  encounter: entry.encounterId === undefined ? '' : `Encounter/${entry.encounterId}`,
  by: entry.by ?? '',
});

/** One row an entry that gave the article. */
async function* listRecalled(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  for await (const one of listEntries(record, filter)) {
    const { entry, error } = one;
    const item = entry.items.find(({ article }) => article === filter.article);
    yield {
      ...toPlace(one),
      language: item?.language ?? '',
      textDigest: item?.textDigest ?? '',
      release: entry.release,
      error: error?.at ?? '',
      entry: entry.id,
    };
  }
}

/** All that is recorded of a patient: one row an article that was handed over. */
async function* listOfPatient(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  for await (const one of listEntries(record, filter)) {
    const { entry, error, delivery } = one;
    for (const { article, title, language, address, edition = '', textDigest = '', linkedIn = '' } of entry.items) {
      yield {
        ...toPlace(one),
        department: entry.department ?? '',
        ...{ article, title, language, address, edition, textDigest, linkedIn },
        recipient: entry.recipient,
        interpreter: entry.interpreter,
        languagePreferred: entry.languagePreferred ?? '',
        languageGiven: entry.languageGiven,
        method: entry.method,
        teachBack: entry.teachBack,
        note: entry.hasNote ? 'yes' : 'no',
        followUp: listFollowUp(entry.followUp ?? NO_FOLLOW_UP).join('; '),
        release: entry.release,
        error: error?.at ?? '',
        errorBy: error?.by ?? '',
        delivery: delivery?.state ?? '',
        inChart: delivery?.reference ?? '',
        entry: entry.id,
      };
    }
  }
}

/** One row an entry that is not in the chart, and may not be there by itself: it waits for a launch, was rejected, or nothing is known. */
async function* listUndelivered(record: HandedOverRecord, filter: EntryFilter): AsyncGenerator<Row> {
  for await (const one of listEntries(record, filter)) {
    const { entry, delivery, error } = one;
    const state = delivery?.state ?? 'not-tried';
    if (error || !UNDELIVERED.has(state)) continue;
    yield { ...toPlace(one), state, triedAt: delivery?.at ?? '', reason: delivery?.reason ?? '', entry: entry.id };
  }
}

async function* listErasures(record: HandedOverRecord): AsyncGenerator<Row> {
  for (const { at, by, subject, entries } of await record.listErasures())
    yield { at, by, subject, entries: entries.join(' ') };
}

/** States of entries that a person should see to. */
const UNDELIVERED: ReadonlySet<string> = new Set(['waiting', 'refused', 'unsure', 'not-tried', 'not-corrected']);

const PLACE = ['at', 'ehr', 'patient', 'encounter', 'by'];
const ITEM = ['department', 'article', 'title', 'language', 'address', 'edition', 'textDigest', 'linkedIn'];
const GIVING = [
  'recipient',
  'interpreter',
  'languagePreferred',
  'languageGiven',
  'method',
  'teachBack',
  'note',
  'followUp',
];
const AFTERWARDS = ['release', 'error', 'errorBy', 'delivery', 'inChart', 'entry'];

/** The reports, each with its columns. */
export const REPORTS = {
  counts: { list: listCounts, columns: ['article', 'title', 'language', 'given'] },
  recall: { list: listRecalled, columns: [...PLACE, 'language', 'textDigest', 'release', 'error', 'entry'] },
  patient: { list: listOfPatient, columns: [...PLACE, ...ITEM, ...GIVING, ...AFTERWARDS] },
  undelivered: { list: listUndelivered, columns: [...PLACE, 'state', 'triedAt', 'reason', 'entry'] },
  erasures: { list: listErasures, columns: ['at', 'by', 'subject', 'entries'] },
} satisfies Readonly<Record<string, HandedOverReport>>;
