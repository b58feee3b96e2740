import type { Resource } from '@medplum/fhirtypes';
import { findCodeSystem, isCodeSystemId, type CodeSystemId } from '../../../core/codes/code-systems.js';
import type { AuditFacts, Parameters } from '../../route.js';
import type { FoundRow } from '../../route-table.js';
import type { FhirAnswer, FhirRequest } from '../rest/interaction.js';
import type { FhirRow } from '../rest/rows.js';

/** A code system of ours in what was sent as `system|code`, or as its address or that of a value set of it (`…?fhir_vs`). */
function findSystem(value: unknown): CodeSystemId[] {
  if (typeof value !== 'string') return [];
  const [address = ''] = value.split(/[|?]/, 1);
  const known = /^(https?:|urn:)/.test(address) ? findCodeSystem(address) : undefined;
  return known ? [known.id] : [];
}

/** The code system whose id is in the address of an operation: its id is ours. */
function listPathSystems({ row, pathParameters: { id = '' } }: FoundRow<FhirRow>): CodeSystemId[] {
  return row.type === 'CodeSystem' && row.operation && isCodeSystemId(id) ? [id] : [];
}

const listQuerySystems = (parameters: Parameters): CodeSystemId[] =>
  parameters.flatMap(([, value]) => value.split(',').flatMap(findSystem));

/** The code systems that a Parameters resource names. */
function listBodySystems(body: Resource | undefined): CodeSystemId[] {
  if (body?.resourceType !== 'Parameters') return [];
  return (body.parameter ?? []).flatMap(({ valueUri, valueCoding, valueCodeableConcept }) =>
    [valueUri, valueCoding?.system, ...(valueCodeableConcept?.coding ?? []).map(({ system }) => system)].flatMap(
      findSystem,
    ),
  );
}

/** `…/DocumentReference/x/_history/2` → `DocumentReference/x`. */
const findWritten = (location: string | undefined): string[] =>
  /([A-Z][A-Za-z]+\/[A-Za-z0-9.-]{1,64})\/_history\/[^/]+$/.exec(location ?? '')?.slice(1, 2) ?? [];

/** The articles that an answer holds, itself or in its entries. */
function listArticles(resource: Resource | undefined): string[] {
  if (resource?.resourceType === 'DocumentReference') return [`DocumentReference/${resource.id ?? ''}`];
  return resource?.resourceType === 'Bundle' ? (resource.entry ?? []).flatMap((one) => listArticles(one.resource)) : [];
}

/**
 * What the audit trail may know of an answer over FHIR: code systems of ours that were named, articles that were
 * returned, resources that were written. The answer's own facts go before these, and only it knows what was deleted.
 */
export function listAuditFacts(
  { resource, headers, facts: { audit = {} } }: FhirAnswer,
  { parameters, body }: Pick<FhirRequest, 'parameters' | 'body'>,
  place: FoundRow<FhirRow>,
): AuditFacts {
  return {
    systems: audit.systems ?? [...listPathSystems(place), ...listQuerySystems(parameters), ...listBodySystems(body)],
    articleIds: audit.articleIds ?? [],
    resources: audit.resources ?? [...new Set([...findWritten(headers?.Location), ...listArticles(resource)])],
  };
}

/** What the audit trail may know of a Bundle's requests, from what it may of each. */
export function joinFacts(all: readonly AuditFacts[]): AuditFacts {
  return {
    systems: [...new Set(all.flatMap(({ systems = [] }) => systems))],
    articleIds: [...new Set(all.flatMap(({ articleIds = [] }) => articleIds))],
    resources: [...new Set(all.flatMap(({ resources = [] }) => resources))],
  };
}
