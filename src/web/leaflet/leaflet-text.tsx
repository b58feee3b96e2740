import { CONCERNS, findAgeConcerns, type Concern } from '../../core/leaflets/concerns.js';
import type { ChartResponse } from '../../core/charts/chart-response.js';
import type { Article, ArticleText } from '../../core/model/article.js';
import { findSummary } from '../../core/model/article.js';
import type { LeafletContents } from '../../handout/handout.js';
import type { NoLeafletReason } from '../../core/leaflets/leaflet.js';
import type { Packet } from '../list/packet.js';
import type { PageContext } from '../page-context.js';
import { CONCERN, writeLeaflet } from './write-leaflet.js';

interface ContentsProps {
  readonly contents: LeafletContents;
  /** Id of its heading, unique on the page. */
  readonly id: string;
  /** Language of the leaflet. */
  readonly language: string;
}

/** The contents of a leaflet: parts about the patient's situations first, with what they are about. */
export function LeafletContentsList({ contents: { head, lead, entries }, id, language }: ContentsProps) {
  return (
    <nav class="leaflet-contents" aria-labelledby={id}>
      <h3 id={id}>{head}</h3>
      {lead === '' ? null : <p>{lead}</p>}
      <ol>
        {entries.map(({ heading, anchor, mark }) => (
          <li>
            <a href={`#${anchor}`} lang={language}>
              {heading}
            </a>
            {mark === '' ? null : (
              <>
                {' '}
                <mark>{mark}</mark>
              </>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

interface LeafletProps {
  readonly article: Article;
  readonly text: ArticleText;
  /** Situations of the patient; left out: those of the reader's age. */
  readonly concerns?: readonly Concern[] | undefined;
  readonly page: PageContext;
}

/** A drug's own leaflet, whole, below its contents; nothing where it may not be shown. */
export function LeafletText({ article, text, concerns, page }: LeafletProps) {
  const summary = findSummary(article, text);
  if (summary === undefined) return null;
  const marked = concerns ?? findAgeConcerns(page.reader);
  const { html, contents } = writeLeaflet(summary.html, marked, `of-${article.id}`, page);
  return (
    <>
      {contents ? (
        <LeafletContentsList contents={contents} id={`contents-${article.id}`} language={text.language} />
      ) : null}
      <div class="summary" lang={text.language} dangerouslySetInnerHTML={{ __html: html }} />
    </>
  );
}

/** Links that mark the parts of a leaflet about one more situation, or no longer about one. */
export function MarkParts({ path, concerns, page }: Pick<LeafletProps, 'page'> & MarkedPlace) {
  const { t, href } = page;
  const toggle = (one: Concern): Concern[] => CONCERNS.filter((other) => concerns.includes(other) !== (other === one));
  return (
    <p class="screen-only mark-parts">
      {t('leaflet.markParts')}{' '}
      {CONCERNS.map((one) => (
        <>
          <a href={href(path, { [CONCERN]: toggle(one) })} aria-current={concerns.includes(one) ? 'true' : undefined}>
            {t(`leaflet.concerns.${one}`)}
          </a>{' '}
        </>
      ))}
    </p>
  );
}

interface MarkedPlace {
  readonly path: string;
  readonly concerns: readonly Concern[];
}

/** The chart's situations for which parts of leaflets come first, with the facts that tell of them; nothing without a leaflet. */
export function ChartConcerns({ chart, packet, page }: ChartConcernsProps) {
  if (!hasLeaflet(chart) || chart.concerns.length === 0) return null;
  const { t } = page;
  const parts = chart.concerns.map(({ concern, inputs }) => {
    const names = inputs.map((at) => packet.inputs[at]).flatMap((input) => (input ? [input.name] : []));
    const reasons = inputs.length === 0 ? [t('leaflet.byAge')] : [...new Set(names)].slice(0, MOST_REASONS);
    return `${t(`leaflet.concerns.${concern}`)} (${reasons.join('; ')})`;
  });
  return (
    <p class="hint" id="leaflet-parts">
      {t('leaflet.ofChart')} {parts.join(', ')}
    </p>
  );
}

interface ChartConcernsProps {
  readonly chart: ChartResponse;
  readonly packet: Packet;
  readonly page: PageContext;
}

/** Facts that are named for a situation. */
const MOST_REASONS = 2;

const hasLeaflet = ({ articles }: ChartResponse): boolean => articles.some(({ article }) => article.leaflet);

/** The situations that a handout made of a chart starts with; none if the chart has no leaflet. */
export const listChartConcerns = (chart: ChartResponse): Concern[] =>
  hasLeaflet(chart) ? chart.concerns.map(({ concern }) => concern) : [];

/** Why a drug has no leaflet of its own, where leaflets were imported. */
export function NoLeaflet({ reason, page: { t } }: { reason: NoLeafletReason | undefined; page: PageContext }) {
  if (!reason) return null;
  return <p class="hint">{t('leaflet.noLeaflet', { reason: t(`leaflet.none.${reason}`) })}.</p>;
}
