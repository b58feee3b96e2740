import type { RecordedEntry } from './record.js';

/** Days for which a handover outside an encounter is recent. */
const RECENT_DAYS = 30;
const DAY_MS = 86_400_000;

/** An article that was handed over: the instant (ISO 8601) of the last time, by the article's id. */
export type GivenBefore = ReadonlyMap<string, string>;

/** True if an entry is of the encounter; where the entry or the request has none, if it is recent. */
function isOfVisit({ entry }: RecordedEntry, encounterId: string | undefined, now: Date): boolean {
  if (encounterId !== undefined && entry.encounterId !== undefined) return entry.encounterId === encounterId;
  return now.getTime() - Date.parse(entry.at) <= RECENT_DAYS * DAY_MS;
}

/**
 * Returns the articles that a patient has received in this encounter, or in the last 30 days where there is no encounter to compare. Entries
 * in error do not count.
 * @param entries of the patient, the newest first
 */
export function findGivenBefore(
  entries: readonly RecordedEntry[],
  encounterId: string | undefined,
  now: Date,
): GivenBefore {
  const given = new Map<string, string>();
  for (const one of entries) {
    if (one.error || !isOfVisit(one, encounterId, now)) continue;
    for (const { article } of one.entry.items) if (!given.has(article)) given.set(article, one.entry.at);
  }
  return given;
}
