import type { Ehr } from '../../config/ehrs.js';
import type { ChartSetting } from '../../core/charts/chart-settings.js';
import type { HandedOverRecord } from '../../core/handing-over/record.js';
import type { JsonObject } from '../../protocols/json-object.js';
import type { EhrClient } from '../../upstream/ehr-client.js';
import type { LaunchFailure } from '../../upstream/smart/launch-failure.js';
import type { SmartClient } from '../../upstream/smart/smart-client.js';
import type { EhrWriter } from '../../upstream/write-back/ehr-writer.js';
import type { PastedChart } from '../list/packet.js';
import type { PageOptions } from '../page-context.js';
import type { LaunchSessions } from './sessions.js';
import type { WriteBackQueue } from './write-back-queue.js';

/** Reads a chart's resources by FHIR's rules. @throws RequestError `too-many-resources`, `too-many-criteria`, `bad-resource` */
export type ReadLaunched = (
  resources: readonly JsonObject[],
  reading: {
    readonly encounter: string | undefined;
    readonly findSetting: (encounterClass: string | undefined) => ChartSetting;
    readonly includeInactive: boolean;
    readonly now: Date;
  },
) => Promise<PastedChart>;

/** Parts that launches depend on. */
export interface LaunchOptions extends PageOptions {
  /** EHRs that may launch us; empty: none. */
  readonly ehrs: readonly Ehr[];
  readonly smart: () => Promise<SmartClient>;
  readonly client: EhrClient;
  readonly sessions: LaunchSessions;
  readonly readResources: ReadLaunched;
  /** The record of handed-over articles; undefined: nothing is recorded. */
  readonly record: HandedOverRecord | undefined;
  readonly writer: EhrWriter;
  readonly queue: WriteBackQueue;
  /** The time of retries. */
  readonly clock: () => Date;
  /** Logs and counts the outcome of each launch; undefined: it succeeded. */
  readonly logFailure: (failure: LaunchFailure | undefined) => void;
}
