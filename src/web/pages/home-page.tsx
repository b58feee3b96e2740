import type { Department } from '../../core/model/department.js';
import type { Language } from '../../core/model/language.js';
import type { RouteResponse } from '../../protocols/route.js';
import { DepartmentSelect } from '../department.js';
import { BASKET, CarriedBasket } from '../parts/basket.js';
import { CHAPTERS } from '../chapters.js';
import { pageResponse } from '../parts/layout.js';
import { createPageContext, type PageContext, type PageOptions, type Visit } from '../page-context.js';
import { SearchForm } from '../parts/search-form.js';
import { LateSources } from '../parts/late-sources.js';
import { Drawing } from '../parts/drawing.js';
import { LinkItem } from '../parts/link-item.js';

/** Examples of queries: a code of each kind, words of each language, a drug, a test. */
const EXAMPLES: Readonly<Record<Language, readonly string[]>> = {
  en: ['E11.9', '250.00', 'asthma', 'high blood pressure', 'metformin', 'A1C'],
  es: ['E11.9', '250.00', 'asma', 'presión arterial alta', 'metformina', 'A1C'],
};

/** The body systems as links to their part of the browse view. */
export function BodySystems({ page }: { page: PageContext }) {
  return (
    <ul class="tiles">
      {CHAPTERS.map(({ key }) => (
        <LinkItem href={page.href('/browse', { system: key })}>{page.t(`page.chapters.${key}`)}</LinkItem>
      ))}
    </ul>
  );
}

interface ShownList {
  readonly name: string;
  readonly articles: readonly string[];
}

/** The lists of the site or the department, without articles that the library lacks or the site suppresses. */
function findLists({ wardLists, library }: PageOptions, { language, department }: PageContext): ShownList[] {
  const offered =
    department?.lists?.flatMap((name) => wardLists.find(({ names }) => names.en === name) ?? []) ?? wardLists;
  const ids = [...new Set(offered.flatMap(({ articles }) => articles))];
  const known = new Set(ids.length === 0 ? [] : library.findArticles(ids).map(({ id }) => id));
  return offered.flatMap(({ names, articles }) => {
    const knownIds = articles.filter((id) => known.has(id));
    const name = names[language] ?? names.en ?? '';
    return knownIds.length === 0 ? [] : [{ name, articles: knownIds }];
  });
}

/** A site's lists of articles for its wards: each leads to a handout, and adds to what is there. */
function WardLists({ lists, page }: { lists: readonly ShownList[]; page: PageContext }) {
  if (lists.length === 0) return null;
  return (
    <section aria-labelledby="lists">
      <h2 id="lists">{page.t('basket.lists')}</h2>
      <ul class="tiles tiles-own">
        {lists.map(({ name, articles }) => (
          <li>
            <a
              href={page.href('/handout', {
                article: [...page.basket.map(({ article }) => article.id), ...articles],
                [BASKET]: [],
              })}
              data-articles={articles.join()}
            >
              {name} ({articles.length})
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The choice of a department, by its address: it can be bookmarked. */
function DepartmentForm({ departments, page }: { departments: readonly Department[]; page: PageContext }) {
  const { t, language, preferred, basePath } = page;
  if (departments.length === 0) return null;
  return (
    <form class="again" action={`${basePath}/`} method="get">
      {language === preferred ? null : <input type="hidden" name="lang" value={language} />}
      <CarriedBasket page={page} />
      <DepartmentSelect departments={departments} none={t('department.house')} page={page} />
      <button type="submit" class="action">
        {t('department.choose')}
      </button>
    </form>
  );
}

/** The empty search. @param language undefined: that of the address, or of the browser */
export function homeResponse(options: PageOptions, visit: Visit, language?: Language): RouteResponse {
  const page = createPageContext(options, visit, { path: '/' }, language);
  const { t } = page;
  const main = (
    <>
      <section class="hero">
        <div class="drawn">
          <div>
            <h1>{t('page.heading')}</h1>
            <p class="lead">{t('page.lead')}</p>
          </div>
          <Drawing name="handOver" />
        </div>
        <SearchForm page={page} value="" large />
        <p class="examples">
          <span>{t('page.examples')}</span>
          {EXAMPLES[page.language].map((example) => (
            <a href={page.href('/find', { q: example })}>{example}</a>
          ))}
        </p>
      </section>
      <DepartmentForm departments={options.departments} page={page} />
      <WardLists lists={findLists(options, page)} page={page} />
      <section aria-labelledby="by-system">
        <h2 id="by-system">{t('page.browse.bySystem')}</h2>
        <BodySystems page={page} />
      </section>
      <LateSources library={options.library} page={page} />
    </>
  );
  return pageResponse(page, { title: t('page.title'), main }, { facts: { outcome: 'ok' } });
}
