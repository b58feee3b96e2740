import type { Article, ArticleText } from '../../core/model/article.js';
import { groupBy } from '../../core/group-by.js';
import type { PageContext } from '../page-context.js';
import { About } from './phrase.js';

interface Shown {
  readonly article: Article;
  readonly text: ArticleText;
}

/**
 * The page with what tells its articles apart where several have one title, by their ids: the publisher, or the kind of article if they have one
 * publisher. A control names it with the title for those who hear the page.
 */
export function withNamesakes(page: PageContext, shown: Iterable<Shown>): PageContext {
  const articles = [...new Map([...shown].map(({ article, text }) => [article.id, { article, text }])).values()];
  const sameTitle = [...groupBy(articles, ({ text }) => text.title.toLowerCase()).values()].filter(
    (group) => group.length > 1,
  );
  const namesakes = new Map<string, string>();
  for (const group of sameTitle) {
    const publishers = new Set(group.map(({ article }) => article.publisher.name));
    for (const { article } of group) {
      const kind = page.t(`page.kinds.${article.kind}`);
      namesakes.set(article.id, publishers.size === group.length ? article.publisher.name : kind);
    }
  }
  return namesakes.size === 0 ? page : { ...page, namesakes };
}

/** The title of the article that a control is about, with what tells it from others of its title. */
export function AboutArticle({ article, text, page, note }: Shown & { page: PageContext; note?: string }) {
  const notes = [page.namesakes?.get(article.id), note].filter((one) => one !== undefined);
  return <About title={text.title} language={text.language} note={notes.length > 0 ? notes.join(', ') : undefined} />;
}
