import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from './error.js';

const FILE = '_FILE';

/** What a secret's file holds, without white space around it. @throws ConfigError where it cannot be read */
export function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(resolve(file), 'utf8').trim();
  } catch {
    throw new ConfigError(`${name} must be a file that can be read: ${resolve(file)}`);
  }
}

/**
 * Takes a secret of one value from its file, where that is named in the place of the secret itself: containers are handed
 * secrets as files. Neither the secret nor what is wrong in it is ever told.
 * @param name the setting; its file is named by `<name>_FILE`
 * @param expected what the value must be, as a pattern and in words
 * @throws ConfigError
 */
export function takeSecret(
  settings: Record<string, unknown>,
  name: string,
  expected: { readonly pattern?: string; readonly description?: string },
): void {
  const file = settings[name + FILE];
  if (typeof file !== 'string') return;
  if (settings[name] !== undefined) throw new ConfigError(`${name} and ${name}${FILE} exclude each other`);
  const text = readSecretFile(name + FILE, file);
  if (!new RegExp(expected.pattern ?? '.').test(text)) {
    throw new ConfigError(`${name}${FILE} must hold ${expected.description ?? 'a value'}, and nothing else`);
  }
  settings[name] = text;
}
