import type { ComponentChildren, VNode } from 'preact';
import { answerChart } from '../../core/charts/answer-chart.js';
import { isChosen, type ChartResponse } from '../../core/charts/chart-response.js';
import type { ChartSituation } from '../../core/charts/chart-settings.js';
import type { ArticleHit } from '../../core/search/search-hit.js';
import { describeAnswers } from '../../protocols/answer-facts.js';
import type { AnswerFacts } from '../../protocols/route.js';
import { giveWay } from '../../turns.js';
import type { Offer } from '../parts/basket.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { ChartView, outcomeOfChart, renderChart } from './chart-view.js';
import { ListForm, type FormProps } from './list-form.js';
import { buildRows } from './list-rows.js';
import { RowsView, summarizeRows, renderRows } from './list-view.js';
import type { Packet } from './packet.js';
import { formatToken } from './read-packet.js';

/** Some proxies reject a longer address. */
const MAX_LINK_CHARS = 4000;

/** What a list or a chart came to, as the main part of a page. */
export interface AnsweredPacket {
  readonly main: VNode;
  /** What came of it, in a line. */
  readonly outcome: string;
  readonly facts: AnswerFacts;
  /** What can be added to the handout; undefined: nothing. */
  readonly offer: Offer | undefined;
}

export interface PacketPage {
  /** The page for its reader: see `readBy`. */
  readonly page: PageContext;
  /** The form that the packet can be changed with. */
  readonly form: Pick<FormProps, 'fields' | 'isDeceased'>;
  /** The heading of the page. */
  readonly title: string;
  /** Shown above what was found: whose chart it is, if known. */
  readonly banner?: ComponentChildren;
}

/** The address that leads to the same packet; undefined where not all of it has a place in one, or it is too long. */
function buildLink({ inputs, items }: Packet, page: PageContext): string | undefined {
  const tokens = inputs.flatMap(({ coding, fault }) => (fault === undefined && coding && formatToken(coding)) || []);
  if (tokens.length === 0 || (items && tokens.length < items.length)) return undefined;
  const link = page.href('/packet', { code: [...new Set(tokens)] });
  return link.length <= MAX_LINK_CHARS ? link : undefined;
}

interface FrameProps {
  readonly outcome: string;
  readonly ticked: number;
  readonly link: string | undefined;
  readonly shown: PacketPage;
  readonly children: ComponentChildren;
}

/** What stands above every packet: what came of it, and the way to change it. */
function Frame({ outcome, ticked, link, shown: { page, form, title, banner }, children }: FrameProps) {
  const { t } = page;
  return (
    <>
      <h1>{title}</h1>
      {banner}
      <p class="lead" role="status">
        <strong>{outcome}</strong> {t('packet.ticked', { count: ticked })}
      </p>
      <div class="extras">
        <details class="more">
          <summary>{t('packet.change')}</summary>
          <ListForm {...form} page={page} />
        </details>
        {link === undefined ? null : <a href={link}>{t('packet.link')}</a>}
      </div>
      {children}
    </>
  );
}

interface Content {
  readonly outcome: string;
  readonly body: VNode;
  /** Articles that are ticked to begin with. */
  readonly ticked: number;
  /** Articles that words alone found. */
  readonly byWords: readonly Pick<ArticleHit, 'article' | 'text'>[];
  readonly hasArticles: boolean;
}

async function renderList(
  packet: Packet,
  chart: ChartResponse,
  page: PageContext,
  options: PageOptions,
): Promise<Content> {
  const rows = await buildRows(packet, chart, page, options);
  const html = await renderRows(rows, page);
  const shownIds = new Set(chart.response.answers.flatMap(({ matches }) => matches.map(({ article }) => article.id)));
  const cards = rows.flatMap(({ card, others }) => [...(card ? [card] : []), ...others.map((other) => other.card)]);
  return {
    outcome: summarizeRows(rows, page),
    body: <RowsView rows={rows} html={html} page={page} />,
    ticked: rows.filter(({ card, sameAs }) => card?.chosen === true && sameAs === undefined).length,
    byWords: cards.filter(({ article }) => !shownIds.has(article.id)),
    hasArticles: cards.length > 0,
  };
}

async function renderFacts(packet: Packet, chart: ChartResponse, page: PageContext): Promise<Content> {
  const pieces = await renderChart({ packet, chart }, page);
  return {
    outcome: outcomeOfChart(pieces, chart, page),
    body: <ChartView packet={packet} chart={chart} pieces={pieces} page={page} />,
    ticked: chart.articles.filter(isChosen).length,
    byWords: [],
    hasArticles: chart.articles.length > 0,
  };
}

/**
 * Answers a packet, wherever it comes from: a list, a pasted chart, or one that another door has read.
 * @param situation the setting and the time of the request; nothing is read from a clock
 * Rejects only with the library's own errors.
 */
export async function answerPacket(
  packet: Packet,
  situation: ChartSituation,
  shown: PacketPage,
  options: PageOptions,
): Promise<AnsweredPacket> {
  const { page } = shown;
  const { library, terminologySource } = options;
  const chart = await answerChart(packet.questions, page.reader, situation, library, terminologySource, giveWay);
  const content = packet.items
    ? await renderList(packet, chart, page, options)
    : await renderFacts(packet, chart, page);
  const { outcome, body, ticked, byWords, hasArticles } = content;
  return {
    main: (
      <Frame outcome={outcome} ticked={ticked} link={buildLink(packet, page)} shown={shown}>
        {body}
      </Frame>
    ),
    outcome,
    facts: describeAnswers(chart.response, byWords),
    offer: hasArticles ? { reads: packet.patient?.language } : undefined,
  };
}
