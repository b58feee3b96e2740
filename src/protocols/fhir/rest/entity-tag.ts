import { hash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { rememberLast } from '../../../core/remember.js';

const VERSION_DIGITS = 12;

/** A name of a text, such as a `versionId` of JSON: it changes when that does, and on all instances alike. */
export const hashText = (text: string): string => hash('sha256', text).slice(0, VERSION_DIGITS);

/** The mark of a release in the links of pages. */
export const markRelease = rememberLast(hashText);

/** A `versionId` that changes when any of these does, and on all instances alike. */
export const hashVersion = (...content: readonly unknown[]): string =>
  hashText(content.map((one) => JSON.stringify(one)).join('\n'));

/** A resource's version as an ETag (R4 http, 3.1.0.1.3): weak, since JSON and XML share it. */
export function entityTag({ meta }: Resource): string | undefined {
  return meta?.versionId === undefined ? undefined : `W/"${meta.versionId}"`;
}

/** When a resource was last changed, as HTTP writes it. */
export function lastModified({ meta }: Resource): string | undefined {
  return meta?.lastUpdated === undefined ? undefined : new Date(meta.lastUpdated).toUTCString();
}
