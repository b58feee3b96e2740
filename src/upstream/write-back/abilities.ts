import type { WriteBackType } from '../../config/ehrs.js';
import { asObjects, asText, type JsonObject } from '../../protocols/json-object.js';

/** Abilities of a FHIR server with a type (R4 CapabilityStatement.rest.resource). */
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
 * True if an entry may be written to the chart as a type. A document must be correctable later, and nothing is written as a type that the
 * server has for messages among its staff, unless the site's configuration fixes the choice.
 */
export function canDocument(type: WriteBackType, abilities: Abilities, isFixed: boolean): boolean {
  const ability = abilities.get(type);
  if (!ability?.create) return false;
  return isFixed || (ability.isOfPatients && (type !== 'DocumentReference' || ability.update));
}
