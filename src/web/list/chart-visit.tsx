import { isChosen, type ChartArticle, type ChartResponse } from '../../core/charts/chart-response.js';
import type { ChartSetting, ChartSituation } from '../../core/charts/chart-settings.js';
import { nameLanguage } from '../../core/model/language-links.js';
import type { PageContext } from '../page-context.js';
import { FORM_SETTINGS } from './chart-choices.js';
import type { Packet } from './packet.js';
import { nameCoding } from './read-packet.js';

/** Ages below it are shown in months. */
const MOST_MONTHS = 24;

function describeAge({ reader: { leastAgeMonths }, t }: PageContext): string[] {
  if (leastAgeMonths === undefined) return [];
  const [unit, count] =
    leastAgeMonths < MOST_MONTHS ? ['months', leastAgeMonths] : ['years', Math.floor(leastAgeMonths / 12)];
  return [`${count} ${t(`packet.${unit}`)}`];
}

/** How many articles are ticked, in words. */
export const countTicked = (count: number, { t }: PageContext): string =>
  t(count === 1 ? 'packet.onePageTicked' : 'packet.pagesTicked', { count });

interface VisitProps {
  readonly chart: ChartResponse;
  readonly packet: Pick<Packet, 'patient'>;
  readonly situation: ChartSituation;
  /** Articles that are ticked. */
  readonly ticked: number;
  /** The id of the form that reads the chart anew. */
  readonly form: string;
  readonly page: PageContext;
}

/** How the chart was read, in a line: setting, language, age, and how many articles are ticked; each other setting in one click. */
export function ChartVisit({ chart, packet: { patient }, situation, ticked, form, page }: VisitProps) {
  const { t, language } = page;
  const { setting, thresholds } = situation;
  const reads = patient?.foreignLanguage ?? patient?.language;
  const parts = [
    t(`packet.visits.${setting}`),
    ...(reads === undefined ? [] : [t('packet.reads', { language: nameLanguage(reads, language) })]),
    ...describeAge(page),
  ];
  const others = FORM_SETTINGS.filter((one) => one !== setting);
  const label = (one: ChartSetting): string => `${t(`packet.visitNames.${one}`)}: ${thresholds.mostPages[one]}`;
  return (
    <p class="lead visit" role="status">
      {parts.join(', ')}: <strong>{countTicked(ticked, page)}</strong>
      {chart.isForDeceased
        ? null
        : others.map((one) => (
            <>
              {' '}
              <button type="submit" class="action" form={form} name="setting" value={one}>
                {label(one)}
              </button>
            </>
          ))}
    </p>
  );
}

/** Articles that a number of pages cut, named in the line; the others are counted. */
const MOST_CUT = 12;

/** The facts of an article with their codes. */
function nameFacts({ reasons }: ChartArticle, { inputs }: Packet): string {
  const names = reasons.map(({ question, coding }) => {
    const { name = '', code = '' } = inputs[question.input] ?? {};
    return [name, code || (name === '' ? (nameCoding(coding) ?? '') : '')].filter((one) => one !== '').join(', ');
  });
  const [first = '', ...others] = [...new Set(names)];
  return others.length > 0 ? `${first}; +${others.length}` : first;
}

/** Names the articles that are not ticked for the number of pages alone. */
export function CutArticles({ chart, packet, page }: Pick<VisitProps, 'chart' | 'page'> & { readonly packet: Packet }) {
  const cut = chart.articles.filter((one) => !isChosen(one) && one.notChosen === 'beyond-most');
  if (cut.length === 0) return null;
  const left = cut.length - MOST_CUT;
  return (
    <p class="hint" id="cut">
      {page.t('packet.cutPages')}{' '}
      {cut.slice(0, MOST_CUT).map((one, index) => (
        <>
          {index > 0 ? '; ' : ''}
          <span lang={one.text.language}>{one.text.title}</span> ({nameFacts(one, packet)})
        </>
      ))}
      {left > 0 ? ` ${page.t('packet.andMore', { count: left })}` : ''}
    </p>
  );
}
