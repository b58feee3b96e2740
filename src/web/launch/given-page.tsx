import { listFollowUp } from '../../core/handing-over/follow-up.js';
import type { DeliveryState, GivenItem, RecordedEntry } from '../../core/handing-over/record.js';
import { describeTime } from '../../core/time-in-zone.js';
import type { PageContext } from '../page-context.js';
import { PostButton, ToCopy } from '../parts/fields.js';
import { needsLaunch } from './delivery/deliver.js';
import { DoneForm, PatientBanner } from './banner.js';
import type { LaunchSession } from './sessions.js';

interface GivenPageProps {
  readonly session: LaunchSession;
  readonly recorded: RecordedEntry;
  /** Whether the token has ended: nothing can be written before the next launch. */
  readonly isEnded: boolean;
  /** Whether the chart alone holds the entry. */
  readonly isChartOnly: boolean;
  /** The handover in a sentence to paste into the chart: all of it, or the articles that were left out. */
  readonly sentence: string;
  readonly page: PageContext;
}

/** Path of the paper with all that the patient received, below the session's. */
export const TO_TAKE_HOME = '/given-to-you';

/** The state of writing an entry to the chart. Without a recorded delivery the process ended before it was written. */
const findState = ({ delivery }: RecordedEntry, { ehr }: LaunchSession): DeliveryState =>
  delivery?.state ?? (ehr.writeBack.length === 0 ? 'nowhere' : 'waiting');

/** Whether an entry is not in the chart, and writing it may be retried: here, or after the next launch of the patient. */
export function canRetry(recorded: RecordedEntry, session: LaunchSession): boolean {
  const state = findState(recorded, session);
  return !recorded.error && (state === 'waiting' || state === 'refused');
}

/** States of an entry that the chart holds. */
const IN_CHART: ReadonlySet<DeliveryState> = new Set(['written', 'corrected', 'not-corrected']);

const isInChart = (recorded: RecordedEntry, session: LaunchSession): boolean =>
  IN_CHART.has(findState(recorded, session));

/** Chooses the heading of an entry's page. Where the chart alone holds entries, one that is not there is recorded nowhere. */
export function chooseHeading(recorded: RecordedEntry, session: LaunchSession, isChartOnly: boolean): string {
  if (recorded.error) return 'given.errorTitle';
  return isChartOnly && !isInChart(recorded, session) ? 'given.chartOnly.notRecorded' : 'given.recorded';
}

/** Articles that were left out of the chart, since they are marked. */
export function findLeftOut(recorded: RecordedEntry, session: LaunchSession): readonly GivenItem[] {
  if (session.ehr.writesSensitive || findState(recorded, session) !== 'written') return [];
  return recorded.entry.items.filter(({ sensitivity }) => sensitivity !== undefined);
}

/** The result of writing to the chart, and what is left to do. */
function DeliveryNotice({ recorded, session, page: { t } }: Pick<GivenPageProps, 'recorded' | 'session' | 'page'>) {
  const { delivery, error } = recorded;
  const state = findState(recorded, session);
  // An entry in error that was never written needs no correction.
  if (error && state !== 'corrected' && state !== 'not-corrected') return null;
  const leftOut = findLeftOut(recorded, session).length > 0;
  const words = leftOut ? 'partly' : delivery && needsLaunch(delivery) ? 'ended' : state;
  const isWell = state === 'corrected' || (state === 'written' && !leftOut);
  return (
    <p class={isWell ? 'notice' : 'notice notice-problem'} role="status">
      {t(`given.delivery.${words}`)}
      {state === 'refused' ? ` ${t('given.serverSays', { words: delivery?.reason ?? '' })}` : null}
    </p>
  );
}

/** One entry of the record: its articles, the result of writing it to the chart, and the button for errors. */
export function GivenPage({ session, recorded, sentence, isEnded, isChartOnly, page }: GivenPageProps) {
  const { t, launched = '' } = page;
  const { entry, error } = recorded;
  const leftOut = findLeftOut(recorded, session);
  const path = `${launched}/given/${entry.id}`;
  return (
    <>
      <h1>{t(chooseHeading(recorded, session, isChartOnly))}</h1>
      <PatientBanner session={session} page={page} />
      <DeliveryNotice recorded={recorded} session={session} page={page} />
      {isChartOnly && !isInChart(recorded, session) ? (
        <p class="notice notice-problem">{t('given.chartOnly.lost')}</p>
      ) : null}
      <ul class="plain">
        {entry.items.map(({ title, language }) => (
          <li lang={language}>{title}</li>
        ))}
      </ul>
      {entry.followUp ? (
        <>
          <h2>{t('followUp.title')}</h2>
          <ul>
            {listFollowUp(entry.followUp).map((line) => (
              <li>
                <bdi>{line}</bdi>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {error || (findState(recorded, session) === 'written' && leftOut.length === 0) ? null : (
        <section aria-labelledby="sentence">
          <h2 id="sentence">{t('given.paste')}</h2>
          <ToCopy sentence={sentence} t={t} />
        </section>
      )}
      <div class="extras">
        {canRetry(recorded, session) && !isEnded ? (
          <PostButton path={`${path}/again`} label={t('given.again')} page={page} />
        ) : null}
        {error ? null : (
          <details class="more">
            <summary>{t('given.markError')}</summary>
            <p>{t(isChartOnly ? 'given.chartOnly.confirmError' : 'given.confirmError')}</p>
            <PostButton path={`${path}/error`} label={t('given.confirmButton')} page={page} />
          </details>
        )}
        <a href={page.href(`${launched}${TO_TAKE_HOME}`)}>{t('given.toYou.title')}</a>
        <a href={page.href(launched)}>{t('launch.backToList')}</a>
        <DoneForm page={page} />
      </div>
    </>
  );
}

interface GivenBeforeProps extends Pick<GivenPageProps, 'session' | 'page'> {
  readonly entries: readonly RecordedEntry[];
  /** Ids of entries that are being written to the chart. */
  readonly sending: ReadonlySet<string>;
  /** IANA name of the site's time zone. */
  readonly timeZone: string;
}

/** Earlier handovers to this patient, on the list. */
export function GivenBefore({ entries, sending, timeZone, session, page }: GivenBeforeProps) {
  const { t, launched = '', language } = page;
  if (entries.length === 0) return null;
  return (
    <section aria-labelledby="given-before">
      <h2 id="given-before">{t('given.before')}</h2>
      <ul class="plain">
        {entries.map((recorded) => {
          const { entry, error } = recorded;
          return (
            <li>
              <a href={page.href(`${launched}/given/${entry.id}`)}>{describeTime(entry.at, language, timeZone)}</a>:{' '}
              {entry.items.map(({ title }) => title).join('; ')}
              {error ? ` (${t('given.inError')})` : null}
              {canRetry(recorded, session)
                ? ` (${t(sending.has(entry.id) ? 'given.isSending' : 'given.isWaiting')})`
                : null}
            </li>
          );
        })}
      </ul>
      <p>
        <a href={page.href(`${launched}${TO_TAKE_HOME}`)}>{t('given.toYou.title')}</a>
      </p>
    </section>
  );
}
