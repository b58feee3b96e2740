import { ARTICLE_KINDS, type ArticleKind } from '../../core/model/article.js';
import type { Language } from '../../core/model/language.js';
import type { Parameters, Route } from '../../protocols/route.js';
import { findTitle, type Catalogue, type Listed } from '../catalogue.js';
import { CHAPTERS, type Chapter } from '../chapters.js';
import { describePage } from '../describe-page.js';
import { pageRoute } from './page-route.js';
import { BodySystems } from './home-page.js';
import { pageResponse } from '../parts/layout.js';
import { cacheableWith, createPageContext, firstValue, type PageContext, type PageOptions } from '../page-context.js';
import { About } from '../parts/phrase.js';
import { LinkItem } from '../parts/link-item.js';

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
/** Titles that begin with no letter. */
const OTHER = '0';

/** What is wanted: one letter, one body system or one group of a publisher's, of one kind or of all. */
interface Wanted {
  readonly letter: string | undefined;
  readonly chapter: Chapter | undefined;
  readonly group: string | undefined;
  readonly kind: ArticleKind | undefined;
}

interface Line {
  readonly listed: Listed;
  readonly title: string;
  readonly language: Language;
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
    const title = findTitle(listed, language);
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

/** Links that narrow what is shown to one kind. */
function Kinds({ wanted, kinds, page }: Omit<BrowseProps, 'lines' | 'groups'>) {
  const { t } = page;
  const { letter, chapter, group } = wanted;
  const link = (kind: ArticleKind | undefined, name: string) => (
    <LinkItem
      href={page.href('/browse', { letter, system: chapter?.key, group, kind })}
      isCurrent={kind === wanted.kind}
    >
      {name}
    </LinkItem>
  );
  return (
    <nav aria-label={t('page.browse.byKind')}>
      <ul class="letters">
        {link(undefined, t('page.browse.allKinds'))}
        {kinds.map((kind) => link(kind, t(`page.kinds.${kind}`)))}
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

/** The publisher's own groups, by their English names; nothing where its file has not been imported. */
function Groups({ groups, page }: { groups: readonly string[]; page: PageContext }) {
  if (groups.length === 0) return null;
  return (
    <>
      <h2>{page.t('page.browse.byGroup')}</h2>
      <ul class="tiles">
        {groups.map((group) => (
          <LinkItem href={page.href('/browse', { group })} lang="en">
            {group}
          </LinkItem>
        ))}
      </ul>
    </>
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
        <Groups groups={groups} page={page} />
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

/** One of the three ways to browse, a body system before a group before a letter; what is not known is passed over. */
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
      const listed = await options.catalogue.read();
      const { groups } = listed;
      const wanted = readWanted(visit.parameters, groups);
      const { letter, chapter, group } = wanted;
      const query = { letter, system: chapter?.key, group, kind: wanted.kind };
      const page = createPageContext(options, visit, { path: '/browse', query });
      const isList = (letter ?? chapter ?? group) !== undefined;
      const all = isList ? listLines(listed, wanted, page.language) : [];
      const kinds = ARTICLE_KINDS.filter((kind) => all.some(({ listed }) => listed.kind === kind));
      const lines = wanted.kind ? all.filter(({ listed }) => listed.kind === wanted.kind) : all;
      const main = <Browse wanted={wanted} lines={lines} kinds={kinds} groups={groups} page={page} />;
      const document = { title: writeHeading(wanted, page), main, place: 'browse', searched: '' } as const;
      return pageResponse(page, document, { facts: { outcome: 'ok' } });
    },
    // Reading what the library lists takes a while: done before the first visit.
    prepare: options.catalogue.prepare,
    cacheable: cacheableWith('letter', 'system', 'group', 'kind'),
    document: describePage('browse'),
  });
}
