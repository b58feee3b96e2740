import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from './error.js';

const FILE = '_FILE';

/** Reads a secret's file, trimmed. @throws ConfigError if it cannot be read */
export function readSecretFile(name: string, file: string): string {
  try {
    return readFileSync(resolve(file), 'utf8').trim();
  } catch {
    throw new ConfigError(`${name} must be a readable file: ${resolve(file)}`);
  }
}

/**
 * Reads a secret of one value from its file, if `<name>_FILE` is set: containers receive secrets as files. Neither the
 * secret nor its fault appears in any message.
 * @param name the setting; its file is named by `<name>_FILE`
 * @param expected pattern of the value, and its description
 * @throws ConfigError
 */
export function readSecret(
  settings: Record<string, unknown>,
  name: string,
  expected: { readonly pattern?: string; readonly description?: string },
): void {
  const file = settings[name + FILE];
  if (typeof file !== 'string') return;
  if (settings[name] !== undefined) throw new ConfigError(`${name} and ${name}${FILE} exclude each other`);
  const text = readSecretFile(name + FILE, file);
  if (!new RegExp(expected.pattern ?? '.').test(text)) {
    throw new ConfigError(`${name}${FILE} must contain ${expected.description ?? 'a value'}, and nothing else`);
  }
  settings[name] = text;
}
