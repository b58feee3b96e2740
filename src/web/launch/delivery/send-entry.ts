import type { GivenEntry, RecordedEntry } from '../../../core/handing-over/record.js';
import { LIMITS } from '../../../limits.js';
import { createPageContext } from '../../page-context.js';
import { isTokenEnded } from '../renew-token.js';
import { createSessionPage, findRecord, type RecordRequest, type SessionRequest } from '../session-request.js';
import { correct, deliver, needsLaunch } from './deliver.js';
import type { DeliveryResult } from './write-back-queue.js';

/** Writes an entry to the chart; the queue retries one that is left waiting. Of writes at once, the first one counts. */
export async function send(given: RecordRequest, entry: GivenEntry, note: string, mayBeThere: boolean): Promise<void> {
  const { record, request, options, launched } = given;
  const { queue, clock } = options;
  // The clinician's page, and the handout's in the language of the entry.
  const page = createSessionPage(given);
  const paper = createPageContext(options, request, { path: launched, basket: [] }, entry.languageGiven);
  const write = (isRetry: boolean, now: Date): Promise<DeliveryResult | undefined> =>
    queue.writeAlone(entry.id, async () => {
      const delivery = await deliver(given, { entry, note, mayBeThere: isRetry }, { page, paper }, now);
      // It may have been marked as entered in error meanwhile.
      const isError = (await record.find(entry.id))?.error !== undefined;
      if (isError) await correct(given, entry, delivery, now);
      return delivery;
    });
  const delivery = await write(mayBeThere, request.now);
  // Where the token has ended, the next launch sends it.
  if (delivery?.state !== 'waiting' || needsLaunch(delivery)) return;
  const retry = async (): Promise<DeliveryResult | undefined> => {
    const known = await record.find(entry.id);
    if (!known || known.error || known.delivery?.state !== 'waiting') return undefined;
    return write(true, clock());
  };
  queue.add(entry.id, retry, 0, delivery.retryAfterMs);
}

/** Maximum entries that one page sends again. */
const MOST_SENT_AGAIN = 10;

/** True if an entry waits to be written: an earlier launch could not, or the process ended before. */
function isWaiting({ entry, delivery, error }: RecordedEntry, now: Date): boolean {
  if (error) return false;
  if (delivery) return delivery.state === 'waiting';
  // A younger one may be under way at another instance.
  return now.getTime() - Date.parse(entry.at) > LIMITS.writeBackUnderWayMs;
}

async function sendEach(given: RecordRequest, entries: readonly RecordedEntry[]): Promise<void> {
  for (const { entry } of entries) await send(given, entry, '', true);
}

/**
 * Writes the patient's waiting entries to the chart, with the token of this launch: the page does not wait for it.
 * @param entries of the patient
 * @returns ids of the entries that are being sent
 */
function sendWaiting(given: RecordRequest, entries: readonly RecordedEntry[]): ReadonlySet<string> {
  const { session, request, options } = given;
  if (session.ehr.writeBack.length === 0 || isTokenEnded(session, request.now)) return new Set();
  const waiting = entries
    .filter((one) => isWaiting(one, request.now) && !options.queue.has(one.entry.id))
    .slice(0, MOST_SENT_AGAIN);
  const { inFlight: _over, ...later } = request;
  // A failure leaves them waiting in the record.
  sendEach({ ...given, request: later }, waiting).catch(() => undefined);
  return new Set(waiting.map(({ entry }) => entry.id));
}

/** Sends what earlier launches of this patient left waiting, where there is a record. @returns as `sendWaiting` */
export function sendOfPatient(given: SessionRequest, entries: readonly RecordedEntry[]): ReadonlySet<string> {
  const record = findRecord(given);
  return record ? sendWaiting({ ...given, record }, entries) : new Set();
}
