import type { Communication, CommunicationPayload, Extension } from '@medplum/fhirtypes';
import type { GivenEntry, GivenItem, RecordedEntry } from '../../../core/handing-over/record.js';
import { versionOf } from '../rest/entity-tag.js';

/** SNOMED CT's procedure; deprecated in C-CDA 5.0 and still what is read. */
const PATIENT_EDUCATION = {
  system: 'http://snomed.info/sct',
  code: '311401005',
  display: 'Patient education',
} as const;
const LANGUAGE = 'http://hl7.org/fhir/StructureDefinition/language';
const UUID = 'urn:ietf:rfc:3986';

/** A reference to a resource of the EHR: absolute, for it is not on this server. */
const inEhr = (entry: GivenEntry, reference: string): { reference: string } => ({
  reference: entry.ehr === undefined ? reference : `${entry.ehr}/${reference}`,
});

const speaks = (language: string): Extension => ({ url: LANGUAGE, valueCode: language });

/** What was given of an article: its title with its language, and its address. */
function toPayload({ title, address, language, edition }: GivenItem): CommunicationPayload[] {
  const dated = edition === undefined ? title : `${title} (edition of ${edition})`;
  return [
    { contentString: dated, _contentString: { extension: [speaks(language)] } } as CommunicationPayload,
    { contentAttachment: { contentType: 'text/html', language, url: address, title } },
  ];
}

/** An entry of the record as R4's Communication. A person's name is in none. */
export function toCommunication({ entry, error }: RecordedEntry): Communication {
  const { id, at, by, patientId, encounterId, items } = entry;
  const resource: Communication = {
    resourceType: 'Communication',
    id,
    identifier: [{ system: UUID, value: `urn:uuid:${id}` }],
    status: error ? 'entered-in-error' : 'completed',
    category: [{ coding: [PATIENT_EDUCATION] }],
    ...(patientId === undefined ? {} : { subject: inEhr(entry, `Patient/${patientId}`) }),
    ...(encounterId === undefined ? {} : { encounter: inEhr(entry, `Encounter/${encounterId}`) }),
    sent: at,
    // Who is no resource of the EHR's is the client that recorded it.
    ...(by?.includes('/') ? { sender: inEhr(entry, by) } : {}),
    payload: items.flatMap(toPayload),
  };
  const changed = error?.at ?? at;
  return { ...resource, meta: { versionId: versionOf(resource), lastUpdated: changed } };
}
