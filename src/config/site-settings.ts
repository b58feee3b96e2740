import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { LIMITS } from '../limits.js';
import type { Logo } from '../core/model/department.js';
import { ConfigError } from './error.js';
import type { Settings } from './settings.js';
import { dayInZone } from '../core/time-in-zone.js';
import type { ChartThresholds } from '../core/charts/chart-settings.js';

/** The media type of a picture, by its first bytes; an SVG by its element. */
function detectPictureType(bytes: Buffer): string | undefined {
  if (bytes.subarray(0, 8).equals(Buffer.from('89504e470d0a1a0a', 'hex'))) return 'image/png';
  if (bytes.subarray(0, 3).equals(Buffer.from('ffd8ff', 'hex'))) return 'image/jpeg';
  return /<svg[\s>]/.test(bytes.toString('utf8', 0, 4096)) ? 'image/svg+xml' : undefined;
}

/** Reads a picture from a file, or returns the requirement that it does not meet. */
export function readLogo(file: string, maxBytes: number): Logo | string {
  if (!existsSync(file) || !statSync(file).isFile()) return `an existing file: ${file}`;
  if (statSync(file).size > maxBytes) return `a file of at most ${maxBytes} bytes`;
  const bytes = readFileSync(file);
  const contentType = detectPictureType(bytes);
  return contentType === undefined ? 'a PNG, JPEG or SVG picture' : { contentType, bytes };
}

/**
 * Reads who is responsible for the record of what was handed over, and how long an entry is retained; undefined where the site names
 * neither: then nothing is recorded.
 * @throws ConfigError where it names one of them, or the library is read-only
 */
export function readHandedOver({
  HANDED_OVER_OWNER: owner,
  HANDED_OVER_RETENTION_DAYS: retentionDays,
  LIBRARY_READ_ONLY,
}: Settings) {
  if (owner === undefined && retentionDays === undefined) return undefined;
  if (owner === undefined || retentionDays === undefined) {
    throw new ConfigError('HANDED_OVER_OWNER and HANDED_OVER_RETENTION_DAYS must be set together: a record has both');
  }
  if (LIBRARY_READ_ONLY) throw new ConfigError('HANDED_OVER_OWNER must not go with LIBRARY_READ_ONLY');
  return { owner, retentionDays };
}

export const readChartThresholds = (settings: Settings): ChartThresholds => ({
  mostPages: {
    ambulatory: settings.CHART_PAGES_AMBULATORY,
    emergency: settings.CHART_PAGES_EMERGENCY,
    discharge: settings.CHART_PAGES_DISCHARGE,
    portal: settings.CHART_PAGES_PORTAL,
  },
  visitDays: settings.CHART_VISIT_DAYS,
  shortIllnessDays: settings.CHART_SHORT_ILLNESS_DAYS,
  vaccineDays: settings.CHART_VACCINE_DAYS,
});

/** Returns the name of a known time zone. @throws ConfigError if it is unknown */
export function readTimeZone(name: string): string {
  try {
    dayInZone(new Date(0), name);
  } catch {
    throw new ConfigError('TIME_ZONE must be the name of a time zone, such as America/New_York');
  }
  return name;
}

/** @throws ConfigError if the file is not a picture that pages can show */
export function readSiteLogo(path: string): Logo {
  const logo = readLogo(resolve(path), LIMITS.maxLogoBytes);
  if (typeof logo === 'string') throw new ConfigError(`SITE_LOGO must be ${logo}`);
  return logo;
}

/** Reads a notice of language assistance, or returns the requirement that its file does not meet. */
export function readNoticeFile(file: string): { readonly text: string } | string {
  if (!existsSync(file) || !statSync(file).isFile()) return `must be an existing file: ${file}`;
  if (statSync(file).size > LIMITS.maxNoticeBytes) return `must be a file of at most ${LIMITS.maxNoticeBytes} bytes`;
  const text = readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .trim();
  return { text };
}

/** The site's notice of language assistance. @throws ConfigError if there is no such file, or it is too long */
export function readLanguageNotice(path: string): string {
  const notice = readNoticeFile(resolve(path));
  if (typeof notice === 'string') throw new ConfigError(`LANGUAGE_NOTICE ${notice}`);
  return notice.text;
}
