import type { Language } from '../model/language.js';
import type { Coding } from '../model/library.js';
import type { Keeper, KeeperEntry, KeeperStep } from './keeper.js';

/** Types that a keeper answers for, as FHIR names them: handouts and mappings. */
export const KEPT_TYPES = ['DocumentReference', 'ConceptMap'] as const;
export type KeptType = (typeof KEPT_TYPES)[number];

/** A handout or mapping of the site, in one language, as curators work on it. */
export interface KeeperItem {
  /** Written over FHIR or by page, or a file of the site's folder, which is changed there. */
  readonly origin: 'written' | 'folder';
  readonly type: KeptType;
  readonly id: string;
  /** Id of its article; undefined for a mapping. */
  readonly article: string | undefined;
  readonly title: string;
  readonly language: Language | undefined;
  readonly keeper: Keeper;
  /** Whether others are answered with it: with this version, or with the one before a draft. */
  readonly isServed: boolean;
}

/** The text of a version. */
export interface KeptText {
  readonly title: string;
  readonly url: string | undefined;
  /** As it was sent; undefined: the text is where its address leads. */
  readonly html: string | undefined;
}

/** A version in the history. */
export interface KeptVersion {
  /** ISO 8601 instant. */
  readonly at: string;
  /** Undefined: deleted. */
  readonly keeper: Keeper | undefined;
  readonly isDraft: boolean;
  readonly version: number;
}

/** All that curators see of one handout or mapping. */
export interface KeeperCase {
  readonly item: KeeperItem;
  /** Names the version that a change must be of. */
  readonly version: string;
  readonly text: KeptText;
  /** The text that others see, where there is a draft beside it. */
  readonly servedText: KeptText | undefined;
  /** The latest first. */
  readonly history: readonly KeptVersion[];
}

/** A change by a curator. */
export interface KeeperEdit {
  readonly step: KeeperStep;
  readonly entry: KeeperEntry;
  readonly changeNote: string | undefined;
  /** Undefined: as it is. */
  readonly title: string | undefined;
  readonly html: string | undefined;
}

/** A handout that a curator writes on the page; it begins as a draft. */
export interface NewHandout {
  /** Id of its article without the prefix of a site's own; the same in each language. */
  readonly name: string;
  readonly language: Language;
  readonly title: string;
  /** Undefined: the text is where the address leads. */
  readonly html: string | undefined;
  /** Undefined: its page on this server. */
  readonly url: string | undefined;
  /** The codes that it answers. */
  readonly codings: readonly Coding[];
  readonly entry: KeeperEntry;
  readonly changeNote: string | undefined;
}

/** The curators' desk: what the site has written, and the keeper's data of it. */
export interface KeeperDesk<Request> {
  /** All handouts and mappings of the site; the same list until the library changes. */
  list(): Promise<readonly KeeperItem[]>;
  find(type: KeptType, id: string): Promise<KeeperCase | undefined>;
  /**
   * Makes a change. Rejects with RequestError `version-conflict` if another version is current than the named one, and
   * `invalid-resource` or another one of writes.
   */
  change(
    at: { readonly type: KeptType; readonly id: string; readonly version: string },
    edit: KeeperEdit,
    request: Request,
  ): Promise<void>;
  /**
   * Writes the draft of a new handout. Rejects with RequestError `resource-exists` if there is one of this name in this language,
   * `invalid-resource` or another one of writes.
   * @returns id of the DocumentReference
   */
  create(handout: NewHandout, request: Request): Promise<string>;
}
