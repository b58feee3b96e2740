import type { TerminologySource } from '../answer/terminology-source.js';
import { MOST_ARTICLES_OF_CODE } from '../codes/terminology-index.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import type { Library } from '../model/library.js';
import { NO_POLICY } from '../policy/site-policy.js';
import { askChart } from './ask-chart.js';
import { findChartConcerns } from './chart-concerns.js';
import type { ChartQuestion } from './chart-question.js';
import {
  NOT_CHOSEN,
  type ChartArticle,
  type ChartMiss,
  type ChartNoLeaflet,
  type ChartResponse,
} from './chart-response.js';
import type { ChartSituation } from './chart-settings.js';
import { choosePages, type JudgedPage } from './choose-pages.js';
import { fitPages } from './fit-pages.js';
import { gatherPages } from './gather-pages.js';
import { holdPages, type HeldAnswered } from './hold-pages.js';
import { joinPanels } from './panels.js';
import { withoutPastPregnancy } from './pregnancy-loss.js';

/** One of each input that fits: the first of its questions. */
function firstOfEach(answered: readonly HeldAnswered[], fits: (one: HeldAnswered) => boolean): ChartMiss[] {
  const found = new Map<number, ChartMiss>();
  for (const one of answered) {
    const { question, answer, reason, hold } = one;
    if (fits(one) && !found.has(question.input)) found.set(question.input, { question, answer, reason, hold });
  }
  return [...found.values()];
}

/** The rank of a page by its verdict: a page that was requested by itself stays among the chosen ones. */
function rankVerdict({ notChosen, place }: JudgedPage): number {
  if (notChosen === undefined || (place === 'asked' && notChosen !== 'held')) return 0;
  return 1 + NOT_CHOSEN.indexOf(notChosen);
}

/** The pages in the order in which they are returned, with scores that never rise along it. */
function toArticles(pages: readonly JudgedPage[]): ChartArticle[] {
  let ceiling = 1;
  return [...pages]
    .sort((a, b) => rankVerdict(a) - rankVerdict(b))
    .map(
      ({ article, text, sensitivities, treatment, reasons, place, isHighRisk, notChosen, hold, coveredBy, score }) => {
        ceiling = Math.min(ceiling, score);
        const why = { ...(hold ? { hold } : {}), ...(coveredBy === undefined ? {} : { coveredBy }) };
        const judged = { reasons, place, isHighRisk, notChosen, ...why };
        return { article, text, sensitivities, treatment, score: ceiling, ...judged };
      },
    );
}

/** Drugs whose pages are shown, and that have no leaflet, each once. */
function listNoLeaflets(answered: readonly HeldAnswered[]): ChartNoLeaflet[] {
  const reasons = new Map<number, ChartNoLeaflet>();
  for (const { question, answer, matches } of answered) {
    const { noLeaflet: reason } = answer;
    const isShown = matches.some(({ hold }) => !hold);
    if (reason && isShown && question.kind === 'medication')
      reasons.set(question.input, { input: question.input, reason });
  }
  return [...reasons.values()];
}

/** An answer that reports only that the patient has died. */
function answerForDeceased(library: Library): ChartResponse {
  const { release } = library.status();
  const response = { answers: [], related: new Map(), release, isProvisional: false };
  return { articles: [], misses: [], held: [], noLeaflets: [], concerns: [], isForDeceased: true, response };
}

/**
 * Answers a whole chart; `$knowledge-request`, the packet page, CDS Hooks and SMART launches all call it. Returns each article
 * once, with every fact that it explains and whether it is chosen: chosen articles are ticked on a page, and returned by
 * default. Returns the reason for each input without an article.
 *
 * The caller reads the chart into `questions` (one or several an input, marked with the chart's facts about each) and passes the
 * setting and the time of the request; nothing is read from a clock. The library is queried once, whatever the chart's size.
 * Pages that this reader must not see are in no part of the answer but `hold` of `misses` and `held`, which is not shown at
 * a patient's screen.
 * Rejects only with the library's own errors.
 * @param terminologySource queried for what the library does not know
 */
export async function answerChart(
  questions: readonly ChartQuestion[],
  context: RequestContext,
  situation: ChartSituation,
  library: Library,
  terminologySource?: TerminologySource,
): Promise<ChartResponse> {
  if (situation.isDeceased) return answerForDeceased(library);
  const { policy = NO_POLICY, drugFacts } = library.status();
  // All are read, to know which pages are broader than which.
  const reader = { ...context, isDischarge: situation.setting === 'discharge' };
  const query = { context: reader, maxArticles: Math.max(MOST_ARTICLES_OF_CODE, situation.perQuestion) };
  const { answered: found, response } = await askChart(questions, query, library, terminologySource);
  const fitting = withoutPastPregnancy(fitPages(found, situation), situation.now);
  const answered = holdPages(joinPanels(fitting, context, library), context, policy);
  const collected = gatherPages(answered, { situation, context, drugNames: drugFacts?.names });
  const pages = choosePages(collected, { situation, context });

  const explained = new Set(answered.flatMap(({ question, matches }) => (matches.length > 0 ? [question.input] : [])));
  const isExplained = ({ question }: HeldAnswered): boolean => explained.has(question.input);
  const isHeldBack = ({ hold, answer }: HeldAnswered): boolean => hold !== undefined || answer.conflict !== undefined;
  return {
    articles: toArticles(pages),
    misses: firstOfEach(answered, (one) => !isExplained(one)),
    held: firstOfEach(answered, (one) => isExplained(one) && isHeldBack(one)),
    noLeaflets: listNoLeaflets(answered),
    concerns: findChartConcerns(answered, context),
    isForDeceased: false,
    response,
  };
}
