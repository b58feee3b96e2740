import type { Communication } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import type { EntryFilter, HandedOverRecord } from '../../../core/handing-over/record.js';
import { LIMITS } from '../../../limits.js';
import { NO_STORE } from '../../route.js';
import type { FhirRequest, Interaction, TypeModule } from '../rest/interaction.js';
import { createResourceModule } from '../search/resource-module.js';
import { listParameters } from '../search/resource-parameters.js';
import { toCommunication } from './to-communication.js';

const TYPE = 'Communication';

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
export function createCommunicationModule(record: HandedOverRecord, release: () => string): TypeModule {
  const module = createResourceModule<Communication>({
    type: TYPE,
    parameters: listParameters<Communication>(TYPE),
    resources: async (request) => {
      const most = LIMITS.maxListedEntries;
      const entries = await record.list({ patient: findPatient(request) }, most + 1);
      if (entries.length > most) throw new RequestError('too-costly');
      return entries.map(toCommunication);
    },
    find: async (id) => {
      const found = await record.find(id);
      return found && toCommunication(found);
    },
    release,
  });
  const interactions = Object.entries(module.interactions).map(([name, interaction]) => [
    name,
    withoutCaching(interaction),
  ]);
  return { ...module, isPersonal: true, interactions: Object.fromEntries(interactions) as TypeModule['interactions'] };
}
