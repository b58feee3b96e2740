import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import yaml from 'js-yaml';
import { ConfigError } from './error.js';
import addFormats from 'ajv-formats';
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

/** A parsed file of a setting, with the lines of its lists and objects, from 1. */
interface ParsedFile {
  readonly content: unknown;
  readonly text: string;
  readonly lines: ReadonlyMap<unknown, number>;
}

/** A checked file of a setting. */
interface YamlSetting<T> {
  readonly content: T;
  /** Builds the error of a field, with its line. @param path names and positions that lead to the field */
  readonly createFault: (path: readonly string[], words: string) => ConfigError;
}

/** All scalars are texts: a code keeps its leading zeros. @throws ConfigError */
function parse(setting: string, text: string): ParsedFile {
  const lines = new Map<unknown, number>();
  const open: number[] = [];
  const listener = (event: yaml.EventType, { line, result }: yaml.State & { readonly result?: unknown }): void => {
    if (event === 'open') open.push(line + 1);
    else {
      const start = open.pop();
      if (typeof result === 'object' && start !== undefined) lines.set(result, start);
    }
  };
  try {
    return { content: yaml.load(text, { schema: yaml.FAILSAFE_SCHEMA, listener }), text, lines };
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    throw new ConfigError(`${setting}: line ${error.mark.line + 1}: ${error.reason}`);
  }
}

/** Whether a line begins with the name of a field, in a list or not. */
const hasName = (line: string, name: string): boolean =>
  line
    .replace(/^[\s-]*/, '')
    .replace(/["']/g, '')
    .startsWith(`${name}:`);

/** Finds the line of a field, from 1: a scalar's is the one with its name, at or below the start of its object. */
function findLine({ content, text, lines }: ParsedFile, path: readonly string[]): number {
  let node: unknown = content;
  let line = 1;
  for (const name of path) {
    const inner = (node as Record<string, unknown> | undefined)?.[name];
    const start = lines.get(inner);
    const from = start === undefined || /^\d+$/.test(name) ? line : Math.min(line, start);
    const at = text
      .split('\n')
      .slice(from - 1)
      .findIndex((one) => hasName(one, name));
    if (start === undefined) return from + Math.max(0, at);
    [node, line] = [inner, start];
  }
  return line;
}

/** Words for a fault: the schema's, with the names and values that are allowed. */
function describeFault({ message = 'is wrong', params, parentSchema }: ErrorObject): string {
  const { allowedValues, additionalProperty } = params as { allowedValues?: string[]; additionalProperty?: string };
  const { properties = {}, description } = (parentSchema ?? {}) as { properties?: object; description?: string };
  if (additionalProperty !== undefined) return `is no field; fields are ${Object.keys(properties).join(', ')}`;
  if (allowedValues) return `must be one of ${allowedValues.join(', ')}`;
  return description === undefined ? message : `must be ${description}`;
}

/**
 * Reads the YAML file of a setting, with the defaults of its schema.
 * @param schemaFile path of the schema, under whose form the file must be a T
 * @throws ConfigError with the line and the field of the first fault
 */
export function readYamlSetting<T>(
  setting: string,
  path: string,
  schemaFile: string,
  maxBytes: number,
): YamlSetting<T> {
  const file = resolve(path);
  if (!existsSync(file) || !statSync(file).isFile())
    throw new ConfigError(`${setting} must be an existing file: ${file}`);
  if (statSync(file).size > maxBytes) throw new ConfigError(`${setting} must be a file of at most ${maxBytes} bytes`);
  const parsed = parse(setting, readFileSync(file, 'utf8').replace(/^\ufeff/, ''));
  const createFault = (names: readonly string[], words: string): ConfigError =>
    new ConfigError(
      `${setting}: line ${findLine(parsed, names)}, ${names.filter((name) => name !== '').join('.') || 'the file'}: ${words}`,
    );
  const ajv = new Ajv({ useDefaults: true, coerceTypes: true, strict: false, verbose: true });
  const validate = ajv.compile<T>(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
  const { content } = parsed;
  if (validate(content)) return { content, createFault };
  const [fault] = validate.errors ?? [];
  if (!fault) throw new ConfigError(`${setting} is wrong`);
  const { additionalProperty = '' } = fault.params as { additionalProperty?: string };
  const names = [...fault.instancePath.split('/').slice(1), additionalProperty].filter((name) => name !== '');
  throw createFault(names, describeFault(fault));
}
