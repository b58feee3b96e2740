import type { Ehr, WriteBackType } from '../../config/ehrs.js';
import { canDocument, type Abilities } from '../write-back/abilities.js';
import { readScope } from '../../protocols/access.js';

/** Right to a patient's resources, as SMART 2 writes it: create, read, update, search. */
export type ScopeRight = 'c' | 'r' | 'u' | 's';

/** Types that are always read. */
const READ: readonly (readonly [type: string, rights: string])[] = [
  ['Patient', 'r'],
  ['Encounter', 'r'],
  ['Condition', 'rs'],
  ['MedicationRequest', 'rs'],
];
/** A referenced drug has no code without its Medication; some servers have none of these. */
const MAY_LACK: readonly (readonly [type: string, rights: string])[] = [['Medication', 'r']];
const WRITE: Readonly<Record<Ehr['writeBack'][number], string>> = {
  // Searched, to write nothing twice; read, to correct an entry.
  DocumentReference: 'crus',
  Communication: 'crus',
  Procedure: 'crus',
};

/** Version 1 knows `read` and `write` alone. */
function spellScopes(type: string, rights: string, version: 1 | 2): string[] {
  if (version === 2) return [`patient/${type}.${rights}`];
  const words = [/[rs]/.test(rights) ? 'read' : '', /[cud]/.test(rights) ? 'write' : ''];
  return words.filter(Boolean).map((word) => `patient/${type}.${word}`);
}

/** SMART 2 names the rights in one order. */
const sortRights = (rights: string): string =>
  ['c', 'r', 'u', 'd', 's'].filter((right) => rights.includes(right)).join('');

/**
 * Reduces the rights on a type to those that the server offers: some servers reject a launch that requests others. A search of written
 * entries is by identifier alone.
 */
function limitRights(type: string, rights: string, abilities: Abilities | undefined): string {
  if (!abilities || abilities.size === 0) return rights;
  const can = abilities.get(type);
  if (!can || rights === 'rs') return can ? rights : '';
  const offered = { c: can.create, r: can.read, u: can.update, s: can.searchByIdentifier };
  return (['c', 'r', 'u', 's'] as const).filter((right) => rights.includes(right) && offered[right]).join('');
}

type ScopedEhr = Pick<Ehr, 'optionalTypes' | 'writeBack'> & Partial<Pick<Ehr, 'isWriteBackFixed'>>;

/** Facts of a server that limit or extend the scopes of a launch. */
export interface ServerOffer {
  /** Whether the server offers tokens that are renewed while the user is signed in. */
  readonly isOnline?: boolean;
  /** Abilities of the server by type; undefined: unknown. */
  readonly abilities?: Abilities | undefined;
}

/**
 * Lists the scopes that a launch requests (SMART App Launch 2.2, scopes and launch context).
 * @param isStandalone no EHR began it: the EHR then asks the user for the patient
 */
export function listScopes(
  { optionalTypes, writeBack, isWriteBackFixed = false }: ScopedEhr,
  version: 1 | 2,
  isStandalone: boolean,
  { isOnline = false, abilities }: ServerOffer = {},
): string[] {
  const isWritten = (type: WriteBackType): boolean =>
    !abilities || abilities.size === 0 || canDocument(type, abilities, isWriteBackFixed);
  const limited = [
    ...MAY_LACK,
    ...optionalTypes.map((type) => [type, 'rs'] as const),
    ...writeBack.filter(isWritten).map((type) => [type, sortRights(WRITE[type])] as const),
  ].map(([type, rights]) => [type, limitRights(type, rights, abilities)] as const);
  const resources = [...READ, ...limited.filter(([, rights]) => rights !== '')].flatMap(([type, rights]) =>
    spellScopes(type, rights, version),
  );
  const online = isOnline ? ['online_access'] : [];
  return [isStandalone ? 'launch/patient' : 'launch', 'openid', 'fhirUser', ...online, ...resources];
}

/** Whether granted scopes allow something on a type, in either version's spelling. A scope that a search narrows (`?…`) counts for nothing. */
export function isGranted(granted: readonly string[], type: string, right: ScopeRight): boolean {
  return granted.some((scope) => {
    const read = readScope(scope);
    if (!read || read.level === 'system') return false;
    return (read.type === '*' || read.type === type) && read.rights.includes(right);
  });
}

/** Whether granted scopes allow something on some resources of a type: those that a search in the scope (`?…`) selects, or all. */
export const isGrantedInPart = (granted: readonly string[], type: string, right: ScopeRight): boolean =>
  isGranted(
    granted.map((scope) => scope.replace(/\?[^]*/, '')),
    type,
    right,
  );
