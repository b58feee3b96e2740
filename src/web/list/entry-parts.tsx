import { buildAddress } from '../parts/article-facts.js';
import type { CardContent } from '../parts/article-row.js';
import { Marks } from '../parts/article-row.js';
import { CarriedBasket } from '../parts/basket.js';
import { ReaderLinks } from '../parts/language-links.js';
import type { PageContext } from '../page-context.js';
import { About } from '../parts/phrase.js';

/** An article in a line: the way to its page here and to its publisher's, and what is to be minded about it. */
export function FoundArticle({ card, page }: { card: CardContent; page: PageContext }) {
  const { article, text } = card;
  const language = text.language === page.language ? '' : ` · ${page.t(`languages.${text.language}`)}`;
  return (
    <>
      <a href={page.href(`/article/${article.id}`)} lang={text.language}>
        {text.title}
      </a>{' '}
      <span class="quiet">
        {page.t(`page.kinds.${article.kind}`)}
        {language} ·{' '}
        <a href={buildAddress(text, page)} target="_blank" rel="noopener noreferrer" hreflang={text.language}>
          {page.t('page.open')}
          <About title={text.title} language={text.language} note={page.t('page.newTab')} />
        </a>
      </span>
      <Marks content={card} page={page} />
      <ReaderLinks article={article} text={text} page={page} />
    </>
  );
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
