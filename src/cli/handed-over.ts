import type { Config } from '../config/config.js';
import { listAddresses } from '../config/ehrs.js';
import { csvLine } from '../core/csv.js';
import type { EntryFilter, HandedOverRecord, RecordSubject } from '../core/handing-over/record.js';
import { retentionEnd } from '../core/handing-over/retention.js';
import { openHandedOver } from '../library/open-records.js';
import { CommandEnd, command, type Streams } from './reports/command.js';
import { REPORTS, type HandedOverReport, writeLanguageReport } from './reports/handed-over-reports.js';

export interface HandedOverOptions {
  readonly format: 'csv' | 'ndjson';
  /** ISO 8601 days: from this one on, up to and with that one. */
  readonly from?: string;
  readonly to?: string;
  /** Id of an article: lists who received it. */
  readonly recall?: string;
  /** A patient as `https://ehr.example/fhir/Patient/12`: lists all that is recorded of the patient. */
  readonly patient?: string;
  /** Id of an entry, or a patient. */
  readonly hold?: string;
  readonly release?: string;
  readonly erase?: string;
  /** The person who erases. */
  readonly by?: string;
  readonly erasures?: boolean;
  readonly undelivered?: boolean;
  /** SHA-256 of an exact text, in hexadecimal. */
  readonly text?: string;
  readonly purge?: boolean;
  readonly languageReport?: boolean;
  readonly languagesWanted?: boolean;
  readonly useReport?: boolean;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
const ENTRY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PATIENT = /^(https?:\/\/\S+)\/Patient\/([A-Za-z0-9.-]{1,64})$/;
const PATIENT_FORM = 'https://ehr.example/fhir/Patient/12';

/** @throws CommandEnd where it is no patient with the address of an EHR */
function readPatient(text: string, expected: string): { readonly ehr: string; readonly patientId: string } {
  const [, ehr, patientId] = PATIENT.exec(text) ?? [];
  if (ehr !== undefined && patientId !== undefined) return { ehr, patientId };
  throw new CommandEnd(`${expected}: ${PATIENT_FORM}`, 2);
}

/** @throws CommandEnd where it is neither an entry nor a patient */
const readSubject = (text: string): RecordSubject =>
  ENTRY_ID.test(text)
    ? { entry: text }
    : readPatient(text, 'a hold is on the id of an entry, or on a patient, as an erasure is of them');

/** Lists the addresses of the EHR's server; the one of the command where the file does not name it. */
function findAddresses(ehr: string, { ehrs }: Config): readonly string[] {
  const found = ehrs.find(({ iss }) => iss === ehr);
  return found ? listAddresses(found) : [ehr];
}

/** Lists the subjects of a hold or an erasure: a patient at each address of the EHR. */
const listSubjects = (subject: RecordSubject, config: Config): RecordSubject[] =>
  'entry' in subject ? [subject] : findAddresses(subject.ehr, config).map((ehr) => ({ ...subject, ehr }));

/** @throws CommandEnd where a day is none */
function readFilter({ from, to, recall, patient }: HandedOverOptions, config: Config): EntryFilter {
  const isDay = (text: string | undefined): boolean =>
    text === undefined || (DAY.test(text) && !Number.isNaN(Date.parse(text)));
  if (!isDay(from) || !isDay(to)) throw new CommandEnd('--from and --to must be days: 2026-11-24', 2);
  const read = patient === undefined ? undefined : readPatient(patient, '--patient must be a patient of an EHR');
  return {
    article: recall,
    patient: read && { ehr: findAddresses(read.ehr, config), id: read.patientId },
    from,
    to: to === undefined ? undefined : new Date(Date.parse(to) + DAY_MS).toISOString(),
  };
}

/** Checks that a named entry is there. @throws CommandEnd */
async function requireEntry(record: HandedOverRecord, subject: RecordSubject): Promise<void> {
  if ('entry' in subject && !(await record.find(subject.entry))) throw new CommandEnd('there is no such entry');
}

interface HandedOverRun extends Pick<Streams, 'stdout'> {
  readonly config: Config;
}

/** Puts a legal hold, or releases it. @throws CommandEnd */
async function changeHold(
  record: HandedOverRecord,
  named: string,
  isHeld: boolean,
  owner: string,
  { config, stdout }: HandedOverRun,
): Promise<void> {
  const subject = readSubject(named);
  await requireEntry(record, subject);
  for (const one of listSubjects(subject, config)) await record.hold(one, isHeld, owner, await record.now());
  stdout.write(isHeld ? 'on hold: nothing of it goes by retention\n' : 'released\n');
}

/** Erases an entry or a patient's entries. @throws CommandEnd */
async function eraseSubject(
  record: HandedOverRecord,
  named: string,
  by: string,
  { config, stdout }: HandedOverRun,
): Promise<void> {
  const subject = readSubject(named);
  await requireEntry(record, subject);
  let erased = 0;
  for (const one of listSubjects(subject, config)) {
    const erasure = await record.erase(one, by);
    const place = 'entry' in one ? 'it' : `the patient at ${one.ehr}`;
    if (!erasure) throw new CommandEnd(`a legal hold is in force on ${place}: nothing of it is erased`);
    erased += erasure.entries.length;
  }
  stdout.write(`${erased} entries erased\n`);
}

async function writeReport(
  { list, columns }: HandedOverReport,
  record: HandedOverRecord,
  filter: EntryFilter,
  format: HandedOverOptions['format'],
  { stdout }: Streams,
): Promise<void> {
  if (format === 'csv') stdout.write(csvLine(columns));
  for await (const row of list(record, filter))
    stdout.write(format === 'csv' ? csvLine(columns.map((name) => row[name])) : `${JSON.stringify(row)}\n`);
}

function chooseReport({ recall, patient, erasures = false, undelivered = false }: HandedOverOptions): HandedOverReport {
  if (undelivered) return REPORTS.undelivered;
  if (erasures) return REPORTS.erasures;
  if (patient !== undefined) return REPORTS.patient;
  return recall === undefined ? REPORTS.counts : REPORTS.recall;
}

/** Writes the exact text of a digest. @throws CommandEnd */
async function writeText(record: HandedOverRecord, digest: string, { stdout }: Streams): Promise<void> {
  const text = await record.findText(digest.toLowerCase());
  if (text === undefined) throw new CommandEnd('there is no text of this digest');
  stdout.write(`${text}\n`);
}

/** @throws CommandEnd where options exclude each other */
function checkOptions(options: HandedOverOptions): void {
  const { recall, patient, hold, release, erase, by, text } = options;
  const { purge = false, erasures = false, undelivered = false } = options;
  const { languageReport = false, languagesWanted = false, useReport = false } = options;
  const flags = [purge, erasures, undelivered, languageReport, languagesWanted, useReport].map(
    (isSet) => isSet || undefined,
  );
  const chosen = [recall, patient, hold, release, erase, text, ...flags];
  if (chosen.filter((one) => one !== undefined).length > 1) {
    const names = [
      ...[
        '--recall',
        '--patient',
        '--text',
        '--undelivered',
        '--language-report',
        '--languages-wanted',
        '--use-report',
      ],
      ...['--hold', '--release', '--erase', '--erasures and --purge'],
    ].join(', ');
    throw new CommandEnd(`${names} exclude each other`, 2);
  }
  if ((erase === undefined) !== (by === undefined))
    throw new CommandEnd('--erase needs --by, the person who erases, and nothing else does', 2);
}

/**
 * Reports what was handed over to patients: counts, the recall of an article, all of a patient. Sets legal holds, erases on request, and
 * purges expired entries.
 * @returns exit code: 0; 1 where nothing is recorded, or a hold forbids an erasure; 2 for wrong use
 */
export const reportHandedOver = command(async (config: Config, options: HandedOverOptions, streams: Streams) => {
  const { recordKeeping } = config;
  if (!recordKeeping) throw new CommandEnd('nothing is recorded: set HANDED_OVER_OWNER and HANDED_OVER_RETENTION_DAYS');
  const { hold, release, erase, by = '', purge = false, format } = options;
  const { owner, retentionDays } = recordKeeping;
  checkOptions(options);
  const filter = readFilter(options, config);
  const run = { config, stdout: streams.stdout };
  const record = openHandedOver(config);
  try {
    const held = hold ?? release;
    if (held !== undefined) await changeHold(record, held, hold !== undefined, owner, run);
    else if (options.text !== undefined) await writeText(record, options.text, streams);
    else if (options.languageReport || options.languagesWanted || options.useReport)
      await writeLanguageReport(record, options, config, streams.stdout);
    else if (erase !== undefined) await eraseSubject(record, erase, by, run);
    else if (purge) {
      const deleted = await record.purge(retentionEnd(retentionDays, await record.now()));
      streams.stdout.write(`${deleted} entries deleted\n`);
    } else await writeReport(chooseReport(options), record, filter, format, streams);
    return 0;
  } finally {
    await record.close();
  }
});
