import type { CodeSystemId } from '../../core/codes/code-systems.js';
import type { Coding } from '../../core/codes/concept.js';
import type { StatedMapping } from '../../core/codes/terminology-index.js';
import { RELATIONSHIP_ORDER } from '../../core/answer/knowledge-response.js';
import type { ArticleCode } from '../../core/codes/code-list.js';
import { firstPlace } from '../../core/first-place.js';
import { compareTexts } from '../merge-lists.js';

/** Divides the rows of a text; no row has a line break. */
const DIVIDER = ',\n';

/** A row as it is in a text: code, article (empty in a `none` row), relationship, rank, sensitivity, origin, note. */
type TextRow = readonly [
  string,
  string,
  StatedMapping['relationship'],
  number,
  StatedMapping['sensitivity'] | null,
  string,
  string,
];

/** Rows of one system in the order of code and article: JSON arrays, divided. */
export interface MappingText {
  readonly system: CodeSystemId;
  readonly rows: string;
}

const RELATIONSHIPS: ReadonlyMap<string, StatedMapping['relationship']> = new Map(
  ([...Object.keys(RELATIONSHIP_ORDER), 'none'] as StatedMapping['relationship'][]).map((one) => [one, one]),
);

/**
 * Code, article and relationship of a row, without parsing all of it unless one of them is escaped.
 * @param from where the row begins in a text
 */
export function readKeys(
  text: string,
  from = 0,
): readonly [string, string, StatedMapping['relationship'], ...unknown[]] {
  const codeEnd = text.indexOf('"', from + 2);
  const articleEnd = text.indexOf('"', codeEnd + 3);
  const [code, article] = [text.slice(from + 2, codeEnd), text.slice(codeEnd + 3, articleEnd)];
  if (code.includes('\\') || article.includes('\\'))
    return JSON.parse(text.slice(from, findEnd(text, from))) as TextRow;
  const relationship = text.slice(articleEnd + 3, text.indexOf('"', articleEnd + 3)) as StatedMapping['relationship'];
  // The one text of all rows, not a copy in each.
  return [code, article, RELATIONSHIPS.get(relationship) ?? relationship];
}

/** End of the row that begins at a place. */
function findEnd(text: string, from: number): number {
  const divided = text.indexOf(DIVIDER, from);
  return divided === -1 ? text.length : divided;
}

/** Places of the rows of one system. */
interface RowIndex {
  /** Sorted. */
  readonly codes: readonly string[];
  /** Begin of the rows of each code in the text; the last is where another code's would be. */
  readonly starts: Uint32Array;
  /** Of each article that rows lead to: its place in `ends`. */
  readonly articles: ReadonlyMap<string, number>;
  /** End in `places` of the rows of each article. */
  readonly ends: Uint32Array;
  /** Begins of the rows, those of one article together. */
  readonly places: Uint32Array;
}

/** Lays lists one behind the other. */
function joinLists(lists: readonly (readonly number[])[]): Pick<RowIndex, 'ends' | 'places'> {
  const ends = new Uint32Array(lists.length);
  const places = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  for (const [at, list] of lists.entries()) {
    const start = at === 0 ? 0 : (ends[at - 1] ?? 0);
    places.set(list, start);
    ends[at] = start + list.length;
  }
  return { ends, places };
}

const NO_PLACES = new Uint32Array();

function indexRows(text: string): RowIndex {
  const [codes, starts, placesTo] = [[] as string[], [] as number[], new Map<string, number[]>()];
  for (let from = 0; from < text.length; from = findEnd(text, from) + DIVIDER.length) {
    const [code, article] = readKeys(text, from);
    if (codes.at(-1) !== code) {
      codes.push(code);
      starts.push(from);
    }
    if (article === '') continue;
    const places = placesTo.get(article);
    if (places) places.push(from);
    else placesTo.set(article, [from]);
  }
  starts.push(text.length + DIVIDER.length);
  const articles = new Map([...placesTo.keys()].map((article, at) => [article, at]));
  return { codes: [...codes], starts: Uint32Array.from(starts), articles, ...joinLists([...placesTo.values()]) };
}

/** The rows of one system. Where they are is found with the first lookup: a start takes no time for systems that no request has. */
function createSystemRows(text: string) {
  let found: RowIndex | undefined;
  const index = (): RowIndex => (found ??= indexRows(text));
  return {
    /** The rows of a code, divided; undefined: none. */
    findText: (code: string): string | undefined => {
      const { codes, starts } = index();
      const place = firstPlace(codes, (one) => one >= code);
      return codes[place] === code ? text.slice(starts[place], (starts[place + 1] ?? 0) - DIVIDER.length) : undefined;
    },
    /** Codes that come after one, up to a maximum. */
    listCodesAfter: (after: string, most: number): readonly string[] => {
      const { codes } = index();
      const from = firstPlace(codes, (code) => code > after);
      return codes.slice(from, from + most);
    },
    /** Begins of the rows that lead to an article. */
    placesTo: (article: string): Uint32Array => {
      const { articles, ends, places } = index();
      const at = articles.get(article);
      return at === undefined ? NO_PLACES : places.subarray(at === 0 ? 0 : ends[at - 1], ends[at]);
    },
    /** Whether a row leads to an article. */
    leadsTo: (article: string): boolean => index().articles.has(article),
    /** The row at a place as a code of its article; undefined: it states that there is none. */
    codeAt: (place: number): Omit<ArticleCode, 'system'> | undefined => {
      const [code, , relationship] = readKeys(text, place);
      return relationship === 'none' ? undefined : { code, relationship };
    },
  };
}

type SystemRows = ReturnType<typeof createSystemRows>;

const byRank = (a: StatedMapping, b: StatedMapping): number => a.rank - b.rank;

/**
 * The mapping rows of one release. They remain the text that they were read as, a quarter of the memory of objects, and read in a third of
 * the time; the rows of a code are parsed when they are looked up.
 */
export class MappingTable {
  readonly #bySystem: ReadonlyMap<CodeSystemId, SystemRows>;
  /** Their number. */
  readonly size: number;

  private constructor(bySystem: ReadonlyMap<CodeSystemId, SystemRows>, size: number) {
    this.#bySystem = bySystem;
    this.size = size;
  }

  /** @param texts of one system in the order of its codes */
  static ofTexts(texts: readonly MappingText[], size: number): MappingTable {
    const joined = new Map<CodeSystemId, string>();
    for (const { system, rows } of texts) {
      const before = joined.get(system);
      joined.set(system, before === undefined ? rows : before + DIVIDER + rows);
    }
    return new MappingTable(new Map([...joined].map(([system, text]) => [system, createSystemRows(text)])), size);
  }

  /** @param rows one for each code and article, in any order */
  static ofRows(rows: readonly StatedMapping[]): MappingTable {
    const sorted = [...rows].sort(
      (a, b) =>
        compareTexts(a.system, b.system) ||
        compareTexts(a.code, b.code) ||
        compareTexts(a.article ?? '', b.article ?? ''),
    );
    const texts = sorted.map(({ system, code, article = '', relationship, rank, sensitivity = null, origin, note }) => {
      const row: TextRow = [code, article, relationship, rank, sensitivity, origin, note];
      return { system, rows: JSON.stringify(row) };
    });
    return MappingTable.ofTexts(texts, rows.length);
  }

  /** The systems of its rows. */
  get systems(): CodeSystemId[] {
    return [...this.#bySystem.keys()];
  }

  /** The codes of a system that come after one, sorted, up to a maximum. */
  listCodesAfter(system: CodeSystemId, after: string, most: number): readonly string[] {
    return this.#bySystem.get(system)?.listCodesAfter(after, most) ?? [];
  }

  /** The rows of a code by rank and article; undefined: none. */
  findRows({ system, code }: Coding): readonly StatedMapping[] | undefined {
    const text = this.#bySystem.get(system)?.findText(code);
    if (text === undefined) return undefined;
    const rows = JSON.parse(`[${text}]`) as TextRow[];
    return rows
      .map(([, article, relationship, rank, sensitivity, origin, note]): StatedMapping => {
        return {
          system,
          code,
          article: article === '' ? undefined : article,
          relationship,
          rank,
          sensitivity: sensitivity ?? undefined,
          origin,
          note,
        };
      })
      .sort(byRank);
  }

  /** Whether a code has rows. */
  has({ system, code }: Coding): boolean {
    return this.#bySystem.get(system)?.findText(code) !== undefined;
  }

  /** The codes with a row that leads to an article, by system and code. */
  codesTo(article: string): ArticleCode[] {
    return [...this.#bySystem].flatMap(([system, rows]) =>
      [...rows.placesTo(article)].flatMap((place): ArticleCode[] => {
        const found = rows.codeAt(place);
        return found ? [{ system, ...found }] : [];
      }),
    );
  }

  /** Whether a row leads to an article. */
  leadsTo(article: string): boolean {
    return [...this.#bySystem.values()].some((rows) => rows.leadsTo(article));
  }
}
