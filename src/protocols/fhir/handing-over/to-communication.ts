import type { Communication, CommunicationPayload, Extension } from '@medplum/fhirtypes';
import type { GivenEntry, GivenItem, RecordedEntry } from '../../../core/handing-over/record.js';
import { hashVersion } from '../rest/entity-tag.js';
import { dropEmpty } from '../syntax/drop-empty.js';

/** SNOMED CT; deprecated in C-CDA 5.0, but what systems still read. */
const PATIENT_EDUCATION = {
  system: 'http://snomed.info/sct',
  code: '311401005',
  display: 'Patient education',
} as const;
const LANGUAGE = 'http://hl7.org/fhir/StructureDefinition/language';
const UUID = 'urn:ietf:rfc:3986';

/** A reference to a resource of the EHR; absolute, since it is not on this server. */
const buildEhrReference = (entry: GivenEntry, reference: string): { reference: string } => ({
  reference: entry.ehr === undefined ? reference : `${entry.ehr}/${reference}`,
});

const buildLanguageExtension = (language: string): Extension => ({ url: LANGUAGE, valueCode: language });

/** An article as payload: its title with its language, and its address. */
function toPayload({ title, address, language, edition }: GivenItem): CommunicationPayload[] {
  const dated = edition === undefined ? title : `${title} (edition of ${edition})`;
  return [
    { contentString: dated, _contentString: { extension: [buildLanguageExtension(language)] } } as CommunicationPayload,
    { contentAttachment: { contentType: 'text/html', language, url: address, title } },
  ];
}

/** An entry of the record as a Communication (R4), without any person's name. */
export function toCommunication({ entry, error }: RecordedEntry): Communication {
  const { id, at, by, patientId, encounterId, items } = entry;
  const resource: Communication = dropEmpty({
    resourceType: 'Communication',
    id,
    identifier: [{ system: UUID, value: `urn:uuid:${id}` }],
    status: error ? 'entered-in-error' : 'completed',
    category: [{ coding: [PATIENT_EDUCATION] }],
    subject: patientId === undefined ? undefined : buildEhrReference(entry, `Patient/${patientId}`),
    encounter: encounterId === undefined ? undefined : buildEhrReference(entry, `Encounter/${encounterId}`),
    sent: at,
    // A sender that is no resource of the EHR is a client of ours.
    sender: by?.includes('/') ? buildEhrReference(entry, by) : undefined,
    payload: items.flatMap(toPayload),
  });
  const changed = error?.at ?? at;
  return { ...resource, meta: { versionId: hashVersion(resource), lastUpdated: changed } };
}
