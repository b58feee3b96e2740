import type {
  Delivery,
  Erasure,
  GivenEntry,
  HandedOverRecord,
  RecordSubject,
  RecordedEntry,
  LanguageCount,
  LanguageOutcome,
  RecordPeriod,
  UseCount,
  WantedPage,
} from '../core/handing-over/record.js';
import type { Connection } from './connection.js';
import { enforceRetention, erase, listErasures, purge } from './handed-over-retention.js';
import type { WriteQueue } from './write-queue.js';

/** The parts of SQL in which the databases differ: an entry's JSON, and its articles as rows `i(value)`. */
const DIALECTS = {
  sqlite: { content: 'g.content', items: "json_each(g.content, '$.items')" },
  postgres: { content: 'g.content::jsonb', items: "jsonb_array_elements(g.content::jsonb -> 'items')" },
} as const;

/** How well an article's language is the preferred one: by its text, by a link, or not. */
const RANKS: Readonly<Record<number, LanguageOutcome>> = { 3: 'text', 2: 'link', 1: 'other' };

/** A language and its regional forms are one: `es` and `es-MX`. */
const IS_PREFERRED = "(preferred = i.value ->> 'language' OR preferred LIKE (i.value ->> 'language') || '-%')";
const RANK = `
  CASE WHEN ${IS_PREFERRED} AND COALESCE(i.value ->> 'textDigest', '') <> '' THEN 3
    WHEN ${IS_PREFERRED} OR preferred = LOWER(i.value ->> 'linkedIn') THEN 2 ELSE 1 END`;

/** Entries of a period without those in error, with the preferred language. */
const buildGiven = (content: string): string => `
  SELECT g.entry, g.content, LOWER(COALESCE(${content} ->> 'languagePreferred', '')) AS preferred
  FROM handed_over g WHERE g.kind = 'given' AND g.at >= $1 AND g.at < $2
  AND NOT EXISTS (SELECT 1 FROM handed_over e WHERE e.entry = g.entry AND e.kind = 'error')`;

function buildCount({ content, items }: (typeof DIALECTS)[keyof typeof DIALECTS]): string {
  return `
    SELECT department, language, rank, interpreter, "teachBack", COUNT(*) AS handovers FROM (
      SELECT COALESCE(${content} ->> 'department', '') AS department, preferred AS language,
        (SELECT MIN(${RANK}) FROM ${items} i) AS rank,
        ${content} ->> 'interpreter' AS interpreter, ${content} ->> 'teachBack' AS "teachBack"
      FROM (${buildGiven(content)}) g
    ) handover
    GROUP BY department, language, rank, interpreter, "teachBack"`;
}

function buildWanted({ content, items }: (typeof DIALECTS)[keyof typeof DIALECTS]): string {
  return `
    SELECT article, MAX(title) AS title, preferred AS language, COUNT(*) AS handovers FROM (
      SELECT DISTINCT g.entry, i.value ->> 'article' AS article, i.value ->> 'title' AS title, preferred
      FROM (${buildGiven(content)}) g CROSS JOIN ${items} i WHERE preferred <> '' AND ${RANK} = 1
    ) wanted
    GROUP BY article, preferred HAVING COUNT(*) >= $3 ORDER BY handovers DESC, article, language`;
}

function buildArticles({ content, items }: (typeof DIALECTS)[keyof typeof DIALECTS]): string {
  return `
    SELECT department, article, MAX(title) AS title, language, COUNT(*) AS given FROM (
      SELECT COALESCE(${content} ->> 'department', '') AS department, i.value ->> 'article' AS article,
        i.value ->> 'title' AS title, i.value ->> 'language' AS language
      FROM (${buildGiven(content)}) g CROSS JOIN ${items} i
    ) item
    GROUP BY department, article, language`;
}

/** Counts articles as `HandedOverRecord` has it. */
const countArticles = (db: Connection, { from, to }: RecordPeriod): Promise<UseCount[]> =>
  db.all<UseCount>(buildArticles(DIALECTS[db.dialect]), from, to);

/** Counts handovers as `HandedOverRecord` has it. */
async function countLanguages(db: Connection, { from, to }: RecordPeriod): Promise<LanguageCount[]> {
  const sql = buildCount(DIALECTS[db.dialect]);
  const rows = await db.all<Omit<LanguageCount, 'outcome'> & { rank: number | null }>(sql, from, to);
  return rows.map(({ rank, ...row }) => ({ ...row, outcome: RANKS[rank ?? 1] ?? 'other' }));
}

/** Lists wanted pages as `HandedOverRecord` has it. */
const listWanted = (db: Connection, { from, to }: RecordPeriod, least: number): Promise<WantedPage[]> =>
  db.all<WantedPage>(buildWanted(DIALECTS[db.dialect]), from, to, least);

type Kind = 'given' | 'error' | 'delivery' | 'hold' | 'release';

interface Row {
  readonly sequence: number;
  readonly entry: string;
  readonly kind: Kind;
  readonly at: string;
  readonly content: string;
}

const COLUMNS = 'sequence, entry, kind, at, content';

/** Sequence numbers are assigned under the writers' lock. */
const APPEND = `
  INSERT INTO handed_over (sequence, entry, kind, at, patient, content)
  SELECT COALESCE(MAX(sequence), 0) + 1, $1, $2, $3, $4, $5 FROM handed_over`;

const ADD_ITEM = 'INSERT INTO handed_over_item (entry, article, digest) VALUES ($1, $2, $3)';
const ADD_TEXT = 'INSERT INTO handed_over_text (digest, content) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING';
const FIND = `SELECT ${COLUMNS} FROM handed_over WHERE entry = $1 ORDER BY sequence`;
const FIND_PATIENT = "SELECT patient FROM handed_over WHERE entry = $1 AND kind = 'given'";
/** `"` of a text in JSON is escaped, so that no server's words look like a state. */
const WAITING = '"state":"waiting"';
const COUNT_WAITING = `
  SELECT COUNT(*) AS waiting FROM handed_over g WHERE g.kind = 'given' AND g.at >= $1
  AND NOT EXISTS (SELECT 1 FROM handed_over e WHERE e.entry = g.entry AND e.kind = 'error')
  AND COALESCE((
    SELECT d.content FROM handed_over d WHERE d.entry = g.entry AND d.kind = 'delivery' ORDER BY d.sequence DESC LIMIT 1
  ), $2) LIKE $3`;
const FIND_TEXT = 'SELECT content FROM handed_over_text WHERE digest = $1';

/** Builds the statement of a list. Filters that are not set pass everything. @param patients number of the patient's keys */
function buildList(patients: number): string {
  const keys = Array.from({ length: patients }, (_none, at) => `$${at + 6}`);
  const ofPatient = patients === 0 ? '' : `AND patient IN (${keys.join(', ')})`;
  const selected = `
    SELECT entry FROM handed_over
    WHERE kind = 'given' AND sequence < $1 AND at >= $2 AND at < $3 ${ofPatient}
    AND ($4 = '' OR entry IN (SELECT entry FROM handed_over_item WHERE article = $4))
    ORDER BY sequence DESC LIMIT $5`;
  return `SELECT ${COLUMNS} FROM handed_over WHERE entry IN (${selected}) ORDER BY sequence`;
}

/** Beyond every sequence number and every instant. */
const NO_SEQUENCE = Number.MAX_SAFE_INTEGER;
const NO_INSTANT = '9999';

/** A patient as the table names one: an id is its server's own. No patient is `''`. */
const patientKey = (ehr: string | undefined, id: string | undefined): string =>
  ehr === undefined || id === undefined ? '' : `${ehr}/Patient/${id}`;

interface Written {
  readonly entry: string;
  readonly kind: Kind;
  readonly at: string;
  readonly patient: string;
  readonly content: object;
}

const append = (db: Connection, { entry, kind, at, patient, content }: Written): Promise<number> =>
  db.run(APPEND, entry, kind, at, patient, JSON.stringify(content));

async function eraseSubject(db: Connection, subject: RecordSubject, by: string): Promise<Erasure | undefined> {
  const isEntry = 'entry' in subject;
  const key = isEntry ? subject.entry : patientKey(subject.ehr, subject.patientId);
  const erasure = await db.transaction(() => erase(db, isEntry ? 'entry' : 'patient', key, by));
  // The log of a file has the deleted rows until it is written back.
  if (erasure && !db.storesFiles) await db.settle();
  return erasure;
}

type Numbered = RecordedEntry & { readonly sequence: number };

/** Puts the rows of entries together, in the order of their writing. */
function toEntries(rows: readonly Row[]): Numbered[] {
  const found = new Map<string, Numbered>();
  for (const { entry: id, kind, at, content, sequence } of rows) {
    if (kind === 'given') {
      found.set(id, { entry: JSON.parse(content) as GivenEntry, error: undefined, delivery: undefined, sequence });
      continue;
    }
    const known = found.get(id);
    if (!known) continue;
    if (kind === 'error') found.set(id, { ...known, error: { at, by: (JSON.parse(content) as { by?: string }).by } });
    if (kind === 'delivery') found.set(id, { ...known, delivery: JSON.parse(content) as Delivery });
  }
  return [...found.values()];
}

/** The questions to the record that concern no single entry. */
const createReader = (
  writes: WriteQueue,
): Pick<HandedOverRecord, 'countWaiting' | 'countLanguages' | 'countArticles' | 'listWanted' | 'findText'> => ({
  countWaiting: (from) =>
    writes.run(async (db) => {
      const [row] = await db.all<{ waiting: number }>(COUNT_WAITING, from, WAITING, `%${WAITING}%`);
      return row?.waiting ?? 0;
    }),

  countLanguages: (period) => writes.run((db) => countLanguages(db, period)),
  countArticles: (period) => writes.run((db) => countArticles(db, period)),
  listWanted: (period, least) => writes.run((db) => listWanted(db, period, least)),

  findText: (digest) => writes.run(async (db) => (await db.all<{ content: string }>(FIND_TEXT, digest))[0]?.content),
});

/** The record in tables of the library's database, which all instances share. @param writes the record closes it */
export const createStoredHandedOver = (writes: WriteQueue): HandedOverRecord => ({
  add: (entry, texts) =>
    writes.transact(async (db) => {
      const { id, at, ehr, patientId, items } = entry;
      // An entry that is sent twice is one entry.
      if ((await db.all(FIND_PATIENT, id)).length > 0) return false;
      await append(db, { entry: id, kind: 'given', at, patient: patientKey(ehr, patientId), content: entry });
      for (const { article, textDigest = '' } of items) await db.run(ADD_ITEM, id, article, textDigest);
      for (const [digest, content] of texts) await db.run(ADD_TEXT, digest, content);
      return true;
    }),

  markError: (id, by, now) =>
    writes.transact(async (db) => {
      const [known] = toEntries(await db.all<Row>(FIND, id));
      if (!known || known.error) return false;
      const { ehr, patientId } = known.entry;
      const at = now.toISOString();
      await append(db, { entry: id, kind: 'error', at, patient: patientKey(ehr, patientId), content: { by } });
      return true;
    }),

  noteDelivery: (id, delivery) =>
    writes.transact(async (db) => {
      const [known] = await db.all<{ patient: string }>(FIND_PATIENT, id);
      // An entry that retention has deleted never comes back.
      if (!known) return;
      await append(db, { entry: id, kind: 'delivery', at: delivery.at, patient: known.patient, content: delivery });
    }),

  find: (id) =>
    writes.run(async (db) => {
      const [found] = toEntries(await db.all<Row>(FIND, id));
      if (!found) return undefined;
      const { sequence: _place, ...recorded } = found;
      return recorded;
    }),

  list: ({ patient, article = '', from = '', to = NO_INSTANT }, most, before = NO_SEQUENCE) =>
    writes.run(async (db) => {
      const addresses = patient === undefined ? [] : [patient.ehr].flat();
      const keys = addresses.map((address) => patientKey(address, patient?.id));
      return toEntries(await db.all<Row>(buildList(keys.length), before, from, to, article, most, ...keys)).reverse();
    }),

  ...createReader(writes),

  hold: (subject, isHeld, by, now) =>
    writes.transact(async (db) => {
      const isEntry = 'entry' in subject;
      const entry = isEntry ? subject.entry : '';
      const [known] = isEntry ? await db.all<{ patient: string }>(FIND_PATIENT, entry) : [];
      const patient = isEntry ? (known?.patient ?? '') : patientKey(subject.ehr, subject.patientId);
      const kind = isHeld ? 'hold' : 'release';
      await append(db, { entry, kind, at: now.toISOString(), patient, content: { by } });
    }),

  now: () => writes.run((db) => db.now()),
  enforceRetention: (days, ranMs) => enforceRetention(writes, days, ranMs),
  purge: (before) => purge(writes, before),

  erase: (subject, by) => writes.run((db) => eraseSubject(db, subject, by)),
  listErasures: () => writes.run(listErasures),

  close: () => writes.close(),
});
