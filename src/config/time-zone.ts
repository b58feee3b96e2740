import { dayInZone } from '../core/day-in-zone.js';
import { ConfigError } from './error.js';

/** Returns the name of a known time zone. @throws ConfigError if it is unknown */
export function readTimeZone(name: string): string {
  try {
    dayInZone(new Date(0), name);
  } catch {
    throw new ConfigError('TIME_ZONE must be the name of a time zone, such as America/New_York');
  }
  return name;
}
