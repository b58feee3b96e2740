import { codeSystem, type CodeSystemId } from './code-systems.js';
import { findModifiedCategory } from './code-hierarchy.js';
import { normalizeIngredients } from '../drugs/drug-name.js';
import { isForOtherRoute } from '../drugs/read-drug.js';
import { OTHER_ROUTE, buildNameLookup, findOpenName, findReasonOfName, type Lookup } from './drug-name-lookup.js';
import { findTitle, withRoute, type RequestCoding } from '../answer/knowledge-request.js';
import {
  type Miss,
  type MissReason,
  type PathStep,
  RELATIONSHIP_ORDER,
  type Match,
  type Relationship,
} from '../answer/knowledge-response.js';
import { isImpossibleInEditions } from './editions.js';
import { detectBillingSystem, detectOtherSystem, normalizeCode, padNdc } from './normalize-code.js';
import type { Coding, Library, MappingRecord } from '../model/library.js';

/** The library's answer for one coding. */
export interface Resolved {
  readonly coding: RequestCoding;
  readonly code: string | undefined;
  readonly selection: Selection | undefined;
  /** Distance of the answer: 0 by the code itself, rising with ancestors, crosswalks, names; Infinity for no match. */
  readonly distance: number;
  readonly miss: Miss | undefined;
}

/** One criterion after the lookup: the coding with the best answer, and the others. */
export interface Finding {
  readonly best: Resolved;
  readonly siblings: readonly RequestCoding[];
}

/** `userSelected` first, then the closest match; codings without an answer are ignored beside one that has it. */
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

/** Prepares the lookups of one coding's code. */
function buildLookup(coding: RequestCoding): Lookup {
  const { system } = coding;
  if (!system) return { coding, code: undefined, codings: [] };
  const code = normalizeCode(system, coding.code);
  const codes = code === undefined ? (system === 'ndc' ? padNdc(coding.code) : []) : [code];
  const own = codes.map((one) => ({ system, code: one }));
  return { coding, code, codings: [...own, ...own.flatMap((one) => findModifiedCategory(one) ?? [])] };
}

/** Systems whose licence does not let the program ship rows: only a site's own rows, or a title, match. */
const NOT_SHIPPED: ReadonlySet<CodeSystemId> = new Set(['cpt']);

/** Systems of billing codes: what was done, not what a patient has. */
const BILLING: ReadonlySet<CodeSystemId> = new Set(['hcpcs', 'icd-10-pcs']);

/** Reason for no match of a code of a system without rows. */
const findReasonOfSystem = (system: CodeSystemId): MissReason =>
  NOT_SHIPPED.has(system) ? 'system-not-shipped' : BILLING.has(system) ? 'billing-code' : 'system-not-mapped';

function findMiss({ coding, code }: Lookup, library: Library): Miss {
  const { system } = coding;
  const miss = (reason: MissReason): Miss => ({ reason, hint: undefined, note: '' });
  if (!system && coding.systemSent !== '') return miss('unknown-code-system');
  if (!system) return miss(coding.code.trim() === '' ? 'no-code' : 'no-code-system');
  const isDrug = codeSystem(system).kind === 'drug';
  if (coding.code.trim() === '')
    return miss(isDrug && findTitle(coding) ? findReasonOfName(coding, library) : 'no-code');
  if (code === undefined) return { ...miss('impossible-code'), hint: detectOtherSystem(system, coding.code) };
  if (isImpossibleInEditions(system, code))
    return { ...miss('impossible-code'), hint: detectBillingSystem(coding.code) };
  const { systems, tables = [] } = library.status();
  const isMapped = systems.includes(system) || tables.some((table) => table.system === system);
  return miss(isMapped ? 'code-not-mapped' : findReasonOfSystem(system));
}

/** Whether the title sent with a code names the ingredients of the code's drug. */
const agrees = (coding: RequestCoding, drug: string): boolean => {
  const named = normalizeIngredients(findTitle(coding));
  return named !== '' && named === normalizeIngredients(drug);
};

/** Reason for no match if a title would have to confirm the code's drug. */
const UNCONFIRMED: Miss = { reason: 'title-needed', hint: undefined, note: '' };
const NOTHING: Selection = { rows: [], noneNote: '', suppressed: [] };

/** Of the NDCs that ten digits may mean, the only one that the library knows; undefined if there are several. */
function findPadded({ codings, coding }: Lookup, records: readonly (readonly MappingRecord[])[]): string | undefined {
  const known = codings.filter(({ system }, index) => system === coding.system && (records[index]?.length ?? 0) > 0);
  return known.length === 1 ? known[0]?.code : undefined;
}

/** The path to a row found in another system, or by a drug's name, starts at the code, if one was sent. */
function startingAt(coding: RequestCoding, code: string | undefined, other: Coding): PathStep[] {
  const requested: PathStep[] =
    coding.system && code !== undefined ? [{ kind: 'asked', system: coding.system, code }] : [];
  return [...requested, { kind: other.system === 'drug-name' ? 'name' : 'crosswalk', ...other }];
}

/** A row that carries the category of a code, as a row for the code. */
const toRowOfCategory = (record: MappingRecord, way: readonly PathStep[], levels: number): MappingRecord => ({
  ...record,
  path: [...way, ...record.path.slice(1)],
  levels: record.levels + levels,
});

/** True for a code that its system cannot have, and that neither the library nor rows of its own know: the category's page is not its. */
const isImpossible = (coding: Coding, rows: readonly MappingRecord[], library: Library): boolean =>
  rows.every(({ levels }) => levels > 0) &&
  isImpossibleInEditions(coding.system, coding.code) &&
  library.findConcepts([coding]).length === 0;

/**
 * Chooses for a drug of which the code is open as to the form, and the chart tells the route: the code's rows if they are of that route or the
 * site's own, else those of the name with the route, else none.
 */
function chooseOfRoute(byCode: Resolved, byName: Resolved, name: string, library: Library): Resolved {
  const { drugFacts } = library.status();
  const rows = byCode.selection?.rows ?? [];
  const named = byName.selection?.rows ?? [];
  if (rows.some(({ layer, article }) => layer !== 'starter' || named.some((row) => row.article === article)))
    return byCode;
  if (byName.selection) return byName;
  const isOther = drugFacts !== undefined && isForOtherRoute(withRoute(name, byCode.coding.route), drugFacts);
  return isOther ? { ...byCode, selection: NOTHING, distance: 0, miss: OTHER_ROUTE } : byCode;
}

/**
 * Selects the rows for one coding: those of its code, or of the first of its names that has any.
 * @param records the rows of each of the lookup's codings, in the same order
 */
function resolve(lookup: Lookup, records: readonly (readonly MappingRecord[])[], library: Library): Resolved {
  const { coding } = lookup;
  const code = lookup.code ?? findPadded(lookup, records);
  for (const [index, ask] of lookup.codings.entries()) {
    if (ask.system === coding.system && ask.code !== code) continue;
    const byName = ask.system === 'drug-name';
    const rows = records[index] ?? [];
    if (rows.some(({ mustAgree }) => mustAgree !== undefined && !agrees(coding, mustAgree))) {
      return { coding, code, selection: NOTHING, distance: 0, miss: UNCONFIRMED };
    }
    const isOther = ask.system !== coding.system;
    const way = isOther ? startingAt(coding, code, ask) : [];
    const levels = byName || code === ask.code ? 0 : 1;
    const selection = selectRows(isOther ? rows.map((row) => toRowOfCategory(row, way, levels)) : rows);
    if (!selection || (!isOther && isImpossible(ask, rows, library))) continue;
    const [first] = selection.rows;
    const distance = (byName ? NAME_DISTANCE : 0) + (first ? distanceOf(first) : 0);
    return { coding, code, selection, distance, miss: findMissOfLevel(selection) };
  }
  return { coding, code, selection: undefined, distance: Infinity, miss: findMiss(lookup, library) };
}

/** Resolves lookups with one query to the library. */
function resolveEach(lookups: readonly Lookup[], library: Library): Resolved[] {
  const codings = lookups.flatMap((lookup) => lookup.codings);
  const byCoding: MappingRecord[][] = codings.map(() => []);
  for (const row of codings.length > 0 ? library.findMappings(codings) : []) byCoding[row.input]?.push(row);
  let next = 0;
  return lookups.map((lookup) => {
    const records = byCoding.slice(next, next + lookup.codings.length);
    next += lookup.codings.length;
    return resolve(lookup, records, library);
  });
}

/**
 * Resolves codings with two queries to the library at most: their codes first, then the names of the drugs whose codes have no row.
 * The tables that names are read by are needed for those alone.
 */
export function resolveCodings(codings: readonly RequestCoding[], library: Library): Resolved[] {
  const lookups = codings.map(buildLookup);
  const byCode = resolveEach(lookups, library);
  const open = lookups.map((lookup) => findOpenName(lookup, library));
  const names = lookups.map((lookup, index) => {
    const isNamed = !byCode[index]?.selection || open[index] !== undefined;
    return {
      ...(isNamed ? buildNameLookup(lookup, library, open[index]) : { ...lookup, codings: [] }),
      code: byCode[index]?.code,
    };
  });
  if (names.every((lookup) => lookup.codings.length === 0)) return byCode;
  const byName = resolveEach(names, library);
  return byCode.map((resolved, index) => {
    const [named, name] = [byName[index], open[index]];
    if (named && name !== undefined) return chooseOfRoute(resolved, named, name, library);
    return named?.selection ? named : resolved;
  });
}

/** A row with an article. */
export type SelectedRow = MappingRecord & {
  readonly article: string;
  /** The article's relationship to the requested code. */
  readonly relationship: Relationship;
  /** Its relationship to the code that carries the row. */
  readonly stated: Relationship;
};

/** The rows of the nearest level with any: the code's own, else its nearest ancestor's, else through a crosswalk. */
export interface Selection {
  readonly rows: readonly SelectedRow[];
  /** The curator's reason if the level's row is `none`; else undefined. */
  readonly noneNote: string | undefined;
  /** Articles of the level that the site suppresses. */
  readonly suppressed: readonly string[];
}

/**
 * Converts an article's relationship to an ancestor (or a crosswalk's target) to its relationship to the code itself.
 */
function toRequested(relationship: Relationship, levels: number): Relationship {
  if (levels === 0) return relationship;
  if (relationship === 'equivalent') return 'broader';
  return relationship === 'narrower' ? 'related' : relationship;
}

/** More than the levels of any hierarchy: every crosswalk is further than any ancestor. */
const LEVELS_OF_A_CROSSING = 100;

/** Distance of a row from the requested code: levels up, and each crosswalk further than any of them. */
export function distanceOf({ crossings, levels }: Pick<MappingRecord, 'crossings' | 'levels'>): number {
  return crossings * LEVELS_OF_A_CROSSING + levels;
}

/** Why a level has no article; undefined if it has one. */
export function findMissOfLevel({ noneNote, suppressed }: Selection): Miss | undefined {
  if (noneNote === undefined) return undefined;
  if (suppressed.length > 0) return { reason: 'suppressed', hint: undefined, note: '' };
  return { reason: 'no-page-on-purpose', hint: undefined, note: noneNote };
}

/**
 * Selects the nearest level of the rows found for one coding. Own rows, inherited ones included, precede a crosswalk; a
 * `none` row ends the search. Undefined if there is no row.
 */
export function selectRows(records: readonly MappingRecord[]): Selection | undefined {
  const [first] = records;
  if (!first) return undefined;
  const nearest = Math.min(...records.map(distanceOf));
  const level = records.filter((record) => distanceOf(record) === nearest);
  const rows = new Map<string, SelectedRow>();
  for (const record of level) {
    const { article, relationship, levels } = record;
    if (article === undefined || relationship === 'none') continue;
    const row = { stated: relationship, ...record, article, relationship: toRequested(relationship, levels) };
    // Reached through two targets of a crosswalk: the closer relationship counts.
    const earlier = rows.get(article);
    if (!earlier || RELATIONSHIP_ORDER[row.relationship] < RELATIONSHIP_ORDER[earlier.relationship])
      rows.set(article, row);
  }
  const suppressed = [...new Set(level.flatMap((record) => record.suppressed ?? []))];
  // Of a combination never the page of one ingredient alone.
  if (suppressed.length > 0 && isOfParts([...rows.values()])) rows.clear();
  const none = level.find((record) => record.suppressed === undefined) ?? level[0];
  return { rows: [...rows.values()], noneNote: rows.size === 0 ? (none?.note ?? '') : undefined, suppressed };
}

/** Systems of drugs, by whose rows a combination leads to the pages of its ingredients. */
const OF_DRUGS: ReadonlySet<CodeSystemId> = new Set(['drug-name', 'rxnorm', 'ndc']);

/** Whether rows are those of a combination of drugs: a page on each ingredient, and none on the whole. */
export const isOfParts = (rows: readonly Pick<SelectedRow, 'system' | 'stated'>[]): boolean =>
  rows.length > 0 && rows.every(({ system, stated }) => stated === 'narrower' && OF_DRUGS.has(system));

/** Whether matches are the pages on each ingredient of one combination of drugs. */
export const isOfEachPart = (matches: readonly Pick<Match, 'relationship' | 'path'>[]): boolean =>
  matches.length > 1 &&
  matches.every(({ relationship, path }) => {
    const system = path.at(-1)?.system;
    return relationship === 'narrower' && system !== undefined && OF_DRUGS.has(system);
  });

/** The rows on the subject of the code that carries them; all, where none is closer than related. */
export function listDefining(rows: readonly SelectedRow[]): readonly SelectedRow[] {
  const close = rows.filter(({ stated }) => stated !== 'related');
  return close.length > 0 ? close : rows;
}

/** Selects the rows of each coding with one request to the library; undefined if a coding has none. */
export function selectEach(
  codings: readonly Coding[],
  library: Pick<Library, 'findMappings'>,
): (Selection | undefined)[] {
  const records: MappingRecord[][] = codings.map(() => []);
  for (const record of library.findMappings(codings)) records[record.input]?.push(record);
  return records.map((ofCoding) => selectRows(ofCoding));
}
