import type { Library } from '../../../core/model/library.js';
import type { WrittenRows } from '../../../core/model/written-store.js';

/** Where a resource is written, and what may be known there. */
export interface WritingPlace {
  readonly library: Library;
  readonly canonicalBase: string;
  /** Address by which clients reach us, without `/fhir`. */
  readonly baseUrl: string;
  /** Whether a site's folder of handouts has a file of this name. */
  readonly hasHandout: (name: string) => boolean;
  readonly now: Date;
  /** Articles that the same transaction brings. */
  readonly brought: ReadonlySet<string>;
}

/** A resource that may be kept: with what the server adds to it, without what is the server's to say, and its rows. */
export interface Writable<R> {
  readonly id: string;
  readonly resource: R;
  readonly rows: WrittenRows;
}
