import type { ValueSet } from '@medplum/fhirtypes';
import type { TermConcept, TermSystem } from '../systems/term-system.js';

/** The definition of a value set that is offered here: all codes of one system, or one code and those below it. */
interface Definition {
  /** Address of the code system. */
  readonly system: string;
  readonly isA: string | undefined;
}

export function readDefinition({ compose }: ValueSet): Definition {
  const [{ system = '', filter = [] } = {}] = compose?.include ?? [];
  return { system, isA: filter[0]?.value };
}

const normalize = (system: TermSystem, code: string): string => system.normalize(code) ?? code;

/** The concepts of a value set, in the order of its system. @throws RequestError `too-costly` */
export async function listConcepts(valueSet: ValueSet, system: TermSystem): Promise<readonly TermConcept[]> {
  const { isA } = readDefinition(valueSet);
  if (isA === undefined) return system.all();
  const code = normalize(system, isA);
  const below = system.descendants(code);
  const concept = system.find(code);
  return concept ? [concept, ...below] : below;
}

/** The concept that a code is in a value set; undefined if it is not a member. */
export function findConcept(valueSet: ValueSet, system: TermSystem, code: string): TermConcept | undefined {
  const { system: url, isA } = readDefinition(valueSet);
  if (url !== system.url) return undefined;
  // If only a part of the system is held, a code that is not held may still be a member.
  const concept = system.find(code) ?? system.assume(code);
  if (!concept || isA === undefined) return concept;
  const top = normalize(system, isA);
  return concept.code === top || system.ancestors(concept.code).includes(top) ? concept : undefined;
}
