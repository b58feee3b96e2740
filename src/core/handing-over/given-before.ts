import type { RecordedEntry } from './record.js';

/** Days for which a handover outside an encounter is recent. */
const RECENT_DAYS = 30;
const DAY_MS = 86_400_000;

/** An article that was handed over: the instant (ISO 8601) of the last time, by the article's id. */
export type GivenBefore = ReadonlyMap<string, string>;

/** A handover as the chart holds it: written by this server, or by another instance of it. */
export interface ChartHandover {
  /** ISO 8601 instant. */
  readonly at: string;
  readonly encounterId: string | undefined;
  /** Titles of the articles. */
  readonly titles: readonly string[];
}

/** An article by its titles, in each language. */
export interface ArticleTitles {
  readonly id: string;
  readonly titles: readonly string[];
}

/** True if a handover is of the encounter; where it or the request has none, if it is recent. */
function isOfVisit(
  one: { readonly at: string; readonly encounterId: string | undefined },
  encounterId: string | undefined,
  now: Date,
): boolean {
  if (encounterId !== undefined && one.encounterId !== undefined) return one.encounterId === encounterId;
  return now.getTime() - Date.parse(one.at) <= RECENT_DAYS * DAY_MS;
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
    if (one.error || !isOfVisit(one.entry, encounterId, now)) continue;
    for (const { article } of one.entry.items) if (!given.has(article)) given.set(article, one.entry.at);
  }
  return given;
}

/**
 * Returns the articles that the chart's own resources show as received, as `findGivenBefore` does by the record. They name articles by
 * their titles alone.
 * @param articles that may be offered
 */
export function findGivenInChart(
  handovers: readonly ChartHandover[],
  articles: readonly ArticleTitles[],
  encounterId: string | undefined,
  now: Date,
): GivenBefore {
  const latest = new Map<string, string>();
  for (const one of handovers) {
    if (!isOfVisit(one, encounterId, now)) continue;
    for (const title of one.titles) if ((latest.get(title) ?? '') < one.at) latest.set(title, one.at);
  }
  return new Map(
    articles.flatMap(({ id, titles }) => {
      const at = titles
        .flatMap((title) => latest.get(title) ?? [])
        .sort()
        .at(-1);
      return at === undefined ? [] : [[id, at] as const];
    }),
  );
}
