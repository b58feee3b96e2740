import { cutShort } from '../core/codes/code-hierarchy.js';
import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { Coding } from '../core/codes/concept.js';
import type { PathStep } from '../core/answer/knowledge-response.js';
import type { Layer, MappingRecord } from '../core/model/library.js';
import type { StatedMapping, TerminologyIndex } from '../core/codes/terminology-index.js';
import { SITE_LAYERS, type DrugLookup, type RowsBefore } from './drugs/drug-lookup.js';
import type { LayeredArticles } from './layered-articles.js';
import { compareTexts, listCodes, mergeSorted, once } from './merge-lists.js';
import type { ReleaseFile } from './releases/release-file.js';

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

/** Rows of one code with the layer that they are of. */
interface RowsOfCode {
  readonly layer: Layer;
  readonly rows: readonly StatedMapping[];
}

const isSame = (a: Coding, b: Coding): boolean => a.system === b.system && a.code === b.code;

/**
 * The coding, the codes that it may be cut to, and the targets of crosswalks from any of these, nearest first. A system once left is not
 * entered again: two crosswalks, there and back, would have no end.
 */
function findPlaces(requested: Coding, concepts: MappingSource['concepts']): Place[] {
  const places: Place[] = [{ at: requested, levels: 0, crossings: 0, trail: [] }];
  for (const place of places) {
    const { at, levels, crossings, trail } = place;
    const { system } = at;
    const above = cutShort(at);
    if (above !== undefined) places.push({ ...place, at: { system, code: above }, levels: levels + 1 });
    for (const { to, relationship } of crossings < MOST_CROSSINGS ? concepts.findCrosswalks(at, 'from') : []) {
      if (to.system !== system && trail.some((end) => end.system === to.system)) continue;
      // A broader code of the same system is above it, as one that a code is cut to.
      const up = to.system === system && relationship === 'broader' ? 1 : 0;
      places.push({ at: to, levels: levels + up, crossings: crossings + 1, trail: [...trail, at, to] });
    }
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

/** The order of a code's rows, as the statement has them. */
const compareRows = (a: StatedMapping, b: StatedMapping): number =>
  a.rank - b.rank ||
  compareTexts(a.article ?? '', b.article ?? '') ||
  compareTexts(a.relationship, b.relationship) ||
  compareTexts(a.origin, b.origin);

type MappingRow = Omit<StatedMapping, 'system' | 'code' | 'article' | 'sensitivity'> & {
  /** Empty in a `none` row. */
  readonly article: string;
  readonly sensitivity: NonNullable<StatedMapping['sensitivity']> | null;
};

/** A row of a suppressed article stands as `none` in its place: the code must not fall back to another article. */
export function suppressRow(record: MappingRecord, suppressed: ReadonlySet<string>): MappingRecord {
  const { article } = record;
  if (article === undefined || !suppressed.has(article)) return record;
  return { ...record, article: undefined, relationship: 'none', note: '', suppressed: article };
}

/** The parts of a catalogue that mapping rows depend on. */
export interface MappingSource {
  /** The highest layer first, and of one layer the latest. */
  readonly files: readonly ReleaseFile[];
  readonly articles: LayeredArticles;
  readonly concepts: Pick<TerminologyIndex, 'findCrosswalks'>;
  /** Undefined: the program has no lookup tables of drugs. */
  readonly drugs: DrugLookup | undefined;
  /** The articles that the site suppresses. */
  readonly suppressed: ReadonlySet<string>;
}

/** The mapping rows of releases in their layers, with the lookup tables of drugs behind them. */
export class LayeredMappings {
  readonly #of: MappingSource;
  /** All rows of a coding without those of the lookup tables. */
  readonly #own: RowsBefore;

  constructor(of: MappingSource) {
    this.#of = of;
    this.#own = {
      hasSiteRows: of.files.some(
        ({ place, facts }) => SITE_LAYERS.has(place.layer) && Object.keys(facts.mappings).length > 0,
      ),
      find: (coding, input) => this.#findOwn(coding, input),
      crosswalksFrom: (coding) => of.concepts.findCrosswalks(coding, 'from'),
    };
  }

  /** Number of rows in the releases. */
  get size(): number {
    return this.#of.files.flatMap(({ facts }) => Object.values(facts.mappings)).reduce((sum, count) => sum + count, 0);
  }

  /** The rows of a code that count: those of its highest layer, without those whose article is gone, for it was another source's. */
  findRows({ system, code }: Coding): RowsOfCode | undefined {
    let found: RowsOfCode | undefined;
    for (const file of this.#of.files) {
      const { layer } = file.place;
      if (found && found.layer !== layer) break;
      if (file.facts.mappings[system] === undefined) continue;
      const stated = file
        .read<MappingRow>('mappings', system, code)
        .map(({ article, sensitivity, ...row }): StatedMapping => ({
          ...{ system, code, article: article === '' ? undefined : article, sensitivity: sensitivity ?? undefined },
          ...row,
        }));
      // The starter has every article that its rows lead to.
      const counting = layer === 'starter' ? stated : stated.filter(({ article }) => this.hasArticle(article));
      if (counting.length === 0) continue;
      const all = found && once([...found.rows, ...counting], (row) => JSON.stringify(row)).sort(compareRows);
      found = { layer, rows: all ?? counting };
    }
    return found;
  }

  /** True if a release has a text of a row's article, or the row states that there is none. */
  hasArticle(article: string | undefined): boolean {
    return article === undefined || this.#of.articles.hasText(article);
  }

  /** All rows of codings, of their ancestors, of crosswalks from them and of the lookup tables. */
  find(codings: readonly Coding[]): MappingRecord[] {
    const { drugs, suppressed } = this.#of;
    const found = codings.flatMap((coding, input) =>
      drugs?.systems.has(coding.system) ? drugs.find(coding, input, this.#own) : this.#findOwn(coding, input),
    );
    return suppressed.size === 0 ? found : found.map((record) => suppressRow(record, suppressed));
  }

  /** All rows of a coding, of its ancestors and of all crosswalks from them, nearest places first. @param input its index */
  #findOwn(requested: Coding, input: number): MappingRecord[] {
    const places = findPlaces(requested, this.#of.concepts);
    if (places.some(({ crossings }) => crossings > 0)) places.sort(comparePlaces);
    return places.flatMap((place) => {
      const found = this.findRows(place.at);
      if (!found) return [];
      const path = buildPath(requested, place);
      const { levels, crossings } = place;
      const { layer, rows } = found;
      return rows.map((row): MappingRecord => ({ input, layer, levels, crossings, path, ...row }));
    });
  }

  #isServed({ article }: StatedMapping): boolean {
    return article === undefined || !this.#of.suppressed.has(article);
  }

  /** The articles that are served and have a row for exactly this coding. */
  listArticles(coding: Coding): string[] {
    const rows = this.findRows(coding)?.rows ?? [];
    return rows.filter((row) => this.#isServed(row)).flatMap(({ article }) => article ?? []);
  }

  /**
   * The rows of a system that count and are served: those of the codes after one, up to a maximum of codes. Empty only at the end: codes
   * without a served row are skipped.
   */
  list(system: CodeSystemId, after: string, mostCodes: number): StatedMapping[] {
    for (let from = after; ;) {
      const lists = this.#of.files.map((file) => listCodes(file.read('mappedCodesAfter', system, from, mostCodes)));
      const codes = mergeSorted(lists, mostCodes);
      const last = codes.at(-1);
      if (last === undefined) return [];
      const rows = codes.flatMap((code) => this.findRows({ system, code })?.rows ?? []);
      const served = rows.filter((row) => this.#isServed(row));
      if (served.length > 0) return served;
      from = last;
    }
  }
}
