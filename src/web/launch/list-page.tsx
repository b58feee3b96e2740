import type { ChartResponse } from '../../core/charts/chart-response.js';
import type { RecordedEntry } from '../../core/handing-over/record.js';
import { isChosen } from '../../core/charts/chart-response.js';
import type { ChartPieces } from '../list/chart-view.js';
import { ChartView, outcomeOfChart } from '../list/chart-view.js';
import type { ChartChoices } from '../list/chart-choices.js';
import { ChartChoiceFields } from '../list/chart-choices.js';
import type { Packet } from '../list/packet.js';
import type { PageContext } from '../page-context.js';
import { DoneForm, PatientBanner } from './banner.js';
import { GivenBefore } from './given-page.js';
import type { ChartPart } from './read-chart.js';
import type { LaunchSession } from './sessions.js';

interface ListViewProps {
  readonly session: LaunchSession;
  readonly packet: Packet;
  readonly chart: ChartResponse;
  readonly pieces: ChartPieces;
  readonly missing: readonly ChartPart[];
  readonly choices: ChartChoices;
  /** What was given before. */
  readonly before: readonly RecordedEntry[];
  readonly page: PageContext;
}

/** Reads the chart again in another way; nothing of the patient is in the address. */
function ChoicesForm({ choices, packet, page }: Pick<ListViewProps, 'choices' | 'packet' | 'page'>) {
  const { t, basePath, launched = '', language } = page;
  return (
    <details class="more">
      <summary>{t('launch.change')}</summary>
      <form class="packet-form" action={`${basePath}${launched}`} method="get">
        <input type="hidden" name="lang" value={language} />
        <ChartChoiceFields {...choices} isDeceased={packet.patient?.isDeceased === true} t={t} />
        <button type="submit">{t('launch.readAgain')}</button>
      </form>
    </details>
  );
}

/** The chart's articles: those that are ticked, the others, what a clinician decides about, and what is not in it. */
export function ListView(props: ListViewProps) {
  const { session, packet, chart, pieces, missing, before, page } = props;
  const { t } = page;
  return (
    <>
      <h1>{t('launch.title')}</h1>
      {session.granted.needsBanner ? <PatientBanner session={session} page={page} /> : null}
      <p class="lead" role="status">
        <strong>{outcomeOfChart(pieces, chart, page)}</strong>{' '}
        {t('packet.ticked', { count: chart.articles.filter(isChosen).length })}
      </p>
      {missing.length === 0 ? null : (
        <p class="notice notice-problem">
          {t('launch.missing', { parts: missing.map((part) => t(`launch.parts.${part}`)).join(', ') })}
        </p>
      )}
      <div class="extras">
        <ChoicesForm {...props} />
        <DoneForm page={page} />
      </div>
      <ChartView packet={packet} chart={chart} pieces={pieces} page={page} />
      <GivenBefore entries={before} session={session} page={page} />
    </>
  );
}
