import { ageInCode, findCarePhase, statesAftercare, type CarePhase } from '../codes/stated-in-code.js';
import {
  RELATIONSHIP_ORDER,
  type Match,
  type Rejection,
  type RejectionReason,
  type Relationship,
} from './knowledge-response.js';
import type { Resolved, SelectedRow } from '../codes/resolve-coding.js';
import type { Language } from '../model/language.js';
import type { SitePolicy } from '../policy/site-policy.js';
import type { Article, ArticleKind } from '../model/article.js';
import { readDataFile } from '../read-data-file.js';
import type { RequestContext } from './knowledge-request.js';
import { findOwn } from '../find-own.js';

/** An article of a mapping row, before ranking. */
export type Candidate = Omit<Match, 'text' | 'otherLanguage' | 'score'> &
  Pick<SelectedRow, 'stated' | 'rank' | 'levels' | 'crossings'> & {
    /** The site puts it before all others. */
    readonly isPreferred?: boolean;
  };

/** @see Match.score */
export type RankedCandidate = Candidate & { readonly score: number };

export interface Ranking {
  readonly ranked: readonly RankedCandidate[];
  readonly rejections: readonly Rejection[];
}

const RELATIONSHIP_SCORE: Readonly<Record<Relationship, number>> = {
  equivalent: 1,
  broader: 0.85,
  narrower: 0.75,
  related: 0.6,
};
const LEVEL_COST = 0.05;
const CROSSING_COST = 0.1;
const RANK_COST = 0.02;
const LEAST_SCORE = 0.1;
/** Matched by title only: no curator judged code and article together. */
const TITLE_SCORE = 0.3;

/** Ends of titles of pages that are written for the way home from a hospital. */
const FOR_THE_WAY_HOME = /- (?:discharge|alta)$/i;

const FITS = 0;
const NEUTRAL = 1;
const UNSURE = 2;

/**
 * Scores the article's audience against the age: fits, neutral, or specific while the age is unknown; undefined
 * contradicts a known age. If the code itself states whose page it is (the curator's first, exactly about it), an
 * unknown age is no reason to withhold it: M08 leads to Juvenile Arthritis, and so do the codes below it.
 */
function scoreAge({ article, stated, rank }: Candidate, context: RequestContext): number | undefined {
  if (article.ageGroups.length === 0) return NEUTRAL;
  if (context.ageGroups.length === 0) return stated === 'equivalent' && rank === 1 ? NEUTRAL : UNSURE;
  return article.ageGroups.some((group) => context.ageGroups.includes(group)) ? FITS : undefined;
}

/**
 * Scores the page against the phase of care: after treatment the aftercare page leads and first aid comes last; for a
 * late effect neither applies (undefined). An unknown phase has no effect.
 */
function scoreCare({ care }: Article, phase: CarePhase | undefined): number | undefined {
  if (!phase || phase === 'initial' || !care) return NEUTRAL;
  if (phase === 'sequela') return undefined;
  return care === 'aftercare' ? FITS : UNSURE;
}

/** The reader, completed from the code: the phase of care, and the age if the request states none. */
export function completeReader(
  { coding: { system }, code }: Resolved,
  context: RequestContext,
): { context: RequestContext; phase: CarePhase | undefined } {
  if (!system || code === undefined) return { context, phase: undefined };
  const ageGroups = context.ageGroups.length > 0 ? context.ageGroups : ageInCode(system, code);
  const isDischarge = isAtDischarge(context) || statesAftercare(system, code);
  return { context: { ...context, ageGroups, isDischarge }, phase: findCarePhase(system, code) };
}

/** Compares keys number by number. */
export function compareKeys(left: readonly number[], right: readonly number[]): number {
  for (let i = 0; i < left.length; i += 1) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** An article's sort key, or why it is left out. */
type Place = { readonly key: readonly number[] } | { readonly reason: RejectionReason };

/** Returns a function that places candidates for one reader. */
function createPlacer(
  candidates: readonly Candidate[],
  context: RequestContext,
  most: number,
  phase: CarePhase | undefined,
): (candidate: Candidate) => Place {
  const isGeneral = (candidate: Candidate): boolean => scoreAge(candidate, context) === NEUTRAL;
  // Unknown age: the general page, without pages for one age group beside it. A request for all articles gets those
  // too.
  const withholdsUnsure = context.ageGroups.length === 0 && most !== Infinity && candidates.some(isGeneral);
  return (candidate) => {
    const { article, relationship, stated, rank, isPreferred = false } = candidate;
    const age = scoreAge(candidate, context);
    if (age === undefined) return { reason: 'audience-age' };
    if (age === UNSURE && withholdsUnsure) return { reason: 'age-unknown' };
    const care = scoreCare(article, phase);
    // A page on the code's own subject, a procedure done, supposes no stay in hospital.
    const isOnSubject = isPreferred || stated === 'equivalent' || stated === 'broader';
    const supposesStay = !isOnSubject && Object.values(article.texts).some(({ title }) => FOR_THE_WAY_HOME.test(title));
    if (care === undefined || (supposesStay && !isAtDischarge(context))) return { reason: 'care-phase' };
    const fit = contextFit(article.kind, context);
    const first = isPreferred ? FITS : NEUTRAL;
    // The sex re-ranks articles of one relationship and never hides one, because the code counts more.
    const sex = !article.sex || !context.sex ? NEUTRAL : article.sex === context.sex ? FITS : UNSURE;
    const language = article.texts[context.language] ? FITS : NEUTRAL;
    return { key: [first, age, care, ...fit, RELATIONSHIP_ORDER[relationship], sex, language, rank] };
  };
}

/**
 * Orders the articles of the nearest level: the site's preference, then fit to the age, phase of care, sub-topic, task,
 * setting and recipient, relationship, fit to the sex, the reader's language, rank, id. Rejects articles that
 * contradict a known age, that are for one age group if the age is unknown and a general page answers, that are for a
 * past phase of care, and that exceed the requested number (Infinity: all), each with its reason. Scores (0 to 1) never
 * rise along the list.
 */
export function rankMatches(
  candidates: readonly Candidate[],
  context: RequestContext,
  most: number,
  phase?: CarePhase,
): Ranking {
  const findPlace = createPlacer(candidates, context, most, phase);
  const rejections: Rejection[] = [];
  const best: { candidate: Candidate; key: readonly number[] }[] = [];
  for (const candidate of candidates) {
    const place = findPlace(candidate);
    if ('reason' in place) rejections.push({ article: candidate.article.id, reason: place.reason });
    else best.push({ candidate, key: place.key });
  }
  best.sort((a, b) => compareKeys(a.key, b.key) || (a.candidate.article.id < b.candidate.article.id ? -1 : 1));
  for (const { candidate } of best.slice(most)) {
    rejections.push({ article: candidate.article.id, reason: 'beyond-count' });
  }
  let ceiling = 1;
  const ranked = best.slice(0, most).map(({ candidate }) => {
    const { relationship, levels, crossings, rank, path } = candidate;
    const cost = levels * LEVEL_COST + crossings * CROSSING_COST + (rank - 1) * RANK_COST;
    const ofCode = Math.max(LEAST_SCORE, RELATIONSHIP_SCORE[relationship] - cost);
    ceiling = Math.min(ceiling, path.some(({ kind }) => kind === 'title') ? TITLE_SCORE : ofCode);
    return { score: Math.round(ceiling * 100) / 100, ...candidate };
  });
  return { ranked, rejections };
}

export interface Preferring<Ranked extends Candidate> {
  readonly policy: SitePolicy;
  readonly language: Language;
  /** The article in the other's place for this reader; undefined if it does not suit them. */
  readonly findReplacement: (article: string, other: Ranked) => Ranked | undefined;
}

/**
 * Puts a site's preferred articles before others or in their place. A preferred article that does not suit this reader
 * changes nothing, and neither does one that lacks the reader's language if the other has it. It inherits the replaced
 * article's relationship to the code.
 * @param ranked best first
 */
export function preferArticles<Ranked extends Candidate>(
  ranked: readonly Ranked[],
  { policy, language, findReplacement }: Preferring<Ranked>,
): { ranked: Ranked[]; rejections: Rejection[] } {
  const { preferences } = policy;
  const result = new Map<string, Ranked>();
  const rejections: Rejection[] = [];
  for (const other of ranked) {
    let isReplaced = false;
    for (const { article, over, replaces } of preferences) {
      if (over !== other.article.id) continue;
      const preferred = result.get(article) ?? findReplacement(article, other);
      if (!preferred || (!preferred.article.texts[language] && other.article.texts[language])) continue;
      result.set(article, preferred);
      isReplaced ||= replaces;
    }
    if (isReplaced) rejections.push({ article: other.article.id, reason: 'replaced' });
    // The preferred article may already stand before the one it replaces.
    else if (!result.has(other.article.id)) result.set(other.article.id, other);
  }
  return { ranked: [...result.values()], rejections };
}

/** The kinds of article that suit each code. */
type Preference = ReadonlyMap<string, readonly ArticleKind[]>;

const DATA = readDataFile('context-fit.yaml') as Readonly<
  Record<'tasks' | 'encounters' | 'subTopics' | 'recipients' | 'discharge', Readonly<Record<string, string>>>
>;

const toPreference = (rows: Readonly<Record<string, string>>): Preference =>
  new Map(
    Object.entries(rows).flatMap(([kinds, codes]) =>
      codes.split(' ').map((code) => [code, kinds.split(' ') as ArticleKind[]] as const),
    ),
  );

const TASKS = toPreference(DATA.tasks);
const ENCOUNTERS = toPreference(DATA.encounters);
const SUB_TOPICS = toPreference(DATA.subTopics);
const RECIPIENTS = toPreference(DATA.recipients);

const DISCHARGE = new Set(Object.values(DATA.discharge).join(' ').split(' '));

/** Not in the value set but in the guide's own examples. */
const TASK_SYNONYMS: Readonly<Record<string, string>> = { MEDLISTREV: 'MLREV' };

function findKnown(table: Preference, sent: string): string | undefined {
  const code = sent.trim().toUpperCase();
  const known = findOwn(TASK_SYNONYMS, code) ?? code;
  return table.has(known) ? known : undefined;
}

/** The known task code, upper case; undefined if it has no effect. */
export const findTask = (sent: string): string | undefined => findKnown(TASKS, sent);

/** The known encounter code; undefined if it has no effect. */
export const findEncounter = (sent: string): string | undefined => findKnown(ENCOUNTERS, sent);

/** The known sub-topic code; undefined if it has no effect. */
export const findSubTopic = (sent: string): string | undefined => findKnown(SUB_TOPICS, sent);

/** Whether a task is about results of tests. */
export const isTestTask = (task: string | undefined): boolean =>
  task !== undefined && (TASKS.get(task)?.includes('test') ?? false);

/** Scores how a kind of article suits the request, in order of comparison: sub-topic, task, setting, recipient. */
export function contextFit(kind: ArticleKind, context: RequestContext): readonly number[] {
  const { subTopics, task, encounter, recipient } = context;
  const suiting = [
    subTopics.flatMap((code) => SUB_TOPICS.get(code) ?? []),
    TASKS.get(task ?? ''),
    ENCOUNTERS.get(encounter ?? ''),
    RECIPIENTS.get(recipient),
  ];
  return suiting.map((kinds) => (kinds?.includes(kind) ? 0 : 1));
}

/** True if the patient goes home after a stay: by the chart or the code (`isDischarge`), the task or the setting. */
const isAtDischarge = ({ isDischarge = false, task = '', encounter = '' }: RequestContext): boolean =>
  isDischarge || DISCHARGE.has(task) || DISCHARGE.has(encounter);
