import { BY_TRUNCATION } from '../../../core/codes/code-hierarchy.js';
import type { CodeList } from '../../../core/codes/code-list.js';
import { codeSystem, findCodeSystem } from '../../../core/codes/code-systems.js';
import { codingKey, readCodingKey, type Coding } from '../../../core/codes/concept.js';
import type { Library } from '../../../core/model/library.js';
import { findCodings, readToken, type SearchToken } from '../documents/token.js';
import type { DocumentFacts } from './document-facts.js';
import type { Parameter, ParameterFacts } from './parameter.js';
import { readMissing, type Filter } from './values.js';

/** Maximum codes below a code, of all levels. */
const MOST_BELOW = 5000;

/** The tokens of a filter. @throws RequestError `bad-parameter-value` */
export const readTokens = ({ alternatives, sent }: Filter): readonly SearchToken[] =>
  alternatives.map((value) => readToken(value, sent));

/** The codings of tokens; those that name a system alone have none. */
export const findEventCodings = (tokens: readonly SearchToken[]): readonly Coding[] =>
  tokens.flatMap((token) => (token.code === '' ? [] : findCodings(token)));

/** The codes themselves and their ancestors that carry rows: an ancestor's articles are inherited. */
export function addAncestors(codings: readonly Coding[], library: Library): Coding[] {
  const rows = codings.length > 0 ? library.findMappings(codings) : [];
  const above = rows.filter(({ crossings }) => crossings === 0).map(({ system, code }) => ({ system, code }));
  return [...new Map([...codings, ...above].map((coding) => [codingKey(coding), coding])).values()];
}

/** Codes below the codings by the hierarchy that the library holds, the codings themselves included. */
function addDescendants(codings: readonly Coding[], library: Library): Set<string> {
  const found = new Set(codings.map(codingKey));
  for (let level = [...codings]; level.length > 0 && found.size < MOST_BELOW;) {
    const parents = new Set(level.map(codingKey));
    const below = library.terminology.findConceptsBelow(level, MOST_BELOW);
    level = below
      .filter(
        ({ system, code, parent }) =>
          parent !== undefined && parents.has(`${system}|${parent}`) && !found.has(`${system}|${code}`),
      )
      .map(({ system, code }) => ({ system, code }));
    for (const coding of level) found.add(codingKey(coding));
  }
  return found;
}

type KeyTest = (key: string) => boolean;

function testBelow(codings: readonly Coding[], library: Library): KeyTest {
  const truncated = codings.filter(({ system }) => BY_TRUNCATION.has(system)).map(codingKey);
  const others = codings.filter(({ system }) => !BY_TRUNCATION.has(system));
  const keys = addDescendants(others, library);
  return (key) => keys.has(key) || truncated.some((beginning) => key.startsWith(beginning));
}

function testExact(tokens: readonly SearchToken[]): (events: CodeList) => boolean {
  const keys = new Set(findEventCodings(tokens).map(codingKey));
  const systems = tokens
    .filter(({ code }) => code === '')
    .flatMap(({ system = '' }) => findCodeSystem(system)?.id ?? []);
  const isOfSystem: KeyTest = (key) => systems.some((system) => key.startsWith(`${system}|`));
  return (events) => events.hasAny(keys) || (systems.length > 0 && events.some(isOfSystem));
}

const toSortKey = ({ system, code }: Coding): string => `${codeSystem(system).uri}|${code}`;

/** `event` (R4 DocumentReference): exact; `:above` includes articles inherited from mapped ancestors, `:below` those of descendants. */
export function createEventParameter(facts: ParameterFacts, library: Library): Parameter<DocumentFacts> {
  return {
    ...facts,
    type: 'token',
    modifiers: ['above', 'below', 'not', 'missing'],
    compile: (filter) => {
      const { modifier } = filter;
      if (modifier === 'missing') {
        const isMissing = readMissing(filter);
        return ({ events }) => (events.length === 0) === isMissing;
      }
      const tokens = readTokens(filter);
      if (modifier === 'above') {
        const keys = new Set(addAncestors(findEventCodings(tokens), library).map(codingKey));
        return ({ events }) => events.hasAny(keys);
      }
      if (modifier === 'below') {
        const test = testBelow(findEventCodings(tokens), library);
        return ({ events }) => events.some(test);
      }
      const isExact = testExact(tokens);
      return ({ events }) => isExact(events) !== (modifier === 'not');
    },
    sortKey: ({ events: { firstKey } }) => (firstKey === undefined ? undefined : toSortKey(readCodingKey(firstKey))),
  };
}
