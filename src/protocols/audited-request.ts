import type { AuditFacts } from './route.js';

/** A request that has ended, as the audit trail may know it. */
export interface AuditedRequest {
  readonly recorded: Date;
  /** The authenticated client; undefined: nobody said who it is. */
  readonly client: string | undefined;
  readonly protocol: string;
  /** FHIR's interaction; undefined for what is asked in another protocol. */
  readonly interaction: string | undefined;
  readonly status: number;
  /** False where the client broke off. */
  readonly isSent: boolean;
  /** `answered`, `empty`, an error's code … */
  readonly outcome: string;
  readonly facts: AuditFacts;
}
