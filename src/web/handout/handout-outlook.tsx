import { nameLanguage } from '../../core/model/language-links.js';
import { DEPARTMENT } from '../department.js';
import { longDate } from '../parts/article-facts.js';
import { ToCopy } from '../parts/fields.js';
import { HANDOUT_PATH, buildFileAddress, type ShownHandout } from './handout-content.js';
import { QrCode } from '../parts/qr-code.js';

interface OutlookProps {
  readonly shown: ShownHandout;
}

/** How many sheets will be printed, and how many articles by their address alone. */
export function Sheets({ shown: { handout, chosen, preview, page } }: OutlookProps) {
  const { t } = page;
  const pages = preview?.pages ?? 0;
  const all = new Set(chosen.map(({ article }) => article)).size;
  const withText = chosen.filter((_, at) => handout.articles[at]?.html !== undefined);
  const count = all - new Set(withText.map(({ article }) => article)).size;
  const sheets = pages === 1 ? t('handout.oneSheet') : t('handout.sheets', { pages, sheets: Math.ceil(pages / 2) });
  const linkOnly = all === 1 ? t('handout.onlyLink') : t('handout.linkOnly', { count, all });
  return (
    <p class="sheets" role="status" data-live="sheets">
      {[pages === 0 ? '' : sheets, count === 0 ? '' : linkOnly].filter(Boolean).join(' ')}
    </p>
  );
}

/** The address of the same handout, for another day: it has no note. */
export function PrintAgain({ shown: { usedIds, chosen, choices, handoutLanguage, page } }: OutlookProps) {
  const { t, baseUrl, language, carriedDepartment } = page;
  const onPaper = new Set(chosen.map(({ article }) => article.id));
  const isOn = {
    large: choices.isLarge,
    label: choices.hasLabel,
    labels: choices.hasLabels,
    teachBack: choices.hasTeachBack,
    whole: choices.hasWhole,
  };
  const query = new URLSearchParams({ language: handoutLanguage, lang: language, set: 'true' });
  if (carriedDepartment !== undefined) query.set(DEPARTMENT, carriedDepartment);
  for (const id of usedIds) if (onPaper.has(id)) query.append('article', id);
  for (const [name, on] of Object.entries(isOn)) if (on) query.append(name, 'true');
  return (
    <details class="more">
      <summary>{t('handout.againHead')}</summary>
      <p class="hint">{t('handout.againHint')}</p>
      <ToCopy sentence={`${baseUrl}${HANDOUT_PATH}?${query.toString()}`} t={t} />
      <h2>{t('handout.wholeHead')}</h2>
      <p class="hint">{t('handout.wholeHint')}</p>
      <QrCode address={buildFileAddress(chosen, handoutLanguage, page)} label={t('handout.wholeScan')} />
    </details>
  );
}

/** A sentence to paste into the chart, if no EHR launched us: this page knows no patient, so it records nothing. */
export function ChartText({ shown: { chosen, printedOn, page } }: OutlookProps) {
  const { t, language } = page;
  const articles = chosen.map(({ text: { title, language: tag } }) =>
    t('given.sentence.article', { title, language: nameLanguage(tag, language) }),
  );
  const date = longDate(printedOn, language);
  return (
    <details class="more">
      <summary>{t('handout.chartHead')}</summary>
      <p class="hint">{t('handout.chartHint')}</p>
      <ToCopy sentence={t('handout.chartText', { date, articles: articles.join('; ') })} t={t} />
    </details>
  );
}
