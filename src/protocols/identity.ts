import type { Role } from './roles.js';

/** The client by its token: no more than its name and its rights. */
export interface Identity {
  /** The client's id, or a static token's number: it may be logged, the token never. */
  readonly client: string;
  /** SMART scopes. */
  readonly scopes: readonly string[];
  /** Roles of a person who has signed in; undefined: it is a program's token. */
  readonly roles?: readonly Role[];
}

/** Right to a resource, as SMART's scopes write it: create, read, update, delete, search. */
export type AccessRight = 'c' | 'r' | 'u' | 'd' | 's';

/** Rights that a request needs: all of these to a type; `*` is every type. */
export interface NeededRight {
  readonly type: string;
  /** In SMART's order, `cruds`. */
  readonly rights: readonly AccessRight[];
}

/**
 * A request's token as it was found: valid, missing, not valid (any longer), or of an issuer whose keys cannot be fetched; or the person has not
 * signed in (`sign-in`).
 */
export type Access =
  | {
      readonly identity: Identity;
      /** Value of `Set-Cookie` by which a person's session goes on. */
      readonly renewal?: string;
    }
  | { readonly refused: 'missing' | 'invalid' | 'unavailable' | 'sign-in'; readonly cause?: unknown };
