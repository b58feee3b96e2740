import type { Resource } from '@medplum/fhirtypes';
import { readDataFile } from '../../../core/read-data-file.js';

interface Elements {
  readonly summary?: string;
  readonly mandatory?: string;
  readonly profiled?: string;
}

const ELEMENTS = readDataFile('fhir/r4/summary-elements.yaml') as Readonly<Record<string, Elements>>;

/** What stays in every shortened resource. */
const ALWAYS = ['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension'];

const listElements = (type: Resource['resourceType'], kind: keyof Elements): string[] =>
  ELEMENTS[type]?.[kind]?.split(' ') ?? [];

/** Elements of a type that a summary has (R4 search, 3.1.1.5.9). */
export const summaryElements = (type: Resource['resourceType']): readonly string[] => [
  ...[...ALWAYS, ...listElements(type, 'summary')],
  ...listElements(type, 'mandatory'),
];

/** Elements of a type that no shortening takes away. */
export const mandatoryElements = (type: Resource['resourceType']): readonly string[] => [
  ...ALWAYS,
  ...listElements(type, 'mandatory'),
];

/** Elements that our profile of a type requires beyond R4. */
export const profiledElements = (type: Resource['resourceType']): readonly string[] => listElements(type, 'profiled');
