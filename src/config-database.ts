import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from './config-error.js';
import type { PostgresPlace } from './library/postgres/postgres-database.js';

/** The settings of it, as resources/schemas/config.json has them. */
export interface DatabaseSettings {
  DATABASE_URL?: string;
  DATABASE_URL_FILE?: string;
  DATABASE_MAX_CONNECTIONS: number;
}

const DATABASE_URL = /^postgres(ql)?:\/\/[^\s/]+\/[^\s/?]+(\?\S*)?$/;

function addressIn(file: string): string {
  let text: string;
  try {
    text = readFileSync(resolve(file), 'utf8').trim();
  } catch {
    throw new ConfigError(`DATABASE_URL_FILE must be a file that can be read: ${resolve(file)}`);
  }
  // The address holds a password: what is wrong with it is not quoted.
  if (DATABASE_URL.test(text)) return text;
  throw new ConfigError('DATABASE_URL_FILE must hold an address like postgres://user:password@host:5432/database');
}

/**
 * Where the library is in PostgreSQL: named by the environment, or in a file, as a container's secret is; undefined: nowhere.
 * @throws ConfigError
 */
export function databaseIn(settings: DatabaseSettings): PostgresPlace | undefined {
  const { DATABASE_URL: address, DATABASE_URL_FILE: file, DATABASE_MAX_CONNECTIONS: maxConnections } = settings;
  if (address !== undefined && file !== undefined) {
    throw new ConfigError('DATABASE_URL and DATABASE_URL_FILE exclude each other');
  }
  const url = file === undefined ? address : addressIn(file);
  return url === undefined ? undefined : { url, maxConnections };
}
