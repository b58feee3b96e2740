import { ConfigError, loadConfig } from '../../src/config/config.js';

/** Error with which an environment is rejected; empty where it is valid. */
export function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}
