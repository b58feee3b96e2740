import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** Reads a data file in YAML. @param path below `resources` */
export function readDataFile(path: string): unknown {
  const text = readFileSync(new URL(`../../resources/${path}`, import.meta.url), 'utf8');
  return parse(text, { merge: true, maxAliasCount: -1 });
}
