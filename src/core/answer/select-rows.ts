import type { CodeSystemId } from '../codes/code-systems.js';
import type { Coding, Library, MappingRecord } from '../model/library.js';
import { RELATIONSHIP_ORDER, type Match, type Miss, type Relationship } from './knowledge-response.js';

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
