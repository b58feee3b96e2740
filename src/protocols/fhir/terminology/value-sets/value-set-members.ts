import type { ValueSet } from '@medplum/fhirtypes';
import { findCodeSystem } from '../../../../core/codes/code-systems.js';
import { mapInSlices } from '../../../long-work/slices.js';
import type { FindMembers } from '../../search/parameter.js';
import type { TerminologyCatalogue } from '../catalogue.js';
import { ComposeReader, buildMemberKey } from './compose.js';
import { Scope } from '../scope.js';
import { NO_WISHES } from '../version-wishes.js';
import { flatMap } from '../../../../core/flat-map.js';

/** The key of a code: of its system's official address, by whichever name the sender calls it. */
const buildKey = (system: string, code: string): string => `${findCodeSystem(system)?.uri ?? system}|${code}`;

/**
 * Systems of which the value set holds every code, without naming them: a code that the library does not describe is in it
 * too, where the library holds a part of the system alone.
 */
function listWholeSystems({ compose }: ValueSet): string[] {
  if ((compose?.exclude ?? []).length > 0) return [];
  const includes = compose?.include ?? [];
  return flatMap(includes, ({ system, concept, filter, valueSet }) =>
    system !== undefined && !concept && !filter && !valueSet ? [system] : [],
  );
}

/** A value set by `ValueSet/<id>`, our own address of it, or its canonical address. */
function findValueSet(reference: string, fhirUrl: string, scope: Scope): ValueSet | undefined {
  const local = reference.startsWith(`${fhirUrl}/`) ? reference.slice(fhirUrl.length + 1) : reference;
  const [, id] = /^ValueSet\/([A-Za-z0-9.-]{1,64})$/.exec(local) ?? [];
  return id === undefined ? scope.findValueSet(reference) : scope.valueSetById(id);
}

/** What a token search with `:in` or `:not-in` tests by (R4 search, 3.1.1.4.10). */
export function createMembershipTests(catalogue: () => Promise<TerminologyCatalogue>): FindMembers {
  return async (reference, fhirUrl) => {
    const scope = new Scope(await catalogue());
    const valueSet = findValueSet(reference, fhirUrl, scope);
    if (!valueSet) return undefined;
    const whole = new Set(listWholeSystems(valueSet));
    const isAllWhole = whole.size > 0 && whole.size === valueSet.compose?.include.length;
    const members = isAllWhole ? [] : await new ComposeReader(scope, NO_WISHES).members(valueSet);
    const keys = new Set(await mapInSlices(members, buildMemberKey));
    return (system, code) => whole.has(system) || keys.has(buildKey(system, code));
  };
}
