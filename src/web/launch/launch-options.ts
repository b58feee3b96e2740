import type { Ehr } from '../../config/ehrs.js';
import type { HandedOverRecord } from '../../core/handing-over/record.js';
import type { WholeChart, readWholeChart } from '../../protocols/fhir/knowledge-request/read-whole-chart.js';
import type { JsonObject } from '../../protocols/json-object.js';
import type { EhrClient } from '../../upstream/ehr-client.js';
import type { LaunchFailure } from '../../upstream/failures.js';
import type { SmartClient } from '../../upstream/smart/smart-client.js';
import type { EhrWriter } from '../../upstream/write-back/ehr-writer.js';
import type { PageOptions } from '../page-context.js';
import type { LaunchSessions } from './sessions.js';
import type { WriteBackQueue } from './delivery/write-back-queue.js';

type LaunchedReading = Omit<Parameters<typeof readWholeChart>[1], 'asksDoubtful' | 'isChart'>;

/** Parts that launches depend on. */
export interface LaunchOptions extends PageOptions {
  /** EHRs that may launch us; empty: none. */
  readonly ehrs: readonly Ehr[];
  readonly smart: () => Promise<SmartClient>;
  readonly client: EhrClient;
  readonly sessions: LaunchSessions;
  /** Reads a chart's resources by FHIR's rules. @throws RequestError `too-many-resources`, `too-many-criteria`, `bad-resource` */
  readonly readResources: (resources: readonly JsonObject[], reading: LaunchedReading) => WholeChart;
  /** The record of handed-over articles; undefined: nothing is stored here. */
  readonly record: HandedOverRecord | undefined;
  readonly writer: EhrWriter;
  readonly queue: WriteBackQueue;
  /** The time of retries. */
  readonly clock: () => Date;
  /** Logs and counts the outcome of each launch; undefined: it succeeded. */
  readonly logFailure: (failure: LaunchFailure | undefined) => void;
}
