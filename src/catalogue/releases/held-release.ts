import type { CodeSystemId } from '../../core/codes/code-systems.js';
import type { StatedMapping } from '../../core/codes/terminology-index.js';
import type { Publisher } from '../../core/model/article.js';
import type { LayeredPart } from '../article-parts.js';
import type { ReleaseFacts, ReleaseIdentity } from './release-facts.js';
import type { ReleaseStatement } from './release-statements.js';

/** A release that is in use, or was: its number in the store, and its file. */
export interface ReleasePlace extends ReleaseIdentity {
  readonly id: number;
  readonly path: string;
  /** The day of its content, ISO 8601. */
  readonly builtOn: string;
}

/** Mapping rows of one release by system and code, in the order of codes; each code's rows by rank and article. */
export type RowsByCode = ReadonlyMap<CodeSystemId, ReadonlyMap<string, readonly StatedMapping[]>>;

/** The mapping rows of a release. */
export interface GroupedRows {
  readonly rows: RowsByCode;
  /** The rows that name an article, by system and code. */
  readonly rowsTo: ReadonlyMap<string, readonly StatedMapping[]>;
  /** Their number. */
  readonly mappings: number;
}

/** What answers are built from, in memory. */
export interface HeldParts extends GroupedRows {
  readonly publishers: ReadonlyMap<string, Publisher>;
  /** The article parts, by article id. */
  readonly parts: ReadonlyMap<string, LayeredPart>;
}

/** A release that is served: a file, or what a site has written. */
export interface HeldRelease extends HeldParts {
  readonly place: ReleasePlace;
  readonly facts: ReleaseFacts;
  /** Queries concepts, crosswalks and the text index. @throws RequestError `library-unavailable` */
  read<Row>(name: ReleaseStatement, ...values: (string | number)[]): Row[];
  close(): void;
}

/** Whether a release has anything of an article, or a row that leads to it. */
export const namesArticle = ({ parts, rowsTo }: HeldRelease, article: string): boolean =>
  parts.has(article) || rowsTo.has(article);

/** Groups mapping rows that are added in the order of system, code, rank and article. */
export class RowGrouper {
  readonly #rows = new Map<CodeSystemId, Map<string, readonly StatedMapping[]>>();
  readonly #rowsTo = new Map<string, StatedMapping[]>();
  #mappings = 0;
  #ofCode: StatedMapping[] = [];

  /** The code of the rows added last. */
  get code(): string | undefined {
    return this.#ofCode[0]?.code;
  }

  add(row: StatedMapping): void {
    if (this.#ofCode[0]?.system !== row.system || this.#ofCode[0].code !== row.code) this.#endCode();
    this.#ofCode.push(row);
    this.#mappings += 1;
    if (row.article === undefined) return;
    const others = this.#rowsTo.get(row.article);
    if (others) others.push(row);
    else this.#rowsTo.set(row.article, [row]);
  }

  #endCode(): void {
    const [first] = this.#ofCode;
    if (!first) return;
    const ofSystem = this.#rows.get(first.system) ?? new Map<string, readonly StatedMapping[]>();
    // Copied: an array that grew has room for sixteen more.
    this.#rows.set(first.system, ofSystem.set(first.code, [...this.#ofCode]));
    this.#ofCode = [];
  }

  finish(): GroupedRows {
    this.#endCode();
    for (const [article, some] of this.#rowsTo) this.#rowsTo.set(article, [...some]);
    return { rows: this.#rows, rowsTo: this.#rowsTo, mappings: this.#mappings };
  }
}
