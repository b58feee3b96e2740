import type { ComponentChildren } from 'preact';
import { listDrugs } from '../chart-store.js';
import { isCurrent, listDocuments, listFacts, type FactView, type PatientView } from '../chart-view.js';
import { chartPath, type DemoView } from '../view.js';
import { PostButton, renderPage } from './layout.js';
import { describePerson } from './start-page.js';

interface ChartProps {
  readonly patient: PatientView;
  readonly view: DemoView;
}

/** The head of every page of a chart. */
export function PatientHead({ patient, view, children }: ChartProps & { readonly children?: ComponentChildren }) {
  const { t } = view;
  const visit = t(patient.isInpatient ? 'demo.visit.inpatient' : 'demo.visit.ambulatory');
  return (
    <div class="patient-head" id="visit">
      <div>
        <h1>{patient.name}</h1>
        <p class="quiet">
          {describePerson(patient, view)} · {t('demo.born', { date: patient.birthDate })} · {visit}
        </p>
      </div>
      {children}
    </div>
  );
}

/** Statuses with words of their own; `active` needs none. */
const STATUS_WORDS = new Set([
  ...['resolved', 'entered-in-error', 'refuted', 'provisional', 'unconfirmed', 'stopped', 'cancelled', 'draft'],
  ...['not-done', 'registered', 'preliminary', 'recurrence'],
]);

function Fact({
  fact,
  patient,
  view,
  children,
}: ChartProps & { fact: FactView; readonly children?: ComponentChildren }) {
  const { t } = view;
  const { id, type, text, code, status } = fact;
  return (
    <li class={isCurrent(fact) ? undefined : 'past'}>
      <span class="fact">
        <span>{text}</span> <span class="code">{code}</span>{' '}
        {STATUS_WORDS.has(status) && <span class="tag">{t(`demo.status.${status}`)}</span>}
      </span>
      {children}
      <a
        class="infobutton"
        href={`${chartPath(patient.id)}/infobutton/${type}/${id}`}
        target="_blank"
        aria-label={t('demo.infobutton', { text })}
        title={t('demo.infobutton', { text })}
      >
        i
      </a>
    </li>
  );
}

/** A panel of the chart with its facts. */
function Facts(
  props: ChartProps & { id: string; title: string; facts: readonly FactView[]; children?: ComponentChildren },
) {
  const { id, title, facts, patient, view, children } = props;
  const chart = chartPath(patient.id);
  return (
    <section class="panel" id={id}>
      <h2>{title}</h2>
      {facts.length === 0 ? (
        <p class="quiet">{view.t('demo.chart.none')}</p>
      ) : (
        <ul class="facts">
          {facts.map((fact) => (
            <Fact fact={fact} patient={patient} view={view}>
              {fact.status === 'draft' && <a href={`${chart}/orders/${fact.id}`}>{view.t('demo.order.open')}</a>}
            </Fact>
          ))}
        </ul>
      )}
      {children}
    </section>
  );
}

function OrderForm({ patient, view: { t } }: ChartProps) {
  return (
    <form method="post" action={`${chartPath(patient.id)}/orders`} class="order-form">
      <label for="drug">{t('demo.order.label')}</label>
      <div class="row">
        <select id="drug" name="drug">
          {listDrugs(patient.id).map(({ code, display }) => (
            <option value={code}>{display}</option>
          ))}
        </select>
        <button type="submit">{t('demo.order.press')}</button>
      </div>
    </form>
  );
}

function Documents({ patient, view }: ChartProps) {
  const { t, store, language } = view;
  const documents = listDocuments(store, patient.id);
  const formatTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <section class="panel" id="documents">
      <h2>{t('demo.chart.documents')}</h2>
      {documents.length === 0 ? (
        <p class="quiet">{t('demo.chart.noDocuments')}</p>
      ) : (
        <ul class="documents">
          {documents.map(({ id, type, title, at, status }) => (
            <li>
              <a href={`${chartPath(patient.id)}/documents/${type}/${id}`}>{title}</a>
              <span class="quiet">
                {formatTime.format(new Date(at))} · {type} · {t('demo.document.from')}
                {status === 'entered-in-error' && <span class="tag">{t('demo.status.entered-in-error')}</span>}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Renders a patient's chart. */
export function renderChart(patient: PatientView, view: DemoView): string {
  const { t, store } = view;
  const { id } = patient;
  const chart = { patient, view };
  const drugs = listFacts(store, id, 'MedicationRequest');
  const isDraft = ({ status }: FactView): boolean => status === 'draft';
  const orders = [...drugs.filter(isDraft), ...listFacts(store, id, 'ServiceRequest')];
  const main = (
    <>
      <PatientHead {...chart}>
        <div class="actions">
          <PostButton action={`${chartPath(id)}/launch`} opensTab look="primary">
            {t('demo.chart.launch')}
          </PostButton>
          <PostButton action={`${chartPath(id)}/discharge`}>
            {t(patient.isInpatient ? 'demo.chart.discharge' : 'demo.chart.endVisit')}
          </PostButton>
        </div>
      </PatientHead>
      <div class="two">
        <div>
          <Facts {...chart} id="problems" title={t('demo.chart.problems')} facts={listFacts(store, id, 'Condition')} />
          <Facts {...chart} id="orders" title={t('demo.chart.orders')} facts={orders}>
            <OrderForm {...chart} />
          </Facts>
        </div>
        <div>
          <Facts {...chart} id="drugs" title={t('demo.chart.drugs')} facts={drugs.filter((one) => !isDraft(one))} />
          <Documents {...chart} />
          <Facts
            {...chart}
            id="others"
            title={t('demo.chart.others')}
            facts={listFacts(store, id, 'AllergyIntolerance', 'Observation', 'Immunization')}
          />
        </div>
      </div>
    </>
  );
  return renderPage(view, { title: patient.name, main, isRenewed: true });
}
