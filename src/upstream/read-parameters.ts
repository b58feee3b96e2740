import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { findCodeSystem, type CodeSystemId } from '../core/codes/code-systems.js';
import { closestTargets, type TerminologyTarget } from '../core/answer/terminology-source.js';
import { RELATIONSHIP_OF_EQUIVALENCE } from '../core/codes/equivalence.js';
import type { Relationship } from '../core/answer/knowledge-response.js';
import { normalizeCode } from '../core/codes/normalize-code.js';

/** Longer than any title. */
const MAX_DISPLAY_CHARS = 1000;

/** R5's words for the same, from the source's view. */
const RELATIONSHIP_OF_R5: ReadonlyMap<string, Relationship> = new Map([
  ['equivalent', 'equivalent'],
  ['source-is-narrower-than-target', 'broader'],
  ['source-is-broader-than-target', 'narrower'],
  ['related-to', 'related'],
]);

type Part = Partial<ParametersParameter>;

/** A foreign server's response is untrusted: a list is only used if it is an array. */
const toParts = (value: unknown): Part[] =>
  Array.isArray(value)
    ? (value as unknown[]).filter((one): one is Part => typeof one === 'object' && one !== null)
    : [];

/** A copy of the string: a substring would keep the whole response in memory. */
const copyText = (part: string): string => Buffer.from(part).toString();

/** The parameters of a resource; undefined if it is not a Parameters resource. */
export function findParts(resource: unknown): Part[] | undefined {
  const { resourceType, parameter } = (resource ?? {}) as Partial<Parameters>;
  return resourceType === 'Parameters' ? toParts(parameter) : undefined;
}

function readRelationship(parts: readonly Part[]): Relationship | undefined {
  const stated = (name: string): unknown => parts.find((part) => part.name === name)?.valueCode;
  const [equivalence, relationship] = [stated('equivalence'), stated('relationship')];
  if (typeof equivalence === 'string') return RELATIONSHIP_OF_EQUIVALENCE.get(equivalence);
  if (typeof relationship === 'string') return RELATIONSHIP_OF_R5.get(relationship);
  // It is only known that the map leads there.
  return 'related';
}

/**
 * The targets of a `$translate` response (R4 ConceptMap operation; R5's `relationship` too) in the wanted system. Omits
 * codes of other systems, targets without a relationship (unmatched, disjoint), conditional ones, and those beyond the
 * maximum.
 */
export function readTargets(parameters: readonly Part[], wanted: CodeSystemId): TerminologyTarget[] {
  if (parameters.find(({ name }) => name === 'result')?.valueBoolean !== true) return [];
  const targets = parameters.flatMap(({ name, part }): TerminologyTarget[] => {
    if (name !== 'match') return [];
    const parts = toParts(part);
    if (parts.some((one) => one.name === 'dependsOn')) return [];
    const { system, code } = parts.find((one) => one.name === 'concept')?.valueCoding ?? {};
    if (typeof system !== 'string' || typeof code !== 'string' || findCodeSystem(system)?.id !== wanted) return [];
    const normalized = normalizeCode(wanted, code);
    const relationship = readRelationship(parts);
    return normalized === undefined || relationship === undefined
      ? []
      : [{ system: wanted, code: normalized, relationship }];
  });
  return closestTargets(targets).map((target) => ({ ...target, code: copyText(target.code) }));
}

/** The title of a code in a `$lookup` response; undefined if there is none. */
export function readDisplay(parameters: readonly Part[]): string | undefined {
  const display: unknown = parameters.find(({ name }) => name === 'display')?.valueString;
  if (typeof display !== 'string' || display.trim() === '') return undefined;
  return copyText(display.slice(0, MAX_DISPLAY_CHARS));
}
