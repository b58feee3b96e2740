import { ARTICLE_KINDS, publisherTextIn, type Publisher } from '../../core/model/article.js';
import { codeSystem } from '../../core/codes/code-systems.js';
import type { Language } from '../../core/model/language.js';
import type { LibraryStatus, ReleaseRecord } from '../../core/model/library.js';
import { describeAge } from '../../core/model/text-days.js';
import { listSourceAges, type SourceAge } from '../../core/sources/source-ages.js';
import type { Route } from '../../protocols/route.js';
import { longDate } from '../parts/article-facts.js';
import { DataTable } from '../parts/data-table.js';
import { formatEdition } from '../parts/late-sources.js';
import type { Catalogue } from '../catalogue.js';
import { SOURCE_ATTRIBUTES_PATH } from './source-attributes-page.js';
import { pageRoute, describePage } from './page-route.js';
import { pageResponse } from '../parts/layout.js';
import { cacheableWith, createPageContext, type PageContext, type PageOptions } from '../page-context.js';

const MOST_RELEASES = 50;

interface Shown {
  readonly catalogue: Catalogue;
  readonly releases: readonly ReleaseRecord[];
  readonly tables: NonNullable<LibraryStatus['tables']>;
  readonly texts: LibraryStatus['texts'];
  readonly ages: readonly SourceAge[];
}

interface TableProps {
  /** Name of its heading; texts are in resources/i18n under `page.about`. */
  readonly name: string;
  /** A remark above it. */
  readonly note?: string;
  readonly heads: readonly string[];
  /** The first cell of a row is its head. */
  readonly rows: readonly (readonly (string | number)[])[];
  readonly page: PageContext;
}

/** A table under its heading. */
function Table({ name, note, heads, rows, page: { t, language } }: TableProps) {
  const numbers = new Intl.NumberFormat(language);
  const caption = t(`page.about.${name}`);
  return (
    <>
      <h2>{caption}</h2>
      {note === undefined ? null : <p>{note}</p>}
      <DataTable
        caption={caption}
        heads={heads.map((head) => t(`page.about.${head}`))}
        rows={rows}
        formatNumber={(value) => numbers.format(value)}
      />
    </>
  );
}

/**
 * Holdings of the library: articles by kind and language, codes by system, the releases in use, and the lookup tables that ship with the
 * program, with the day of what they are made of.
 */
function Holdings({ shown: { catalogue, releases, tables }, page }: { shown: Shown; page: PageContext }) {
  const { t, language } = page;
  const kinds = ARTICLE_KINDS.flatMap((kind) => {
    const ofKind = catalogue.articles.filter((article) => article.kind === kind);
    const inLanguage = (wanted: Language): number => ofKind.filter(({ titles }) => titles[wanted] !== undefined).length;
    return ofKind.length === 0 ? [] : [[t(`page.kinds.${kind}`), inLanguage('en'), inLanguage('es'), ofKind.length]];
  });
  const { systems } = catalogue;
  const mappedIn = systems.map(({ system, mapped, described }) => [codeSystem(system).label, mapped, described]);
  const used = releases
    .filter(({ isActive }) => isActive)
    .map(({ name, source, builtOn }) => [name, source, longDate(builtOn, language)]);
  const shipped = tables.map(({ system, codes, date }) => [codeSystem(system).label, codes, longDate(date, language)]);
  return (
    <>
      <Table name="holds" heads={['kind', 'english', 'spanish', 'total']} rows={kinds} page={page} />
      <Table
        name="codes"
        note={t('page.about.systemNote')}
        heads={['system', 'mapped', 'described']}
        rows={mappedIn}
        page={page}
      />
      <p>{t('page.about.countsNote')}</p>
      <Table name="releases" heads={['release', 'source', 'date']} rows={used} page={page} />
      {shipped.length === 0 ? null : (
        <Table
          name="tables"
          note={t('page.about.tablesNote')}
          heads={['system', 'tableCodes', 'tableDate']}
          rows={shipped}
          page={page}
        />
      )}
    </>
  );
}

/** Name of the table of editions, as its texts have it. */
const EDITIONS = 'editions';
/** The command that asks publishers for newer editions. */
const UPDATE_COMMAND = 'education-connect update --check';
const DAY_MS = 86_400_000;

/** The official sources: edition in use, its day and age, and whether the publisher's calendar has gone on. */
function Editions({ ages, page }: { ages: Shown['ages']; page: PageContext }) {
  const { t, language, today = '' } = page;
  const rows = ages.map((age) => {
    const { source, date, isLate, newestDue } = age;
    if (date === undefined) return [source.label, t('page.about.noEdition'), '', '', ''];
    const days = Math.max(0, Math.round((Date.parse(today) - Date.parse(date)) / DAY_MS));
    const note = isLate ? t('page.about.late') : newestDue > date ? t('page.about.newerDue') : '';
    return [
      source.label,
      formatEdition(age, page),
      longDate(date, language),
      t('page.about.days', { count: days }),
      note,
    ];
  });
  return (
    <>
      <Table
        name={EDITIONS}
        note={t('page.about.editionsNote')}
        heads={['source', 'edition', 'date', 'age', 'remark']}
        rows={rows}
        page={page}
      />
      <p>
        {t('page.about.newerEditions')} <code>{UPDATE_COMMAND}</code>.
      </p>
    </>
  );
}

/** The command that brings summaries into the library. */
const IMPORT_COMMAND = 'education-connect import medlineplus';

/** How many texts are there, how old they are, and how to get newer ones. */
function Summaries({ texts, page: { t, language, today = '' } }: { texts: Shown['texts']; page: PageContext }) {
  const numbers = new Intl.NumberFormat(language);
  const age = describeAge(texts, today);
  const days = { from: longDate(age?.oldest ?? today, language), to: longDate(age?.newest ?? today, language) };
  const old = age && age.old > 0 ? t('page.about.oldSummaries', { count: numbers.format(age.old) }) : '';
  return (
    <>
      <h2>{t('page.about.summaries')}</h2>
      <p>
        {age ? t('page.about.summariesOf', { count: numbers.format(age.count), ...days }) : t('page.about.noSummaries')}{' '}
        {old} {t('page.about.newerSummaries')} <code>{IMPORT_COMMAND}</code>.
      </p>
    </>
  );
}

function Sources({ publishers, page: { t, language } }: { publishers: readonly Publisher[]; page: PageContext }) {
  return (
    <>
      <h2>{t('page.about.sources')}</h2>
      <p>{t('page.about.sourcesLead')}</p>
      {publishers.map((publisher) => {
        const { attribution, rights, disclaimer } = publisherTextIn(publisher, language);
        return (
          <section>
            <h3>
              {publisher.url ? (
                <a href={publisher.url} rel="noreferrer">
                  {publisher.name}
                </a>
              ) : (
                publisher.name
              )}
            </h3>
            {[attribution, rights, disclaimer].map((text) => (text ? <p>{text}</p> : null))}
            {publisher.licensed ? <p class="quiet">{t('page.about.licensed')}</p> : null}
          </section>
        );
      })}
    </>
  );
}

function About({ shown, page }: { shown: Shown; page: PageContext }) {
  const { t } = page;
  return (
    <>
      <h1>{t('page.about.title')}</h1>
      <p class="lead">{t('page.about.lead', { name: page.connectorName })}</p>
      <Holdings shown={shown} page={page} />
      <Editions ages={shown.ages} page={page} />
      <Summaries texts={shown.texts} page={page} />
      <p>
        <a href={page.href(SOURCE_ATTRIBUTES_PATH)}>{t('sourceAttributes.title')}</a>
      </p>
      <Sources publishers={shown.catalogue.publishers} page={page} />
      <h2>{t('page.about.limits')}</h2>
      <p>{t('page.emergency')}</p>
      <p>{t('page.footer')}</p>
      <h2>{t('page.about.privacy')}</h2>
      <p>{t('page.about.privacyText')}</p>
      <h2>{t('page.about.programs')}</h2>
      <p>{t('page.about.programsText')}</p>
      <p>
        <a href={`${page.basePath}/openapi.json`} hreflang="en">
          {t('page.about.api')}
        </a>
      </p>
    </>
  );
}

/** `/about`: what the library holds, where it comes from, what it is not. */
export function aboutRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: '/about',
    get: async (visit) => {
      const page = createPageContext(options, visit, { path: '/about' });
      const catalogue = await options.catalogue.read();
      const { library } = options;
      const releases = library.findReleases(MOST_RELEASES);
      const status = library.status();
      const { tables = [], texts } = status;
      const ages = page.today === undefined ? [] : listSourceAges(status, page.today);
      const shown = { catalogue, releases, tables, texts, ages };
      const document = { title: page.t('page.about.title'), main: <About shown={shown} page={page} /> };
      return pageResponse(page, { ...document, place: 'about', searched: '' }, { facts: { outcome: 'ok' } });
    },
    isHeavy: () => true,
    cacheable: cacheableWith(),
    document: describePage('about'),
  });
}
