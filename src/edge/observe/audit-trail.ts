import { isAudited, type AuditedRequest } from '../../protocols/audited-request.js';
import type { RouteMethod } from '../../protocols/route-document.js';
import type { RequestWitness } from './ledger.js';

/**
 * Creates the audit trail of every route that answers with knowledge, including errors and cached answers. Routes that describe
 * the server itself, and preflights, are not part of it.
 */
export const createAuditTrail =
  (clock: () => Date, write: (audited: AuditedRequest) => void): RequestWitness =>
  ({ row, client, facts }, { method, status, sent }) => {
    if (!row || !isAudited(row) || method === 'OPTIONS') return;
    const { protocol, auditedType: type } = row;
    const interaction = row.interaction?.((method === 'HEAD' ? 'GET' : method) as RouteMethod);
    const { outcome, audit = {}, client: person } = facts;
    write({
      recorded: clock(),
      client: client ?? person,
      protocol,
      interaction,
      type,
      status,
      isSent: sent,
      outcome,
      facts: audit,
    });
  };
