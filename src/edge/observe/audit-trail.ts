import type { AuditedRequest } from '../../protocols/audited-request.js';
import { isAudited } from '../../protocols/audited-request.js';
import type { Route } from '../../protocols/route.js';
import type { RouteMethod } from '../../protocols/route-document.js';
import type { RequestWitness } from './ledger.js';

export interface AuditTrailOptions {
  readonly routes: readonly Route[];
  readonly clock: () => Date;
  readonly write: (audited: AuditedRequest) => void;
}

/**
 * Makes the audit trail of all that answers with knowledge, refusals and kept answers included. What tells only what the
 * server is, and a preflight, is no part of it.
 */
export function createAuditTrail({ routes, clock, write }: AuditTrailOptions): RequestWitness {
  const audited = new Map(routes.filter(isAudited).map((route) => [`${route.protocol} ${route.path}`, route]));
  return ({ protocol, route: path, client, facts }, { method, status, sent }) => {
    const route = audited.get(`${protocol} ${path}`);
    if (!route || method === 'OPTIONS') return;
    const asked = method === 'HEAD' ? 'GET' : method;
    const interaction = route.interaction?.(asked as RouteMethod);
    const { outcome, audit = {} } = facts;
    write({ recorded: clock(), client, protocol, interaction, status, isSent: sent, outcome, facts: audit });
  };
}
