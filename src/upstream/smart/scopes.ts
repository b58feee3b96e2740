import type { Ehr } from '../../config/ehrs.js';
import { readScope } from '../../protocols/access.js';
import { flatMap } from '../../core/flat-map.js';

/** What can be done to a patient's resources, as SMART 2 writes it: create, read, update, search. */
export type ScopeRight = 'c' | 'r' | 'u' | 's';

/** What is always read; a referenced drug has no code without its Medication. */
const READ: readonly (readonly [type: string, rights: string])[] = [
  ['Patient', 'r'],
  ['Encounter', 'r'],
  ['Condition', 'rs'],
  ['MedicationRequest', 'rs'],
  ['Medication', 'r'],
];
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
 * Lists the scopes that a launch requests (SMART App Launch 2.2, scopes and launch context).
 * @param isStandalone no EHR began it: the EHR then asks the user for the patient
 */
export function listScopes(
  ehr: Pick<Ehr, 'optionalTypes' | 'writeBack'>,
  version: 1 | 2,
  isStandalone: boolean,
): string[] {
  const optional = ehr.optionalTypes.map((type) => [type, 'rs'] as const);
  const written = ehr.writeBack.map((type) => [type, sortRights(WRITE[type])] as const);
  const resources = flatMap([...READ, ...optional, ...written], ([type, rights]) => spellScopes(type, rights, version));
  return [isStandalone ? 'launch/patient' : 'launch', 'openid', 'fhirUser', ...resources];
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
