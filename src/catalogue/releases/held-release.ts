import type { Publisher } from '../../core/model/article.js';
import type { ReleaseIdentity } from '../../core/model/library.js';
import type { LayeredPart } from '../article-parts.js';
import type { MappingTable } from './mapping-table.js';
import type { ReleaseFacts } from './release-facts.js';
import type { ReleaseStatement } from './release-statements.js';

/** A release that is in use, or was: its number in the store, and its file. */
export interface ReleasePlace extends ReleaseIdentity {
  readonly id: number;
  readonly path: string;
  /** The day of its content, ISO 8601. */
  readonly builtOn: string;
}

/** Parts of a release in memory from which answers are built. */
export interface HeldParts {
  readonly publishers: ReadonlyMap<string, Publisher>;
  /** The article parts, by article id. */
  readonly parts: ReadonlyMap<string, LayeredPart>;
  readonly mappings: MappingTable;
}

/** A release that is served: a file, or what a site has written. */
export interface HeldRelease extends HeldParts {
  readonly place: ReleasePlace;
  readonly facts: ReleaseFacts;
  /** The failure of a query that its file could not answer; undefined: none. What a site has written is in memory, and has none. */
  readonly failure?: unknown;
  /** True if its damaged file was replaced by a whole one, which is to be opened. */
  readonly isReplaced?: boolean;
  /** Queries concepts, crosswalks and the text index. @throws RequestError `library-unavailable` */
  read<Row>(name: ReleaseStatement, ...values: (string | number)[]): Row[];
  close(): void;
}

/** Whether a release has anything of an article, or a row that leads to it. */
export const namesArticle = ({ parts, mappings }: HeldRelease, article: string): boolean =>
  parts.has(article) || mappings.leadsTo(article);
