import type { Bundle, Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';
import type { RequestBody } from '../route.js';
import { checkBatch, checkResource } from './check-shape.js';
import { bodySyntax } from './format.js';
import { readXml } from './read-xml.js';
import { isResourceType } from './structure.js';

function refuse(reason: string): RequestError {
  return new RequestError('bad-resource', { reason });
}

function depthOf(text: string): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (quoted) {
      if (unit === 0x5c) i++;
      else if (unit === 0x22) quoted = false;
    } else if (unit === 0x22) quoted = true;
    else if (unit === 0x7b || unit === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (unit === 0x7d || unit === 0x5d) depth--;
  }
  return deepest;
}

function readJson(text: string): unknown {
  if (depthOf(text) > LIMITS.maxResourceDepth) {
    throw refuse(`it is nested more than ${LIMITS.maxResourceDepth} levels deep`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('it is not well-formed JSON');
  }
}

/**
 * Reads the resource of a body, JSON or XML by its Content-Type; undefined where nothing was sent.
 * @param mayBeBatch whether a batch is understood, whose entries' resources are then checked entry by entry
 * @throws RequestError `unsupported-media-type`; `bad-resource` for what is not well-formed or no resource of R4
 */
export function readResource(body: RequestBody | undefined, mayBeBatch = false): Resource | undefined {
  if (!body || body.bytes.length === 0) return undefined;
  const syntax = bodySyntax(body.contentType);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body.bytes);
  } catch {
    throw refuse('it is not UTF-8');
  }
  const value = syntax === 'json' ? readJson(text) : readXml(text, LIMITS.maxResourceDepth);
  const type = typeof value === 'object' && value !== null ? (value as { resourceType?: unknown }).resourceType : '';
  if (typeof type !== 'string' || !isResourceType(type)) throw refuse('it has no resourceType of R4');
  const isBatch = mayBeBatch && type === 'Bundle' && (value as Bundle).type === 'batch';
  if (isBatch) checkBatch(value as Bundle);
  else checkResource(value, type);
  return value as Resource;
}
