import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Language } from '../../core/model/language.js';
import type { AnswerFacts, RouteResponse } from '../../protocols/route.js';
import { BasketBar, type Offer } from './basket.js';
import type { PageContext } from '../page-context.js';
import { SearchForm } from './search-form.js';

/** The page that tells a person who they are here. */
export const ACCOUNT_PATH = '/account';

/** The pages that the head of every page leads to; their names are in resources/i18n under `page.nav`. */
const NAVIGATION = { packet: '/packet', browse: '/browse', about: '/about' } as const;
export type Place = keyof typeof NAVIGATION;

export interface Document {
  /** Heading of the browser's window; the site's name follows. */
  readonly title: string;
  readonly main: VNode;
  /** Which entry of the navigation this page is. */
  readonly place?: Place;
  /** The text in the header's search box; undefined: the page has its own search box. */
  readonly searched?: string;
  /**
   * A form that holds the page's state where its address does not: the link to the other language then posts it.
   * Its id, and its path below `basePath`.
   */
  readonly stateForm?: { readonly id: string; readonly action: string } | undefined;
  /** A patient's own page: no tools of the clinician's around it. */
  readonly isForPatient?: boolean;
  /** The basket's settings if articles can be added here; undefined: none can. `none`: the page is made of the basket itself. */
  readonly offer?: Offer | 'none';
  /** File names of further modules in resources/web. */
  readonly scripts?: readonly string[];
}

function Head({ page, document }: { page: PageContext; document: Document }) {
  return (
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="format-detection" content="telephone=no" />
      <title>{`${document.title} · ${page.siteName}`}</title>
      <link rel="stylesheet" href={page.asset('page.css')} />
      <link rel="icon" href={page.asset('icon.svg')} type="image/svg+xml" />
      {['page.js', 'basket.js', ...(document.scripts ?? [])].map((name) => (
        <script type="module" src={page.asset(name)} />
      ))}
    </head>
  );
}

/** The way to this page in the other language, which keeps what has been typed into it. */
function LanguageSwitch({ page, document: { stateForm } }: { page: PageContext; document: Document }) {
  const other: Language = page.language === 'en' ? 'es' : 'en';
  const name = page.t('page.inOtherLanguage');
  if (!stateForm) {
    return (
      <a class="language" href={page.otherLanguageUrl} lang={other} hreflang={other}>
        {name}
      </a>
    );
  }
  return (
    <button
      type="submit"
      class="language"
      form={stateForm.id}
      formAction={`${page.basePath}${stateForm.action}?lang=${other}`}
      formMethod="post"
      formNoValidate
      lang={other}
    >
      {name}
    </button>
  );
}

/** The top of a patient's own page: the site's name, and the link to the other language. */
function PatientTop({ page, document }: { page: PageContext; document: Document }) {
  return (
    <header class="top">
      <div class="wrap top-row">
        <p class="brand">{page.siteName}</p>
        <LanguageSwitch page={page} document={document} />
      </div>
    </header>
  );
}

/** The hospital's logo, else our own. */
function BrandMark({ logoUrl }: { logoUrl: string | undefined }) {
  if (logoUrl !== undefined) return <img class="brand-logo" src={logoUrl} alt="" />;
  return (
    <svg class="brand-mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" />
      <path d="M8 9h7a3 3 0 0 1 3 3v12a3 3 0 0 0-3-2H8zM24 9h-3M24 13h-3M24 17h-3" />
    </svg>
  );
}

/** The head of a page. In a launch it leads to the launch's own list alone: a search outside of it is no part of it. */
function Top({ page, document }: { page: PageContext; document: Document }) {
  const { t, launched } = page;
  const places = launched === undefined ? Object.entries(NAVIGATION) : [];
  return (
    <header class="top">
      <div class="wrap top-row">
        <a class="brand" href={page.href(launched ?? '/')}>
          <BrandMark logoUrl={page.logoUrl} />
          <span>{page.siteName}</span>
        </a>
        <nav aria-label={t('page.nav.label')}>
          <ul>
            {places.map(([name, path]) => (
              <li>
                <a href={page.href(path)} aria-current={name === document.place ? 'page' : undefined}>
                  {t(`page.nav.${name}`)}
                </a>
              </li>
            ))}
            {page.signsIn && launched === undefined ? (
              <li>
                <a href={page.href(ACCOUNT_PATH)}>{t('signIn.account')}</a>
              </li>
            ) : null}
            <li>
              <LanguageSwitch page={page} document={document} />
            </li>
          </ul>
        </nav>
        {document.searched === undefined || launched !== undefined ? null : (
          <div class="top-search">
            <SearchForm page={page} value={document.searched} />
          </div>
        )}
      </div>
    </header>
  );
}

function Shell({ page, document }: { page: PageContext; document: Document }) {
  const { isForPatient = false } = document;
  const { t } = page;
  return (
    <html lang={page.language}>
      <Head page={page} document={document} />
      <body>
        <a class="skip" href="#main">
          {t('page.skip')}
        </a>
        {isForPatient ? <PatientTop page={page} document={document} /> : <Top page={page} document={document} />}
        <main id="main" class="wrap" tabIndex={-1}>
          {document.main}
          {document.offer === 'none' || isForPatient ? null : <BasketBar page={page} offer={document.offer} />}
        </main>
        <footer class="foot">
          <div class="wrap">
            <p>{t('page.emergency')}</p>
            <p>{t(isForPatient ? 'patient.footer' : 'page.footer')}</p>
            {isForPatient ? null : (
              <p>
                <a href={page.href('/about')}>{t('page.footerLink')}</a>
              </p>
            )}
          </div>
        </footer>
        <p class="progress" role="status" data-words={t('page.working')} />
      </body>
    </html>
  );
}

/** For an answer that must not be cached: it shows what a person typed. */
export const NO_STORE = { 'Cache-Control': 'no-store' } as const;

/** Sends the browser on to another address; the response is not cached. */
export const redirect = (address: string, status = 303): RouteResponse => ({
  status,
  contentType: 'text/plain; charset=utf-8',
  body: '',
  headers: { ...NO_STORE, Location: address },
  facts: { outcome: 'ok' },
});

/** A page as an answer of its route. Every text is escaped by the templates, but for summaries, which are sanitised. */
export function pageResponse(
  page: PageContext,
  document: Document,
  { status = 200, facts, headers = {} }: { status?: number; facts: AnswerFacts; headers?: Record<string, string> },
): RouteResponse {
  return {
    status,
    contentType: 'text/html; charset=utf-8',
    body: `<!DOCTYPE html>${renderToString(<Shell page={page} document={document} />)}`,
    headers: { 'Content-Language': page.language, ...headers },
    facts,
    headerKind: 'page',
  };
}
