import type { Coding, Resource } from '@medplum/fhirtypes';
import type { Shortening } from './read-shortening.js';
import { mandatoryElements, profiledElements, summaryElements } from './summary-elements.js';

const SUBSETTED: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'subsetted',
};

/** References to contained resources, anywhere in a value. */
function localReferences(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return (value as unknown[]).flatMap(localReferences);
  return Object.entries(value as Record<string, unknown>).flatMap(([name, held]) =>
    name === 'reference' && typeof held === 'string' && held.startsWith('#') ? [held.slice(1)] : localReferences(held),
  );
}

/** The names of the elements that stay; undefined if all of them do. */
function keptNames({ resourceType }: Resource, { summary, elements }: Shortening): ReadonlySet<string> | undefined {
  switch (summary) {
    case 'true':
      return new Set(summaryElements(resourceType));
    case 'text':
      return new Set([...mandatoryElements(resourceType), 'text']);
    default:
      return elements.length > 0 ? new Set([...mandatoryElements(resourceType), ...elements]) : undefined;
  }
}

/**
 * A resource with the elements that are wanted (R4 search, 3.1.1.5.9 `_summary`, 3.1.1.5.10 `_elements`): mandatory and
 * modifier elements stay, and a tag marks what is left out. Contained resources stay if something refers to them. A
 * resource without an element that its profile demands does not claim the profile.
 */
export function shorten<R extends Resource>(resource: R, wanted: Shortening): R {
  const kept = keptNames(resource, wanted);
  if (!kept && wanted.summary !== 'data') return resource;
  const isKept = ([name]: [string, unknown]): boolean => (kept ? kept.has(name.replace(/^_/, '')) : name !== 'text');
  const entries = Object.entries(resource as unknown as Record<string, unknown>).filter(
    (entry) => entry[0] !== 'contained' && isKept(entry),
  );
  const needed = new Set(entries.flatMap(([, value]) => localReferences(value)));
  const { contained = [] } = resource as { contained?: Resource[] };
  const stillNeeded = contained.filter(({ id }) => id !== undefined && needed.has(id));
  const isProfiled = !kept || profiledElements(resource.resourceType).every((name) => kept.has(name));
  const { tag = [], profile, ...meta } = resource.meta ?? {};
  const shortMeta = { ...meta, ...(profile && isProfiled ? { profile } : {}), tag: [...tag, SUBSETTED] };
  const short: Record<string, unknown> = {};
  for (const [name, value] of [...entries, ['meta', undefined] as const]) {
    short[name] = name === 'meta' ? shortMeta : value;
  }
  return { ...short, ...(stillNeeded.length > 0 ? { contained: stillNeeded } : {}) } as unknown as R;
}
