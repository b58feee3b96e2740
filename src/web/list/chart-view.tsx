import type { ComponentChildren } from 'preact';
import { isChosen, type ChartArticle, type ChartMiss, type ChartResponse } from '../../core/charts/chart-response.js';
import { holdOrMissText } from '../../protocols/chart-texts.js';
import { countInputs, groupInputs, kindOfInput, type Reasoned } from '../../protocols/group-inputs.js';
import { explainMatch } from '../parts/article-facts.js';
import { RowChange, EntryRow } from '../rows/entry-row.js';
import { FoundArticle } from '../rows/found-article.js';
import { LanguageNotice } from '../parts/language-links.js';
import { ChartConcerns } from '../leaflet/leaflet-text.js';
import type { PageContext } from '../page-context.js';
import { AboutArticle, withNamesakes } from '../parts/namesakes.js';
import { About } from '../parts/phrase.js';
import { explainUnticked, toChartCard, renderEach } from './entry-parts.js';
import { UNCLEAR, isUnclear } from './chart-choices.js';
import { CutArticles } from './chart-visit.js';
import type { Packet, PacketInput } from './packet.js';
import { nameCoding } from './read-packet.js';

/** For which codes an article is there, each with its way where that is longer than a step. */
function explainReasons({ reasons }: ChartArticle, { inputs }: Packet, page: PageContext): string {
  const texts = reasons.map(({ question, coding, match }) => {
    const input = inputs[question.input];
    const name = input?.code || (input?.name ?? nameCoding(coding) ?? '');
    const isOwn = match.path.length === 1 && question.isSubject !== true;
    return isOwn ? page.t('page.mappedTo', { code: name }) : `${name}: ${explainMatch(match, page.t)}`;
  });
  return texts.join('; ');
}

/** Why an article is not ticked, in words; empty if it is, or if its card states it. */
function explainChoice(found: ChartArticle, chart: ChartResponse, page: PageContext): string {
  return found.notChosen === 'held' || found.place === 'asked' ? '' : explainUnticked(found, chart, page);
}

/** Names of facts that a row shows; the others are counted. */
const MOST_NAMED = 4;

interface ArticleProps extends ResultsOf {
  readonly found: ChartArticle;
  readonly page: PageContext;
}

/** The facts that an article explains, each by its title with its code. */
function Facts({ found: { reasons }, packet: { inputs }, page }: ArticleProps) {
  const facts = reasons.map(({ question, coding }) => {
    const { name = nameCoding(coding) ?? '', code = '' } = inputs[question.input] ?? {};
    return { name, code };
  });
  const byName = [...new Map(facts.map((fact) => [fact.name.toLowerCase(), fact])).values()];
  const left = byName.length - MOST_NAMED;
  return (
    <>
      {byName.slice(0, MOST_NAMED).map(({ name, code }) => (
        <>
          <span class="typed">{name}</span>
          {code === '' ? null : <span class="quiet">{code}</span>}
        </>
      ))}
      {left > 0 ? <span class="quiet">{page.t('packet.andMore', { count: left })}</span> : null}
    </>
  );
}

/** An article of a chart: which facts it explains, its title, and on demand why it is here. */
function ChartRow({ found, packet, chart, page }: ArticleProps) {
  const choice = explainChoice(found, chart, page);
  const reasons = explainReasons(found, packet, page);
  const why = choice === '' ? reasons : `${reasons}. ${choice}`;
  const card = toChartCard(found, found.reasons[0], { key: found.article.id, why });
  const reason = found.hold ? page.t(`chart.holds.${found.hold}`) : choice;
  const { article, text } = card;
  const about = <AboutArticle article={article} text={text} page={page} />;
  return (
    <EntryRow
      state={found.hold ? 'held' : 'found'}
      added={card}
      read={<Facts found={found} packet={packet} chart={chart} page={page} />}
      change={<RowChange {...{ id: card.key, about, name: text.title, words: text.title, card, page }} />}
      page={page}
    >
      <FoundArticle card={card} page={page} />
      {reason === '' ? null : <p class="hint">{reason}</p>}
    </EntryRow>
  );
}

/** An article that the clinician decides about: its title, why it is held, and its row on demand. */
function HeldArticle(props: ArticleProps) {
  const { text, hold = 'site-policy' } = props.found;
  const { page } = props;
  return (
    <li>
      <strong lang={text.language}>{text.title}</strong>: {page.t(`chart.holds.${hold}`)}
      <details class="more">
        <summary>
          {page.t('packet.showIt')}
          <AboutArticle article={props.found.article} text={text} page={page} />
        </summary>
        <ul class="entries">
          <ChartRow {...props} />
        </ul>
      </details>
    </li>
  );
}

/** An entry without an article. */
interface Remark extends Reasoned<PacketInput> {
  readonly text: ComponentChildren;
}

/** Facts of a chart of one kind, left without a page for one reason: counted, and named on demand. */
function RemarkGroup({ remarks, page }: { remarks: readonly Remark[]; page: PageContext }) {
  const [first, second] = remarks;
  if (!first) return null;
  if (!second) {
    const { input, text } = first;
    return (
      <li>
        <strong>{input.name}</strong>
        {input.code === '' ? null : <span class="quiet"> {input.code}</span>}: {text}
      </li>
    );
  }
  return (
    <li>
      <strong>{countInputs(first.kind, remarks.length, page.t)}</strong>: {first.text}
      <details class="more">
        <summary>
          {page.t('packet.whichOnes')}
          <About title={countInputs(first.kind, remarks.length, page.t)} language={undefined} />
        </summary>
        {[...new Set(remarks.map(({ input }) => [input.name, input.code].join(' ').trim()))].join('; ')}
      </details>
    </li>
  );
}

/** Kinds of resource that no article is about (Claim, CareTeam) are not mentioned. */
const isUnmentioned = ({ reasonCode }: PacketInput): boolean => reasonCode === 'type-not-read';

/** Entries that were left out, those that found nothing, or nothing that this reader may be shown, and drugs without a leaflet of their own. */
function findRemarks(
  { inputs }: Packet,
  { articles, misses, held, noLeaflets }: ChartResponse,
  page: PageContext,
): Record<'held' | 'out', Remark[]> {
  const explained = new Set(articles.flatMap(({ reasons }) => reasons.map(({ question }) => question.input)));
  const unread = inputs.flatMap((input, at): Remark[] => {
    const { fault, type, reasonCode } = input;
    if (fault === undefined || explained.has(at) || isUnmentioned(input)) return [];
    return [{ input, kind: kindOfInput(type, reasonCode), reason: fault, text: fault }];
  });
  const toRemarks = (one: ChartMiss): Remark[] => {
    const input = inputs[one.question.input];
    if (!input || input.fault !== undefined) return [];
    const text = holdOrMissText(one, page.t);
    return [{ input, kind: kindOfInput(input.type), reason: text, text }];
  };
  const withoutLeaflet = noLeaflets.flatMap(({ input: at, reason }): Remark[] => {
    const input = inputs[at];
    if (!input) return [];
    const text = page.t('leaflet.noLeaflet', { reason: page.t(`leaflet.none.${reason}`) });
    return [{ input, kind: kindOfInput(input.type), reason: text, text }];
  });
  return {
    held: [...unread.filter(({ input }) => input.isHeld), ...held.filter(({ hold }) => hold).flatMap(toRemarks)],
    out: [...unread.filter(({ input }) => !input.isHeld), ...misses.flatMap(toRemarks), ...withoutLeaflet],
  };
}

/** Facts without a page, counted by kind and reason. */
function renderRemarks(remarks: readonly Remark[], page: PageContext): string {
  const groups = groupInputs<PacketInput, Remark>(remarks);
  return renderEach(groups, ({ items }) => <RemarkGroup remarks={items} page={page} />);
}

interface ResultsOf {
  readonly packet: Packet;
  readonly chart: ChartResponse;
}

/** Parts of a chart that may be thousands, as HTML: held articles and facts, chosen articles, the others, facts without one. */
export interface ChartPieces extends Readonly<Record<'unclear' | 'held' | 'rows' | 'more' | 'out', string>> {
  /** How many drugs are in `unclear`. */
  readonly unclearCount: number;
  /** How many articles are in `more`. */
  readonly moreCount: number;
}

/** Renders the parts that a chart may have thousands of before its page. */
export function renderChart({ packet, chart }: ResultsOf, outer: PageContext): ChartPieces {
  const page = withNamesakes(outer, chart.articles);
  const isOfUnclear = ({ hold, reasons }: ChartArticle): boolean =>
    hold === 'unknown-status' && reasons.every(({ question }) => isUnclear(question));
  const unclear = chart.articles.filter(isOfUnclear);
  const held = chart.articles.filter((one) => one.hold !== undefined && !isOfUnclear(one));
  const others = chart.articles.filter(({ hold }) => hold === undefined);
  const isShown = (one: ChartArticle): boolean => isChosen(one) || one.place === 'asked';
  const more = others.filter((one) => !isShown(one));
  const remarks = findRemarks(packet, chart, page);
  const heldOne = (found: ChartArticle) => <HeldArticle found={found} packet={packet} chart={chart} page={page} />;
  const row = (found: ChartArticle) => <ChartRow found={found} packet={packet} chart={chart} page={page} />;
  return {
    unclear: renderEach(unclear, row),
    unclearCount: unclear.length,
    held: renderEach(held, heldOne) + renderRemarks(remarks.held, page),
    rows: renderEach(others.filter(isShown), row),
    more: renderEach(more, row),
    out: renderRemarks(remarks.out, page),
    moreCount: more.length,
  };
}

/** Entries that are held, or have no article. */
function Remarks({ id, title, html }: { id: string; title: string; html: string }) {
  if (html === '') return null;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ul class="remarks" dangerouslySetInnerHTML={{ __html: html }} />
    </section>
  );
}

/** Drugs whose status the chart does not tell, all of them ticked by one press. */
function UnclearDrugs({
  pieces: { unclear, unclearCount },
  form,
  page: { t },
}: Omit<ChartViewProps, 'chart' | 'packet'>) {
  if (unclear === '') return null;
  return (
    <section aria-labelledby="unclear" class="unclear">
      <h2 id="unclear">{t(unclearCount === 1 ? 'packet.unclearOne' : 'packet.unclear', { count: unclearCount })}</h2>
      <p>
        <button type="submit" class="action" form={form} name={UNCLEAR} value="true">
          {t('packet.tickAll')}
        </button>
      </p>
      <ul class="entries" dangerouslySetInnerHTML={{ __html: unclear }} />
    </section>
  );
}

interface ChartViewProps extends ResultsOf {
  readonly pieces: ChartPieces;
  /** The id of the form that reads the chart anew. */
  readonly form: string;
  readonly page: PageContext;
}

/** A chart: what is left to decide, a row for each article with the facts it explains, and what has none. */
export function ChartView({ packet, chart, pieces, form, page }: ChartViewProps) {
  const { t } = page;
  const isMarked = chart.articles.some((one) => isChosen(one) && one.treatment === 'mark');
  return (
    <>
      {chart.isForDeceased ? <p class="notice">{t('packet.deceased')}</p> : null}
      <LanguageNotice shown={chart.response.answers.flatMap(({ matches }) => matches)} page={page} />
      {isMarked ? <p class="notice">{t('packet.whoSees')}</p> : null}
      {pieces.rows === '' ? null : (
        <>
          <h2>{t('packet.pages')}</h2>
          <ul class="entries" dangerouslySetInnerHTML={{ __html: pieces.rows }} />
        </>
      )}
      <CutArticles packet={packet} chart={chart} page={page} />
      <ChartConcerns packet={packet} chart={chart} page={page} />
      <UnclearDrugs pieces={pieces} form={form} page={page} />
      <Remarks id="held" title={t('packet.held')} html={pieces.held} />
      {pieces.more === '' ? null : (
        <details class="more">
          <summary>{t('packet.more', { count: pieces.moreCount })}</summary>
          <ul class="entries" dangerouslySetInnerHTML={{ __html: pieces.more }} />
        </details>
      )}
      <Remarks id="out" title={t('packet.notIn')} html={pieces.out} />
    </>
  );
}
