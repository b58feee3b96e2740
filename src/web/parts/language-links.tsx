import type { LanguageLink } from '../../core/model/article.js';
import type { LanguageOffer } from '../../core/model/language-links.js';
import {
  SEVERAL_LANGUAGES,
  findLanguageOffer,
  languageOfReader,
  linksForReader,
  nameLanguage,
} from '../../core/model/language-links.js';
import { LANGUAGES, chooseLanguages, type Language } from '../../core/model/language.js';
import type { ShownArticle } from '../../protocols/feed/language-links.js';
import { findLinkLabels } from '../link-labels.js';
import type { PageContext } from '../page-context.js';

/** Languages whose names are remembered. */
const MOST_OWN_NAMES = 200;
/** Begins with those that Intl lacks. */
const OWN_NAMES = new Map([
  ['ht', 'Kreyòl ayisyen'],
  ['tl', 'Tagalog'],
]);

/** A language's name in itself. The tags are those of the library's links: they are few. */
function nameInItself(tag: string): string {
  const known = OWN_NAMES.get(tag);
  if (known !== undefined) return known;
  const name = new Intl.DisplayNames([tag], { type: 'language' }).of(tag) ?? tag;
  if (OWN_NAMES.size < MOST_OWN_NAMES) OWN_NAMES.set(tag, name);
  return name;
}

/** A language in the page's language, and by its own name where that is another. */
function LanguageName({ tag, page }: { tag: string; page: PageContext }) {
  const name = nameLanguage(tag, page.language);
  const own = nameInItself(tag);
  if (own === name) return <>{name}</>;
  return (
    <>
      {name} (<bdi lang={tag}>{own}</bdi>)
    </>
  );
}

/** A page in another language: its language, title and publisher. */
function Link({ link, page }: { link: LanguageLink; page: PageContext }) {
  const { language, title, url, publisher } = link;
  const opens = { href: url, target: '_blank', rel: 'noopener noreferrer' } as const;
  const isList = language === SEVERAL_LANGUAGES;
  const { performer, foreignLanguage } = page.reader;
  // A clinician reads the language's name in the page's language.
  const labels = performer === 'PAT' ? findLinkLabels(isList ? foreignLanguage : language) : undefined;
  if (labels) {
    return (
      <a {...opens} hreflang={isList ? undefined : language} lang={labels.language}>
        {isList ? labels.others : labels.read}
        {title === undefined ? null : (
          <>
            : <span lang="en">{title}</span>
          </>
        )}{' '}
        ({publisher})
      </a>
    );
  }
  if (isList) return <a {...opens}>{page.t('page.severalLanguages', { publisher })}</a>;
  return (
    <a {...opens} hreflang={language}>
      <LanguageName tag={language} page={page} />: <span lang="en">{title}</span> ({publisher})
    </a>
  );
}

function Links({ links, page }: { links: readonly LanguageLink[]; page: PageContext }) {
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

/** Pages on an article's subject in languages that its text is not in, each with its publisher. */
export function LanguageLinkList({ article, text, page }: ShownArticle & { page: PageContext }) {
  return <Links links={article.links.filter(({ language }) => language !== text.language)} page={page} />;
}

/**
 * An article's pages in the language that the reader asks for, where its text is in another; for a reader of a further
 * language also the page that lists many.
 */
export function findReaderLinks({ article, text }: ShownArticle, { reader }: PageContext): readonly LanguageLink[] {
  const links = linksForReader(article, text.language, languageOfReader(reader));
  const isForeign = reader.foreignLanguage !== undefined;
  return isForeign ? links : links.filter(({ language }) => language !== SEVERAL_LANGUAGES);
}

/** Links to pages in the reader's language, as a list. */
export function ReaderLinks({ article, text, page }: ShownArticle & { page: PageContext }) {
  const links = findReaderLinks({ article, text }, page);
  return links.length === 0 ? null : <Links links={links} page={page} />;
}

const NOTICES: Readonly<Record<LanguageOffer, string>> = {
  linked: 'page.languageLinked',
  listed: 'page.languageListed',
  absent: 'page.languageAbsent',
};

/** The first notice of a page if the reader's language is none of ours. */
export function LanguageNotice({ shown, page }: { shown: readonly ShownArticle[]; page: PageContext }) {
  const { foreignLanguage } = page.reader;
  if (foreignLanguage === undefined || shown.length === 0) return null;
  const offer = findLanguageOffer(
    shown.map(({ article }) => article),
    foreignLanguage,
  );
  return (
    <p class="notice" role="status">
      {page.t(NOTICES[offer], { language: nameLanguage(foreignLanguage, page.language) })}
    </p>
  );
}

/** Whether an article is there in the reader's language in one of its shown texts, or by a link. */
const isInReaderLanguage = (one: ShownArticle, shown: readonly ShownArticle[], page: PageContext): boolean => {
  const wanted = languageOfReader(page.reader);
  const hasText = shown.some(({ article, text }) => article === one.article && text.language === wanted);
  return hasText || findReaderLinks(one, page).some(({ language }) => language !== SEVERAL_LANGUAGES);
};

/** Advice for staff on articles that are not there in the reader's language: the site's words follow ours. */
export function InterpreterAdvice({ shown, page }: { shown: readonly ShownArticle[]; page: PageContext }) {
  const { t, language, reader, interpreterHelp } = page;
  const lacking = shown.filter((one) => !isInReaderLanguage(one, shown, page));
  if (lacking.length === 0) return null;
  return (
    <div class="notice screen-only">
      <p>
        {t('page.interpreter.lacking', { language: nameLanguage(languageOfReader(reader), language) })}{' '}
        {lacking.map(({ text }, at) => (
          <>
            {at === 0 ? null : '; '}
            <span lang={text.language}>{text.title}</span>
          </>
        ))}
      </p>
      <p>
        {t('page.interpreter.staff')} {interpreterHelp ? <strong>{interpreterHelp}</strong> : null}
      </p>
    </div>
  );
}

/** Each language by its own name. */
const NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };
/** The choice of a bilingual handout: the patient's language first. */
const BILINGUAL = { value: 'es,en', name: `${NAMES.es} + ${NAMES.en}` } as const;

/**
 * The languages of a patient handout, as options of a list.
 * @param chosen `es,en`, or any language (BCP 47): one that we do not have is added as an option
 */
export function LanguageOptions({ chosen, page }: { chosen: string; page: PageContext }) {
  const isForeign = chooseLanguages(chosen).length === 0;
  return (
    <>
      {LANGUAGES.map((one) => (
        <option value={one} lang={one} selected={one === chosen}>
          {NAMES[one]}
        </option>
      ))}
      <option value={BILINGUAL.value} selected={chooseLanguages(chosen).length > 1}>
        {BILINGUAL.name}
      </option>
      {isForeign ? (
        <option value={chosen} selected>
          <LanguageName tag={chosen} page={page} />
        </option>
      ) : null}
    </>
  );
}
