import { ARTICLE_KINDS } from '../../core/model/article.js';
import { LANGUAGES } from '../../core/model/language.js';
import type { PageContext, Query } from '../page-context.js';
import { About } from '../parts/phrase.js';
import type { Found } from './results.js';
import type { Narrowing } from './search-words.js';
import { LinkItem } from '../parts/link-item.js';

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

/** Ways to narrow the results, each with its count; the first is all of them. */
interface ChoicesProps extends Omit<FilterProps, 'found'> {
  readonly label: string;
  readonly choices: readonly { readonly name: string; readonly count: number; readonly narrowing: Narrowing }[];
  readonly chosen: Narrowing;
}

function Choices({ label, choices, chosen, query, page }: ChoicesProps) {
  const isChosen = ({ kind, inLanguage }: Narrowing): boolean =>
    kind === chosen.kind && inLanguage === chosen.inLanguage;
  return (
    <nav aria-label={label}>
      <ul>
        <li aria-hidden="true">{label}:</li>
        {choices.map(({ name, count, narrowing }) => (
          <LinkItem href={page.href('/find', { q: query, ...toFilters(narrowing) })} isCurrent={isChosen(narrowing)}>
            {name} ({count})
          </LinkItem>
        ))}
      </ul>
    </nav>
  );
}

/** Results by kind and by language, where there is a choice. */
export function Filters({ query, found: { all, narrowing: chosen }, page }: FilterProps) {
  const { t } = page;
  const { kind: chosenKind, inLanguage: chosenLanguage } = chosen;
  const any = { name: t('page.filters.any'), count: all.length };
  const kinds = ARTICLE_KINDS.flatMap((kind) => {
    const count = all.filter(({ article }) => article.kind === kind).length;
    return count === 0
      ? []
      : [{ name: t(`page.kinds.${kind}`), count, narrowing: { kind, inLanguage: chosenLanguage } }];
  });
  const languages = LANGUAGES.map((inLanguage) => ({
    name: t(`languages.${inLanguage}`),
    count: all.filter(({ article }) => article.texts[inLanguage] !== undefined).length,
    narrowing: { kind: chosenKind, inLanguage },
  }));
  const isChoice = languages.some(({ count }) => count > 0 && count < all.length) || chosenLanguage !== undefined;
  if (kinds.length < 2 && !isChoice) return null;
  const common = { chosen, query, page };
  const anyKind = { ...any, narrowing: { inLanguage: chosenLanguage } };
  const anyLanguage = { ...any, narrowing: { kind: chosenKind } };
  return (
    <div class="filters">
      {kinds.length < 2 ? null : <Choices {...common} label={t('page.filters.kind')} choices={[anyKind, ...kinds]} />}
      {isChoice ? (
        <Choices {...common} label={t('page.filters.language')} choices={[anyLanguage, ...languages]} />
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
