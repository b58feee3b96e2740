import { textIn } from '../../core/model/article.js';
import { languagesFrom } from '../../core/model/language.js';
import { toShownArticle } from '../../protocols/answer-facts.js';
import { LIMITS } from '../../limits.js';
import { firstValue, type RouteResponse } from '../../protocols/route.js';
import type { PageContext } from '../page-context.js';
import type { ShownArticle } from '../../protocols/feed/language-links.js';
import { patientResponse } from '../pages/patient-page.js';
import { NO_STORE } from '../parts/layout.js';
import { DoneForm, PatientBanner } from './banner.js';
import { awaitReading, isReading } from './await-reading.js';
import { readPatientResource } from './read-chart.js';
import { showReading } from './reading-page.js';
import { createSessionPage, type SessionRequest } from './session-request.js';
import { listRecorded, readByPatient } from './show-list.js';

/** From this age on, patients see their own marked articles. A minor or a proxy does not. */
const ADULT_MONTHS = 216;

/** Finds the articles handed over to this patient that the library still has and the site shows to this reader. */
async function findReleased(given: SessionRequest, page: PageContext): Promise<ShownArticle[]> {
  const { session, options } = given;
  const { reader, language, isGiven } = page;
  const isOwn = session.role === 'patient' && (reader.leastAgeMonths ?? 0) >= ADULT_MONTHS;
  // All entries: if only the newest were read, held ones would displace others, and so reveal themselves.
  const entries = await listRecorded(given, LIMITS.maxListedEntries);
  const items = entries.flatMap(({ entry, error }) => (error ? [] : entry.items));
  const seen = items.filter(({ sensitivity }) => isOwn || sensitivity === undefined);
  const articles = options.library.findArticles([...new Set(seen.map(({ article }) => article))]);
  return articles.flatMap((article) => {
    const text = textIn(article, languagesFrom(language));
    const isMarked = article.sensitivity !== undefined && !isOwn;
    return text && !isMarked && isGiven({ article, sensitivity: article.sensitivity }) ? [{ article, text }] : [];
  });
}

/** Shows a patient or a proxy the articles that a clinician released, and no chart. */
export async function showToPatient(given: SessionRequest): Promise<RouteResponse> {
  const { request, options, session } = given;
  const read = await awaitReading(given, readPatientResource, LIMITS.launchPatienceMs);
  if (isReading(read)) return showReading(given, read);
  session.person = read.person;
  const { now, parameters } = request;
  const { patient: known } = options.readResources(read.resources, {
    encounter: undefined,
    findSetting: () => 'portal',
    includeInactive: false,
    server: session.ehr.iss,
    now,
  });
  const language = firstValue(parameters, 'lang') === '' ? known.language : undefined;
  const plain = createSessionPage(given, given.launched, { language });
  const page = readByPatient(plain, 'PAT', known, options);
  const released = await findReleased(given, page);
  const audit = { articles: released.map(({ article, text }) => toShownArticle(article, text)) };
  const facts = { outcome: released.length > 0 ? 'answered' : 'empty', audit };
  // On each of these pages, or it would betray something where it is.
  const before = (
    <>
      {session.granted.needsBanner ? <PatientBanner session={session} page={page} /> : null}
      <p>{page.t('patient.whatItIs')}</p>
    </>
  );
  const around = { before, after: <DoneForm page={page} /> };
  return patientResponse(page, released, { facts, headers: NO_STORE }, around);
}
