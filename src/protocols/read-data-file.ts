import { readFileSync } from 'node:fs';
import { CORE_SCHEMA, load, mergeTag } from 'js-yaml';

const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

/** Parses YAML 1.2, with merge keys (`<<`). @throws YAMLException */
export const parseYaml = (text: string): unknown => load(text, { schema: SCHEMA });

/** Reads a data file in YAML. @param path below `resources` */
export function readDataFile(path: string): unknown {
  return parseYaml(readFileSync(new URL(`../../resources/${path}`, import.meta.url), 'utf8'));
}
