import type { Publisher } from '../../core/model/article.js';
import { ARTICLE_KINDS, publisherTextIn } from '../../core/model/article.js';
import { codeSystem } from '../../core/codes/code-systems.js';
import type { Language } from '../../core/model/language.js';
import type { LibraryStatus, ReleaseRecord } from '../../core/model/library.js';
import type { Handler, Route } from '../../protocols/route.js';
import { longDate } from '../parts/article-facts.js';
import type { Catalogue } from '../catalogue.js';
import { describePage } from '../describe-page.js';
import { pageRoute } from './page-route.js';
import { pageResponse } from '../parts/layout.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { cacheableWith, createPageContext } from '../page-context.js';

const MOST_RELEASES = 50;

interface Shown {
  readonly catalogue: Catalogue;
  readonly releases: readonly ReleaseRecord[];
  readonly tables: NonNullable<LibraryStatus['tables']>;
}

interface TableProps {
  readonly caption: string;
  readonly heads: readonly string[];
  /** The first cell of a row is its head. */
  readonly rows: readonly (readonly (string | number)[])[];
  readonly language: Language;
}

function Table({ caption, heads, rows, language }: TableProps) {
  const numbers = new Intl.NumberFormat(language);
  const findClass = (cell: string | number | undefined): string => (typeof cell === 'number' ? 'number' : '');
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <thead>
          <tr>
            {heads.map((head, at) => (
              <th scope="col" class={findClass(rows[0]?.[at])}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([head, ...cells]) => (
            <tr>
              <th scope="row">{head}</th>
              {cells.map((cell) => (
                <td class={findClass(cell)}>{typeof cell === 'number' ? numbers.format(cell) : cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the library holds: articles by kind and language, codes by system, the releases in use. */
function Holdings({ shown: { catalogue, releases }, page: { t, language } }: { shown: Shown; page: PageContext }) {
  const kinds = ARTICLE_KINDS.flatMap((kind) => {
    const ofKind = catalogue.articles.filter((article) => article.kind === kind);
    const inLanguage = (wanted: Language): number => ofKind.filter(({ titles }) => titles[wanted] !== undefined).length;
    return ofKind.length === 0 ? [] : [[t(`page.kinds.${kind}`), inLanguage('en'), inLanguage('es'), ofKind.length]];
  });
  const systems = catalogue.systems.map(({ system, mapped, described }) => [
    codeSystem(system).label,
    mapped,
    described,
  ]);
  const used = releases
    .filter(({ isActive }) => isActive)
    .map(({ name, source, builtOn }) => [name, source, longDate(builtOn, language)]);
  return (
    <>
      <h2>{t('page.about.holds')}</h2>
      <Table
        caption={t('page.about.holds')}
        heads={['kind', 'english', 'spanish', 'total'].map((name) => t(`page.about.${name}`))}
        rows={kinds}
        language={language}
      />
      <h2>{t('page.about.codes')}</h2>
      <p>{t('page.about.systemNote')}</p>
      <Table
        caption={t('page.about.codes')}
        heads={['system', 'mapped', 'described'].map((name) => t(`page.about.${name}`))}
        rows={systems}
        language={language}
      />
      <p>{t('page.about.countsNote')}</p>
      <h2>{t('page.about.releases')}</h2>
      <Table
        caption={t('page.about.releases')}
        heads={['release', 'source', 'date'].map((name) => t(`page.about.${name}`))}
        rows={used}
        language={language}
      />
    </>
  );
}

/** The lookup tables that ship with the program, and the day of what they are made of. */
function LookupTables({ tables, page: { t, language } }: { tables: Shown['tables']; page: PageContext }) {
  if (tables.length === 0) return null;
  return (
    <>
      <h2>{t('page.about.tables')}</h2>
      <p>{t('page.about.tablesNote')}</p>
      <Table
        caption={t('page.about.tables')}
        heads={['system', 'tableCodes', 'tableDate'].map((name) => t(`page.about.${name}`))}
        rows={tables.map(({ system, codes, date }) => [codeSystem(system).label, codes, longDate(date, language)])}
        language={language}
      />
    </>
  );
}

/** The command that brings summaries into the library. */
const IMPORT_COMMAND = 'education-connect import medlineplus';

/** Since when summaries are there, or how to get them. */
function Summaries({ releases, page: { t, language } }: { releases: Shown['releases']; page: PageContext }) {
  const imported = releases.find(({ isActive, source }) => isActive && source === 'medlineplus');
  return (
    <>
      <h2>{t('page.about.summaries')}</h2>
      {imported ? (
        <p>{t('page.about.summariesSince', { date: longDate(imported.builtOn, language) })}</p>
      ) : (
        <p>
          {t('page.about.noSummaries')} <code>{IMPORT_COMMAND}</code>.
        </p>
      )}
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
      <LookupTables tables={shown.tables} page={page} />
      <Summaries releases={shown.releases} page={page} />
      <Sources publishers={shown.catalogue.publishers} page={page} />
      <h2>{t('page.about.limits')}</h2>
      <p>{t('page.emergency')}</p>
      <p>{t('page.footer')}</p>
      <h2>{t('page.about.privacy')}</h2>
      <p>{t('page.about.privacyText')}</p>
      <h2>{t('page.about.programs')}</h2>
      <p>{t('page.about.programsText')}</p>
      <p>
        <a href={page.href('/api')}>{t('page.about.api')}</a>
      </p>
    </>
  );
}

function createHandler(options: PageOptions): Handler {
  const { library } = options;
  return async (visit) => {
    const page = createPageContext(options, visit, { path: '/about' });
    const catalogue = await options.catalogue.read();
    const releases = library.findReleases(MOST_RELEASES);
    const shown = { catalogue, releases, tables: library.status().tables ?? [] };
    const document = { title: page.t('page.about.title'), main: <About shown={shown} page={page} /> };
    return pageResponse(page, { ...document, place: 'about', searched: '' }, { facts: { outcome: 'ok' } });
  };
}

/** `/about`: what the library holds, where it comes from, what it is not. */
export function aboutRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: '/about',
    get: createHandler(options),
    cacheable: cacheableWith(),
    document: describePage('about'),
  });
}
