import type { Resource } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';

/** What a member must be where it is there; with `!` it must be there. */
type Shape = 'text' | 'text!' | 'texts' | 'object' | (() => Members);
interface Members {
  readonly [name: string]: Shape;
}

const extension = (): Members => ({ url: 'text!' });
const designation = (): Members => ({ language: 'text', value: 'text!', use: 'object' });
const concept = (): Members => ({
  code: 'text!',
  display: 'text',
  definition: 'text',
  designation,
  property: () => ({ code: 'text!' }),
  extension,
  concept,
});
const include = (): Members => ({
  system: 'text',
  version: 'text',
  concept: () => ({ code: 'text!', display: 'text', designation }),
  filter: () => ({ property: 'text!', op: 'text!', value: 'text' }),
  valueSet: 'texts',
});
const element = (): Members => ({
  code: 'text',
  display: 'text',
  target: () => ({ code: 'text', display: 'text', equivalence: 'text!', comment: 'text' }),
});

const named: Members = { url: 'text', version: 'text', name: 'text', language: 'text', extension };
const contained = (): Members => ({ ...named, compose: 'object' });
const COMPOSE: Members = { include, exclude: include, extension };
const RESOURCES: Readonly<Record<string, Members>> = {
  CodeSystem: { ...named, concept, property: () => ({ code: 'text!', uri: 'text' }), supplements: 'text' },
  ValueSet: { ...named, compose: 'object', contained },
  ConceptMap: { ...named, group: () => ({ source: 'text', target: 'text', element, unmapped: 'object' }) },
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isShape(value: unknown, shape: Exclude<Shape, () => Members>): boolean {
  if (shape === 'object') return isObject(value);
  const isTexts = Array.isArray(value) && value.every((one) => typeof one === 'string');
  return shape === 'texts' ? isTexts : typeof value === 'string';
}

/** Where something is that cannot be read; undefined for what can. */
function findFault(value: Record<string, unknown>, members: Members, at: string): string | undefined {
  for (const [name, shape] of Object.entries(members)) {
    const member = value[name];
    const path = `${at}.${name}`;
    if (member === undefined || member === null) {
      if (shape === 'text!') return path;
    } else if (typeof shape !== 'function') {
      if (!isShape(member, shape)) return path;
    } else {
      const fault = findListFault(member, shape(), path);
      if (fault !== undefined) return fault;
    }
  }
  return isObject(value.compose) && 'compose' in members
    ? findFault(value.compose, COMPOSE, `${at}.compose`)
    : undefined;
}

function findListFault(list: unknown, members: Members, path: string): string | undefined {
  if (!Array.isArray(list)) return path;
  for (const [index, one] of list.entries()) {
    const at = `${path}[${index}]`;
    const fault = isObject(one) ? findFault(one, members, at) : at;
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * Checks what terminology reads of the resources that came with a request: what it relies on is of its type.
 * @throws RequestError `bad-resource`
 */
export function checkBrought(resources: readonly Resource[]): void {
  for (const resource of resources) {
    const { resourceType } = resource;
    const members = RESOURCES[resourceType];
    if (!members) continue;
    const fault = findFault(resource as unknown as Record<string, unknown>, members, resourceType);
    if (fault === undefined) continue;
    throw new RequestError('bad-resource', { reason: `${fault} is missing or of another type`, expression: fault });
  }
}
