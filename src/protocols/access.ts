import { RequestError } from '../core/errors.js';
import type { Access, AccessRight, NeededRight } from './identity.js';
import { findOwn } from '../core/find-own.js';

/** Right of every request that is answered with articles, in any protocol: to read and search them. */
export const READ_ARTICLES: NeededRight = { type: 'DocumentReference', rights: ['r', 's'] };

const SCOPE = /^(system|user|patient)\/(\*|[A-Z][A-Za-z]+)\.(\*|read|write|c?r?u?d?s?)$/;
/** Version 1's words, in version 2's letters. */
const SMART_1: Readonly<Record<string, string>> = { '*': 'cruds', read: 'rs', write: 'cud' };

/**
 * Reads a SMART scope in either version's spelling (SMART App Launch 2, scopes); undefined for another, or one that a search narrows
 * (`?…`). The rights are version 2's letters.
 */
export function readScope(scope: string) {
  const [, level, type, rights = ''] = SCOPE.exec(scope) ?? [];
  return level === undefined ? undefined : { level, type, rights: findOwn(SMART_1, rights) ?? rights };
}

/** Types with data about patients. A scope must name them, for the system: rights to all types, or of a user, are for articles. */
const NAMED_TYPES: ReadonlySet<string> = new Set(['Communication']);

/**
 * Whether a scope lets a client do something: `system/DocumentReference.cruds` and its parts. What a user may read (`user/…`) is no different here; what is written is the site's,
 * and no user's. A patient's scope is none: articles belong to no patient. A scope that is narrowed by a search (`?…`) is
 * none either: it cannot be held here.
 */
function permits(scope: string, type: string, right: AccessRight): boolean {
  const read = readScope(scope);
  if (!read || read.level === 'patient' || (read.type !== '*' && read.type !== type)) return false;
  if (NAMED_TYPES.has(type) && (read.level !== 'system' || read.type !== type)) return false;
  const isWrite = right === 'c' || right === 'u' || right === 'd';
  if (isWrite && read.level !== 'system') return false;
  return read.rights.includes(right);
}

/** The scopes of an authenticated client, whichever they are. @throws RequestError `authorization-required`, `issuer-unavailable` */
export function requireIdentity(access: Access | undefined): readonly string[] {
  if (access && 'identity' in access) return access.identity.scopes;
  if (access?.refused === 'unavailable') throw new RequestError('issuer-unavailable', {}, access.cause);
  throw new RequestError('authorization-required', { refused: access?.refused ?? 'missing' });
}

/** True if the scopes of a client allow it all of a right. */
const allows = (scopes: readonly string[], { type, rights }: NeededRight): boolean =>
  rights.every((right) => scopes.some((scope) => permits(scope, type, right)));

/** True if an authenticated client has a right. */
export const hasRight = (access: Access | undefined, right: NeededRight): boolean =>
  access !== undefined && 'identity' in access && allows(access.identity.scopes, right);

/** @throws RequestError `authorization-required`, `not-permitted`, `issuer-unavailable` */
export function requireRight(access: Access | undefined, right: NeededRight): void {
  const { type, rights } = right;
  if (!allows(requireIdentity(access), right))
    throw new RequestError('not-permitted', { scope: `system/${type}.${rights.join('')}` });
}
