import { explainCode } from '../../protocols/understanding-text.js';
import type { PageContext } from '../page-context.js';
import { Drawing } from '../parts/drawing.js';
import { LinkItem } from '../parts/link-item.js';

/** A code that no system has: each whose code it may be was queried, so none is offered again. */
function NoSuchCode({ why, page }: { why: string; page: PageContext }) {
  const { t } = page;
  return (
    <>
      <p>{why}</p>
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
  const ofCode = explainCode(query, { hits: [] }, page);
  return (
    <div class="notice drawn" role="status">
      <div>
        <p>
          <strong>{t('page.nothingFor', { query })}</strong>
        </p>
        {ofCode ? (
          <NoSuchCode why={ofCode.text} page={page} />
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
