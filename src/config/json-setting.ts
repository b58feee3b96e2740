import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { ConfigError } from './error.js';
import { readSecretFile } from './secret.js';

/**
 * Reads the JSON file of a setting, with the defaults of its schema.
 * @param schemaFile path of the schema, under whose form the file must be a T
 * @throws ConfigError
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function readJsonSetting<T>(setting: string, file: string, schemaFile: string): T {
  let content: unknown;
  try {
    content = JSON.parse(readSecretFile(setting, file));
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError(`${setting} must be JSON`);
  }
  const ajv = addFormats.default(new Ajv({ useDefaults: true, strict: false }));
  const validate = ajv.compile<T>(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
  if (validate(content)) return content;
  const { instancePath = '', message = 'is wrong' }: Partial<ErrorObject> = validate.errors?.[0] ?? {};
  throw new ConfigError(`${setting}: ${instancePath === '' ? 'the file' : instancePath.slice(1)} ${message}`);
}
