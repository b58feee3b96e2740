import { readFileSync, readdirSync } from 'node:fs';
import type { OperationDefinition, Resource } from '@medplum/fhirtypes';
import type { ModuleOptions } from './module-options.js';

type ShippedOptions = Pick<ModuleOptions, 'resourcesDir' | 'canonicalBase'>;

/** Reads a file below `resources/fhir`, its canonical addresses below this site's base. */
export function readShipped(path: string, { resourcesDir, canonicalBase }: ShippedOptions): unknown {
  const text = readFileSync(`${resourcesDir}/fhir/${path}`, 'utf8');
  return JSON.parse(text.replaceAll('{{canonicalBase}}', canonicalBase));
}

/** The resources of a folder of `resources/fhir`, `<type>-<id>.json`, by the names of their files. @param folder empty: its root */
export const listShipped = (folder: string, options: ShippedOptions): Resource[] =>
  readdirSync(`${options.resourcesDir}/fhir/${folder}`)
    .filter((file) => /^[A-Z]\w*-.*\.json$/.test(file))
    .sort()
    .map((file) => readShipped(`${folder}/${file}`, options) as Resource);

/** The definition of an operation. */
export const readOperation = (id: string, options: ShippedOptions): OperationDefinition =>
  readShipped(`OperationDefinition-${id}.json`, options) as OperationDefinition;
