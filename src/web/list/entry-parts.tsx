import { MAX_TEXT_CHARS } from '../../core/client-text.js';
import { isCutCoding } from '../../core/answer/knowledge-request.js';
import type { ChartQuestion } from '../../core/charts/chart-question.js';
import { isChosen, type ChartArticle, type ChartResponse } from '../../core/charts/chart-response.js';
import { describeCare, type CardContent } from '../rows/article-row.js';
import type { PageContext } from '../page-context.js';
import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** Renders the items of a list one by one: a thousand of them are less work so than as one tree. */
export function renderEach<T>(items: readonly T[], render: (item: T) => VNode): string {
  return items.map((item) => renderToString(render(item))).join('');
}

/** An article of a chart as a card. @param reason which of its reasons the card is about */
export function toChartCard(
  found: ChartArticle,
  reason: ChartArticle['reasons'][number] | undefined,
  shown: Pick<CardContent, 'key' | 'why'>,
): CardContent {
  const { article, text, sensitivities, treatment } = found;
  return {
    ...{ key: shown.key, article, text, chosen: isChosen(found) },
    ...describeCare(treatment, sensitivities[0] ?? article.sensitivity),
    why: shown.why,
    requestedCode: reason?.match.path.find(({ kind }) => kind === 'asked'),
  };
}

/** Why an article is not ticked, in words; empty if it is, or if its mark states it. */
export function explainUnticked(
  { notChosen, coveredBy }: ChartArticle,
  chart: ChartResponse,
  { t }: PageContext,
): string {
  if (notChosen === undefined || notChosen === 'sensitive') return '';
  const near = chart.articles.find(({ article }) => article.id === coveredBy);
  return t(`chart.notChosen.${notChosen}`, { title: near?.text.title ?? '' });
}

/** The notice that a text was longer than what is read of it, as `explain` and FHIR report it. */
export function CutTexts({ questions, page }: { questions: readonly ChartQuestion[]; page: PageContext }) {
  if (!questions.some(({ codings }) => codings.some(isCutCoding))) return null;
  return <p class="notice">{page.t('packet.cutTexts', { most: MAX_TEXT_CHARS })}</p>;
}
