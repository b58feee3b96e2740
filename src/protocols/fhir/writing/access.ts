import { RequestError } from '../../../core/errors.js';
import type { Access } from '../../route.js';

/** What can be done to a resource, as SMART's scopes write it: create, update, delete. */
export type WriteRight = 'c' | 'u' | 'd';

const SCOPE = /^system\/(\*|[A-Z][A-Za-z]+)\.(\*|read|write|c?r?u?d?s?)(?:\?.*)?$/;

/**
 * Whether a scope lets a client do something: `system/DocumentReference.cud` and its parts (SMART App Launch 2, scopes), and
 * version 1's `.write` and `.*`. A scope that is narrowed by a search (`?…`) is none for us: it cannot be held here.
 */
export function permits(scope: string, type: string, right: WriteRight): boolean {
  const [, named, rights = ''] = SCOPE.exec(scope) ?? [];
  if (named === undefined || scope.includes('?')) return false;
  if (named !== '*' && named !== type) return false;
  return rights === '*' || rights === 'write' || (rights !== 'read' && rights.includes(right));
}

/** @throws RequestError `authorization-required`, `not-permitted`, `issuer-unavailable` */
export function requireRight(access: Access | undefined, type: string, right: WriteRight): void {
  if (!access || 'refused' in access) {
    if (access?.refused === 'unavailable') throw new RequestError('issuer-unavailable', {}, access.cause);
    throw new RequestError('authorization-required', { refused: access?.refused ?? 'missing' });
  }
  if (access.identity.scopes.some((scope) => permits(scope, type, right))) return;
  throw new RequestError('not-permitted', { scope: `system/${type}.${right}` });
}
