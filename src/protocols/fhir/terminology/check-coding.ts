import type { Coding, ValueSet } from '@medplum/fhirtypes';
import { findConcept, readDefinition } from './value-sets/members.js';
import { createIssue, type IssueFacts } from './issues.js';
import { chooseDisplays, listDisplays, type NameIn, type WantedLanguages } from './language.js';
import type { Scope } from './scope.js';
import type { TermConcept, TermSystem } from './systems/term-system.js';
import { explainUnknownCode, toCanonical } from './systems/term-system.js';
import { chooseVersion, type VersionWishes } from './version-wishes.js';

/** How a code is to be checked, and in what. */
export interface CheckOptions {
  readonly scope: Scope;
  /** Undefined: against its code system alone. */
  readonly valueSet: ValueSet | undefined;
  readonly languages: WantedLanguages | undefined;
  readonly isLenient: boolean;
  readonly membershipOnly: boolean;
  readonly activeOnly: boolean;
  readonly versions: VersionWishes;
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
  isMember: boolean;
  system?: TermSystem;
  concept?: TermConcept | undefined;
  unknownSystem?: string;
  causedByUnknownSystem?: string;
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

const isAddress = (system: string): boolean => /^[a-z][a-z0-9+.-]*:/i.test(system);

/** A code system that is not held: why, as far as its address tells. */
function listSystemIssues({ system = '', version }: Coding, at: string, scope: Scope): IssueFacts[] {
  if (scope.findValueSet(system)) return [createIssue('valueSetAsSystem', { system }, at)];
  const versions = scope.listVersions(system);
  const missing =
    version !== undefined && versions.length > 0
      ? createIssue('unknownVersion', { system, version, versions: versions.join(', ') }, at)
      : createIssue('unknownSystem', { system: isAddress(system) ? system : `'${system}'` }, at);
  return isAddress(system) ? [missing] : [createIssue('localSystem', {}, at), missing];
}

const reportMissingSystem = (url: string, place: CodingPlace): IssueFacts =>
  createIssue('unknownSystem', { system: `'${url}'` }, place.system);

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

/** Finds the fault of the display that was sent with a code; undefined where it is one of the code's names. */
function checkDisplay(check: CodingCheck, options: CheckOptions, expression: string): IssueFacts | undefined {
  const { coding, system, concept } = check;
  const { languages, isLenient } = options;
  const sent = coding.display;
  if (sent === undefined || !system || !concept) return undefined;
  // Of a code that the library only maps no name is held: nothing can be wrong with one.
  if (concept.display === undefined && concept.designations.length === 0) return undefined;
  const all = listDisplays(system, concept);
  const valid = chooseDisplays(all, languages);
  const wanted = languages?.tags.join(', ');
  const place = `${system.url}#${concept.code}`;
  const severity = isLenient || system.holdsOneName ? 'warning' : 'error';
  // A system that states no language may have names in any.
  const isSilent = system.header.language === undefined && holds(all, sent);
  if (isSilent || holds(valid, sent)) return undefined;
  if (languages && valid.length === 0) {
    const values = { sent, code: place, languages: wanted ?? '', display: concept.display ?? '' };
    if (holds(all, sent)) return createIssue('displayOfOtherLanguage', values, expression);
    return createIssue('noDisplay', values, expression, severity);
  }
  const isSpace = valid.some(({ value }) => squeeze(value) === squeeze(sent));
  const what = isSpace ? 'Wrong whitespace in Display Name' : 'Wrong Display Name';
  const values = { what, sent, code: place, choices: listChoices(valid), languages: wanted ?? '--' };
  return createIssue('wrongDisplay', values, expression, severity);
}

function checkFound(check: CodingCheck, options: CheckOptions, place: CodingPlace): void {
  const { concept, issues } = check;
  if (!concept) return;
  const { code } = concept;
  if (options.activeOnly && concept.inactive) {
    issues.push(createIssue('notActive', { code }, place.code));
    check.isMember = false;
  }
  if (concept.inactive) issues.push(createIssue('inactive', { code }, place.whole));
  const wrong = checkDisplay(check, options, place.display);
  if (wrong) issues.push(wrong);
}

/** Checks one coding against its code system and, where there is one, a value set (R4 ValueSet $validate-code). */
export function checkCoding(coding: Coding, place: CodingPlace, options: CheckOptions): CodingCheck {
  const { valueSet, scope } = options;
  const check: CodingCheck = { coding, issues: [], isMember: valueSet === undefined };
  const { code = '', system: url } = coding;
  const absent = (): void => {
    if (valueSet) check.issues.push(reportNotInValueSet(coding, valueSet, place));
    check.isMember = false;
  };
  if (!url) {
    check.issues.push(createIssue('noSystem', {}, place.whole));
    absent();
    return check;
  }
  const system = scope.findSystem(url, chooseVersion(options.versions, url, coding.version));
  if (!system) {
    const issues = listSystemIssues(coding, place.system, scope);
    if (valueSet && readDefinition(valueSet).system === url && isAddress(url) && !scope.findValueSet(url)) {
      check.issues.push(reportMissingSystem(url, place));
      check.causedByUnknownSystem = url;
      check.isMember = false;
      return check;
    }
    if (issues.some(({ type }) => type === 'not-found')) check.unknownSystem = toCanonical(url, coding.version);
    check.issues.push(...issues);
    absent();
    return check;
  }
  check.system = system;
  const reportUnknown = (severity: IssueFacts['severity']): void => {
    const values = { code, system: system.url, explanation: explainUnknownCode(system, code) };
    check.issues.push(createIssue('unknownCode', values, place.code, severity));
  };
  const held = system.find(code);
  if (valueSet) check.isMember = findConcept(valueSet, system, code) !== undefined;
  check.concept = held ?? system.assume(code);
  if (check.concept) {
    if (!held) reportUnknown('warning');
    if (!options.membershipOnly) checkFound(check, options, place);
  } else {
    if (!options.membershipOnly) reportUnknown('error');
    check.isMember = false;
  }
  if (valueSet && !check.isMember) absent();
  return check;
}
