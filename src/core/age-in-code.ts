import type { AgeGroup } from './age-group.js';
import type { CodeSystemId } from './code-systems.js';

const BABIES: readonly AgeGroup[] = ['newborn', 'infant'];
const CHILDREN: readonly AgeGroup[] = ['newborn', 'infant', 'preschool', 'child', 'adolescent'];

/** Codes that are given to the young alone, by what their own titles say. */
const OF_THE_YOUNG: Partial<Record<CodeSystemId, readonly (readonly [codes: RegExp, ages: readonly AgeGroup[]])[]>> = {
  'icd-10-cm': [
    // The perinatal chapter, live-born infants, infant botulism, infantile seborrhea, colic, crying, newborn check-up.
    [/^(P|Z38|A48\.51|L21\.1|R10\.83|R68\.1[123]|Z00\.11)/, BABIES],
    // Routine child health examination; child neglect and abuse.
    [/^(Z00\.12|T7[46]\.[0-3A]2)/, CHILDREN],
  ],
  'icd-9-cm': [[/^(76\d|77\d|V3\d)/, BABIES]],
};

/** The age that a code itself tells, where the request tells none; empty where the code says nothing of it. */
export function ageInCode(system: CodeSystemId, code: string): readonly AgeGroup[] {
  return OF_THE_YOUNG[system]?.find(([codes]) => codes.test(code))?.[1] ?? [];
}
