import type { Coding, Identifier } from '@medplum/fhirtypes';
import { foldText } from '../../../core/search/text-tokens.js';
import { findCodeSystem } from '../../../core/codes/code-systems.js';
import type { SearchParameterFacts } from '../rest/interaction.js';
import { readToken } from '../documents/token.js';
import { toHeldSpan, readDateValue, matchesDate } from './dates.js';
import { readMissing, unescapeValue, type Filter } from './values.js';
import { badValue } from '../rest/bad-request.js';

/** When and where a search is made: relative dates and our own addresses depend on it. */
export interface SearchPlace {
  readonly now: Date;
  /** Address of the FHIR server, without a slash at its end. */
  readonly fhirUrl: string;
}

type Test<T> = (item: T) => boolean;

/** A search parameter of things of one kind, which the engine can narrow and sort by. */
export interface Parameter<T> extends SearchParameterFacts {
  /**
   * Reads a filter; what is wrong with it is thrown as `bad-parameter-value`. Undefined: the search finds what matches, and tests no
   * item.
   */
  readonly compile?: (filter: Filter, place: SearchPlace) => Test<T> | Promise<Test<T>>;
  /** Key that `_sort` orders by; undefined where it cannot. */
  readonly sortKey?: (item: T) => string | undefined;
}

/** The part of a parameter that the CapabilityStatement lists, for every type. */
export type ParameterFacts = Pick<SearchParameterFacts, 'name' | 'definition' | 'documentation'>;

/** A search parameter as it is described in resources/fhir/r4. */
export interface ParameterRow {
  readonly name: string;
  /** Type of its values; `token` is an element of type code. */
  readonly type: 'token' | 'identifier' | 'coding' | 'string' | 'uri' | 'date' | 'reference';
  /** The element that it tests; undefined: the one of its name. */
  readonly path?: string;
  readonly documentation: string;
  /** The end of HL7's address of the SearchParameter, or of our own. */
  readonly definition: string;
  readonly isOwn?: boolean;
  /** Code system of the element's value set. */
  readonly system?: string;
  readonly isExact?: boolean;
  /** The types that a reference leads to; undefined: canonical addresses alone. */
  readonly targets?: readonly string[];
}

/** Facts of a row's parameter for the CapabilityStatement. */
export const toFacts = (row: Omit<ParameterRow, 'type'>): ParameterFacts => ({
  name: row.name,
  documentation: row.documentation,
  definition: (base) => `${row.isOwn ? base : 'http://hl7.org/fhir'}/SearchParameter/${row.definition}`,
});

/** A code that a thing holds. */
interface HeldToken {
  /** Undefined: none. */
  readonly system: string | undefined;
  readonly code: string;
  /** An element of type code: its system is its value set's, and a value without a system means it as well. */
  readonly isPlain?: boolean;
}

/** A text as strings are compared: without case, accents, punctuation and blanks that say nothing (R4 search, 3.1.1.4.8). */
const normalizeText = (text: string): string =>
  foldText(text)
    .replace(/[\p{P}\p{Z}\p{S}\s]+/gu, ' ')
    .trim();

/** A system by the one name that all its names share: an OID and a FHIR URI are the same. */
const buildSystemKey = (system: string): string => findCodeSystem(system)?.uri ?? system;

const compareCodes = (a: string, b: string, isExact: boolean): boolean =>
  isExact ? a === b : a.toLowerCase() === b.toLowerCase();

/** @throws RequestError `bad-parameter-value` */
function createTokenTest(value: string, sent: string, isExact: boolean): (held: HeldToken) => boolean {
  const { system: wanted, code } = readToken(value, sent);
  if (wanted === undefined) return (held) => compareCodes(held.code, code, isExact);
  const isSystem = ({ system, isPlain }: HeldToken): boolean =>
    wanted === ''
      ? system === undefined || isPlain === true
      : system !== undefined && buildSystemKey(system) === buildSystemKey(wanted);
  return code === '' ? isSystem : (held) => compareCodes(held.code, code, isExact) && isSystem(held);
}

/** Reads the values of an item. */
type Values<T, V> = (item: T) => readonly V[];

/** The test of a filter: one of its values must hold. With `:missing` what is there decides. */
function testAny<T, V>(filter: Filter, values: Values<T, V>, testOf: (value: string) => Test<V>): Test<T> {
  if (filter.modifier === 'missing') {
    const isMissing = readMissing(filter);
    return (item) => (values(item).length === 0) === isMissing;
  }
  const tests = filter.alternatives.map(testOf);
  return (item) => values(item).some((held) => tests.some((test) => test(held)));
}

/** How a thing is searched, by what it holds. */
type Engine<T> = Pick<Parameter<T>, 'type' | 'modifiers' | 'compile' | 'sortKey'>;

/** Conversions of values to tokens, by the row's type. */
const TO_TOKENS = {
  token: (code: unknown, system: string | undefined) => [{ system, code: String(code), isPlain: true }],
  identifier: (identifier: unknown) => {
    const { system, value } = identifier as Identifier;
    return value === undefined ? [] : [{ system, code: value }];
  },
  coding: (coding: unknown) => {
    const { system, code = '' } = coding as Coding;
    return [{ system, code }];
  },
} satisfies Readonly<Record<string, (value: unknown, system: string | undefined) => HeldToken[]>>;

/** Codes, identifiers and truths (R4 search, 3.1.1.4.10). */
function searchTokens<T>({ isExact = false }: ParameterRow, values: Values<T, HeldToken>): Engine<T> {
  return {
    type: 'token',
    modifiers: ['not', 'missing'],
    compile: (filter) => {
      const test = testAny(filter, values, (value) => createTokenTest(value, filter.sent, isExact));
      return filter.modifier === 'not' ? (item) => !test(item) : test;
    },
    sortKey: (item) => values(item)[0]?.code,
  };
}

/** Whether a text begins with one of some, or holds one; each text is folded once, for however many. */
function createTextTest(sent: readonly string[], isPart = false): (text: string) => boolean {
  // Marks alone are nothing to look for.
  const wanted = [...new Set(sent.map((value) => normalizeText(unescapeValue(value))))].filter((one) => one !== '');
  return (text) => {
    const held = normalizeText(text);
    return wanted.some((one) => (isPart ? held.includes(one) : held.startsWith(one)));
  };
}

/** Names and texts (R4 search, 3.1.1.4.8): by their beginning, by a part, or whole. */
function searchStrings<T>(values: Values<T, string>): Engine<T> {
  return {
    type: 'string',
    modifiers: ['exact', 'contains', 'missing'],
    compile: (filter) => {
      const { modifier, alternatives } = filter;
      if (modifier === 'exact' || modifier === 'missing') {
        return testAny(filter, values, (value) => {
          const written = unescapeValue(value);
          return (held) => held === written;
        });
      }
      const isText = createTextTest(alternatives, modifier === 'contains');
      return (item) => values(item).some(isText);
    },
    sortKey: (item) => {
      const [first] = values(item);
      return first === undefined ? undefined : normalizeText(first);
    },
  };
}

type TestCreator = (value: string, filter: Filter, place: SearchPlace) => (held: string) => boolean;

/** Texts that are all tested in the same way, with any modifier. @param createTest makes the test of one value */
const searchTexts = <T>(
  type: 'date' | 'uri' | 'reference',
  modifiers: readonly string[],
  values: Values<T, string>,
  createTest: TestCreator,
): Engine<T> => ({
  type,
  modifiers,
  compile: (filter, place) => testAny(filter, values, (value) => createTest(value, filter, place)),
  sortKey: (item) => values(item)[0],
});

/** Dates, with prefixes (R4 search, 3.1.1.4.7). */
const testDate: TestCreator = (value, { sent }, { now }) => {
  const wanted = readDateValue(value);
  if (!wanted) throw badValue(sent, 'expected a date such as 2026, ge2026-11 or lt2026-11-24T12:00:00Z');
  // Many items have one date: it is tested once.
  let last: { readonly held: string; readonly suits: boolean } | undefined;
  return (held) => {
    if (last?.held !== held) {
      const span = toHeldSpan(held);
      last = { held, suits: span !== undefined && matchesDate(span, wanted, now.getTime()) };
    }
    return last.suits;
  };
};

/** Whether an address is another or below it; whole parts of a path count: …/abc is not below …/a. */
const isBelow = (low: string, high: string): boolean =>
  low === high || low.startsWith(high.endsWith('/') ? high : `${high}/`);

/** Addresses (R4 search, 3.1.1.4.14): exact; `:below` what begins with it, `:above` what it begins with. */
const testUri: TestCreator = (value, { modifier }) => {
  const wanted = unescapeValue(value);
  if (modifier === 'below') return (held) => isBelow(held, wanted);
  return modifier === 'above' ? (held) => isBelow(wanted, held) : (held) => held === wanted;
};

/**
 * References within this server (R4 search, 3.1.1.4.12): an id, `Type/id` or the whole address; canonical addresses as they are.
 * @param targets the types it leads to, which may stand as its modifier; empty: canonical addresses alone
 */
const createReferenceTest =
  (targets: readonly string[]): TestCreator =>
  (value, { modifier }, { fhirUrl }) => {
    const reference = unescapeValue(value);
    const local = reference.startsWith(`${fhirUrl}/`) ? reference.slice(fhirUrl.length + 1) : reference;
    const types = modifier === undefined ? targets : [modifier];
    const wanted = local.includes('/') || local.includes(':') ? [local] : types.map((type) => `${type}/${local}`);
    // A canonical address matches without the version that stands behind its bar, too.
    return (held) => wanted.includes(held) || (targets.length === 0 && held.split('|', 1)[0] === reference);
  };

function createEngine<T>(row: ParameterRow, values: Values<T, unknown>): Engine<T> {
  const { type, system, targets = [] } = row;
  const texts = values as Values<T, string>;
  switch (type) {
    case 'string':
      return searchStrings(texts);
    case 'uri':
      return searchTexts(type, ['above', 'below', 'missing'], texts, testUri);
    case 'date':
      return searchTexts(type, ['missing'], texts, testDate);
    case 'reference':
      return searchTexts(type, [...targets, 'missing'], texts, createReferenceTest(targets));
    default: {
      const tokens = (item: T) => values(item).flatMap((value) => TO_TOKENS[type](value, system));
      return searchTokens(row, tokens);
    }
  }
}

/**
 * Builds the parameter that a row describes.
 * @param values of an item, by the row's type: texts, Identifiers or Codings
 */
export const createParameter = <T>(row: ParameterRow, values: Values<T, unknown>): Parameter<T> => ({
  ...toFacts(row),
  ...createEngine(row, values),
});
