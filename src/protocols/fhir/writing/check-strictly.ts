import { checkResource, type StrictShape } from '../rest/check-shape.js';
import { findNarrativeFault } from './check-narrative.js';
import type { FaultList } from './faults.js';
import type { WrittenResource } from './written-type.js';

/** Collects every fault of a resource that is to be stored. Its narratives are read when all else is. */
export function checkStrictly(resource: WrittenResource, faults: FaultList): void {
  const strict: StrictShape = { faults, narratives: [] };
  checkResource(resource, resource.resourceType, strict);
  for (const [place, text] of strict.narratives) {
    const fault = findNarrativeFault(text);
    if (fault !== undefined) faults.add(place, fault, 'value');
  }
}
