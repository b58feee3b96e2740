import type { Resource } from '@medplum/fhirtypes';
import type { Format } from './format.js';
import { toXml } from './xml.js';

/** Writes a resource as it was asked for. */
export const writeResource = (resource: Resource, { syntax, pretty }: Format): string =>
  syntax === 'xml' ? toXml(resource, pretty) : JSON.stringify(resource, null, pretty ? 2 : 0);
