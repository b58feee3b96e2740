import type { Coding, ValueSet } from '@medplum/fhirtypes';
import { findConcept } from './value-sets/members.js';
import { createIssue, type IssueFacts } from './issues.js';
import { listDisplays, type WantedLanguages } from './language.js';
import type { Scope } from './scope.js';
import type { TermConcept, TermSystem } from './systems/term-system.js';
import { explainUnknownCode, toCanonical } from './systems/term-system.js';

/** How a code is to be checked, and in what. */
export interface CheckOptions {
  readonly scope: Scope;
  /** Undefined: against its code system alone. */
  readonly valueSet: ValueSet | undefined;
  /** Languages of the display that is returned. */
  readonly languages: WantedLanguages | undefined;
}

/**
 * Where in the request the parts of a coding are: `code`, `Coding.code`, `CodeableConcept.coding[1].code`.
 * @param at its place; undefined: its parts are parameters of their own
 */
export const findCodingPlace = (at?: string, isOneOfSeveral = false) => ({
  code: at ? `${at}.code` : 'code',
  system: at ? `${at}.system` : 'system',
  display: at ? `${at}.display` : 'display',
  whole: at ?? 'code',
  isOneOfSeveral,
});

type CodingPlace = Readonly<ReturnType<typeof findCodingPlace>>;

/** Result of checking one coding. */
export interface CodingCheck {
  readonly coding: Coding;
  readonly issues: IssueFacts[];
  readonly isMember: boolean;
  readonly system?: TermSystem;
  readonly concept?: TermConcept | undefined;
}

/** A value set as messages name it. */
export const nameValueSet = ({ url, version }: Partial<ValueSet> = {}): string =>
  url ? toCanonical(url, version) : '(unidentified)';

function reportNotInValueSet(coding: Coding, valueSet: ValueSet, place: CodingPlace): IssueFacts {
  const { system = '', code = '', display } = coding;
  const sent = `${system}#${code}${display ? ` ('${display}')` : ''}`;
  const name = place.isOneOfSeveral ? 'oneNotInValueSet' : 'notInValueSet';
  return createIssue(name, { code: sent, valueSet: nameValueSet(valueSet) }, place.code);
}

/** Finds why a coding has no code system here. */
function reportNoSystem({ system, version }: Coding, place: CodingPlace, scope: Scope): IssueFacts {
  if (!system) return createIssue('noSystem', {}, place.whole);
  const versions = scope.listVersions(system).join(', ');
  return version !== undefined && versions !== ''
    ? createIssue('unknownVersion', { system, version, versions }, place.system)
    : createIssue('unknownSystem', { system }, place.system);
}

/** Finds the fault of the display that was sent with a code; undefined where it is one of the code's names in any language. */
function checkDisplay(sent: string | undefined, system: TermSystem, concept: TermConcept, place: CodingPlace) {
  const names = listDisplays(system, concept).map(({ value }) => value);
  // Of a code that the library only maps no name is held: nothing can be wrong with one.
  if (sent === undefined || names.length === 0) return [];
  if (names.some((name) => name.toLowerCase() === sent.toLowerCase())) return [];
  const choices = [...new Set(names)].map((name) => `'${name}'`).join(', ');
  const values = { sent, code: `${system.url}#${concept.code}`, choices };
  return [createIssue('wrongDisplay', values, place.display, system.holdsOneName ? 'warning' : 'error')];
}

/** Checks one coding against its code system and, where there is one, a value set (R4 ValueSet $validate-code). */
export function checkCoding(coding: Coding, place: CodingPlace, { valueSet, scope }: CheckOptions): CodingCheck {
  const { code = '', system: url = '' } = coding;
  const absent = valueSet ? [reportNotInValueSet(coding, valueSet, place)] : [];
  const system = scope.findSystem(url, coding.version);
  if (!system) return { coding, issues: [reportNoSystem(coding, place, scope), ...absent], isMember: false };
  const held = system.find(code);
  const concept = held ?? system.assume(code);
  const isMember = concept !== undefined && (!valueSet || findConcept(valueSet, system, code) !== undefined);
  const issues = isMember ? [] : absent;
  if (!held) {
    const values = { code, system: system.url, explanation: explainUnknownCode(system, code) };
    issues.unshift(createIssue('unknownCode', values, place.code, concept ? 'warning' : 'error'));
  }
  if (concept?.inactive) issues.unshift(createIssue('inactive', { code: concept.code }, place.whole));
  if (concept) issues.unshift(...checkDisplay(coding.display, system, concept, place));
  return { coding, issues, isMember, system, concept };
}
