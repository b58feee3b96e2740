import { readFileSync } from 'node:fs';
import yaml from 'js-yaml';

const files = new Map<string, unknown>();

/** Parses YAML; a date in it must be quoted to be a text. @throws YAMLException */
export const parseYaml = (text: string): unknown => yaml.load(text);

/** Reads a data file in YAML; each is parsed once. @param path below `resources` */
export function readDataFile(path: string): unknown {
  const known = files.get(path);
  if (known !== undefined) return known;
  const parsed = parseYaml(readFileSync(new URL(`../../resources/${path}`, import.meta.url), 'utf8'));
  files.set(path, parsed);
  return parsed;
}

/** The words of a list in a data file, divided by blanks. */
export const toWordSet = (words: string): ReadonlySet<string> => new Set(words.split(' '));
