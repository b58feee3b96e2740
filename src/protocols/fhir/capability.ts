import type { CapabilityStatement } from '@medplum/fhirtypes';
import { SEARCH_PARAMETERS } from './search-parameters.js';

export interface CapabilityOptions {
  readonly connectorName: string;
  readonly version: string;
  /** ISO 8601 day of the library's release. */
  readonly date: string;
  readonly baseUrl: string;
  readonly canonicalBase: string;
}

/** R4 defines these for DocumentReference or for every resource; the others are our own. */
const STANDARD: Readonly<Record<string, string>> = {
  event: 'http://hl7.org/fhir/SearchParameter/DocumentReference-event',
  language: 'http://hl7.org/fhir/SearchParameter/DocumentReference-language',
};

/** What the server can do (R4 CapabilityStatement, kind instance), made of the tables that route and search. */
export function capabilityStatement(options: CapabilityOptions): CapabilityStatement {
  const { connectorName, version, date, baseUrl, canonicalBase } = options;
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: `${date}T00:00:00Z`,
    kind: 'instance',
    software: { name: 'Education Connect', version },
    implementation: { description: connectorName, url: `${baseUrl}/fhir` },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        security: { cors: true },
        resource: [
          {
            type: 'DocumentReference',
            interaction: [{ code: 'read' }, { code: 'search-type' }],
            versioning: 'versioned',
            conditionalRead: 'full-support',
            searchParam: SEARCH_PARAMETERS.map(({ name, type, documentation }) => ({
              name,
              type,
              documentation,
              definition: STANDARD[name] ?? `${canonicalBase}/SearchParameter/DocumentReference-${name}`,
            })),
          },
        ],
      },
    ],
  };
}
