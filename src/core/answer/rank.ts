import type { Article } from '../model/article.js';
import type { CarePhase } from '../codes/care-phase.js';
import { contextFit, isAtDischarge, isDischargePage } from './context-fit.js';
import type { RequestContext } from './knowledge-request.js';
import { RELATIONSHIP_ORDER } from './knowledge-response.js';
import type { Match, Rejection, RejectionReason, Relationship } from './knowledge-response.js';
import type { SelectedRow } from './select-rows.js';

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
 * Scores the patient's sex: it re-ranks articles of one relationship and never hides one, because the code counts more.
 * An unknown sex has no effect.
 */
function scoreSex(article: Article, context: RequestContext): number {
  if (!article.sex || !context.sex) return NEUTRAL;
  return article.sex === context.sex ? FITS : UNSURE;
}

/** Among articles that suit the reader equally, those in the reader's language come first. */
const scoreLanguage = ({ texts }: Article, { language }: RequestContext): number => (texts[language] ? FITS : NEUTRAL);

/**
 * Scores the page against the phase of care: after treatment the aftercare page leads and first aid comes last; for a
 * late effect neither applies (undefined). An unknown phase has no effect.
 */
function scoreCare({ care }: Article, phase: CarePhase | undefined): number | undefined {
  if (!phase || phase === 'initial' || !care) return NEUTRAL;
  if (phase === 'sequela') return undefined;
  return care === 'aftercare' ? FITS : UNSURE;
}

/** True if the page supposes a stay in hospital that the code does not state; a page on the code's own subject, a procedure done, does not. */
function supposesStay({ article, stated, isPreferred = false }: Candidate): boolean {
  return !isPreferred && stated !== 'equivalent' && stated !== 'broader' && isDischargePage(article);
}

function scoreRelationship(candidate: Candidate): number {
  const { relationship, levels, crossings, rank, path } = candidate;
  if (path.some(({ kind }) => kind === 'title')) return TITLE_SCORE;
  const score =
    RELATIONSHIP_SCORE[relationship] - levels * LEVEL_COST - crossings * CROSSING_COST - (rank - 1) * RANK_COST;
  return Math.max(LEAST_SCORE, score);
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
    const { article, relationship, rank, isPreferred = false } = candidate;
    const age = scoreAge(candidate, context);
    if (age === undefined) return { reason: 'audience-age' };
    if (age === UNSURE && withholdsUnsure) return { reason: 'age-unknown' };
    const care = scoreCare(article, phase);
    if (care === undefined || (!isAtDischarge(context) && supposesStay(candidate))) return { reason: 'care-phase' };
    const fit = contextFit(article.kind, context);
    const first = isPreferred ? FITS : NEUTRAL;
    const forReader = [scoreSex(article, context), scoreLanguage(article, context)];
    return { key: [first, age, care, ...fit, RELATIONSHIP_ORDER[relationship], ...forReader, rank] };
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
    ceiling = Math.min(ceiling, scoreRelationship(candidate));
    return { score: Math.round(ceiling * 100) / 100, ...candidate };
  });
  return { ranked, rejections };
}
