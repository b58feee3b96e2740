import { longDate } from '../parts/article-facts.js';
import type { PageContext } from '../page-context.js';
import { PostButton } from '../parts/fields.js';
import { isPatientsPage } from '../pages/patient-page.js';
import type { LaunchSession } from './sessions.js';

/** The patient's name and birth date: always beside "Given", and on the list unless the EHR shows them. */
export function PatientBanner({ session, page: { t, language } }: { session: LaunchSession; page: PageContext }) {
  if (!session.person) return null;
  const { name, birthDate } = session.person;
  // A partial date is shown as it is in the chart.
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(birthDate) && !Number.isNaN(Date.parse(birthDate));
  const born = isDay ? longDate(birthDate, language) : birthDate;
  return (
    <p class="patient-banner screen-only">
      <strong>{name === '' ? t('launch.noName') : <bdi>{name}</bdi>}</strong>{' '}
      <span>{birthDate === '' ? t('launch.noBirthDate') : t('launch.born', { date: born })}</span>
    </p>
  );
}

/** Ends the session. */
export function DoneForm({ page }: { page: PageContext }) {
  const label = page.t(isPatientsPage(page) ? 'patient.done' : 'launch.done');
  return <PostButton look="done-form" path={`${page.launched ?? ''}/done`} label={label} page={page} />;
}
