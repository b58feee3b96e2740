import type { CodeSystemId } from './code-systems.js';
import { codeSystem } from './code-systems.js';
import { drugNameCandidates, ingredientName } from './drug-name.js';
import type { RequestCoding } from './knowledge-request.js';
import { titleOf } from './knowledge-request.js';
import type { Miss, MissReason, PathStep } from './knowledge-response.js';
import type { Coding, Library, MappingRecord } from './library.js';
import { detectOtherSystem, normalizeCode, padNdc } from './normalize-code.js';
import type { Selection } from './select-rows.js';
import { distanceOf, missOfLevel, selectRows } from './select-rows.js';

/** What the library is asked for one coding: its code, and a drug's names where the code finds nothing. */
export interface Lookup {
  readonly coding: RequestCoding;
  /** The normalised code; undefined where there is none or it is impossible. */
  readonly code: string | undefined;
  /** The code first, then the names. */
  readonly asks: readonly Coding[];
}

/** What the library said of one coding. */
export interface Resolved {
  readonly coding: RequestCoding;
  readonly code: string | undefined;
  readonly selection: Selection | undefined;
  /** Where the answer was found: 0 by the code itself, rising with ancestors, crosswalks, names; Infinity for nowhere. */
  readonly distance: number;
  readonly miss: Miss | undefined;
}

/** One criterion after the library was asked: the coding that answers best, and the others. */
export interface Finding {
  readonly best: Resolved;
  readonly siblings: readonly RequestCoding[];
}

/** `userSelected` first, then the closest match; codings without an answer are silent beside one that has it. */
export function chooseBest(resolved: readonly Resolved[]): Finding {
  const closeness = ({ coding, selection, distance }: Resolved): number =>
    selection ? (coding.userSelected ? -1 : distance) : coding.system ? Number.MAX_SAFE_INTEGER : Infinity;
  const [best, ...others] = [...resolved].sort((a, b) => {
    const [left, right] = [closeness(a), closeness(b)];
    return left === right ? 0 : left - right;
  });
  if (!best) throw new RangeError('a criterion without codings');
  return { best, siblings: others.map(({ coding }) => coding) };
}

const NAME_DISTANCE = 1000;

/** Prepares one coding's questions to the library. */
export function lookupOf(coding: RequestCoding): Lookup {
  const { system } = coding;
  if (!system) return { coding, code: undefined, asks: [] };
  const code = normalizeCode(system, coding.code);
  const codes = code === undefined ? (system === 'ndc' ? padNdc(coding.code) : []) : [code];
  const asks: Coding[] = codes.map((one) => ({ system, code: one }));
  if (codeSystem(system).kind === 'drug' && system !== 'drug-name') {
    // A drug's name sent in place of its code is met kindly: it is looked up as a name.
    const texts = [titleOf(coding), code === undefined ? coding.code : ''];
    for (const name of texts.flatMap(drugNameCandidates)) asks.push({ system: 'drug-name', code: name });
  }
  return { coding, code, asks };
}

/** Systems whose licence lets the program ship no rows: a site's own do, or a title. */
const NOT_SHIPPED: ReadonlySet<CodeSystemId> = new Set(['cpt']);

function missOf({ coding, code }: Lookup, library: Library): Miss {
  const { system } = coding;
  const miss = (reason: MissReason): Miss => ({ reason, hint: undefined, note: '' });
  if (!system) return miss(coding.systemSent === '' ? 'no-code-system' : 'unknown-code-system');
  const isDrug = codeSystem(system).kind === 'drug';
  if (coding.code.trim() === '') return miss(isDrug && titleOf(coding) ? 'drug-name-not-known' : 'no-code');
  if (code === undefined) return { ...miss('impossible-code'), hint: detectOtherSystem(system, coding.code) };
  const { systems, tables = [] } = library.status();
  const isMapped = systems.includes(system) || tables.some((table) => table.system === system);
  return miss(isMapped ? 'code-not-mapped' : NOT_SHIPPED.has(system) ? 'system-not-shipped' : 'system-not-mapped');
}

/** Whether the title sent with a code names the ingredients that the code's drug has. */
const agrees = (coding: RequestCoding, drug: string): boolean => {
  const named = ingredientName(titleOf(coding));
  return named !== '' && named === ingredientName(drug);
};

/** What is said of a code whose drug a title would have to confirm. */
const UNCONFIRMED: Miss = { reason: 'title-needed', hint: undefined, note: '' };
const NOTHING: Selection = { rows: [], noneNote: '', suppressed: [] };

/** The one NDC of those that ten digits may stand for of which the library knows anything; undefined where there are several. */
function findPadded({ asks, coding }: Lookup, records: readonly (readonly MappingRecord[])[]): string | undefined {
  const known = asks.filter(({ system }, index) => system === coding.system && (records[index]?.length ?? 0) > 0);
  return known.length === 1 ? known[0]?.code : undefined;
}

/** The way to a row found by a drug's name starts at the code that was sent, if one was. */
function startingAt(coding: RequestCoding, code: string | undefined, name: Coding): PathStep[] {
  const asked: PathStep[] = coding.system && code !== undefined ? [{ kind: 'asked', system: coding.system, code }] : [];
  return [...asked, { kind: 'name', ...name }];
}

/**
 * Reads the library's rows for one coding: those of the code, else of the first name that has any.
 * @param records the rows of each of the lookup's asks, in their order
 */
export function resolve(lookup: Lookup, records: readonly (readonly MappingRecord[])[], library: Library): Resolved {
  const { coding } = lookup;
  const code = lookup.code ?? findPadded(lookup, records);
  for (const [index, ask] of lookup.asks.entries()) {
    if (ask.system === coding.system && ask.code !== code) continue;
    const byName = ask.system === 'drug-name';
    const rows = records[index] ?? [];
    if (rows.some(({ mustAgree }) => mustAgree !== undefined && !agrees(coding, mustAgree))) {
      return { coding, code, selection: NOTHING, distance: 0, miss: UNCONFIRMED };
    }
    const way = byName ? startingAt(coding, code, ask) : [];
    const selection = selectRows(byName ? rows.map((row) => ({ ...row, path: [...way, ...row.path.slice(1)] })) : rows);
    if (!selection) continue;
    const [first] = selection.rows;
    const distance = (byName ? NAME_DISTANCE : 0) + (first ? distanceOf(first) : 0);
    return { coding, code, selection, distance, miss: missOfLevel(selection) };
  }
  return { coding, code, selection: undefined, distance: Infinity, miss: missOf(lookup, library) };
}
