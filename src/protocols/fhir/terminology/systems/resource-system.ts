import type { CodeSystem, CodeSystemConcept, CodeSystemConceptProperty } from '@medplum/fhirtypes';
import type { TermConcept, TermSystem } from './term-system.js';
import { flatSystem } from './term-system.js';

export function propertyValue(property: CodeSystemConceptProperty): string {
  const { valueCode, valueString, valueBoolean, valueInteger, valueDecimal, valueDateTime, valueCoding } = property;
  const value = valueCode ?? valueString ?? valueBoolean ?? valueInteger ?? valueDecimal ?? valueDateTime;
  return String(value ?? valueCoding?.code ?? '');
}

const toConcept = ({ code, display, definition, designation = [] }: CodeSystemConcept): TermConcept => ({
  code,
  display,
  definition,
  abstract: false,
  inactive: false,
  designations: designation,
  properties: [],
  parents: [],
});

/** A small code system without a hierarchy, whose concepts are in its resource. */
export function resourceSystem(resource: CodeSystem): TermSystem {
  const { concept = [], ...header } = resource;
  const concepts = new Map(concept.map((one) => [one.code, toConcept(one)]));
  return flatSystem(
    header,
    (codes) => new Map(codes.flatMap((code) => concepts.get(code) ?? []).map((one) => [one.code, one])),
    async () => [...concepts.values()],
  );
}
