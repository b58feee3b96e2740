import type { CodeableConcept, Communication, DocumentReference, Meta, Procedure } from '@medplum/fhirtypes';
import type { WriteBackType } from '../../config/ehrs.js';
import type { RequestCoding } from '../../core/answer/knowledge-request.js';
import { codeSystem } from '../../core/codes/code-systems.js';
import { PARTICIPATION_MODES, type GivenEntry, type GivenItem } from '../../core/handing-over/record.js';
import { readDataFile } from '../../core/read-data-file.js';
import { dropEmpty } from '../../protocols/fhir/syntax/drop-empty.js';
import { fillDescription } from '../../protocols/read-description.js';

/** Facts of an entry that are written to a chart. */
export interface ChartEntryFacts {
  readonly entry: GivenEntry;
  /** Those of its items that may be written there. */
  readonly items: readonly GivenItem[];
  /** The handed-over articles, in a sentence for a person. */
  readonly sentence: string;
  /** The sheet as a PDF; needed for a document alone. */
  readonly pdf: Buffer | undefined;
  /** The problems of the chart that the articles explain. */
  readonly reasons: readonly RequestCoding[];
}

/** Stands between the titles of a document. */
export const TITLE_SEPARATOR = '; ';

export type ChartResource = Communication | DocumentReference | Procedure;

const UUID = 'urn:ietf:rfc:3986';
const ACT_CODE = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
const CONFIDENTIALITY = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';

/** How an entry is found again in the EHR: its token for searches by identifier. */
export const identifierToken = ({ id }: Pick<GivenEntry, 'id'>): string => `${UUID}|urn:uuid:${id}`;

/** Labels of what is sensitive (FHIR R4, security labels); undefined where nothing is. */
function buildMeta(items: readonly GivenItem[]): Meta | undefined {
  const marks = new Set(items.flatMap(({ sensitivity }) => sensitivity ?? []));
  // `TBOO`: a clinician talks about it with the patient first; the others are HL7's codes themselves.
  const codes = [...marks].map((code) => ({ system: ACT_CODE, code }));
  return codes.length === 0 ? undefined : { security: [{ system: CONFIDENTIALITY, code: 'R' }, ...codes] };
}

/** Why it was handed over, each problem once; nothing if an article is marked: the reason would name what the mark keeps back. */
function buildReasons({ items, reasons }: ChartEntryFacts): CodeableConcept[] {
  if (items.some(({ sensitivity }) => sensitivity !== undefined)) return [];
  const byCode = new Map(
    reasons.flatMap(({ system, code }) =>
      system === undefined ? [] : [[`${system}|${code}`, { coding: [{ system: codeSystem(system).uri, code }] }]],
    ),
  );
  return [...byCode.values()];
}

/** Builds what is written to the chart, by its template in resources/fhir/write-back.yaml. */
export function buildResource(type: WriteBackType, facts: ChartEntryFacts): ChartResource {
  const { entry, items, sentence, pdf } = facts;
  const { id, at, by, encounterId, languageGiven, method, patientId = '', recipient } = entry;
  // Who gave it, where the EHR knows the user as one of its resources.
  const users = by?.includes('/') ? [{ reference: by }] : [];
  const subject = { reference: `Patient/${patientId}` };
  const encounter = encounterId === undefined ? undefined : { reference: `Encounter/${encounterId}` };
  const templates = readDataFile('fhir/write-back.yaml') as Readonly<Record<WriteBackType, unknown>>;
  const filled = fillDescription(templates[type], {
    ...{ at, subject, encounter, users, sentence },
    meta: buildMeta(items),
    identifier: [{ system: UUID, value: `urn:uuid:${id}` }],
    encounters: encounter && [encounter],
    sender: users[0],
    performers: users.map((actor) => ({ actor })),
    // A relative has no resource that we know of.
    recipient: recipient === 'patient' ? [subject] : [],
    reasonCode: buildReasons(facts),
    language: languageGiven,
    mode: PARTICIPATION_MODES[method],
    pdf: pdf?.toString('base64') ?? '',
    titles: items.map(({ title }) => title).join(TITLE_SEPARATOR),
    payload: items.flatMap(({ title, address, language }) => [
      { contentString: `${title} (${language})` },
      { contentAttachment: { contentType: 'text/html', language, url: address, title } },
    ]),
  });
  return dropEmpty(filled as ChartResource);
}
