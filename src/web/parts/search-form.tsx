import { languageOfReader } from '../../core/model/language-links.js';
import { LIMITS } from '../../limits.js';
import { CarriedBasket } from './basket.js';
import { CarriedDepartment } from '../department.js';
import type { PageContext } from '../page-context.js';

/** A line of several entries may be longer than what is searched for: it is a list. */
const MOST_CHARS = 5 * LIMITS.maxQueryChars;

/**
 * The one search box. It is posted to the list page, so that a list that is typed never is in an address; a single entry is
 * sent on to its search. resources/web/page.js makes it a combobox (ARIA 1.2) with the texts in its data attributes, and a single entry's
 * search a GET at once.
 */
export function SearchForm({ page, value, large = false }: { page: PageContext; value: string; large?: boolean }) {
  const { t } = page;
  const language = languageOfReader(page.reader);
  return (
    <form
      class={large ? 'search search-large' : 'search'}
      action={`${page.basePath}/packet`}
      method="post"
      role="search"
      data-find={`${page.basePath}/find`}
      data-suggest={page.href('/suggest')}
      data-list-label={t('page.suggest.list')}
      data-recent-label={t('page.suggest.recent')}
      data-clear-label={t('page.suggest.clear')}
      data-count-label={t('page.suggest.count', { count: '%' })}
      data-none-label={t('page.suggest.none')}
    >
      <label for="q" class={large ? '' : 'unseen'}>
        {t('page.searchLabel')}
      </label>
      <div class="search-row">
        <input
          id="q"
          name="q"
          type="text"
          inputMode="search"
          autofocus={large}
          enterKeyHint="search"
          value={value}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          maxLength={MOST_CHARS}
          pattern="\s*[^\s\{\[<].*"
          title={t('page.searchTitle')}
          aria-describedby={large ? 'q-hint' : undefined}
        />
        {language === page.preferred ? null : <input type="hidden" name="lang" value={language} />}
        <CarriedBasket page={page} />
        <CarriedDepartment page={page} />
        <button type="submit">{t('page.search')}</button>
      </div>
      {large ? (
        <p class="hint" id="q-hint">
          {t('page.searchHint')} <a href={page.href('/packet')}>{t('page.toList')}</a>
        </p>
      ) : null}
    </form>
  );
}
