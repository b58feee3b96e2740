import { ConfigError, loadConfig } from '../../src/config/config.js';

/** What an environment is refused with; empty where it is taken. */
export function refusal(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}
