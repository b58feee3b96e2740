import { MAX_TEXT_CHARS } from '../../core/client-text.js';
import { isCutCoding } from '../../core/answer/knowledge-request.js';
import type { ChartQuestion } from '../../core/charts/chart-question.js';
import { isChosen, type ChartArticle, type ChartResponse } from '../../core/charts/chart-response.js';
import { OpenArticle, longDate } from '../parts/article-facts.js';
import { Marks, describeCare, type CardContent } from '../parts/article-row.js';
import { CarriedBasket } from '../parts/basket.js';
import { ReaderLinks } from '../parts/language-links.js';
import type { PageContext } from '../page-context.js';
import { About } from '../parts/phrase.js';
import { describeRow } from '../rows/row-facts.js';

/** Attributes of a link out of a launched page: its frame has no way back, and the article's page has another basket. */
const openBeside = ({ launched }: PageContext) =>
  launched === undefined ? {} : { target: '_blank', rel: 'noopener noreferrer' };

/** The day on which the patient received an article. */
function GivenOn({ card, page }: { card: CardContent; page: PageContext }) {
  const day = page.givenOn?.get(card.article.id);
  if (day === undefined) return null;
  return <p class="mark">{page.t('launch.givenOn', { date: longDate(day, page.language) })}</p>;
}

/** An article in a line: the links to its page here and at its publisher's, and its cautions. */
export function FoundArticle({ card, page }: { card: CardContent; page: PageContext }) {
  const { article, text } = card;
  return (
    <>
      <a href={page.href(`/article/${article.id}`)} lang={text.language} {...openBeside(page)}>
        {text.title}
      </a>{' '}
      <span class="quiet">
        {describeRow({ article, text, page })} · <OpenArticle article={article} text={text} page={page} />
      </span>
      <GivenOn card={card} page={page} />
      <Marks content={card} page={page} />
      <ReaderLinks article={article} text={text} page={page} />
    </>
  );
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

interface SearchAgainProps {
  readonly id: string;
  /** What the box is filled with. */
  readonly words: string;
  /** What it is in place of. */
  readonly about: string;
  readonly page: PageContext;
}

/** A search with words filled in, posted as the search box is. A launched page has none: its list accepts words itself. */
export function SearchAgain({ id, words, about, page }: SearchAgainProps) {
  if (page.launched !== undefined) return null;
  return (
    <form action={`${page.basePath}/packet`} method="post" class="again">
      {page.language === page.preferred ? null : <input type="hidden" name="lang" value={page.language} />}
      <CarriedBasket page={page} />
      <label for={id}>{page.t('packet.searchAgain')}</label>
      <input id={id} name="q" type="text" value={words} autocomplete="off" spellcheck={false} />
      <button type="submit" class="action">
        {page.t('page.search')}
        <About title={about} language={undefined} />
      </button>
    </form>
  );
}
