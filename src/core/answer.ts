import type { Article } from './article.js';
import { textIn } from './article.js';
import { ageInCode } from './age-in-code.js';
import type { CarePhase } from './care-phase.js';
import { carePhaseOf } from './care-phase.js';
import { addStandings } from './code-standing.js';
import type { Elsewhere } from './elsewhere.js';
import { findElsewhere } from './find-elsewhere.js';
import type { KnowledgeRequest, RequestContext } from './knowledge-request.js';
import type {
  Answer,
  KnowledgeResponse,
  Match,
  Miss,
  MissReason,
  Rejection,
  RejectionReason,
} from './knowledge-response.js';
import { languagesFrom } from './language.js';
import type { Library, MappingRecord } from './library.js';
import type { Candidate } from './rank.js';
import { rankMatches } from './rank.js';
import type { Finding, Resolved } from './resolve-coding.js';
import { chooseBest, lookupOf, resolve } from './resolve-coding.js';
import { mergeSameThings } from './same-thing.js';
import { isHeld } from './sensitivity.js';

/** Asks the library once for all codings of all criteria. */
async function findRows(request: KnowledgeRequest, library: Library): Promise<Finding[]> {
  const lookups = request.criteria.map(({ codings }) => codings.map(lookupOf));
  const asks = lookups.flat().flatMap((lookup) => lookup.asks);
  const rows = asks.length > 0 ? await library.findMappings(asks) : [];
  const byAsk: MappingRecord[][] = asks.map(() => []);
  for (const row of rows) byAsk[row.input]?.push(row);
  let next = 0;
  return lookups.map((ofCriterion) =>
    chooseBest(
      ofCriterion.map((lookup) => {
        const records = byAsk.slice(next, next + lookup.asks.length);
        next += lookup.asks.length;
        return resolve(lookup, records, library);
      }),
    ),
  );
}

function candidatesOf(
  { selection }: Resolved,
  articles: ReadonlyMap<string, Article>,
  request: KnowledgeRequest,
): { candidates: Candidate[]; rejections: Rejection[] } {
  const candidates: Candidate[] = [];
  const rejections: Rejection[] = [];
  for (const row of selection?.rows ?? []) {
    const article = articles.get(row.article);
    const sensitivity = row.sensitivity ?? article?.sensitivity;
    if (!article || Object.keys(article.texts).length === 0) {
      rejections.push({ article: row.article, reason: 'not-in-library' });
    } else if (isHeld(sensitivity, request.context)) {
      rejections.push({ article: row.article, reason: 'held' });
    } else {
      const { relationship, stated, rank, levels, crossings, path, note, origin } = row;
      candidates.push({ article, relationship, stated, rank, levels, crossings, path, note, origin, sensitivity });
    }
  }
  return { candidates, rejections };
}

/** The miss that each rejection makes where no article is left, the weightiest first. */
const MISS_OF_REJECTION: readonly (readonly [RejectionReason, MissReason])[] = [
  ['held', 'held'],
  ['audience-age', 'audience'],
  ['care-phase', 'care-phase'],
];

/** Why all articles of a mapped code fell away. */
function missAfterRanking(rejections: readonly Rejection[]): Miss {
  const reasons = new Set(rejections.map(({ reason }) => reason));
  const reason = MISS_OF_REJECTION.find(([rejection]) => reasons.has(rejection))?.[1] ?? 'code-not-mapped';
  return { reason, hint: undefined, note: '' };
}

/** Who reads, with what the code itself tells: the phase of care, and an age that the request leaves open. */
function readerOf(
  { coding: { system }, code }: Resolved,
  context: RequestContext,
): { context: RequestContext; phase: CarePhase | undefined } {
  if (!system || code === undefined) return { context, phase: undefined };
  const ageGroups = context.ageGroups.length > 0 ? context.ageGroups : ageInCode(system, code);
  return { context: { ...context, ageGroups }, phase: carePhaseOf(system, code) };
}

function toAnswer(finding: Finding, articles: ReadonlyMap<string, Article>, request: KnowledgeRequest): Answer {
  const { best, siblings } = finding;
  const { candidates, rejections } = candidatesOf(best, articles, request);
  const reader = readerOf(best, request.context);
  const ranking = rankMatches(candidates, reader.context, request.maxArticles, reader.phase);
  const languages = languagesFrom(request.context.language);
  const matches: Match[] = [];
  for (const { article, relationship, sensitivity, path, score, note, origin } of ranking.ranked) {
    const text = textIn(article, languages);
    if (!text) continue; // not reached: candidatesOf took only articles with a text
    const otherLanguage = text.language !== request.context.language;
    matches.push({ article, text, otherLanguage, relationship, sensitivity, path, score, note, origin });
  }
  const rejected = [...rejections, ...ranking.rejections];
  const miss = matches.length > 0 ? undefined : (best.miss ?? missAfterRanking(rejected));
  return { coding: best.coding, code: best.code, siblings, matches, rejections: rejected, miss };
}

/** A code without an article may be none at all: asked only where a release could tell. */
function isDoubtful(answers: readonly Answer[], library: Library): boolean {
  const { completeSystems } = library.status();
  return answers.some(({ coding, miss }) => miss && coding.system && completeSystems.has(coding.system));
}

/**
 * Answers a knowledge request: for each criterion the articles of the nearest mapped level, ranked for the reader, each
 * with the path that led to it; where there are none, the reason. Criteria that are the same thing give one answer, unless
 * they are wanted apart.
 * Rejects only with the library's own errors.
 * @param elsewhere asked for what the library does not know
 */
export async function answerRequest(
  request: KnowledgeRequest,
  library: Library,
  elsewhere?: Elsewhere,
): Promise<KnowledgeResponse> {
  const own = await findRows(request, library);
  const { findings: found, isComplete } = elsewhere
    ? await findElsewhere(own, library, elsewhere)
    : { findings: own, isComplete: true };
  const findings = request.answersApart ? found : mergeSameThings(found);
  const ids = new Set(findings.flatMap(({ best }) => best.selection?.rows.map((row) => row.article) ?? []));
  const articles = await fetchArticles([...ids], library);
  const plain = findings.map((finding) => toAnswer(finding, articles, request));
  const answers = request.describeCodes || isDoubtful(plain, library) ? await addStandings(plain, library) : plain;
  const pointedTo = answers.flatMap(({ matches }) =>
    matches.flatMap(({ article }) => [...article.relatedTopics, ...article.patientInstructions]),
  );
  const related = await fetchArticles([...new Set(pointedTo)], library);
  return { answers, related, release: library.status().release, isProvisional: !isComplete };
}

async function fetchArticles(ids: readonly string[], library: Library): Promise<Map<string, Article>> {
  if (ids.length === 0) return new Map();
  return new Map((await library.findArticles(ids)).map((article) => [article.id, article]));
}
