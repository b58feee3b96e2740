import type { HookResult } from '../hook-caller.js';
import type { FactView, PatientView } from '../chart-view.js';
import { chartPath, type DemoView } from '../view.js';
import { Cards } from './cards.js';
import { PatientHead } from './chart-page.js';
import { PostButton, renderPage } from './layout.js';

interface VisitProps {
  readonly patient: PatientView;
  readonly view: DemoView;
  /** Cards of the last hook that was called here; undefined: none was. */
  readonly result: HookResult | undefined;
}

const BackLink = ({ patient, view }: Omit<VisitProps, 'result'>) => (
  <p>
    <a href={chartPath(patient.id)}>{view.t('demo.chart.back', { name: patient.name })}</a>
  </p>
);

/** Renders an order of a drug, with the cards that came with it. */
export function renderOrder(order: FactView, { patient, view, result }: VisitProps): string {
  const { t } = view;
  const isDraft = order.status === 'draft';
  const place = `orders/${order.id}`;
  const main = (
    <>
      <PatientHead patient={patient} view={view} />
      <section class="panel">
        <h2>{t(isDraft ? 'demo.order.draft' : 'demo.order.signed')}</h2>
        <p class="order-line">
          <strong>{order.text}</strong> <span class="code">{order.code}</span>
        </p>
        {isDraft && (
          <PostButton action={`${chartPath(patient.id)}/${place}/sign`} look="primary">
            {t('demo.order.sign')}
          </PostButton>
        )}
      </section>
      {result && <Cards result={result} place={place} patient={patient} view={view} />}
      <BackLink patient={patient} view={view} />
    </>
  );
  return renderPage(view, { title: `${order.text}: ${patient.name}`, main });
}

/** Renders a discharge, with the cards that came with it. */
export function renderDischarge({ patient, view, result }: VisitProps): string {
  const { t } = view;
  const main = (
    <>
      <PatientHead patient={patient} view={view} />
      <section class="panel">
        <h2>{t(patient.isInpatient ? 'demo.chart.discharge' : 'demo.chart.endVisit')}</h2>
        <p>{t('demo.discharge.lead')}</p>
      </section>
      {result && <Cards result={result} place="discharge" patient={patient} view={view} />}
      <BackLink patient={patient} view={view} />
    </>
  );
  return renderPage(view, { title: `${t('demo.discharge.title')}: ${patient.name}`, main });
}
