import type { CodeSystem, CodeSystemConcept } from '@medplum/fhirtypes';
import { createFlatSystem, type TermConcept, type TermSystem } from './term-system.js';

const toConcept = ({ code, display, definition, designation = [] }: CodeSystemConcept): TermConcept => ({
  code,
  display,
  definition,
  inactive: false,
  designations: designation,
  properties: [],
  parents: [],
});

/** A small code system without a hierarchy, whose concepts are in its resource. */
export function createResourceSystem(resource: CodeSystem): TermSystem {
  const { concept = [], ...header } = resource;
  const concepts = new Map(concept.map((one) => [one.code, toConcept(one)]));
  return createFlatSystem(
    header,
    (codes) => new Map(codes.flatMap((code) => concepts.get(code) ?? []).map((one) => [one.code, one])),
    async () => [...concepts.values()],
  );
}
