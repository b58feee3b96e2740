import type { Library } from '../../core/model/library.js';
import { listSourceAges, nameEdition, type SourceAge } from '../../core/sources/source-ages.js';
import type { PageContext } from '../page-context.js';
import { longDate } from './article-facts.js';

/** The edition of a source as people name it: `FY2027`, or its day. */
export function formatEdition({ source, date }: SourceAge, { language }: PageContext): string {
  if (date === undefined) return '';
  return source.find === 'fiscal-year' ? nameEdition(source, date) : longDate(date, language);
}

interface LateSourcesProps {
  readonly library: Pick<Library, 'status'>;
  /** Undefined: the page's own day. */
  readonly now?: Date;
  readonly page: PageContext;
}

/** The notice to staff of sources whose edition in use was replaced by its publisher long ago; nothing where there are none. */
export function LateSources({ library, now, page }: LateSourcesProps) {
  const { t, launched } = page;
  const today = now?.toISOString().slice(0, 10) ?? page.today;
  const late = today === undefined ? [] : listSourceAges(library.status(), today).filter(({ isLate }) => isLate);
  if (late.length === 0) return null;
  const names = late.map((age) => `${age.source.label} (${formatEdition(age, page)})`).join(', ');
  return (
    <p class="mark" id="late-sources">
      {t('page.lateSources', { sources: names })}{' '}
      {launched === undefined ? <a href={page.href('/about')}>{t('page.about.title')}</a> : null}
    </p>
  );
}
