import type { CodeSystemId } from '../../core/codes/code-systems.js';
import type { Coding } from '../../core/codes/concept.js';
import type { StatedMapping } from '../../core/codes/terminology-index.js';
import { RELATIONSHIP_ORDER } from '../../core/answer/knowledge-response.js';
import type { ArticleCode } from '../../core/model/library.js';
import { compareTexts } from '../merge-lists.js';
import { firstPlace } from '../../core/first-place.js';

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

/** The rows of one system. */
interface SystemRows {
  readonly text: string;
  /** Sorted. */
  readonly codes: readonly string[];
  /** Where the rows of each code begin in the text; the last is where another code's would. */
  readonly starts: readonly number[];
  /** The places of the codes that lead to an article. */
  readonly placesTo: ReadonlyMap<string, readonly number[]>;
}

const RELATIONSHIPS: ReadonlyMap<string, StatedMapping['relationship']> = new Map(
  ([...Object.keys(RELATIONSHIP_ORDER), 'none'] as StatedMapping['relationship'][]).map((one) => [one, one]),
);

/** Code, article and relationship of a row, without parsing all of it unless one of them is escaped. */
export function readKeys(row: string): readonly [string, string, StatedMapping['relationship'], ...unknown[]] {
  const codeEnd = row.indexOf('"', 2);
  const articleEnd = row.indexOf('"', codeEnd + 3);
  if (row.lastIndexOf('\\', articleEnd) !== -1) return JSON.parse(row) as TextRow;
  const relationship = row.slice(articleEnd + 3, row.indexOf('"', articleEnd + 3)) as StatedMapping['relationship'];
  // The one text of all rows, not a copy in each.
  return [row.slice(2, codeEnd), row.slice(codeEnd + 3, articleEnd), RELATIONSHIPS.get(relationship) ?? relationship];
}

/** The row that begins at a place. */
function findRow(text: string, from: number): string {
  const divided = text.indexOf(DIVIDER, from);
  return text.slice(from, divided === -1 ? text.length : divided);
}

/** Finds where the rows of each code are, and each article's codes. */
function indexRows(text: string): SystemRows {
  const [codes, starts, placesTo] = [[] as string[], [] as number[], new Map<string, number[]>()];
  for (let from = 0; from < text.length;) {
    const row = findRow(text, from);
    const [code, article] = readKeys(row);
    if (codes.at(-1) !== code) {
      codes.push(code);
      starts.push(from);
    }
    if (article !== '') {
      const [place, others] = [codes.length - 1, placesTo.get(article)];
      if (!others) placesTo.set(article, [place]);
      else if (others.at(-1) !== place) others.push(place);
    }
    from += row.length + DIVIDER.length;
  }
  starts.push(text.length + DIVIDER.length);
  return { text, codes, starts, placesTo };
}

/** The rows of one system. Where those of each code are is found when they are first needed: a start takes no time for systems that no request has. */
class SystemText {
  readonly #text: string;
  #rows: SystemRows | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  get rows(): SystemRows {
    return (this.#rows ??= indexRows(this.#text));
  }
}

/** The rows of the code at a place, divided. */
const textAt = ({ text, starts }: SystemRows, place: number): string =>
  text.slice(starts[place], (starts[place + 1] ?? 0) - DIVIDER.length);

const byRank = (a: StatedMapping, b: StatedMapping): number => a.rank - b.rank;

/**
 * The mapping rows of one release. They remain the text that they were read as, a quarter of the memory of objects, and read in a third of
 * the time; the rows of a code are parsed when they are looked up.
 */
export class MappingTable {
  readonly #bySystem: ReadonlyMap<CodeSystemId, SystemText>;
  /** Their number. */
  readonly size: number;

  private constructor(bySystem: ReadonlyMap<CodeSystemId, SystemText>, size: number) {
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
    return new MappingTable(new Map([...joined].map(([system, text]) => [system, new SystemText(text)])), size);
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

  /** The codes of a system, sorted. */
  codesOf(system: CodeSystemId): readonly string[] {
    return this.#bySystem.get(system)?.rows.codes ?? [];
  }

  /** The rows of a code as they were read, divided; undefined: none. */
  #findText({ system, code }: Coding): string | undefined {
    const held = this.#bySystem.get(system)?.rows;
    if (!held) return undefined;
    const place = firstPlace(held.codes, (one) => one >= code);
    return held.codes[place] === code ? textAt(held, place) : undefined;
  }

  /** The rows of a code by rank and article; undefined: none. */
  rowsOf({ system, code }: Coding): readonly StatedMapping[] | undefined {
    const text = this.#findText({ system, code });
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
  has(coding: Coding): boolean {
    return this.#findText(coding) !== undefined;
  }

  /** The codes with a row that leads to an article, by system and code. */
  codesTo(article: string): ArticleCode[] {
    return [...this.#bySystem].flatMap(([system, { rows: held }]) =>
      (held.placesTo.get(article) ?? []).flatMap((place) =>
        textAt(held, place)
          .split(DIVIDER)
          .flatMap((row): ArticleCode[] => {
            const [, to, relationship] = readKeys(row);
            return to !== article || relationship === 'none'
              ? []
              : [{ system, code: held.codes[place] ?? '', article, relationship }];
          }),
      ),
    );
  }

  /** Whether a row leads to an article. */
  leadsTo(article: string): boolean {
    return [...this.#bySystem.values()].some(({ rows }) => rows.placesTo.has(article));
  }
}
