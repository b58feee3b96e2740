import type { Resource } from '@medplum/fhirtypes';

interface Elements {
  /** Marked Σ in R4's definition. */
  readonly summary: readonly string[];
  /** At least one must be there, or their meaning is a modifier's. */
  readonly mandatory: readonly string[];
  /** What our profile of the type demands beyond R4. */
  readonly profiled?: readonly string[];
}

const CONFORMANCE = ['url', 'version', 'name', 'title', 'status', 'experimental', 'date', 'publisher', 'contact'];
const USE = ['useContext', 'jurisdiction'];

/** Elements of each type that is searched here, as R4's definitions mark them. */
const ELEMENTS: Readonly<Partial<Record<Resource['resourceType'], Elements>>> = {
  Communication: {
    summary: (
      'identifier instantiatesCanonical instantiatesUri basedOn partOf status statusReason category priority subject topic ' +
      'encounter reasonCode reasonReference'
    ).split(' '),
    mandatory: ['status'],
  },
  DocumentReference: {
    summary: (
      'masterIdentifier identifier status docStatus type category subject date author relatesTo description ' +
      'securityLabel content context'
    ).split(' '),
    mandatory: ['status', 'content'],
    profiled: ['type', 'category', 'description'],
  },
  CodeSystem: {
    summary: [
      ...CONFORMANCE,
      ...USE,
      ...'identifier caseSensitive valueSet hierarchyMeaning compositional versionNeeded content supplements'.split(
        ' ',
      ),
      ...['count', 'filter', 'property'],
    ],
    mandatory: ['status', 'content'],
  },
  ValueSet: { summary: [...CONFORMANCE, ...USE, 'identifier', 'immutable'], mandatory: ['status'] },
  ConceptMap: {
    summary: [
      ...CONFORMANCE,
      ...USE,
      ...['identifier', 'sourceUri', 'sourceCanonical', 'targetUri', 'targetCanonical'],
    ],
    mandatory: ['status'],
  },
  StructureDefinition: {
    summary: [
      ...CONFORMANCE,
      ...USE,
      ...'identifier keyword fhirVersion kind abstract context contextInvariant type baseDefinition derivation'.split(
        ' ',
      ),
    ],
    // The last four by its invariants: without them what is left would be no valid definition.
    mandatory: [
      ...['url', 'name', 'status', 'kind', 'abstract', 'type'],
      ...['context', 'baseDefinition', 'derivation', 'differential'],
    ],
  },
  SearchParameter: {
    summary: [...CONFORMANCE, ...USE, 'description', 'code', 'base', 'type'],
    mandatory: ['url', 'name', 'status', 'description', 'code', 'base', 'type'],
  },
  OperationDefinition: {
    summary: [
      ...CONFORMANCE,
      ...USE,
      ...['kind', 'affectsState', 'code', 'base', 'resource', 'system', 'type', 'instance'],
    ],
    mandatory: ['name', 'status', 'kind', 'code', 'system', 'type', 'instance'],
  },
  CapabilityStatement: {
    summary: [
      ...CONFORMANCE,
      ...USE,
      ...'kind instantiates imports software implementation fhirVersion format patchFormat'.split(' '),
      ...['implementationGuide', 'rest', 'messaging', 'document'],
    ],
    // The last four by its invariants.
    mandatory: 'status date kind fhirVersion format description software implementation rest'.split(' '),
  },
  TerminologyCapabilities: {
    summary: [...CONFORMANCE, ...USE, ...['kind', 'software', 'implementation', 'lockedDate', 'codeSearch']],
    // The last two by its invariants.
    mandatory: ['status', 'date', 'kind', 'software', 'implementation'],
  },
  NamingSystem: {
    summary: ['name', 'status', 'kind', 'date', 'publisher', 'contact', ...USE, 'uniqueId'],
    mandatory: ['name', 'status', 'kind', 'date', 'uniqueId'],
  },
};

/** What stays in every shortened resource. */
const ALWAYS = ['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension'];

export function summaryElements(type: Resource['resourceType']): readonly string[] {
  const { summary = [], mandatory = [] } = ELEMENTS[type] ?? {};
  return [...ALWAYS, ...summary, ...mandatory];
}

export function mandatoryElements(type: Resource['resourceType']): readonly string[] {
  return [...ALWAYS, ...(ELEMENTS[type]?.mandatory ?? [])];
}

export function profiledElements(type: Resource['resourceType']): readonly string[] {
  return ELEMENTS[type]?.profiled ?? [];
}
