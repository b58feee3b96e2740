import type { FollowUp } from '../../core/handing-over/follow-up.js';
import { RequestError } from '../../core/errors.js';
import { printableLine } from '../../core/client-text.js';
import { LIMITS } from '../../limits.js';
import { wholeValue, type Parameters } from '../../protocols/route.js';
import type { PageContext } from '../page-context.js';

/** Fields of an appointment and of a call, with the type of their input. Texts are in resources/i18n under `followUp`. */
const APPOINTMENT = { day: 'date', time: 'time', place: 'text', about: 'text' } as const;
const CALL = { when: 'text', whom: 'text' } as const;
type Fields = Readonly<Record<string, 'date' | 'time' | 'text'>>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$/;

const nameField = (kind: string, at: number, field: string): string => `${kind}-${at + 1}-${field}`;

/** True if the day exists: `Date.parse` takes 30 February for a day of March. */
const isDay = (text: string): boolean =>
  DAY.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text);

/** @throws RequestError `bad-parameter-value`, `query-too-long` */
function readField(parameters: Parameters, name: string, type: Fields[string]): string {
  const value = printableLine(wholeValue(parameters, name));
  const most = LIMITS.maxFollowUpChars;
  if (value.length > most) throw new RequestError('query-too-long', { most });
  if (value === '') return '';
  if (type === 'date' && !isDay(value))
    throw new RequestError('bad-parameter-value', { parameter: name, expected: 'a day: 2026-12-07' });
  // Some browsers send seconds.
  const time = type === 'time' ? value.replace(/^(\d\d:\d\d):\d\d$/, '$1') : '';
  if (type === 'time' && !TIME.test(time))
    throw new RequestError('bad-parameter-value', { parameter: name, expected: 'a time: 10:30' });
  return type === 'time' ? time : value;
}

/** Reads the filled entries of a kind, in their order. */
function readEntries<F extends Fields>(parameters: Parameters, kind: string, fields: F, most: number) {
  const names = Object.entries(fields) as [keyof F & string, Fields[string]][];
  return Array.from({ length: most }, (_none, at) => {
    const read = names.map(([name, type]) => [name, readField(parameters, nameField(kind, at, name), type)]);
    return Object.fromEntries(read) as Readonly<Record<keyof F, string>>;
  }).filter((entry) => Object.values(entry).some((value) => value !== ''));
}

/** Reads the follow-up that was typed into a posted form. @throws RequestError `bad-parameter-value`, `query-too-long` */
export const readFollowUp = (parameters: Parameters): FollowUp => ({
  appointments: readEntries(parameters, 'appointment', APPOINTMENT, LIMITS.maxAppointments),
  calls: readEntries(parameters, 'call', CALL, LIMITS.maxFollowUpCalls),
});

interface EntriesProps {
  readonly kind: 'appointment' | 'call';
  readonly fields: Fields;
  readonly most: number;
  readonly entries: readonly Readonly<Record<string, string>>[];
  /** Place of the first entry that is shown. */
  readonly at?: number;
  readonly page: PageContext;
}

/** The fields of an entry, and behind a line to open those of the next one. */
function Entries({ at = 0, ...props }: EntriesProps) {
  const { kind, fields, most, entries, page } = props;
  const { t } = page;
  const entry = new Map(Object.entries(entries[at] ?? {}));
  return (
    <>
      <fieldset class="follow-up">
        <legend>{t(`followUp.entry.${kind}`, { number: at + 1 })}</legend>
        {Object.entries(fields).map(([field, type]) => {
          const name = nameField(kind, at, field);
          return (
            <p>
              <label for={name}>
                {t(kind === 'call' ? `followUp.call.${field}` : `followUp.appointment.${field}`)}
              </label>
              <input
                {...{ id: name, name, type, value: entry.get(field) ?? '', autocomplete: 'off' }}
                maxLength={type === 'text' ? LIMITS.maxFollowUpChars : undefined}
                data-follow-up
              />
            </p>
          );
        })}
      </fieldset>
      {at + 1 < most ? (
        <details class="more" open={entries.length > at + 1}>
          <summary>{t(`followUp.another.${kind}`)}</summary>
          <Entries {...props} at={at + 1} />
        </details>
      ) : null}
    </>
  );
}

/** The fields for appointments, and for when to call whom. */
export function FollowUpFields({ followUp, page }: { followUp: FollowUp; page: PageContext }) {
  const { t, launched } = page;
  const { appointments, calls } = followUp;
  const filled = appointments.length + calls.length;
  return (
    <details class="more" open={filled > 0}>
      <summary>{t('followUp.title')}</summary>
      <p class="hint">{t(launched === undefined ? 'followUp.hint' : 'followUp.hintRecorded')}</p>
      <Entries
        kind="appointment"
        fields={APPOINTMENT}
        most={LIMITS.maxAppointments}
        entries={appointments.map((one) => ({ ...one }))}
        page={page}
      />
      <Entries
        kind="call"
        fields={CALL}
        most={LIMITS.maxFollowUpCalls}
        entries={calls.map((one) => ({ ...one }))}
        page={page}
      />
    </details>
  );
}
