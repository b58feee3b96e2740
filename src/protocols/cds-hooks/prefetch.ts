import type { FhirPage } from '../../upstream/fhir-page.js';
import { readPage } from '../../upstream/fhir-page.js';
import type { JsonObject } from '../json-object.js';
import { refuseRequest } from './read-body.js';
import type { PrefetchPart } from './services.js';

/**
 * One part of the prefetch as sent (CDS Hooks 2.0.1, "Prefetch"): `null` means that there is no such data, an absent key that it was not
 * fetched, an OperationOutcome that fetching it failed; a searchset may be the first of several pages.
 */
export interface SentPart extends FhirPage {
  /** It was not sent. */
  readonly isMissing: boolean;
}

/** Whether nothing needs to be fetched. */
export const isWhole = ({ isMissing, next }: SentPart): boolean => !isMissing && next === undefined;

const MISSING: SentPart = { isMissing: true, resources: [], next: undefined };

/** Reads what was sent of a part. @throws RequestError `bad-hook-request`, `too-many-resources` */
export function readPart(prefetch: JsonObject, { key, type }: PrefetchPart): SentPart {
  const value = Object.hasOwn(prefetch, key) ? prefetch[key] : undefined;
  if (value === undefined) return MISSING;
  if (value === null) return { isMissing: false, resources: [], next: undefined };
  const page = readPage(value, type, (fault) => refuseRequest(`prefetch.${key}${fault}`));
  return page ? { isMissing: false, ...page } : MISSING;
}
