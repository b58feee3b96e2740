import { ARTICLE_KINDS } from '../../core/model/article.js';
import { LANGUAGES } from '../../core/model/language.js';
import type { PageContext, Query } from '../page-context.js';
import { About } from './phrase.js';
import type { Found } from './results.js';
import type { Narrowing } from '../search-words.js';
import { LinkItem } from './link-item.js';

/** Filters as an address of `/find` carries them. */
export const toFilters = ({ kind, inLanguage, isWhole = false }: Narrowing): Query => ({
  kind,
  in: inLanguage,
  all: isWhole ? 'true' : undefined,
});

interface FilterProps {
  readonly query: string;
  readonly found: Found;
  readonly page: PageContext;
}

interface Choice {
  readonly name: string;
  readonly count: number;
  readonly narrowing: Narrowing;
  readonly isChosen: boolean;
}

function Choices({
  label,
  choices,
  query,
  page,
}: Pick<FilterProps, 'query' | 'page'> & { readonly label: string; readonly choices: readonly Choice[] }) {
  return (
    <nav aria-label={label}>
      <ul>
        <li aria-hidden="true">{label}:</li>
        {choices.map(({ name, count, narrowing, isChosen }) => (
          <LinkItem href={page.href('/find', { q: query, ...toFilters(narrowing) })} isCurrent={isChosen}>
            {name} ({count})
          </LinkItem>
        ))}
      </ul>
    </nav>
  );
}

/** Results by kind and by language, where there is a choice. */
export function Filters({ query, found: { all, narrowing }, page }: FilterProps) {
  const { t } = page;
  const { kind: chosen, inLanguage } = narrowing;
  const kinds = ARTICLE_KINDS.map((kind) => ({
    kind,
    count: all.filter(({ article }) => article.kind === kind).length,
  }));
  const byKind = kinds.filter(({ count }) => count > 0);
  const byLanguage = LANGUAGES.map((language) => ({
    language,
    count: all.filter(({ article }) => article.texts[language] !== undefined).length,
  }));
  const isChoice = byLanguage.some(({ count }) => count > 0 && count < all.length) || inLanguage !== undefined;
  if (byKind.length < 2 && !isChoice) return null;
  const any = { name: t('page.filters.any'), count: all.length };
  const kindChoices = byKind.map(({ kind, count }): Choice => {
    return { name: t(`page.kinds.${kind}`), count, narrowing: { kind, inLanguage }, isChosen: kind === chosen };
  });
  const languageChoices = byLanguage.map(({ language, count }): Choice => {
    const narrowing = { kind: chosen, inLanguage: language };
    return { name: t(`languages.${language}`), count, narrowing, isChosen: language === inLanguage };
  });
  const anyKind = { ...any, narrowing: { inLanguage }, isChosen: chosen === undefined };
  const anyLanguage = { ...any, narrowing: { kind: chosen }, isChosen: inLanguage === undefined };
  const common = { query, page };
  return (
    <div class="filters">
      {byKind.length < 2 ? null : (
        <Choices {...common} label={t('page.filters.kind')} choices={[anyKind, ...kindChoices]} />
      )}
      {isChoice ? (
        <Choices {...common} label={t('page.filters.language')} choices={[anyLanguage, ...languageChoices]} />
      ) : null}
    </div>
  );
}

/** The way to all hits, where not all are shown. */
export function ShowAll({ query, found: { articles, wanted, narrowing }, page }: FilterProps) {
  if (articles.length >= wanted) return null;
  return (
    <p>
      <a class="action" href={page.href('/find', { q: query, ...toFilters({ ...narrowing, isWhole: true }) })}>
        {page.t('page.filters.all', { count: wanted })}
        <About title={query} language={undefined} />
      </a>
    </p>
  );
}
