import type { Article, ArticleText, LanguageLink } from '../core/article.js';
import { SEVERAL_LANGUAGES, languageOfReader, linksForReader, linksIn, nameLanguage } from '../core/language-links.js';
import type { Answer } from '../core/knowledge-response.js';
import type { PageContext } from './page-context.js';

/** Languages whose names are remembered. */
const MOST_OWN_NAMES = 200;
/** Begins with those that Intl lacks. */
const OWN_NAMES = new Map([
  ['ht', 'Kreyòl ayisyen'],
  ['tl', 'Tagalog'],
]);

/** A language's name in itself. The tags are those of the library's links: they are few. */
function nameOfItself(tag: string): string {
  const known = OWN_NAMES.get(tag);
  if (known !== undefined) return known;
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  if (OWN_NAMES.size < MOST_OWN_NAMES) OWN_NAMES.set(tag, name);
  return name;
}

/** A language in the page's language, and by its own name where that is another. */
function LanguageName({ tag, page }: { tag: string; page: PageContext }) {
  const name = nameLanguage(tag, page.language);
  const own = nameOfItself(tag);
  if (own === name) return <>{name}</>;
  return (
    <>
      {name} (<bdi lang={tag}>{own}</bdi>)
    </>
  );
}

function Link({ link, page }: { link: LanguageLink; page: PageContext }) {
  const { language, title, url, publisher } = link;
  const opens = { href: url, target: '_blank', rel: 'noopener noreferrer' } as const;
  if (language === SEVERAL_LANGUAGES) return <a {...opens}>{page.t('page.severalLanguages', { publisher })}</a>;
  return (
    <a {...opens} hreflang={language}>
      <LanguageName tag={language} page={page} />: <span lang="en">{title}</span> ({publisher})
    </a>
  );
}

/** Pages on an article's subject in languages that its text is not in, each with its publisher. */
export function LanguageLinkList({ article, text, page }: { article: Article; text: ArticleText; page: PageContext }) {
  const links = article.links.filter(({ language }) => language !== text.language);
  return (
    <ul class="plain">
      {links.map((link) => (
        <li>
          <Link link={link} page={page} />
        </li>
      ))}
    </ul>
  );
}

/** An article's pages in the language that the reader asks for, where its text is in another. */
export function ReaderLinks({ article, text, page }: { article: Article; text: ArticleText; page: PageContext }) {
  const links = linksForReader(article, text.language, languageOfReader(page.reader));
  const own = links.filter(({ language }) => language !== SEVERAL_LANGUAGES);
  if (own.length === 0) return null;
  return (
    <ul class="plain">
      {own.map((link) => (
        <li>
          <Link link={link} page={page} />
        </li>
      ))}
    </ul>
  );
}

/** What a page says first where the reader's language is none of ours. */
export function LanguageNotice({ answers, page }: { answers: readonly Answer[]; page: PageContext }) {
  const { foreignLanguage } = page.reader;
  const matches = answers.flatMap((answer) => answer.matches);
  if (foreignLanguage === undefined || matches.length === 0) return null;
  const isLinked = matches.some(({ article }) => linksIn(article, foreignLanguage).length > 0);
  return (
    <p class="notice" role="status">
      {page.t(isLinked ? 'page.languageLinked' : 'page.languageAbsent', {
        language: nameLanguage(foreignLanguage, page.language),
      })}
    </p>
  );
}
