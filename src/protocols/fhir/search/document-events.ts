import { BY_TRUNCATION } from '../../../core/codes/code-hierarchy.js';
import { codeSystem, findCodeSystem } from '../../../core/codes/code-systems.js';
import type { Coding, Library } from '../../../core/model/library.js';
import { displayCode } from '../../../core/codes/normalize-code.js';
import { getOrAdd } from '../../../core/remember.js';
import { searchLibrary } from '../../../core/search/text-search.js';
import { findCodings, readToken, type Token } from '../documents/token.js';
import type { DocumentFacts } from './document-facts.js';
import { findMembership, normalizeText, type FindMembers, type Parameter, type ParameterFacts } from './parameter.js';
import { readMissing, unescapeValue, type Filter } from './values.js';

/** Maximum codes below a code, of all levels. */
const MOST_BELOW = 5000;
/** Codes whose titles are looked through by `:text`. */
const MOST_TITLES = 50;

const buildKey = ({ system, code }: Coding): string => `${system}|${code}`;

/** The tokens of a filter. @throws RequestError `bad-parameter-value` */
export const readTokens = ({ alternatives, sent }: Filter): Token[] =>
  alternatives.map((value) => readToken(value, sent));

/** The codings of a filter's tokens; those that name a system alone have none. */
export const readCodings = (filter: Filter): Coding[] =>
  readTokens(filter).flatMap((token) => (token.code === '' ? [] : findCodings(token)));

/** The codes themselves and their ancestors that carry rows: an ancestor's articles are inherited. */
export function addAncestors(codings: readonly Coding[], library: Library): Coding[] {
  const rows = codings.length > 0 ? library.findMappings(codings) : [];
  const above = rows.filter(({ crossings }) => crossings === 0).map(({ system, code }) => ({ system, code }));
  return [...new Map([...codings, ...above].map((coding) => [buildKey(coding), coding])).values()];
}

/** Codes below the codings by the hierarchy that the library holds, the codings themselves included. */
function addDescendants(codings: readonly Coding[], library: Library): Set<string> {
  const found = new Set(codings.map(buildKey));
  for (let level = [...codings]; level.length > 0 && found.size < MOST_BELOW;) {
    const parents = new Set(level.map(buildKey));
    const below = library.findConceptsBelow(level, MOST_BELOW);
    level = below
      .filter(
        ({ system, code, parent }) =>
          parent !== undefined && parents.has(`${system}|${parent}`) && !found.has(`${system}|${code}`),
      )
      .map(({ system, code }) => ({ system, code }));
    for (const coding of level) found.add(buildKey(coding));
  }
  return found;
}

/** Tests a code by its key. Keys are made when they are tested: those of all documents together are megabytes. */
type KeyTest = (key: string) => boolean;

const findAny = (events: DocumentFacts['events'], test: KeyTest): boolean =>
  events.some((event) => test(buildKey(event)));

function testBelow(filter: Filter, library: Library): KeyTest {
  const codings = readCodings(filter);
  const truncated = codings.filter(({ system }) => BY_TRUNCATION.has(system)).map(buildKey);
  const others = codings.filter(({ system }) => !BY_TRUNCATION.has(system));
  const keys = addDescendants(others, library);
  return (key) => keys.has(key) || truncated.some((beginning) => key.startsWith(beginning));
}

/** Codes whose title in their own system begins with a text. */
async function testText({ alternatives }: Filter, library: Library): Promise<KeyTest> {
  const keys = new Set<string>();
  for (const value of alternatives) {
    const query = unescapeValue(value);
    const wanted = normalizeText(query);
    const hits = await searchLibrary({ query, language: 'en', kind: 'concept', count: MOST_TITLES }, library);
    for (const hit of hits) {
      if (hit.kind !== 'concept') continue;
      const names = [hit.concept.title, ...hit.concept.names];
      if (names.some((name) => normalizeText(name).startsWith(wanted))) keys.add(buildKey(hit.concept));
    }
  }
  return (key) => keys.has(key);
}

/** Whether a code stands in a value set; many documents carry one code, which is looked up once. */
function testMembers(isMember: Awaited<ReturnType<typeof findMembership>>): KeyTest {
  const known = new Map<string, boolean>();
  return (key) =>
    getOrAdd(known, key, () => {
      const mark = key.indexOf('|');
      const id = key.slice(0, mark) as Coding['system'];
      return isMember(codeSystem(id).uri, displayCode(id, key.slice(mark + 1)));
    });
}

function testExact(filter: Filter): KeyTest {
  const keys = new Set(readCodings(filter).map(buildKey));
  const systems = readTokens(filter)
    .filter(({ code }) => code === '')
    .flatMap(({ system = '' }) => findCodeSystem(system)?.id ?? []);
  return (key) => keys.has(key) || systems.some((system) => key.startsWith(`${system}|`));
}

/** `event` (R4 DocumentReference): exact; `:above` includes articles inherited from mapped ancestors, `:below` those of descendants. */
export function createEventParameter(
  facts: ParameterFacts,
  library: Library,
  findMembers: FindMembers,
): Parameter<DocumentFacts> {
  return {
    ...facts,
    type: 'token',
    modifiers: ['above', 'below', 'in', 'not-in', 'text', 'not', 'missing'],
    compile: async (filter, place) => {
      const { modifier } = filter;
      if (modifier === 'missing') {
        const isMissing = readMissing(filter);
        return ({ events }) => (events.length === 0) === isMissing;
      }
      if (modifier === 'above') {
        const keys = new Set(addAncestors(readCodings(filter), library).map(buildKey));
        return ({ events }) => findAny(events, (key) => keys.has(key));
      }
      if (modifier === 'in' || modifier === 'not-in') {
        const isMember = testMembers(await findMembership(filter, place, findMembers));
        return ({ events }) => findAny(events, isMember) === (modifier === 'in');
      }
      const test =
        modifier === 'below'
          ? testBelow(filter, library)
          : modifier === 'text'
            ? await testText(filter, library)
            : testExact(filter);
      return ({ events }) => findAny(events, test) !== (modifier === 'not');
    },
    sortKey: ({ events: [first] }) => first && `${codeSystem(first.system).uri}|${first.code}`,
  };
}
