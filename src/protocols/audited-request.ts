import type { AuditFacts, Route } from './route.js';
import { findArea } from './read-areas.js';
/** A request that has ended, as the audit trail may know it. */
export interface AuditedRequest {
  readonly recorded: Date;
  /** The authenticated client; undefined: anonymous. */
  readonly client: string | undefined;
  readonly protocol: string;
  /** FHIR's interaction; undefined in another protocol. */
  readonly interaction: string | undefined;
  /** Resource type of patients' data that was requested; undefined: none. */
  readonly type: string | undefined;
  readonly status: number;
  /** False where the client broke off. */
  readonly isSent: boolean;
  /** `answered`, `empty`, an error's code … */
  readonly outcome: string;
  readonly facts: AuditFacts;
}

/** Protocols whose routes are in the audit trail whichever areas are closed: pages of launches, and signing in and out. */
const ALWAYS: ReadonlySet<string> = new Set(['launched', 'sign-in']);

/** Whether a route answers with knowledge: the audit trail records these. */
export function isAudited(route: Pick<Route, 'protocol' | 'isOpen'>): boolean {
  const area = findArea(route);
  return ALWAYS.has(route.protocol) || (area !== undefined && area !== 'updates' && area !== 'metrics');
}
