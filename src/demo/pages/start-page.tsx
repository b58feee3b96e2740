import type { VNode } from 'preact';
import { nameLanguage } from '../../core/model/language-links.js';
import { PATIENT_IDS } from '../chart-store.js';
import { isCurrent, listFacts, readPatient, type PatientView } from '../chart-view.js';
import { TOUR_STEPS, type TourStep } from '../demo-state.js';
import { EHR_PATH, chartPath, type DemoView } from '../view.js';
import { PostButton, renderPage } from './layout.js';

const [ADULT, OLDER, SPANISH, CHINESE] = ['demo-adult', 'demo-older', 'demo-spanish', 'demo-chinese'] as const;

function LaunchButton({ patientId, view }: { patientId: string; view: DemoView }) {
  const patient = readPatient(view.store, patientId, view.now);
  return (
    <PostButton action={`${chartPath(patientId)}/launch`} opensTab look="small">
      {view.t('demo.tour.launchFor', { name: patient?.name.split(' ')[0] ?? '' })}
    </PostButton>
  );
}

/** Builds the link or the button of a step. */
function buildWay(step: TourStep, view: DemoView): VNode {
  const places: Readonly<Partial<Record<TourStep, string>>> = {
    chart: chartPath(ADULT),
    infobutton: `${chartPath(ADULT)}#problems`,
    given: `${chartPath(ADULT)}#documents`,
    order: `${chartPath(ADULT)}#orders`,
    discharge: `${chartPath(OLDER)}#visit`,
    client: `${EHR_PATH}/client`,
  };
  const place = places[step];
  if (place !== undefined) {
    return (
      <a class="button small" href={place}>
        {view.t(`demo.tour.go.${step}`)}
      </a>
    );
  }
  return (
    <>
      {(step === 'launch' ? [ADULT] : [SPANISH, CHINESE]).map((id) => (
        <LaunchButton patientId={id} view={view} />
      ))}
    </>
  );
}

function Tour({ view }: { view: DemoView }) {
  const { t, state } = view;
  const next = TOUR_STEPS.find((step) => !state.isDone(step));
  return (
    <section class="panel tour">
      <h2>{t('demo.tour.title')}</h2>
      <ol>
        {TOUR_STEPS.map((step) => (
          <li class={state.isDone(step) ? 'done' : step === next ? 'next' : undefined}>
            <div>
              <p>
                {t(`demo.tour.${step}`, { press: t('given.press') })}{' '}
                {state.isDone(step) && <span class="mark">{t('demo.tour.done')}</span>}
              </p>
              <div class="ways">{buildWay(step, view)}</div>
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Shows age, sex and language: `65 years · female · reads English`. */
export function describePerson({ age, gender, language }: PatientView, { t, language: shown }: DemoView): string {
  const sex = gender === 'female' ? t('demo.sex.female') : t('demo.sex.male');
  return [t('demo.years', { age }), sex, t('demo.reads', { language: nameLanguage(language, shown) })].join(' · ');
}

function PatientRow({ patient, view }: { patient: PatientView; view: DemoView }) {
  const problems = listFacts(view.store, patient.id, 'Condition').filter(isCurrent);
  return (
    <li>
      <a class="patient" href={chartPath(patient.id)}>
        <span class="person">
          <strong>{patient.name}</strong>
          <span class="quiet">{describePerson(patient, view)}</span>
        </span>
        <span class="quiet">{problems.map(({ text }) => text).join('; ')}</span>
      </a>
    </li>
  );
}

/** Renders the EHR's first page: the tour and the list of patients. */
export function renderStart(view: DemoView): string {
  const { t, store, now } = view;
  const patients = PATIENT_IDS.flatMap((id) => readPatient(store, id, now) ?? []);
  const main = (
    <>
      <h1>{t('demo.start.heading')}</h1>
      <p class="lead">{t('demo.start.lead')}</p>
      <div class="two">
        <Tour view={view} />
        <section class="panel">
          <h2>{t('demo.start.patients')}</h2>
          <ul class="patients">
            {patients.map((patient) => (
              <PatientRow patient={patient} view={view} />
            ))}
          </ul>
        </section>
      </div>
    </>
  );
  return renderPage(view, { title: t('demo.start.title'), main, isRenewed: true });
}
