import { join } from 'node:path';
import type { LanguageLink } from '../core/model/article.js';
import { groupBy } from '../core/group-by.js';
import type { RowReader } from './read-rows.js';
import type { ArticleFacts } from './source.js';

/** The file of links to pages in further languages, in a folder of articles. */
export const LANGUAGE_LINKS = 'language-link.csv';

interface LinkRow {
  readonly article: string;
  readonly link: LanguageLink;
}

function readRows(folder: string, reader: RowReader): LinkRow[] {
  const rows: LinkRow[] = [];
  const seen = new Set<string>();
  reader.readIfThere(join(folder, LANGUAGE_LINKS), 'languageLink', (row) => {
    const { article, language, title, url, publisher } = row as unknown as LanguageLink & { article: string };
    const key = `${article} ${language} ${url}`;
    if (seen.has(key)) return `${article} has this link already`;
    seen.add(key);
    rows.push({ article, link: { language, ...(title === undefined ? {} : { title }), url, publisher } });
    return undefined;
  });
  return rows;
}

/**
 * Adds a folder's links to its articles' facts. An article for which the folder has only links gets facts with only
 * these: a lower layer's facts remain.
 */
export function addLanguageLinks(folder: string, reader: RowReader, articles: readonly ArticleFacts[]): ArticleFacts[] {
  const byArticle = groupBy(readRows(folder, reader), ({ article }) => article);
  const links = new Map([...byArticle].map(([id, own]) => [id, own.map(({ link }) => link)]));
  const known = new Set(articles.map(({ id }) => id));
  const withLinks = articles.map((facts) => {
    const own = links.get(facts.id);
    return own ? { ...facts, links: own } : facts;
  });
  const others = [...links].flatMap(([id, own]) => (known.has(id) ? [] : [{ id, links: own }]));
  return [...withLinks, ...others];
}
