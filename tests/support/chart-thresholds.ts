import { loadConfig } from '../../src/config/config.js';

/** Thresholds where a site sets none. */
export const DEFAULT_THRESHOLDS = loadConfig({}).chartThresholds;
