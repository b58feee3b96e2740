import type { Resource } from '@medplum/fhirtypes';
import { findCodeSystem, isCodeSystemId, type CodeSystemId } from '../../../core/codes/code-systems.js';
import type { AuditFacts } from '../../route.js';
import type { FoundRow } from '../../route-table.js';
import type { FhirAnswer, FhirRequest } from '../rest/interaction.js';
import type { FhirRow } from '../rest/rows.js';

type SentParts = Pick<FhirRequest, 'parameters' | 'body'>;

/** A code system of ours in what was sent as `system|code`, or as its address or that of a value set of it (`…?fhir_vs`). */
function findSystem(value: unknown): CodeSystemId | CodeSystemId[] {
  if (typeof value !== 'string' || !/^(https?:|urn:)/.test(value)) return [];
  const [address = ''] = value.split(/[|?]/, 1);
  return findCodeSystem(address)?.id ?? [];
}

/** The code systems that a request names: by the id in the address of an operation, which is ours, in its query, in its Parameters. */
function listSystems({ parameters, body }: SentParts, { row, pathParameters }: FoundRow<FhirRow>): CodeSystemId[] {
  const { id = '' } = pathParameters;
  const posted = body?.resourceType === 'Parameters' ? (body.parameter ?? []) : [];
  const sent = [
    ...parameters.flatMap(([, value]) => value.split(',')),
    ...posted.flatMap(({ valueUri, valueCoding, valueCodeableConcept: { coding = [] } = {} }) => [
      valueUri,
      ...[valueCoding, ...coding].map((one) => one?.system),
    ]),
  ];
  const isNamed = row.type === 'CodeSystem' && row.operation && isCodeSystemId(id);
  return [...(isNamed ? [id] : []), ...sent.flatMap(findSystem)];
}

/** Types whose resources the trail names one by one: articles, and entries of the record of what was handed over. */
const TRACED: ReadonlySet<string | undefined> = new Set(['DocumentReference', 'Communication']);

/** The articles and recorded entries that an answer holds, itself or in its entries. */
function listTraced(resource: Resource | undefined): string[] {
  if (resource && TRACED.has(resource.resourceType)) return [`${resource.resourceType}/${resource.id ?? ''}`];
  return resource?.resourceType === 'Bundle' ? (resource.entry ?? []).flatMap((one) => listTraced(one.resource)) : [];
}

/**
 * Lists the facts of an answer for the audit trail: code systems of ours that were named, articles and entries of the record that were
 * returned. The answer's own facts go before these: of a write, only it knows which resource was written or deleted.
 */
export function listAuditFacts(answer: FhirAnswer, request: SentParts, place: FoundRow<FhirRow>): AuditFacts {
  const { resource, facts } = answer;
  const { audit = {} } = facts;
  return {
    systems: audit.systems ?? listSystems(request, place),
    articleIds: audit.articleIds ?? [],
    resources: audit.resources ?? [...new Set(listTraced(resource))],
  };
}

/** Joins the facts of a Bundle's requests. */
export function joinFacts(all: readonly AuditFacts[]): AuditFacts {
  return {
    systems: [...new Set(all.flatMap(({ systems = [] }) => systems))],
    articleIds: [...new Set(all.flatMap(({ articleIds = [] }) => articleIds))],
    resources: [...new Set(all.flatMap(({ resources = [] }) => resources))],
  };
}
