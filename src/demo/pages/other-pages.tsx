import type { JsonObject } from '../../protocols/json-object.js';
import type { AnsweredCall } from '../call-server.js';
import { API_CALLS, type ApiCallName } from '../api-calls.js';
import { PATIENT_IDS } from '../chart-store.js';
import { readDocument, readPatient, type PatientView, type FactView } from '../chart-view.js';
import { EHR_PATH, chartPath, type DemoView } from '../view.js';
import { PatientHead } from './chart-page.js';
import { Exchange, formatJson } from './exchange.js';
import { renderPage, PostButton } from './layout.js';
import type { HookResult } from '../hook-caller.js';
import { Cards } from './cards.js';

/** A call that was made on the page of a FHIR client. */
interface MadeCall {
  readonly name: ApiCallName;
  readonly exchange: AnsweredCall;
}

/** Renders the page of a FHIR client: calls to make, and the last one with its answer. */
export function renderClient(patient: PatientView, made: MadeCall | undefined, view: DemoView): string {
  const { t, store, now } = view;
  const patients = PATIENT_IDS.flatMap((id) => readPatient(store, id, now) ?? []);
  const main = (
    <>
      <h1>{t('demo.client.title')}</h1>
      <p class="lead">{t('demo.client.lead')}</p>
      <form class="panel client-form" action={`${EHR_PATH}/client`}>
        <p>
          <label for="patient">{t('demo.client.patient')}</label>
          <select id="patient" name="patient">
            {patients.map(({ id, name }) => (
              <option value={id} selected={id === patient.id}>
                {name}
              </option>
            ))}
          </select>
        </p>
        <fieldset>
          <legend>{t('demo.client.call')}</legend>
          {API_CALLS.map((name) => (
            <p class="choice">
              <input type="radio" id={name} name="call" value={name} checked={name === (made?.name ?? 'search')} />
              <label for={name}>{t(`demo.client.${name}`)}</label>
            </p>
          ))}
        </fieldset>
        <button type="submit" class="primary">
          {t('demo.client.press')}
        </button>
      </form>
      {made && <Exchange exchange={made.exchange} view={view} />}
    </>
  );
  return renderPage(view, { title: t('demo.client.title'), main });
}

/** Renders an entry of the EHR's list of documents. */
export function renderDocument(patient: PatientView, resource: JsonObject, view: DemoView): string {
  const { t } = view;
  const { id, type, title, description, hasPdf } = readDocument(resource);
  const path = `${chartPath(patient.id)}/documents/${type}/${id}`;
  const main = (
    <>
      <PatientHead patient={patient} view={view} />
      <section class="panel">
        <h2>{title}</h2>
        <p>{description}</p>
        {hasPdf && (
          <p>
            <a class="button primary" href={`${path}/pdf`} target="_blank">
              {t('demo.document.pdf')}
            </a>
          </p>
        )}
        <p class="quiet">{t('demo.document.written')}</p>
        <details>
          <summary>{t('demo.document.resource', { type })}</summary>
          <pre tabIndex={0} role="region" aria-label={type}>
            {formatJson(JSON.stringify(resource))}
          </pre>
        </details>
      </section>
      <p>
        <a href={chartPath(patient.id)}>{t('demo.chart.back', { name: patient.name })}</a>
      </p>
    </>
  );
  return renderPage(view, { title, main });
}

/** Renders an error: nothing is there, or the call failed. */
export function renderError(status: number, view: DemoView): string {
  const { t } = view;
  const main = (
    <>
      <h1>{t(status === 404 ? 'demo.error.notFound' : 'demo.error.failed')}</h1>
      <p>
        <a href={EHR_PATH}>{t('demo.error.back')}</a>
      </p>
    </>
  );
  return renderPage(view, { title: t('demo.error.title'), main });
}

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
