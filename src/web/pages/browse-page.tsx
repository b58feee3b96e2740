import { ARTICLE_KINDS, type ArticleKind } from '../../core/model/article.js';
import type { Language } from '../../core/model/language.js';
import { firstValue, type Parameters, type Route } from '../../protocols/route.js';
import { findListedTitle, type Catalogue, type Listed, type ListedTitle } from '../catalogue.js';
import { CHAPTERS, type Chapter } from '../chapters.js';
import { pageRoute, describePage } from './page-route.js';
import { BodySystems } from './home-page.js';
import { pageResponse } from '../parts/layout.js';
import { cacheableWith, createPageContext, type PageContext, type PageOptions, type Query } from '../page-context.js';
import { About } from '../parts/phrase.js';
import { LinkItem } from '../parts/link-item.js';

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
/** Titles that begin with no letter. */
const OTHER = '0';

/** Requested part of the listing: one letter, one body system or one group of a publisher's, of one kind or of all. */
interface Wanted {
  readonly letter: string | undefined;
  readonly chapter: Chapter | undefined;
  readonly group: string | undefined;
  readonly kind: ArticleKind | undefined;
}

interface Line extends ListedTitle {
  readonly listed: Listed;
  /** Another line has the same title: the kind alone tells them apart. */
  readonly isNamesake: boolean;
}

/** The letter under which a title stands, without its accent: Á is A, ¿ and 5 are among the others. */
function findLetter(title: string): string {
  const letter = title.normalize('NFD').charAt(0).toUpperCase();
  return LETTERS.includes(letter) ? letter : OTHER;
}

function listLines({ articles, byChapter }: Catalogue, wanted: Wanted, language: Language): Line[] {
  const ids = wanted.chapter && (byChapter.get(wanted.chapter.key) ?? new Set());
  const lines = articles.flatMap((listed): Omit<Line, 'isNamesake'>[] => {
    if (ids && !ids.has(listed.id)) return [];
    if (wanted.group !== undefined && !listed.groups.includes(wanted.group)) return [];
    const title = findListedTitle(listed, language);
    if (!title || (wanted.letter && findLetter(title.title) !== wanted.letter)) return [];
    return [{ listed, ...title }];
  });
  const { compare } = new Intl.Collator(language, { numeric: true });
  lines.sort((a, b) => compare(a.title, b.title));
  // Namesakes are neighbours now.
  return lines.map((line, at) => ({
    ...line,
    isNamesake: [lines[at - 1], lines[at + 1]].some((other) => other?.title === line.title),
  }));
}

function Letters({ wanted, page }: { wanted: Wanted; page: PageContext }) {
  return (
    <ul class="letters">
      {[...LETTERS, OTHER].map((letter) => (
        <LinkItem href={page.href('/browse', { letter, kind: wanted.kind })} isCurrent={letter === wanted.letter}>
          {letter === OTHER ? page.t('page.browse.other') : letter}
        </LinkItem>
      ))}
    </ul>
  );
}

interface BrowseProps {
  readonly wanted: Wanted;
  readonly lines: readonly Line[];
  /** Kinds of which anything is listed, whichever is chosen. */
  readonly kinds: readonly ArticleKind[];
  /** All groups there are. */
  readonly groups: readonly string[];
  readonly page: PageContext;
}

/** Parameters of a browse page. */
const toQuery = ({ letter, chapter, group, kind }: Wanted): Query => ({ letter, system: chapter?.key, group, kind });

/** Links that narrow what is shown to one kind. */
function Kinds({ wanted, kinds, page }: Pick<BrowseProps, 'wanted' | 'kinds' | 'page'>) {
  const { t } = page;
  return (
    <nav aria-label={t('page.browse.byKind')}>
      <ul class="letters">
        {[undefined, ...kinds].map((kind) => (
          <LinkItem href={page.href('/browse', toQuery({ ...wanted, kind }))} isCurrent={kind === wanted.kind}>
            {t(kind === undefined ? 'page.browse.allKinds' : `page.kinds.${kind}`)}
          </LinkItem>
        ))}
      </ul>
    </nav>
  );
}

function List({ lines, page }: { lines: readonly Line[]; page: PageContext }) {
  const { t, language } = page;
  if (lines.length === 0) return <p class="notice">{t('page.browse.none')}</p>;
  return (
    <ul class="columns">
      {lines.map(({ listed: { id, kind }, title, language: titleLanguage, isNamesake }) => (
        <li>
          <a href={page.href(`/article/${id}`)}>
            <span lang={titleLanguage}>{title}</span>
            {isNamesake ? <About title={t(`page.kinds.${kind}`)} language={undefined} /> : null}
          </a>{' '}
          <small>
            {t(`page.kinds.${kind}`)}
            {titleLanguage === language ? null : ` · ${t(`languages.${titleLanguage}`)}`}
          </small>
        </li>
      ))}
    </ul>
  );
}

function Browse({ wanted, lines, kinds, groups, page }: BrowseProps) {
  const { t } = page;
  const { letter, chapter, group } = wanted;
  if (!letter && !chapter && group === undefined) {
    return (
      <>
        <h1>{t('page.browse.title')}</h1>
        <p class="lead">{t('page.browse.lead')}</p>
        <h2>{t('page.browse.bySystem')}</h2>
        <BodySystems page={page} />
        {/* The publisher's own groups, by their English names; none where its file has not been imported. */}
        {groups.length === 0 ? null : <h2>{t('page.browse.byGroup')}</h2>}
        {groups.length === 0 ? null : (
          <ul class="tiles">
            {groups.map((name) => (
              <LinkItem href={page.href('/browse', { group: name })} lang="en">
                {name}
              </LinkItem>
            ))}
          </ul>
        )}
        <h2>{t('page.browse.byLetter')}</h2>
        <Letters wanted={wanted} page={page} />
      </>
    );
  }
  return (
    <>
      <p class="kind above">
        <a href={page.href('/browse')}>{t('page.browse.title')}</a>
      </p>
      <h1 lang={group === undefined ? undefined : 'en'}>{writeHeading(wanted, page)}</h1>
      {chapter ? <p class="quiet">{t('page.browse.systemNote')}</p> : null}
      {letter ? <Letters wanted={wanted} page={page} /> : null}
      <h2 class="unseen">{t('page.articlesFound')}</h2>
      <Kinds wanted={wanted} kinds={kinds} page={page} />
      <List lines={lines} page={page} />
    </>
  );
}

function writeHeading({ letter, chapter, group }: Wanted, { t }: PageContext): string {
  if (group !== undefined) return group;
  if (chapter) return t(`page.chapters.${chapter.key}`);
  if (letter) return t('page.browse.letter', { letter: letter === OTHER ? t('page.browse.other') : letter });
  return t('page.browse.title');
}

/** One of the three ways to browse, a body system before a group before a letter; unknown values are ignored. */
function readWanted(parameters: Parameters, groups: readonly string[]): Wanted {
  const letter = firstValue(parameters, 'letter').toUpperCase();
  const chapter = CHAPTERS.find(({ key }) => key === firstValue(parameters, 'system'));
  const group = chapter ? undefined : groups.find((name) => name === firstValue(parameters, 'group'));
  return {
    chapter,
    group,
    letter: !chapter && group === undefined && [...LETTERS, OTHER].includes(letter) ? letter : undefined,
    kind: ARTICLE_KINDS.find((kind) => kind === firstValue(parameters, 'kind')),
  };
}

/** `/browse`: articles by body system, by letter, by kind. */
export function browseRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: '/browse',
    get: async (visit) => {
      const catalogue = await options.catalogue.read();
      const { groups } = catalogue;
      const wanted = readWanted(visit.parameters, groups);
      const page = createPageContext(options, visit, { path: '/browse', query: toQuery(wanted) });
      const isList = (wanted.letter ?? wanted.chapter ?? wanted.group) !== undefined;
      const all = isList ? listLines(catalogue, wanted, page.language) : [];
      const kinds = ARTICLE_KINDS.filter((kind) => all.some(({ listed }) => listed.kind === kind));
      const lines = wanted.kind ? all.filter(({ listed }) => listed.kind === wanted.kind) : all;
      const main = <Browse wanted={wanted} lines={lines} kinds={kinds} groups={groups} page={page} />;
      const document = { title: writeHeading(wanted, page), main, place: 'browse', searched: '' } as const;
      return pageResponse(page, document, { facts: { outcome: 'ok' } });
    },
    // Reading what the library lists takes a while: done before the first visit.
    prepare: async () => {
      await options.catalogue.read();
    },
    isHeavy: () => true,
    cacheable: cacheableWith('letter', 'system', 'group', 'kind'),
    document: describePage('browse'),
  });
}
