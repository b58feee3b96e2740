import type { ConceptMap, DocumentReference } from '@medplum/fhirtypes';

/** Types that a site writes. */
export type WrittenResource = DocumentReference | ConceptMap;
export const isWrittenType = (type: string): type is WrittenResource['resourceType'] =>
  type === 'DocumentReference' || type === 'ConceptMap';
