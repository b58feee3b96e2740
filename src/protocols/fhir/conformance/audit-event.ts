import type { AuditEvent, AuditEventEntity, Coding, Reference } from '@medplum/fhirtypes';
import { codeSystem } from '../../../core/codes/code-systems.js';
import type { AuditedRequest } from '../../audited-request.js';
import type { GivenArticle } from '../../route.js';
import { documentId } from '../documents/identity.js';
import { dropEmpty } from '../syntax/drop-empty.js';

/** The writer of the trail: the connector's name, and the process. */
export interface AuditSource {
  readonly name: string;
  readonly process: string;
  /** Address of the code system whose codes are our articles. */
  readonly articlesUrl: string;
}

const TERMINOLOGY = 'http://terminology.hl7.org/CodeSystem';
const REST: Coding = { system: `${TERMINOLOGY}/audit-event-type`, code: 'rest', display: 'RESTful Operation' };
const QUERY: Coding = { system: 'http://dicom.nema.org/resources/ontology/DCM', code: '110112', display: 'Query' };
const SERVER: Coding = { system: `${TERMINOLOGY}/security-source-type`, code: '4', display: 'Application Server' };
const OBJECT: Coding = { system: `${TERMINOLOGY}/audit-entity-type`, code: '2', display: 'System Object' };
const RESOURCE: Coding = { system: `${TERMINOLOGY}/object-role`, code: '4', display: 'Domain Resource' };

/** Returns the action of an interaction (R4 value set audit-event-action); searches and operations execute, as AuditEvent's own table has it. */
function toAction(interaction: string | undefined): NonNullable<AuditEvent['action']> {
  if (interaction === 'create') return 'C';
  if (interaction === 'update') return 'U';
  if (interaction === 'delete') return 'D';
  return interaction === 'read' || interaction === 'vread' ? 'R' : 'E';
}

function toOutcome({ status, isSent }: AuditedRequest): NonNullable<AuditEvent['outcome']> {
  if (status >= 500) return '8';
  return status >= 400 || !isSent ? '4' : '0';
}

/** The requested code system alone, never the code. */
const toSystemEntity = (system: Parameters<typeof codeSystem>[0]): AuditEventEntity => ({
  what: { type: 'CodeSystem', identifier: { system: 'urn:ietf:rfc:3986', value: codeSystem(system).uri } },
  type: OBJECT,
});
const toResourceEntity = (what: Reference): AuditEventEntity => ({ what, type: OBJECT, role: RESOURCE });
const toReference = ({ id, language }: GivenArticle): string => `DocumentReference/${documentId(id, language)}`;

/**
 * A request as a FHIR R4 AuditEvent: the client, the protocol, the code systems, the articles and recorded entries that were returned,
 * and how it ended. Nothing else of the request goes in: no code, no words, no address, nothing of the patient. The record tells whose an
 * entry is, for as long as it has the entry.
 */
export function toAuditEvent(request: AuditedRequest, source: AuditSource): AuditEvent {
  const { recorded, client, protocol, interaction, type, outcome, isSent, facts } = request;
  const { systems = [], articles = [], articleIds = [], resources = [] } = facts;
  const references = [...new Set([...resources, ...articles.map(toReference)])];
  const isTypeNamed = type === undefined || references.some((reference) => reference.startsWith(`${type}/`));
  const entity = [
    ...(isTypeNamed ? [] : [toResourceEntity({ display: type })]),
    ...[...new Set(systems)].map(toSystemEntity),
    ...references.map((reference) => toResourceEntity({ reference })),
    // An article in no language of its own, by the identifier that its DocumentReferences share.
    ...[...new Set(articleIds)].map((value) =>
      toResourceEntity({ type: 'DocumentReference', identifier: { system: source.articlesUrl, value } }),
    ),
  ];
  const isFhir = protocol === 'fhir';
  const subtype = isFhir
    ? interaction && { system: 'http://hl7.org/fhir/restful-interaction', code: interaction, display: interaction }
    : { code: protocol };
  return dropEmpty({
    resourceType: 'AuditEvent',
    type: isFhir ? REST : QUERY,
    subtype: subtype ? [subtype] : undefined,
    action: toAction(interaction),
    recorded: recorded.toISOString(),
    outcome: toOutcome(request),
    outcomeDesc: isSent ? outcome : `${outcome}, not sent to its end`,
    agent: [
      { who: client === undefined ? { display: 'anonymous' } : { identifier: { value: client } }, requestor: true },
    ],
    source: { site: source.process, observer: { display: source.name }, type: [SERVER] },
    entity,
  });
}
