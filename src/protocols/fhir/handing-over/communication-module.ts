import type { Communication, CommunicationPayload, Extension } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { NO_FOLLOW_UP, listFollowUp } from '../../../core/handing-over/follow-up.js';
import {
  PARTICIPATION_MODES,
  type EntryFilter,
  type GivenEntry,
  type GivenItem,
  type HandedOverRecord,
  type RecordedEntry,
} from '../../../core/handing-over/record.js';
import { LIMITS } from '../../../limits.js';
import { NO_STORE } from '../../route.js';
import type { FhirRequest, Interaction, TypeModule } from '../rest/interaction.js';
import { createResourceModule } from '../search/resource-module.js';
import { listParameters } from '../search/resource-parameters.js';
import { hashVersion } from '../rest/entity-tag.js';
import { fillTemplate } from '../syntax/template.js';

const TYPE = 'Communication';

const LANGUAGE = 'http://hl7.org/fhir/StructureDefinition/language';

/** A reference to a resource of the EHR; absolute, since it is not on this server. */
const buildEhrReference = (entry: GivenEntry, reference: string): { reference: string } => ({
  reference: entry.ehr === undefined ? reference : `${entry.ehr}/${reference}`,
});

/** An article as payload: its title with its language, and its address. */
function toPayload({ title, address, language, edition, gdti }: GivenItem): CommunicationPayload[] {
  const statement = [edition && `edition of ${edition}`, gdti && `GDTI ${gdti}`].filter(Boolean).join(', ');
  const contentString = statement === '' ? title : `${title} (${statement})`;
  const extension = [{ url: LANGUAGE, valueCode: language }];
  return [
    { contentString, _contentString: { extension } } as CommunicationPayload,
    { contentAttachment: { contentType: 'text/html', language, url: address, title } },
  ];
}

/** Lists what R4's Communication has no element for (StructureDefinition-handover). */
function listFacts(entry: GivenEntry): Extension[] {
  const { recipient, method, interpreter, teachBack, languagePreferred, languageGiven, hasNote, items, department } =
    entry;
  return [
    { url: 'recipient', valueCode: recipient },
    { url: 'method', valueCode: method },
    { url: 'interpreter', valueCode: interpreter },
    { url: 'teach-back', valueCode: teachBack },
    ...(languagePreferred === undefined ? [] : [{ url: 'language-preferred', valueCode: languagePreferred }]),
    { url: 'language-given', valueCode: languageGiven },
    { url: 'note', valueBoolean: hasNote },
    ...items.flatMap(({ article, textDigest }) =>
      textDigest === undefined ? [] : [{ url: 'text', valueString: `${article} ${textDigest}` }],
    ),
    ...(department === undefined ? [] : [{ url: 'department', valueString: department }]),
    ...items.flatMap(({ article, linkedIn }) =>
      linkedIn === undefined ? [] : [{ url: 'linked-in', valueString: `${article} ${linkedIn}` }],
    ),
  ];
}

/** An entry of the record as a Communication (R4), without any person's name. */
function toCommunication({ entry, error }: RecordedEntry, canonicalBase: string): Communication {
  const { id, at, by, patientId, encounterId, items, recipient, method } = entry;
  const subject = patientId === undefined ? undefined : buildEhrReference(entry, `Patient/${patientId}`);
  const resource = fillTemplate('communication', {
    id,
    status: error ? 'entered-in-error' : 'completed',
    extension: [{ url: `${canonicalBase}/StructureDefinition/handover`, extension: listFacts(entry) }],
    subject,
    // A relative has no resource that we know of: the extension names the kind.
    recipient: recipient === 'patient' && subject ? [subject] : undefined,
    mode: PARTICIPATION_MODES[method],
    encounter: encounterId === undefined ? undefined : buildEhrReference(entry, `Encounter/${encounterId}`),
    sent: at,
    // A sender that is no resource of the EHR is a client of ours.
    sender: by?.includes('/') ? buildEhrReference(entry, by) : undefined,
    payload: [
      ...items.flatMap(toPayload),
      // After the articles: what was agreed for the time after the visit, as people typed it.
      ...listFollowUp(entry.followUp ?? NO_FOLLOW_UP).map((contentString) => ({ contentString })),
    ],
  });
  const changed = error?.at ?? at;
  return { ...resource, meta: { versionId: hashVersion(resource), lastUpdated: changed } };
}

/** Patient data must not be cached. */
const withoutCaching =
  (interaction: Interaction): Interaction =>
  async (request, path) => {
    const answer = await interaction(request, path);
    return { ...answer, headers: { ...answer.headers, 'Cache-Control': NO_STORE } };
  };

/** The patient of a search by the EHR's address: then only this patient's entries are read. */
function findPatient({ parameters }: FhirRequest): EntryFilter['patient'] {
  const named = parameters.find(([name]) => /^(?:patient|subject)(?::Patient)?$/.test(name))?.[1] ?? '';
  const [, ehr, id] = /^(https?:\/\/[^,\s]+)\/Patient\/([A-Za-z0-9.-]{1,64})$/.exec(named) ?? [];
  return ehr === undefined || id === undefined ? undefined : { ehr, id };
}

/** Recorded handovers as Communications (R4): read and search only, with the right `Communication.rs`. */
export function createCommunicationModule(
  record: HandedOverRecord,
  release: () => string,
  canonicalBase: string,
): TypeModule {
  const module = createResourceModule<Communication>({
    type: TYPE,
    parameters: listParameters<Communication>(TYPE),
    resources: async (request) => {
      const most = LIMITS.maxListedEntries;
      const entries = await record.list({ patient: findPatient(request) }, most + 1);
      if (entries.length > most) throw new RequestError('too-costly');
      return entries.map((one) => toCommunication(one, canonicalBase));
    },
    find: async (id) => {
      const found = await record.find(id);
      return found && toCommunication(found, canonicalBase);
    },
    release,
  });
  const interactions = Object.entries(module.interactions).map(([name, interaction]) => [
    name,
    withoutCaching(interaction),
  ]);
  return { ...module, isPersonal: true, interactions: Object.fromEntries(interactions) as TypeModule['interactions'] };
}
