import type { CodeableConcept, Communication, DocumentReference, Meta, Procedure } from '@medplum/fhirtypes';
import type { WriteBackType } from '../../config/ehrs.js';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import { codeSystem } from '../../core/codes/code-systems.js';
import type { Sensitivity } from '../../core/model/article.js';
import type { GivenEntry, GivenItem, Method } from '../../core/handing-over/record.js';

/** What is written to a chart of an entry. */
export interface WrittenFacts {
  readonly entry: GivenEntry;
  /** Those of its items that may be written there. */
  readonly items: readonly GivenItem[];
  /** What was handed over, in a sentence for a person. */
  readonly sentence: string;
  /** The sheet as a PDF; needed for a document alone. */
  readonly pdf: Buffer | undefined;
  /** The problems of the chart that the articles explain. */
  readonly reasons: readonly RequestCoding[];
}

export type WrittenResource = Communication | DocumentReference | Procedure;

const UUID = 'urn:ietf:rfc:3986';
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';

/** SNOMED CT's act: deprecated in C-CDA 5.0, and still what EHRs read. */
const PATIENT_EDUCATION: CodeableConcept = {
  coding: [{ system: 'http://snomed.info/sct', code: '311401005', display: 'Patient education' }],
};
const INSTRUCTIONS: CodeableConcept = {
  coding: [{ system: 'http://loinc.org', code: '69730-0', display: 'Instructions' }],
};
/** HL7 v3 ParticipationMode. */
const MODES: Readonly<Record<Method, string>> = { printed: 'WRITTEN', shown: 'FACE', portal: 'ONLINEWRIT' };

/** How an entry is found again in the EHR: its token for searches by identifier. */
export const identifierToken = ({ id }: Pick<GivenEntry, 'id'>): string => `${UUID}|urn:uuid:${id}`;

/** Labels of what is sensitive (FHIR R4, security labels); nothing where nothing is. */
function buildSecurity(items: readonly GivenItem[]): { meta?: Meta } {
  const marks = new Set(items.flatMap(({ sensitivity }) => sensitivity ?? []));
  // `TBOO` is what a clinician speaks about first; the others are codes of HL7's as they stand.
  const codes = [...marks].map((code: Sensitivity) => ({ system: ACT_CODE, code }));
  return codes.length === 0 ? {} : { meta: { security: [{ system: CONFIDENTIALITY, code: 'R' }, ...codes] } };
}

const buildSubject = ({ patientId = '' }: GivenEntry): { reference: string } => ({ reference: `Patient/${patientId}` });

const buildEncounter = ({ encounterId }: GivenEntry): { encounter?: { reference: string } } =>
  encounterId === undefined ? {} : { encounter: { reference: `Encounter/${encounterId}` } };

/** Who gave it, where the EHR knows the user as one of its resources. */
const listUser = ({ by }: GivenEntry): { reference: string }[] => (by?.includes('/') ? [{ reference: by }] : []);

const buildIdentifier = ({ id }: GivenEntry) => [{ system: UUID, value: `urn:uuid:${id}` }];

/** The sheet itself, inline: some EHRs reject a bare link. */
function toDocument({ entry, items, sentence, pdf }: WrittenFacts): DocumentReference {
  const { at, encounterId, languageGiven } = entry;
  const author = listUser(entry);
  return {
    resourceType: 'DocumentReference',
    ...buildSecurity(items),
    identifier: buildIdentifier(entry),
    status: 'current',
    docStatus: 'final',
    type: INSTRUCTIONS,
    subject: buildSubject(entry),
    date: at,
    ...(author.length === 0 ? {} : { author }),
    description: sentence,
    content: [
      {
        attachment: {
          contentType: 'application/pdf',
          language: languageGiven,
          data: pdf?.toString('base64') ?? '',
          title: items.map(({ title }) => title).join('; '),
          creation: at,
        },
      },
    ],
    context: {
      ...(encounterId === undefined ? {} : { encounter: [{ reference: `Encounter/${encounterId}` }] }),
      period: { start: at, end: at },
    },
  };
}

/** Why it was handed over, each problem once; nothing if an article is marked: the reason would name what the mark keeps back. */
function buildReasons({ items, reasons }: WrittenFacts): { reasonCode?: CodeableConcept[] } {
  if (items.some(({ sensitivity }) => sensitivity !== undefined)) return {};
  const byCode = new Map(
    reasons.flatMap(({ system, code }) =>
      system === undefined ? [] : [[`${system}|${code}`, { coding: [{ system: codeSystem(system).uri, code }] }]],
    ),
  );
  return byCode.size === 0 ? {} : { reasonCode: [...byCode.values()] };
}

function toCommunication(facts: WrittenFacts): Communication {
  const { entry, items, sentence } = facts;
  const { at, recipient, method } = entry;
  const [sender] = listUser(entry);
  return {
    resourceType: 'Communication',
    ...buildSecurity(items),
    identifier: buildIdentifier(entry),
    status: 'completed',
    category: [PATIENT_EDUCATION],
    subject: buildSubject(entry),
    ...buildEncounter(entry),
    ...buildReasons(facts),
    sent: at,
    // A relative has no resource that we know of.
    ...(recipient === 'patient' ? { recipient: [buildSubject(entry)] } : {}),
    ...(sender ? { sender } : {}),
    medium: [
      { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode', code: MODES[method] }] },
    ],
    payload: items.flatMap(({ title, address, language }) => [
      { contentString: `${title} (${language})` },
      { contentAttachment: { contentType: 'text/html', language, url: address, title } },
    ]),
    note: [{ text: sentence }],
  };
}

function toProcedure({ entry, items, sentence }: WrittenFacts): Procedure {
  const performer = listUser(entry).map((actor) => ({ actor }));
  return {
    resourceType: 'Procedure',
    ...buildSecurity(items),
    identifier: buildIdentifier(entry),
    status: 'completed',
    category: { coding: [{ system: 'http://snomed.info/sct', code: '409073007', display: 'Education' }] },
    code: PATIENT_EDUCATION,
    subject: buildSubject(entry),
    ...buildEncounter(entry),
    performedDateTime: entry.at,
    ...(performer.length === 0 ? {} : { performer }),
    note: [{ text: sentence }],
  };
}

/** Builds what is written to the chart. */
export function buildResource(type: WriteBackType, facts: WrittenFacts): WrittenResource {
  if (type === 'DocumentReference') return toDocument(facts);
  return type === 'Communication' ? toCommunication(facts) : toProcedure(facts);
}
