import type { Language } from './model/language.js';

const FIELDS = {
  year: 'numeric',
  month: 'long',
  day: 'numeric',
  hour: 'numeric',
  minute: '2-digit',
  timeZoneName: 'short',
} as const;

/**
 * Returns an instant in words, with its time zone: `December 1, 2026 at 12:50 PM EST`.
 * @param at ISO 8601 instant
 * @param timeZone IANA name, such as `America/New_York`
 */
export const describeTime = (at: string, language: Language, timeZone: string): string =>
  new Intl.DateTimeFormat(language, { ...FIELDS, timeZone }).format(new Date(at));
