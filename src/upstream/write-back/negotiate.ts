import type { Ehr, WriteBackType } from '../../config/ehrs.js';
import { asObjects, asText, type JsonObject } from '../../protocols/json-object.js';
import { isGranted } from '../smart/scopes.js';

/** What a FHIR server supports for a type (R4 CapabilityStatement.rest.resource). */
export interface TypeAbility {
  readonly create: boolean;
  readonly read: boolean;
  readonly update: boolean;
  /** Whether `If-None-Exist` is honoured. */
  readonly conditionalCreate: boolean;
  /** Whether it can be searched by identifier. */
  readonly searchByIdentifier: boolean;
  /** Whether its resources are patients'. A server that finds them by recipient alone has messages among its staff. */
  readonly isOfPatients: boolean;
}

export type Abilities = ReadonlyMap<string, TypeAbility>;

/** Reads what a server can do; nothing of a server that is not of FHIR R4. */
export function readAbilities(capability: JsonObject): Abilities {
  const abilities = new Map<string, TypeAbility>();
  if (!asText(capability.fhirVersion).startsWith('4.')) return abilities;
  const server = asObjects(capability.rest).find(({ mode }) => mode === 'server') ?? {};
  for (const resource of asObjects(server.resource)) {
    const can = new Set(asObjects(resource.interaction).map(({ code }) => code));
    const searched = new Set(asObjects(resource.searchParam).map(({ name }) => name));
    abilities.set(asText(resource.type), {
      create: can.has('create'),
      read: can.has('read'),
      update: can.has('update'),
      conditionalCreate: resource.conditionalCreate === true,
      searchByIdentifier: can.has('search-type') && searched.has('identifier'),
      isOfPatients: !searched.has('recipient') || searched.has('patient') || searched.has('subject'),
    });
  }
  return abilities;
}

/**
 * Chooses as what an entry is written to the chart. What can be corrected later is preferred: a document only where it can be updated,
 * and nothing that the server has for messages among its staff, unless the site's configuration fixes the choice.
 * @param granted scopes of the launch
 * @returns undefined where nothing can be written
 */
export function chooseWriteBack(
  { writeBack, isWriteBackFixed }: Pick<Ehr, 'writeBack' | 'isWriteBackFixed'>,
  abilities: Abilities,
  granted: readonly string[],
): WriteBackType | undefined {
  return writeBack.find((type) => {
    const ability = abilities.get(type);
    if (!ability?.create || !isGranted(granted, type, 'c')) return false;
    if (isWriteBackFixed) return true;
    return ability.isOfPatients && (type !== 'DocumentReference' || ability.update);
  });
}
