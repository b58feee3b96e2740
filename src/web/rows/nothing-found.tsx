import { looksLikeCode, findSystems } from '../../core/search/code-search.js';
import { CODE_SYSTEMS, codeSystem, type CodeSystemId } from '../../core/codes/code-systems.js';
import type { PageContext } from '../page-context.js';
import { Drawing } from '../parts/drawing.js';
import { LinkItem } from '../parts/link-item.js';

/** Names of systems, as a list of the page's language has them. */
const listSystemNames = (systems: readonly CodeSystemId[], { language }: PageContext): string =>
  new Intl.ListFormat(language, { type: 'disjunction' }).format(systems.map((id) => codeSystem(id).label));

const ALL_SYSTEMS = CODE_SYSTEMS.map(({ id }) => id).filter((id) => id !== 'drug-name');

/** A code that no system has: each whose code it may be was queried, so none is offered again. */
function NoSuchCode({ query, page }: { query: string; page: PageContext }) {
  const { t } = page;
  const systems = findSystems(query);
  return (
    <>
      <p>
        {systems.length === 0
          ? t('page.noSuchCode', { systems: listSystemNames(ALL_SYSTEMS, page) })
          : t('page.codeOfMany', { systems: listSystemNames(systems, page) })}
        {systems.includes('cpt') ? ` ${t('page.codeOfCpt')}` : null}
      </p>
      <p>{t('page.try.lead')}</p>
      <ul class="tries">
        <li>{t('page.try.named')}</li>
        <li>{t('page.try.letters')}</li>
        <LinkItem href={page.href('/browse')}>{t('page.try.browse')}</LinkItem>
      </ul>
    </>
  );
}

/** Nothing was found for what was typed: why, and what to try. */
export function NothingFound({ query, page }: { query: string; page: PageContext }) {
  const { t } = page;
  return (
    <div class="notice drawn" role="status">
      <div>
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
      <Drawing name="nothingFound" />
    </div>
  );
}
