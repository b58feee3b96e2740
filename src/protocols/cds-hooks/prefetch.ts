import { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';
import type { JsonObject } from '../json-object.js';
import { objectOf, objectsOf, textOf } from '../json-object.js';
import { refuseRequest } from './read-body.js';
import type { PrefetchPart } from './services.js';

/**
 * What the client sent of one part of the prefetch (CDS Hooks 2.0.1, "Prefetch"): `null` means that there is no such data, an absent key
 * that it was not fetched, an OperationOutcome that fetching it failed; a searchset may be the first of several pages.
 */
export interface SentPart extends FhirPage {
  /** Nothing of it came along. */
  readonly isMissing: boolean;
}

/** Whether nothing has to be fetched. */
export const isWhole = ({ isMissing, next }: SentPart): boolean => !isMissing && next === undefined;

/** A page of matches, or a resource, as a server or a client sends it. */
export interface FhirPage {
  readonly resources: readonly JsonObject[];
  /** Address of the next page. */
  readonly next: string | undefined;
}

const MISSING: SentPart = { isMissing: true, resources: [], next: undefined };

/** @throws RequestError `bad-hook-request` for a resource that is none: one that was sent as a text, say; `too-many-resources` */
function resourcesIn({ entry }: JsonObject, place: string): JsonObject[] {
  const entries = Array.isArray(entry) ? (entry as unknown[]) : [];
  const most = LIMITS.maxChartResources;
  if (entries.length > most) throw new RequestError('too-many-resources', { most });
  return entries.flatMap((one, index) => {
    const sent = objectOf(one)?.resource;
    if (sent === undefined || sent === null) return [];
    const resource = objectOf(sent);
    if (!resource) throw refuseRequest(`${place}.entry.${index}.resource must be an object`);
    // Whose facts are in it would not be looked at.
    if (resource.resourceType === 'Bundle') throw refuseRequest(`${place}.entry.${index}.resource must be no Bundle`);
    // What a server says of its search is no part of the chart.
    return resource.resourceType === 'OperationOutcome' ? [] : [resource];
  });
}

function nextOf({ link }: JsonObject): string | undefined {
  return objectsOf(link)
    .map(({ relation, url }) => (relation === 'next' ? textOf(url) : ''))
    .find((url) => url !== '');
}

/**
 * Reads a resource of the wanted type, or a Bundle of such; undefined for an OperationOutcome.
 * @param place how the value is named where it is wrong
 * @throws RequestError `bad-hook-request` for anything else; `too-many-resources`
 */
export function readPage(value: unknown, type: string, place: string): FhirPage | undefined {
  const resource = objectOf(value);
  if (!resource) throw refuseRequest(`${place} must be a resource, a Bundle or null`);
  const { resourceType } = resource;
  if (resourceType === 'OperationOutcome') return undefined;
  if (resourceType === 'Bundle') return { resources: resourcesIn(resource, place), next: nextOf(resource) };
  if (resourceType !== type) throw refuseRequest(`${place} must be a ${type}, or a Bundle of such`);
  return { resources: [resource], next: undefined };
}

/** Reads what was sent of a part. @throws RequestError `bad-hook-request`, `too-many-resources` */
export function readPart(prefetch: JsonObject, { key, type }: PrefetchPart): SentPart {
  const value = Object.hasOwn(prefetch, key) ? prefetch[key] : undefined;
  if (value === undefined) return MISSING;
  if (value === null) return { isMissing: false, resources: [], next: undefined };
  const page = readPage(value, type, `prefetch.${key}`);
  return page ? { isMissing: false, ...page } : MISSING;
}
