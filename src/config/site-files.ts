import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { LIMITS } from '../limits.js';
import type { Logo } from '../read-logo.js';
import { readLogo } from '../read-logo.js';
import { ConfigError } from './error.js';

/** @throws ConfigError if the file is not a picture that pages can show */
export function readSiteLogo(path: string): Logo {
  const logo = readLogo(resolve(path), LIMITS.maxLogoBytes);
  if (typeof logo === 'string') throw new ConfigError(`SITE_LOGO must be ${logo}`);
  return logo;
}

/** The site's notice of language assistance. @throws ConfigError if there is no such file, or it is too long */
export function readLanguageNotice(path: string): string {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new ConfigError(`LANGUAGE_NOTICE must be an existing file: ${file}`);
  }
  if (statSync(file).size > LIMITS.maxNoticeBytes) {
    throw new ConfigError(`LANGUAGE_NOTICE must be a file of at most ${LIMITS.maxNoticeBytes} bytes`);
  }
  return readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .trim();
}
