import type { ComponentChildren } from 'preact';
import type { ChartArticle, ChartMiss, ChartResponse } from '../core/charts/chart-response.js';
import { isChosen } from '../core/charts/chart-response.js';
import type { Miss } from '../core/knowledge-response.js';
import { holdOrMissText } from '../protocols/chart-texts.js';
import type { Reasoned } from '../protocols/group-inputs.js';
import { countInputs, groupInputs, kindOfInput } from '../protocols/group-inputs.js';
import type { CardContent } from './article-row.js';
import { ArticleRow, mindedOf } from './article-row.js';
import { whyMatched } from './article-facts.js';
import { MissReason } from './miss-reason.js';
import type { Packet, PacketInput } from './packet-reader.js';
import { nameOfCoding } from './packet-reader.js';
import type { WordsOfPacket } from './packet-words.js';
import type { PageContext } from './page-context.js';
import { About } from './phrase.js';
import { renderEach } from './render-each.js';

/** For which codes an article is there, each with its way where that is longer than a step. */
function explainReasons({ reasons }: ChartArticle, { inputs }: Packet, page: PageContext): string {
  const texts = reasons.map(({ question, coding, match }) => {
    const name = inputs[question.input]?.name ?? nameOfCoding(coding) ?? '';
    const isOwn = match.path.length === 1 && question.isSubject !== true;
    return isOwn ? page.t('page.mappedTo', { code: name }) : `${name}: ${whyMatched(match, page.t)}`;
  });
  return texts.join('; ');
}

/** Why an article is not ticked, in words; empty where it is, and where its card says so itself. */
function explainChoice({ notChosen, place, coveredBy }: ChartArticle, chart: ChartResponse, page: PageContext): string {
  if (notChosen === undefined || notChosen === 'held' || notChosen === 'sensitive' || place === 'asked') return '';
  const near = chart.articles.find(({ article }) => article.id === coveredBy);
  return page.t(`chart.notChosen.${notChosen}`, { title: near?.text.title ?? '' });
}

function toCard(found: ChartArticle, packet: Packet, chart: ChartResponse, page: PageContext): CardContent {
  const { article, text, sensitivities, treatment } = found;
  const choice = explainChoice(found, chart, page);
  const why = explainReasons(found, packet, page);
  return {
    key: article.id,
    article,
    text,
    ...mindedOf(treatment, sensitivities[0] ?? article.sensitivity),
    why: choice === '' ? why : `${why}. ${choice}`,
    showsWhy: true,
    asked: found.reasons[0]?.match.path.find(({ kind }) => kind === 'asked'),
    related: new Map(),
    chosen: isChosen(found),
  };
}

/** An article that the clinician decides about: its title, why it is held, and the article itself on demand. */
function HeldArticle({ found, packet, chart, page }: ResultsOf & { found: ChartArticle; page: PageContext }) {
  const { text, hold = 'site-policy' } = found;
  return (
    <li>
      <strong lang={text.language}>{text.title}</strong>: {page.t(`chart.holds.${hold}`)}
      <details class="more">
        <summary>
          {page.t('packet.showIt')}
          <About title={text.title} language={text.language} />
        </summary>
        <ArticleRow content={toCard(found, packet, chart, page)} page={page} />
      </details>
    </li>
  );
}

/** An entry without an article. */
interface Remark extends Reasoned<PacketInput> {
  readonly text: ComponentChildren;
}

function RemarkLine({ remark: { input, text }, page }: { remark: Remark; page: PageContext }) {
  return (
    <li>
      <strong>{input.name}</strong>: {text}
      {input.words === '' ? null : (
        <>
          {'. '}
          <a href={page.href('/find', { q: input.words.slice(0, 200) })}>
            {page.t('packet.searchIt')}
            <About title={input.words} language={undefined} />
          </a>
        </>
      )}
    </li>
  );
}

/** Facts of a chart of one kind, left without a page for one reason: counted, and named on demand. */
function RemarkGroup({ remarks, page }: { remarks: readonly Remark[]; page: PageContext }) {
  const [first, second] = remarks;
  if (!first) return null;
  if (!second) return <RemarkLine remark={first} page={page} />;
  return (
    <li>
      <strong>{countInputs(first.kind, remarks.length, page.t)}</strong>: {first.text}
      <details class="more">
        <summary>
          {page.t('packet.whichOnes')}
          <About title={countInputs(first.kind, remarks.length, page.t)} language={undefined} />
        </summary>
        {remarks.map(({ input }) => input.name).join('; ')}
      </details>
    </li>
  );
}

/** Entries that were not asked about, and those that found nothing, or nothing that is given. */
function findRemarks(
  { inputs, patient }: Packet,
  { articles, misses, held }: ChartResponse,
  page: PageContext,
): Record<'held' | 'out', Remark[]> {
  const explained = new Set(articles.flatMap(({ reasons }) => reasons.map(({ question }) => question.input)));
  const unread = inputs.flatMap((input, at): Remark[] => {
    const { fault, type, reasonCode } = input;
    if (fault === undefined || explained.has(at)) return [];
    return [{ input, kind: kindOfInput(type, reasonCode), reason: fault, text: fault }];
  });
  const tell = (one: ChartMiss): Remark[] => {
    const input = inputs[one.question.input];
    if (!input || input.fault !== undefined) return [];
    const { answer, hold, reason } = one;
    const miss: Miss = answer.miss ?? { reason: 'code-not-mapped', hint: undefined, note: '' };
    const plain = holdOrMissText(one, page.t);
    const isPlain = hold !== undefined || reason !== undefined || patient !== undefined;
    const text = isPlain ? plain : <MissReason miss={miss} system={answer.coding.system} page={page} />;
    return [{ input, kind: kindOfInput(input.type), reason: plain, text }];
  };
  return {
    held: [...unread.filter(({ input }) => input.isHeld), ...held.filter(({ hold }) => hold).flatMap(tell)],
    out: [...unread.filter(({ input }) => !input.isHeld), ...misses.flatMap(tell)],
  };
}

/** Remarks on a list each by itself, with what to search for; those on a chart counted. */
function renderRemarks(remarks: readonly Remark[], packet: Packet, page: PageContext): Promise<string> {
  if (packet.patient === undefined) return renderEach(remarks, (remark) => <RemarkLine remark={remark} page={page} />);
  const groups = groupInputs<PacketInput, Remark>(remarks);
  return renderEach(groups, ({ items }) => <RemarkGroup remarks={items} page={page} />);
}

interface ResultsOf {
  readonly packet: Packet;
  readonly chart: ChartResponse;
}

/** What a packet may have thousands of, as HTML: held articles, chosen and asked ones, the others of a chart, remarks. */
export type PacketPieces = Readonly<Record<'held' | 'cards' | 'more' | 'out', string>>;

/** The articles by where the page shows them. */
export function divideArticles({ articles }: ChartResponse): Record<'held' | 'cards' | 'more', ChartArticle[]> {
  const held = articles.filter(({ hold }) => hold !== undefined);
  const others = articles.filter(({ hold }) => hold === undefined);
  const isShown = (one: ChartArticle): boolean => isChosen(one) || one.place === 'asked';
  return { held, cards: others.filter(isShown), more: others.filter((one) => !isShown(one)) };
}

/** Renders what a packet may have thousands of before its page is, so that others come between. */
export async function renderPieces(
  { packet, chart, byWords }: ResultsOf & { readonly byWords: WordsOfPacket },
  page: PageContext,
): Promise<PacketPieces> {
  const { held, cards, more } = divideArticles(chart);
  const remarks = findRemarks(packet, chart, page);
  const served = new Set([...byWords.found, ...byWords.held].map(({ input }) => input));
  const unserved = remarks.out.filter(({ input }) => !served.has(input));
  const card = (found: ChartArticle) => <ArticleRow content={toCard(found, packet, chart, page)} page={page} />;
  const heldOne = (found: ChartArticle) => <HeldArticle found={found} packet={packet} chart={chart} page={page} />;
  return {
    held: (await renderEach(held, heldOne)) + (await renderRemarks(remarks.held, packet, page)),
    cards: await renderEach(cards, card),
    more: await renderEach(more, card),
    out: await renderRemarks(unserved, packet, page),
  };
}
