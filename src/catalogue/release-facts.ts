import type { CodeSystemId } from '../core/codes/code-systems.js';
import type { Layer } from '../core/model/library.js';
import { INDEX_VERSION } from '../core/search/text-index.js';

/** What a release is, whatever it holds. */
export interface ReleaseIdentity {
  readonly layer: Layer;
  /** What it was made from: `starter`, `local`, `written`, or an importer's name. */
  readonly source: string;
  readonly name: string;
}

/** Whether it is told what a source no longer offers: not of what a site wrote and deleted, nor of visits to pages. */
export const tellsWithdrawn = ({ layer, source }: Pick<ReleaseIdentity, 'layer' | 'source'>): boolean =>
  layer !== 'written' && source !== 'link-check';

/** What a release file says of itself: what would otherwise be counted over its rows when it is opened. */
export interface ReleaseFacts {
  /** Documents of its text index; the concepts among them begin at `conceptsFrom`. */
  readonly documents: number;
  readonly conceptsFrom: number;
  /** How many codes of each system it describes. */
  readonly concepts: Readonly<Partial<Record<CodeSystemId, number>>>;
  /** Pairs of systems between which its crosswalks lead. */
  readonly crosswalks: readonly { readonly from: CodeSystemId; readonly to: CodeSystemId }[];
}

/**
 * How a release file is written, kept in its `user_version`: its tables, and how its text is indexed. Another one is made by another
 * version of the program.
 */
export const RELEASE_FORMAT = 1000 + INDEX_VERSION;
