import { hasFollowUp, type FollowUp } from '../../core/handing-over/follow-up.js';
import type { Language } from '../../core/model/language.js';
import type { FollowUpFact, HandoutFollowUp } from '../../handout/handout.js';
import type { PageContext } from '../page-context.js';

const DATE = { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', timeZone: 'UTC' } as const;

/** A typed day and time in words of a language, without a zone: it is that of the place. */
function describeWhen(day: string, time: string, language: Language): string {
  const at = new Date(`${day || '2000-01-01'}T${time || '00:00'}:00Z`);
  const date = day === '' ? '' : new Intl.DateTimeFormat(language, DATE).format(at);
  const clock =
    time === '' ? '' : new Intl.DateTimeFormat(language, { timeStyle: 'short', timeZone: 'UTC' }).format(at);
  return [date, clock].filter((part) => part !== '').join(', ');
}

/**
 * Writes a follow-up for the paper: labels and days in the languages of the handout, and in English, which the staff read; typed texts as
 * they were typed. Undefined if nothing was typed.
 */
export function writeFollowUp(followUp: FollowUp, papers: readonly PageContext[]): HandoutFollowUp | undefined {
  if (!hasFollowUp(followUp)) return undefined;
  const languages: readonly Language[] = [...new Set([...papers.map(({ language }) => language), 'en' as const])];
  const join = (write: (language: Language) => string): string => [...new Set(languages.map(write))].join(' · ');
  const translate = (key: string): string => join((language) => papers[0]?.texts(language)(key) ?? key);
  const fact = (key: string, text: string): FollowUpFact[] => (text === '' ? [] : [{ label: translate(key), text }]);
  const appointments = followUp.appointments.map(({ day, time, place, about }) => [
    ...fact(
      'followUp.paper.when',
      join((language) => describeWhen(day, time, language)),
    ),
    ...fact('followUp.paper.where', place),
    ...fact('followUp.paper.about', about),
  ]);
  const calls = followUp.calls.map(({ when, whom }) => [
    ...fact('followUp.paper.call', whom),
    ...fact('followUp.paper.callWhen', when),
  ]);
  const parts = [
    { head: translate('followUp.paper.appointments'), entries: appointments },
    { head: translate('followUp.paper.calls'), entries: calls },
  ];
  return { head: translate('followUp.paper.head'), parts: parts.filter(({ entries }) => entries.length > 0) };
}

/** The follow-up on the paper. */
export function FollowUpSection({ followUp }: { followUp: HandoutFollowUp | undefined }) {
  if (!followUp) return null;
  return (
    <section class="paper-note paper-follow-up" aria-labelledby="paper-follow-up">
      <h2 id="paper-follow-up">{followUp.head}</h2>
      {followUp.parts.map(({ head, entries }) => (
        <>
          <h3>{head}</h3>
          <ul class="plain">
            {entries.map((facts) => (
              <li>
                {facts.map(({ label, text }) => (
                  <p>
                    <b>{label}:</b> <bdi>{text}</bdi>
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </>
      ))}
    </section>
  );
}
