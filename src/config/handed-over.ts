import { ConfigError } from './error.js';

/** The settings of the record of what was handed over, as in resources/schemas/config.json. */
export interface HandedOverSettings {
  HANDED_OVER_OWNER?: string;
  HANDED_OVER_RETENTION_DAYS?: number;
}

/** Who is responsible for the record of what was handed over, and how long an entry is retained. */
export interface HandedOverConfig {
  readonly owner: string;
  readonly retentionDays: number;
}

/**
 * Reads whether handovers are recorded; undefined where the site names neither owner nor retention.
 * @throws ConfigError where it names one of them, or the library is read-only
 */
export function readHandedOver({
  HANDED_OVER_OWNER: owner,
  HANDED_OVER_RETENTION_DAYS: retentionDays,
  LIBRARY_READ_ONLY,
}: HandedOverSettings & { readonly LIBRARY_READ_ONLY: boolean }): HandedOverConfig | undefined {
  if (owner === undefined && retentionDays === undefined) return undefined;
  if (owner === undefined || retentionDays === undefined) {
    throw new ConfigError('HANDED_OVER_OWNER and HANDED_OVER_RETENTION_DAYS must be set together: a record has both');
  }
  if (LIBRARY_READ_ONLY) throw new ConfigError('HANDED_OVER_OWNER must not go with LIBRARY_READ_ONLY');
  return { owner, retentionDays };
}
