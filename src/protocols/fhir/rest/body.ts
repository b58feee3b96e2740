import type { Bundle, BundleEntry, Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { LIMITS } from '../../../limits.js';
import type { RequestBody } from '../../route.js';
import { checkBatch, checkResource } from './check-shape.js';
import { readBodySyntax } from './format.js';
import { decodeText, readJsonText } from '../../input/parse-json.js';
import { readResourceXml } from '../syntax/read-xml.js';
import { isResourceType } from '../syntax/structure.js';
import { badResource } from './bad-request.js';

/** Bundles in Bundles are counted so far down; a chart's are not read further. */
const COUNTED_LEVELS = 3;

/** Counts the resources in a Bundle, with those of the Bundles in it, and stops once there are more than `most`. */
function countResources({ entry }: Partial<Bundle>, most: number, level = 1): number {
  let count = 0;
  for (const one of Array.isArray(entry) ? (entry as (BundleEntry | null)[]) : []) {
    const resource = one?.resource;
    if (resource?.resourceType !== 'Bundle') count += resource ? 1 : 0;
    else if (level < COUNTED_LEVELS) count += countResources(resource, most, level + 1);
    if (count > most) break;
  }
  return count;
}

/**
 * Rejects a chart of too many resources before each of them is checked. A batch and a transaction have limits of their own.
 * @throws RequestError `too-many-resources`
 */
function checkCount(value: Resource): void {
  const most = LIMITS.maxChartResources;
  if (value.resourceType !== 'Bundle' || value.type === 'batch' || value.type === 'transaction') return;
  if (countResources(value, most) > most) throw new RequestError('too-many-resources', { most });
}

/**
 * Reads the resource of a body, JSON or XML by its Content-Type; undefined where nothing was sent.
 * @param mayBeBatch whether a batch is understood, whose entries' resources are then checked entry by entry
 * @throws RequestError `too-many-resources`; `bad-resource` for what is not well-formed or no resource of R4
 */
export function readResource(body: RequestBody | undefined, mayBeBatch = false): Resource | undefined {
  if (!body || body.bytes.length === 0) return undefined;
  const syntax = readBodySyntax(body.contentType);
  const text = decodeText(body.bytes, badResource);
  const { maxResourceDepth, maxResourceElements } = LIMITS;
  const value =
    syntax === 'json' ? readJsonText(text, badResource) : readResourceXml(text, maxResourceDepth, maxResourceElements);
  const type = typeof value === 'object' && value !== null ? (value as { resourceType?: unknown }).resourceType : '';
  if (typeof type !== 'string' || !isResourceType(type)) throw badResource('it has no resourceType of R4');
  const isBatch = mayBeBatch && type === 'Bundle' && (value as Bundle).type === 'batch';
  checkCount(value as Resource);
  if (isBatch) checkBatch(value as Bundle);
  else checkResource(value, type);
  return value as Resource;
}
