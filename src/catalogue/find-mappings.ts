import { cutShort } from '../core/codes/code-hierarchy.js';
import type { Coding } from '../core/codes/concept.js';
import type { PathStep } from '../core/answer/knowledge-response.js';
import type { Layer, MappingRecord } from '../core/model/library.js';
import type { Crosswalk, StatedMapping } from '../core/codes/terminology-index.js';
import { compareTexts } from './merge-lists.js';

/** Crosswalks passed on a way, at most. */
const MOST_CROSSINGS = 3;

/** A code reached from the requested coding. */
interface Place {
  readonly at: Coding;
  readonly levels: number;
  readonly crossings: number;
  /** The ends of each crosswalk on the way. */
  readonly trail: readonly Coding[];
}

/** Source in which paths are searched for. */
export interface MappingSource {
  /** All rows of a code that count, of its highest layer; undefined where it has none. */
  readonly findRows: (coding: Coding) => RowsOfCode | undefined;
  readonly crosswalksFrom: (coding: Coding) => readonly Crosswalk[];
}

/** Rows of one code with the layer that they are of. */
export interface RowsOfCode {
  readonly layer: Layer;
  readonly rows: readonly StatedMapping[];
}

const isSame = (a: Coding, b: Coding): boolean => a.system === b.system && a.code === b.code;

/** Ways that crosswalks lead on from a place. A system once left is not entered again: two crosswalks, there and back, would have no end. */
function crossFrom({ at, levels, crossings, trail }: Place, { crosswalksFrom }: MappingSource): Place[] {
  if (crossings >= MOST_CROSSINGS) return [];
  return crosswalksFrom(at).flatMap(({ to, relationship }): Place[] => {
    const wasThere = to.system !== at.system && trail.some(({ system }) => system === to.system);
    // A broader code of the same system is above it, as one that a code is cut to.
    const above = to.system === at.system && relationship === 'broader' ? 1 : 0;
    return wasThere ? [] : [{ at: to, levels: levels + above, crossings: crossings + 1, trail: [...trail, at, to] }];
  });
}

/** The coding, the codes that it may be cut to, and the targets of crosswalks from any of these, nearest first. */
function findPlaces(requested: Coding, source: MappingSource): Place[] {
  const places: Place[] = [{ at: requested, levels: 0, crossings: 0, trail: [] }];
  for (const place of places) {
    const above = cutShort(place.at);
    if (above !== undefined)
      places.push({ ...place, at: { system: place.at.system, code: above }, levels: place.levels + 1 });
    places.push(...crossFrom(place, source));
  }
  return places;
}

const buildTrailKey = (trail: readonly Coding[]): string =>
  trail.map(({ system, code }) => `${system}|${code}>`).join('');

const comparePlaces = (a: Place, b: Place): number =>
  a.crossings - b.crossings || a.levels - b.levels || compareTexts(buildTrailKey(a.trail), buildTrailKey(b.trail));

/** The way to a row: the requested coding, each crosswalk's ends, the code of the row, without repeating a place. */
function buildPath({ system, code }: Coding, { at, trail }: Place): PathStep[] {
  const path: PathStep[] = [{ kind: 'asked', system, code }];
  if (trail.length === 0) {
    if (at.code !== code) path.push({ kind: 'ancestor', system: at.system, code: at.code });
    return path;
  }
  for (const [index, place] of [...trail, at].entries()) {
    const last = path.at(-1);
    if (last && isSame(last, place)) continue;
    path.push({ kind: index % 2 === 1 ? 'crosswalk' : 'ancestor', system: place.system, code: place.code });
  }
  return path;
}

const compareRows = (a: StatedMapping, b: StatedMapping): number =>
  a.rank - b.rank ||
  compareTexts(a.article ?? '', b.article ?? '') ||
  compareTexts(a.relationship, b.relationship) ||
  compareTexts(a.origin, b.origin);

/** All rows of a coding, of its ancestors and of all crosswalks from them, as the port gives them; nearest places first. */
export function findMappings(requested: Coding, input: number, source: MappingSource): MappingRecord[] {
  const places = findPlaces(requested, source);
  if (places.some(({ crossings }) => crossings > 0)) places.sort(comparePlaces);
  return places.flatMap((place) => {
    const found = source.findRows(place.at);
    if (!found) return [];
    const path = buildPath(requested, place);
    const { levels, crossings } = place;
    const { layer, rows } = found;
    const sorted = rows.length === 1 ? rows : [...rows].sort(compareRows);
    return sorted.map((row): MappingRecord => ({
      input,
      layer,
      levels,
      crossings,
      system: row.system,
      code: row.code,
      path,
      article: row.article,
      relationship: row.relationship,
      rank: row.rank,
      sensitivity: row.sensitivity,
      origin: row.origin,
      note: row.note,
    }));
  });
}
