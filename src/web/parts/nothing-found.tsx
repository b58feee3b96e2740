import { looksLikeCode, findSystems } from '../../core/search/code-search.js';
import { CODE_SYSTEMS, codeSystem } from '../../core/codes/code-systems.js';
import type { PageContext } from '../page-context.js';
import { LinkItem } from './link-item.js';

/** Names of all systems whose codes are read, as a list of the page's language has them. */
function listSystemNames({ language }: PageContext): string {
  const labels = CODE_SYSTEMS.filter(({ id }) => id !== 'drug-name').map(({ label }) => label);
  return new Intl.ListFormat(language, { type: 'disjunction' }).format(labels);
}

/** What looks like a code and leads nowhere: systems whose code it may be. */
function NoSuchCode({ query, page }: { query: string; page: PageContext }) {
  const { t } = page;
  const systems = findSystems(query);
  return (
    <>
      <p>{systems.length === 0 ? t('page.noSuchCode', { systems: listSystemNames(page) }) : t('page.codeOfMany')}</p>
      <p>{t('page.try.lead')}</p>
      <ul class="tries">
        {systems.map((system) => (
          <LinkItem href={page.href('/find', { q: query, system })}>
            {t('page.try.otherSystem', { code: query, system: codeSystem(system).label })}
          </LinkItem>
        ))}
        <li>{t('page.try.letters')}</li>
        <li>{t('page.try.named')}</li>
        <LinkItem href={page.href('/browse')}>{t('page.try.browse')}</LinkItem>
      </ul>
    </>
  );
}

/** Nothing was found for what was typed: why, and what to try. */
export function NothingFound({ query, page }: { query: string; page: PageContext }) {
  const { t } = page;
  return (
    <div class="notice" role="status">
      <p>
        <strong>{t('page.nothingFor', { query })}</strong>
      </p>
      {looksLikeCode(query) ? (
        <NoSuchCode query={query} page={page} />
      ) : (
        <>
          <p>{t('page.try.lead')}</p>
          <ul class="tries">
            <li>{t('page.try.spelling')}</li>
            <li>{t('page.try.fewer')}</li>
            <li>{t('page.try.everyday')}</li>
            <LinkItem href={page.href('/browse')}>{t('page.try.browse')}</LinkItem>
          </ul>
        </>
      )}
    </div>
  );
}
