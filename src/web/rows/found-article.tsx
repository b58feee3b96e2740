import { OpenArticle, longDate } from '../parts/article-facts.js';
import { Marks, type CardContent } from './article-row.js';
import { ReaderLinks } from '../parts/language-links.js';
import type { PageContext } from '../page-context.js';
import { describeRow } from './row-facts.js';

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
