import { NO_FOLLOW_UP } from '../../../core/handing-over/follow-up.js';
import type { WriteBackType, Ehr } from '../../../config/ehrs.js';
import type { Delivery, GivenEntry, GivenItem } from '../../../core/handing-over/record.js';
import type { Handout, HandoutArticle } from '../../../handout/handout.js';
import { EhrFailure, orElse } from '../../../upstream/ehr-client.js';
import { buildResource } from '../../../upstream/write-back/build-resource.js';
import type { WritePlace } from '../../../upstream/write-back/ehr-writer.js';
import { dayInZone } from '../../../core/time-in-zone.js';
import { findShown } from '../../find-shown.js';
import type { DeliveryResult } from './write-back-queue.js';
import { writeHandout } from '../../handout/handout-content.js';
import type { PageContext } from '../../page-context.js';
import { isTokenEnded, renewToken } from '../renew-token.js';
import { writeSentence } from './sentence.js';
import type { RecordRequest } from '../session-request.js';
import type { LaunchRecord } from './session-record.js';
import type { LaunchSession } from '../sessions.js';
import { isGranted } from '../../../upstream/smart/scopes.js';
import { canDocument, type Abilities } from '../../../upstream/write-back/abilities.js';

/**
 * Chooses as what an entry is written to the chart. What can be corrected later is preferred: a document only where it can be updated,
 * and nothing that the server has for messages among its staff, unless the site's configuration fixes the choice.
 * @param granted scopes of the launch
 * @returns undefined where nothing can be written
 */
export function chooseWriteBack(
  { writeBack, isWriteBackFixed }: Pick<Ehr, 'writeBack' | 'isWriteBackFixed'>,
  abilities: Abilities,
  granted: readonly string[],
): WriteBackType | undefined {
  return writeBack.find((type) => canDocument(type, abilities, isWriteBackFixed) && isGranted(granted, type, 'c'));
}

/** Pages in two languages: the clinician's for the sentence, the patient's for the handout. */
interface DeliverPages {
  readonly page: PageContext;
  readonly paper: PageContext;
}

const buildPlace = ({ ehr, granted }: LaunchSession): WritePlace => ({
  base: ehr.iss,
  token: granted.accessToken,
  scopes: granted.scopes,
});

/** An article as the handout shows it: its recorded text, else its address. */
async function findOnPaper(item: GivenItem, record: LaunchRecord, { t }: PageContext): Promise<HandoutArticle> {
  const text = item.textDigest === undefined ? undefined : await record.findText(item.textDigest);
  if (text !== undefined) return JSON.parse(text) as HandoutArticle;
  const { title, language, address } = item;
  return {
    title,
    language,
    kind: '',
    otherLanguage: undefined,
    html: undefined,
    caution: undefined,
    links: [],
    address,
    readAt: t('handout.readAt'),
    scan: t('handout.scan', { title }),
    source: '',
    dated: '',
  };
}

/** An entry to write. */
interface Delivering {
  readonly entry: GivenEntry;
  /** The note on the handout; empty if there was none, or its words are no longer known. */
  readonly note: string;
  /** Whether an earlier write may have succeeded: it ended without a response. */
  readonly mayBeThere: boolean;
}

/** The handout as recorded: its texts, and its note while this process still has it. */
async function writeSheet(
  { options, record }: RecordRequest,
  { entry: { at, hasNote, followUp = NO_FOLLOW_UP }, note }: Delivering,
  items: readonly GivenItem[],
  paper: PageContext,
): Promise<Handout> {
  const chosen = items.flatMap(({ article, language }) => findShown([article], language, options.library));
  // The words are not stored: a copy that is written later states that there was a note.
  const noted = note === '' && hasNote ? paper.t('given.noteNotStored') : note;
  const choices = {
    note: noted,
    followUp,
    isLarge: false,
    hasLabel: false,
    hasLabels: false,
    hasTeachBack: false,
    hasWhole: false,
    concerns: [],
  };
  const { handout } = await writeHandout(chosen, choices, dayInZone(new Date(at), options.timeZone), options, [paper]);
  const articles: HandoutArticle[] = [];
  for (const item of items) articles.push(await findOnPaper(item, record, paper));
  return { ...handout, articles };
}

/** True if an entry waits for another launch: the token of this one has ended. */
export const needsLaunch = ({ state, reason }: Delivery): boolean =>
  state === 'waiting' && (reason === 'token' || reason?.startsWith('401') === true);

/** Writes an entry to the chart as a type that server and site allow, and records the result. */
export async function deliver(
  given: RecordRequest,
  delivering: Delivering,
  pages: DeliverPages,
  now: Date,
): Promise<DeliveryResult> {
  const { retryAfterMs, ...found } = await tryToDeliver(given, delivering, pages, now);
  const delivery = { reason: undefined, reference: undefined, ...found, at: now.toISOString() };
  await given.record.noteDelivery(delivering.entry.id, delivery);
  return { ...delivery, retryAfterMs };
}

/** Chooses as what an entry is written; undefined: nothing can be written. */
function chooseType(
  { session, options: { writer } }: RecordRequest,
  now: Date,
): Promise<WriteBackType | EhrFailure | undefined> {
  const { ehr, granted } = session;
  const choose = async () => chooseWriteBack(ehr, await writer.abilities(buildPlace(session), now), granted.scopes);
  return orElse(choose, (failure) => failure);
}

async function tryToDeliver(
  given: RecordRequest,
  delivering: Delivering,
  { page, paper }: DeliverPages,
  now: Date,
): Promise<Pick<Delivery, 'state'> & Partial<DeliveryResult>> {
  const { session, options } = given;
  const { entry, mayBeThere } = delivering;
  const { ehr, reasons } = session;
  if (ehr.writeBack.length === 0) return { state: 'nowhere' };
  await renewToken(session, options, now);
  if (isTokenEnded(session, now)) return { state: 'waiting', reason: 'token' };
  const type = await chooseType(given, now);
  if (type instanceof EhrFailure) return { state: 'waiting', reason: type.kind };
  if (!type) return { state: 'nowhere' };
  // Marked articles are written only if the site's configuration allows it.
  const items = entry.items.filter(({ sensitivity }) => sensitivity === undefined || ehr.writesSensitive);
  if (items.length === 0) return { state: 'held' };
  const sentence = writeSentence(entry, items, { t: page.t, language: page.language, timeZone: options.timeZone });
  const print = async (): Promise<Buffer> => {
    const sheet = await writeSheet(given, delivering, items, paper);
    return options.printer.print(sheet, { now: new Date(entry.at), inFlight: undefined });
  };
  const pdf = type === 'DocumentReference' ? await print() : undefined;
  const why = items.flatMap(({ article }) => reasons.get(article) ?? []);
  const resource = buildResource(type, { entry, items, sentence, pdf, reasons: why });
  return options.writer.create(buildPlace(session), resource, entry, mayBeThere, now);
}

/** Marks an entry as entered in error in the chart, if the EHR supports updates, and records the result. */
export async function correct(
  given: RecordRequest,
  entry: GivenEntry,
  last: Delivery | undefined,
  now: Date,
): Promise<void> {
  const { session, record, options } = given;
  const { writer } = options;
  if (session.ehr.writeBack.length === 0) return;
  // An entry that was never written needs no correction. One that waits may have been written: its write ended without a response.
  if (last && !['written', 'waiting', 'unsure'].includes(last.state)) return;
  const place = buildPlace(session);
  const type = last?.state === 'written' ? undefined : await chooseType(given, now);
  const isSearched = type !== undefined && !(type instanceof EhrFailure);
  const reference = isSearched ? await writer.find(place, type, entry, now) : last?.reference;
  if (reference === null) return;
  const isCorrected = reference !== undefined && (await writer.correct(place, reference, now));
  const state = isCorrected ? 'corrected' : 'not-corrected';
  await record.noteDelivery(entry.id, { state, at: now.toISOString(), reference, reason: undefined });
}
