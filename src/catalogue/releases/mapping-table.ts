import type { CodeSystemId } from '../../core/codes/code-systems.js';
import type { Coding } from '../../core/codes/concept.js';
import type { StatedMapping } from '../../core/codes/terminology-index.js';
import { RELATIONSHIP_ORDER } from '../../core/answer/knowledge-response.js';
import type { ArticleCode } from '../../core/model/library.js';
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

/** The code of a row, in less time than all its keys. */
function readCode(text: string, from: number): string {
  const code = text.slice(from + 2, text.indexOf('"', from + 2));
  return code.includes('\\') ? readKeys(text, from)[0] : code;
}

/** Where the row that begins at a place ends. */
function findEnd(text: string, from: number): number {
  const divided = text.indexOf(DIVIDER, from);
  return divided === -1 ? text.length : divided;
}

/** Where the first row begins whose code the test holds for: for none before it, for all behind it. */
function findStart(text: string, holds: (code: string) => boolean): number {
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const start = middle === 0 ? 0 : text.lastIndexOf('\n', middle - 1) + 1;
    if (holds(readCode(text, start))) high = start;
    else low = findEnd(text, start) + DIVIDER.length;
  }
  return low;
}

/** The rows of one system: a text in the order of codes, in which a code is found by halving it. */
class SystemRows {
  readonly #text: string;
  #placesTo: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The rows of a code, divided; undefined: none. */
  findText(code: string): string | undefined {
    const text = this.#text;
    const start = findStart(text, (one) => one >= code);
    let end = start;
    while (end < text.length && readCode(text, end) === code) end = findEnd(text, end) + DIVIDER.length;
    return end === start ? undefined : text.slice(start, end - DIVIDER.length);
  }

  /** Codes that come after one, up to a maximum. */
  listCodesAfter(after: string, most: number): string[] {
    const text = this.#text;
    const codes: string[] = [];
    let from = findStart(text, (one) => one > after);
    while (from < text.length) {
      const code = readCode(text, from);
      if (codes.at(-1) !== code) {
        if (codes.length === most) break;
        codes.push(code);
      }
      from = findEnd(text, from) + DIVIDER.length;
    }
    return codes;
  }

  /** Where the rows begin that lead to an article; found for all articles when one is first looked for. */
  placesTo(article: string): readonly number[] {
    return (this.#placesTo ??= indexArticles(this.#text)).get(article) ?? [];
  }

  /** The row at a place as a code of its article; undefined: it states that there is none. */
  codeAt(place: number): Omit<ArticleCode, 'system'> | undefined {
    const [code, article, relationship] = readKeys(this.#text, place);
    return relationship === 'none' ? undefined : { code, article, relationship };
  }
}

/** The places of the rows that lead to each article. */
function indexArticles(text: string): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (let from = 0; from < text.length; from = findEnd(text, from) + DIVIDER.length) {
    const [, article] = readKeys(text, from);
    if (article === '') continue;
    const known = places.get(article);
    if (known) known.push(from);
    else places.set(article, [from]);
  }
  return places;
}

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
    return new MappingTable(new Map([...joined].map(([system, text]) => [system, new SystemRows(text)])), size);
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
      rows.placesTo(article).flatMap((place): ArticleCode[] => {
        const found = rows.codeAt(place);
        return found ? [{ system, ...found }] : [];
      }),
    );
  }

  /** Whether a row leads to an article. */
  leadsTo(article: string): boolean {
    return [...this.#bySystem.values()].some((rows) => rows.placesTo(article).length > 0);
  }
}
