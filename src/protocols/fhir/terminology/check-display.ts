import type { IssueFacts } from './issues.js';
import type { NameIn, WantedLanguages } from './language.js';
import { chooseDisplays, listDisplays } from './language.js';
import type { TermConcept, TermSystem } from './systems/term-system.js';

export interface DisplayCheck {
  readonly system: TermSystem;
  readonly concept: TermConcept;
  /** The display that the value set states. */
  readonly stated: string | undefined;
  readonly sent: string;
  readonly languages: WantedLanguages | undefined;
  readonly isLenient: boolean;
  readonly expression: string;
}

const lower = (text: string): string => text.toLowerCase();
const squeeze = (text: string): string => lower(text).replace(/\s+/g, ' ').trim();
const holds = (names: readonly NameIn[], sent: string): boolean =>
  names.some(({ value }) => lower(value) === lower(sent));

function listChoices(names: readonly NameIn[]): string {
  const displays = [
    ...new Set(names.map(({ value, language }) => (language ? `'${value}' (${language})` : `'${value}'`))),
  ];
  const [only = ''] = displays;
  if (displays.length <= 1) return `Valid display is ${only}`;
  return `Valid display is one of ${displays.length} choices: ${displays.slice(0, -1).join(', ')} or ${displays.at(-1) ?? ''}`;
}

/** What is wrong with the display that was sent with a code; undefined where it is one of the code's names. */
export function checkDisplay(check: DisplayCheck): IssueFacts | undefined {
  const { system, concept, stated, sent, languages, isLenient, expression } = check;
  // Of a code that the library only maps no name is held: nothing can be wrong with one.
  if (concept.display === undefined && stated === undefined && concept.designations.length === 0) return undefined;
  const all = [
    ...(stated === undefined ? [] : [{ language: system.header.language, value: stated }]),
    ...listDisplays(system, concept),
  ];
  const valid = chooseDisplays(all, languages);
  const wanted = languages?.tags.join(', ');
  const place = `${system.url}#${concept.code}`;
  const issue = {
    severity: isLenient || system.holdsOneName ? 'warning' : 'error',
    type: 'invalid-display',
    expression,
  } as const;
  // A system that does not say what language it speaks has names of any language.
  const isSilent = system.header.language === undefined && holds(all, sent);
  if (isSilent || holds(valid, sent)) return undefined;
  if (languages && valid.length === 0) {
    const tail = `for language(s) '${wanted ?? ''}'`;
    if (holds(all, sent)) {
      const text = `There are no valid display names found for the code ${place} ${tail}. The display is '${sent}' which is a valid display for the default language`;
      return { ...issue, severity: 'information', text };
    }
    const text = `Wrong Display Name '${sent}' for ${place}. There are no valid display names found ${tail}. Default display is '${concept.display ?? ''}'`;
    return { ...issue, text };
  }
  const isSpace = valid.some(({ value }) => squeeze(value) === squeeze(sent));
  const what = isSpace ? 'Wrong whitespace in Display Name' : 'Wrong Display Name';
  const text = `${what} '${sent}' for ${place}. ${listChoices(valid)} (for the language(s) '${wanted ?? '--'}')`;
  return { ...issue, text };
}
