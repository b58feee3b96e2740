import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const files = new Map<string, unknown>();

/** Reads a data file in YAML; each is parsed once. @param path below `resources` */
export function readDataFile(path: string): unknown {
  const known = files.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(new URL(`../../resources/${path}`, import.meta.url), 'utf8');
  const parsed: unknown = parse(text, { merge: true, maxAliasCount: -1, prettyErrors: false });
  files.set(path, parsed);
  return parsed;
}
