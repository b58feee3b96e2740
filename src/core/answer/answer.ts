import { idsPointedTo, textIn, type Article } from '../model/article.js';
import {
  completeReader,
  preferArticles,
  rankMatches,
  type Candidate,
  type RankedCandidate,
  type Ranking,
} from './rank.js';
import { addLeaflets } from '../leaflets/add-leaflets.js';
import { addStandings } from '../codes/code-standing.js';
import type { TerminologySource } from './terminology-source.js';
import { findByTitle } from '../titles/find-by-title.js';
import { readByTitle } from '../titles/read-by-title.js';
import { applyTerminologyAnswers, fetchAnswers, listQuestions, type TerminologyAnswers } from './query-terminology.js';
import { findTitle, type KnowledgeRequest } from './knowledge-request.js';
import {
  type Answer,
  type KnowledgeResponse,
  type Match,
  type Rejection,
  type TitleConflict,
  findMissOfRejections,
  type PathStep,
} from './knowledge-response.js';
import { languagesFrom } from '../model/language.js';
import type { Library } from '../model/library.js';
import { isOfParts, chooseBest, resolveCodings, type Finding, type Resolved } from '../codes/resolve-coding.js';
import { mergeSameThings } from './same-thing.js';
import {
  findSensitivity,
  NO_POLICY,
  findMostPages,
  findRefusal,
  findTreatment,
  type SitePolicy,
} from '../policy/site-policy.js';
import { findTitleConflicts, seesConflicts } from '../titles/title-conflict.js';
import type { TitleReading, TitleReadings } from '../titles/title-reading.js';
import { isInEditions } from '../codes/editions.js';
import { isGrave } from '../policy/grave-subjects.js';

/** Resolves all codings of all criteria together. */
function findRows({ criteria }: KnowledgeRequest, library: Library): Finding[] {
  const codings = criteria.flatMap((criterion) => criterion.codings);
  const resolved = resolveCodings(codings, library);
  let next = 0;
  return criteria.map(({ codings: { length } }) => chooseBest(resolved.slice(next, (next += length))));
}

/** Inputs of an answer besides the rows found for its code. */
interface AnswerInputs {
  readonly articles: ReadonlyMap<string, Article>;
  readonly request: KnowledgeRequest;
  readonly policy: SitePolicy;
}

/** A row on its way to an answer, with the path from the requested code. */
interface RowWithPath {
  readonly article: string;
  readonly path: readonly PathStep[];
}

/**
 * Returns the articles that a code may not inherit: all of its broader code's, if one of them is on a grave subject and no row was judged for the code
 * (rule 12 of curation, decision 008). A row of the code itself ends this.
 */
export function findUnjudged(
  rows: readonly RowWithPath[],
  articles: ReadonlyMap<string, Pick<Article, 'texts'>>,
): ReadonlySet<string> {
  // The path climbs from a code of no edition for which the rows were judged: a newer one, or one that does not exist.
  const inherited = rows.filter(({ path }) =>
    path.some((step, at) => {
      const below = path[at - 1];
      return step.kind === 'ancestor' && below !== undefined && !isInEditions(below.system, below.code);
    }),
  );
  const isAnyGrave = inherited.some(({ article: id }) => {
    const article = articles.get(id);
    return article !== undefined && isGrave(article);
  });
  return new Set(isAnyGrave ? inherited.map(({ article }) => article) : []);
}

function collectCandidates(
  { selection }: Resolved,
  { articles, request: { context }, policy }: AnswerInputs,
): { candidates: Candidate[]; rejections: Rejection[] } {
  const candidates: Candidate[] = [];
  const rejections = (selection?.suppressed ?? []).map((article): Rejection => ({ article, reason: 'suppressed' }));
  const rows = selection?.rows ?? [];
  const unjudged = findUnjudged(rows, articles);
  for (const row of rows) {
    const article = articles.get(row.article);
    if (!article || Object.keys(article.texts).length === 0) {
      rejections.push({ article: row.article, reason: 'not-in-library' });
      continue;
    }
    if (unjudged.has(row.article)) {
      rejections.push({ article: row.article, reason: 'unjudged' });
      continue;
    }
    const sensitivity = findSensitivity(article, row.sensitivity, context);
    const reason = findRefusal({ article, sensitivity }, context, policy);
    if (reason) {
      rejections.push({ article: row.article, reason });
      continue;
    }
    const { relationship, stated, rank, levels, crossings, path, note, origin } = row;
    const found = { article, relationship, stated, rank, levels, crossings, path, note, origin, sensitivity };
    const treatment = findTreatment({ article, sensitivity }, context, policy);
    // A site's rule puts an article before all others only if the reader can read it.
    const isPreferred =
      article.texts[context.language] !== undefined &&
      policy.preferences.some(({ article: id, over }) => id === row.article && over === undefined);
    candidates.push({ treatment, isPreferred, ...found });
  }
  return { candidates, rejections };
}

/** Ranks the articles for the reader, applies the site's preferences and cuts the list to the site's maximum, never below `least`. */
function rankFor(best: Resolved, candidates: readonly Candidate[], inputs: AnswerInputs, least: number): Ranking {
  const { articles, request, policy } = inputs;
  const { context, phase } = completeReader(best, request.context);
  const { ranked, rejections } = rankMatches(candidates, context, Math.max(least, request.maxArticles), phase);
  const findReplacement = (id: string, other: RankedCandidate): RankedCandidate | undefined => {
    const article = articles.get(id);
    if (!article) return undefined;
    const sensitivity = findSensitivity(article, undefined, request.context);
    if (findRefusal({ article, sensitivity }, request.context, policy)) return undefined;
    const treatment = findTreatment({ article, sensitivity }, request.context, policy);
    // No curator stated that it is the code's own page: an article for one age group is withheld while the age is
    // unknown.
    const fields = { stated: 'related', origin: 'site policy', note: '' } as const;
    const preferred = { ...other, ...fields, article, sensitivity, treatment };
    const isFor = rankMatches([other, preferred], context, 2, phase).ranked.some((one) => one.article === article);
    return isFor ? preferred : undefined;
  };
  const preferred =
    policy.preferences.length === 0
      ? { ranked, rejections: [] }
      : preferArticles(ranked, { policy, language: context.language, findReplacement });
  const most = request.maxArticles === Infinity ? Infinity : findMostPages(context, policy);
  const shown = preferred.ranked.slice(0, Math.max(least, Math.min(most, request.maxArticles)));
  const cut = preferred.ranked.slice(shown.length).map(({ article }, index): Rejection => {
    const reason = shown.length + index < request.maxArticles ? 'most-pages' : 'beyond-count';
    return { article: article.id, reason };
  });
  return { ranked: shown, rejections: [...rejections, ...preferred.rejections, ...cut] };
}

/** Finds the matches for one reading of a coding. */
function findMatches(best: Resolved, inputs: AnswerInputs): { matches: Match[]; rejections: Rejection[] } {
  const { context } = inputs.request;
  const { candidates, rejections } = collectCandidates(best, inputs);
  const parts = isOfParts(best.selection?.rows ?? []) ? (best.selection?.rows.length ?? 0) : 0;
  const ranking = rankFor(best, candidates, inputs, parts);
  const all = [...rejections, ...ranking.rejections];
  // Of a combination never the page of one ingredient alone.
  if (parts > 0 && all.some(({ reason }) => reason !== 'replaced')) return { matches: [], rejections: all };
  const languages = languagesFrom(context.language);
  const matches = ranking.ranked.flatMap((found): Match[] => {
    const { article, relationship, sensitivity, treatment, path, score, note, origin } = found;
    const text = textIn(article, languages);
    if (!text) return []; // not reached: candidatesOf accepts only articles with a text
    const otherLanguage = text.language !== context.language;
    return [{ article, text, otherLanguage, relationship, sensitivity, treatment, path, score, note, origin }];
  });
  return { matches, rejections: all };
}

/**
 * Resolves a contradiction between title and code: a clinician gets the articles of both readings, the code's first;
 * any other reader gets no match.
 */
function findMatchesInConflict(
  best: Resolved,
  conflict: TitleConflict,
  inputs: AnswerInputs,
): ReturnType<typeof findMatches> {
  const { request, articles } = inputs;
  if (!seesConflicts(request.context)) {
    const rows = best.selection?.rows ?? [];
    return { matches: [], rejections: rows.map(({ article }) => ({ article, reason: 'title-conflict' })) };
  }
  const named = readByTitle(best, conflict, articles);
  const byTitle = named ? findMatches(named, inputs) : { matches: [], rejections: [] };
  const most = Math.min(request.maxArticles, findMostPages(request.context, inputs.policy));
  const maxArticles = Math.max(1, most - byTitle.matches.length);
  const byCode = findMatches(best, { ...inputs, request: { ...request, maxArticles } });
  const least = byCode.matches.at(-1)?.score ?? 1;
  const others = byTitle.matches.map((match) => ({ ...match, score: Math.min(least, match.score) }));
  const matches = [...byCode.matches, ...others].slice(0, most);
  return { matches, rejections: [...byCode.rejections, ...byTitle.rejections] };
}

const NO_CONFLICTS: ReturnType<typeof findTitleConflicts> = { conflicts: new Map(), unread: [] };

/** Answers all criteria from one state of the library, and lists the titles that a reader should read first. */
function answerFromState(
  request: KnowledgeRequest,
  library: Library,
  terminology: TerminologyAnswers | undefined,
  readings: TitleReadings,
): { readonly response: KnowledgeResponse; readonly unread: readonly string[] } {
  const { policy = NO_POLICY, release, completeSystems } = library.status();
  const own = findRows(request, library);
  const found = terminology ? applyTerminologyAnswers(own, terminology.words, library) : own;
  const merged = request.answersApart || found.length === 1 ? found : mergeSameThings(found);
  const hasTitle = merged.some(({ best }) => findTitle(best.coding) !== '');
  const { findings, unread } = hasTitle
    ? findByTitle(merged, { library, context: request.context, readings })
    : { findings: merged, unread: [] };
  const ids = new Set(findings.flatMap(({ best }) => best.selection?.rows.map((row) => row.article) ?? []));
  // Ids of the articles that may be shown where these are.
  const preferred = policy.preferences.flatMap(({ article, over }) =>
    over !== undefined && ids.has(over) ? [article] : [],
  );
  const ofRows = fetchArticles([...ids, ...preferred], library);
  const { conflicts, unread: doubtful } = hasTitle
    ? findTitleConflicts(findings, ofRows, library, readings)
    : NO_CONFLICTS;
  const namedIds = [...conflicts.values()].flatMap((conflict) => conflict.named);
  const articles = namedIds.length > 0 ? new Map([...ofRows, ...fetchArticles(namedIds, library)]) : ofRows;
  const inputs = { articles, request, policy };
  const plain = findings.map((finding): Answer => {
    const conflict = conflicts.get(finding);
    const { best, siblings } = finding;
    const { matches, rejections } = conflict
      ? findMatchesInConflict(best, conflict, inputs)
      : findMatches(best, inputs);
    const miss = matches.length > 0 ? undefined : (best.miss ?? findMissOfRejections(rejections));
    const { coding, code } = best;
    return { coding, code, siblings, matches, rejections, miss, ...(conflict ? { conflict } : {}) };
  });
  // A code without an article may not exist at all: checked only if a complete release is loaded.
  const isDoubtful = plain.some(({ coding, miss }) => miss && coding.system && completeSystems.has(coding.system));
  const answers = request.describeCodes || isDoubtful ? addStandings(plain, library) : plain;
  const related = request.omitsRelated ? new Map<string, Article>() : fetchRelated(answers, inputs, library);
  const isProvisional = terminology?.isComplete === false;
  const isOfDrug = answers.some(({ coding: { system } }) => system === 'rxnorm' || system === 'ndc');
  const complete = isOfDrug ? addLeaflets(answers, request, library) : answers;
  return { response: { answers: complete, related, release, isProvisional }, unread: [...unread, ...doubtful] };
}

/**
 * Answers a knowledge request: for each criterion the articles of the nearest mapped level, ranked for the reader, each
 * with the path that led to it; if there are none, the reason. Criteria that mean the same thing share one answer,
 * unless the request wants separate answers.
 * Rejects only with the library's own errors.
 * @param terminologyServer queried for codes that the library cannot answer
 */
export async function answerRequest(
  request: KnowledgeRequest,
  library: Library,
  terminologyServer?: TerminologySource,
): Promise<KnowledgeResponse> {
  const terminology =
    terminologyServer && (await fetchAnswers(listQuestions(findRows(request, library), library), terminologyServer));
  const { response, unread } = answerFromState(request, library, terminology, new Map());
  const { readTitle } = library.status();
  if (!readTitle || unread.length === 0) return response;
  const readings = new Map<string, TitleReading>();
  for (const title of new Set(unread)) {
    readings.set(title, await readTitle(title, library, request.context.language));
  }
  return answerFromState(request, library, terminology, readings).response;
}

/** Fetches the articles that the matched ones point to. Site policy and sensitivity apply to these as to matches. */
function fetchRelated(
  answers: readonly Answer[],
  { request: { context }, policy }: AnswerInputs,
  library: Library,
): Map<string, Article> {
  const pointedTo = answers.flatMap(({ matches }) => matches.flatMap(({ article }) => idsPointedTo(article)));
  const articles = fetchArticles([...new Set(pointedTo)], library);
  const isGiven = (article: Article): boolean => {
    const sensitivity = findSensitivity(article, undefined, context);
    return findRefusal({ article, sensitivity }, context, policy) === undefined;
  };
  return new Map([...articles].filter(([, article]) => isGiven(article)));
}

function fetchArticles(ids: readonly string[], library: Library): Map<string, Article> {
  if (ids.length === 0) return new Map();
  return new Map(library.findArticles(ids).map((article) => [article.id, article]));
}
