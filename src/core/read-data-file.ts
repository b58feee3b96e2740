import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import yaml from 'js-yaml';

const files = new Map<string, unknown>();

/** Parses YAML; a date in it must be quoted to be a text. @throws YAMLException */
export const parseYaml = (text: string): unknown => yaml.load(text);

function readBytes(path: string): Buffer {
  return readFileSync(new URL(`../../resources/${path}`, import.meta.url));
}

/** Reads a data file in YAML; each is parsed once. @param path below `resources` */
export function readDataFile(path: string): unknown {
  const known = files.get(path);
  if (known !== undefined) return known;
  const parsed = parseYaml(readBytes(path).toString());
  files.set(path, parsed);
  return parsed;
}

/** Reads a text packed with gzip; each is read once. @param path below `resources` */
export function readTextFile(path: string): string {
  const known = files.get(path);
  if (typeof known === 'string') return known;
  const text = gunzipSync(readBytes(path)).toString('latin1');
  files.set(path, text);
  return text;
}

/** The words of a list in a data file, divided by blanks. */
export const toWordSet = (words: string): ReadonlySet<string> => new Set(words.split(' '));
