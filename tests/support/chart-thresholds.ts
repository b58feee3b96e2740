import { loadConfig } from '../../src/config/config.js';

/** What holds where a site sets nothing else. */
export const DEFAULT_THRESHOLDS = loadConfig({}).chartThresholds;
