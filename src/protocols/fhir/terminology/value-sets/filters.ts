import type { ValueSetComposeIncludeFilter } from '@medplum/fhirtypes';
import { RequestError } from '../../../../core/errors.js';
import { filterInSlices } from '../../../long-work/slices.js';
import { STEPS, type Scope } from '../scope.js';
import type { TermConcept, TermSystem } from '../systems/term-system.js';

type Test = (concept: TermConcept) => boolean;

/** A prepared filter: the concepts of a system that pass it, and where they are found. */
export interface PreparedFilter {
  /** The concepts that pass, if they can be found without reading the whole system. */
  readonly candidates: (() => Promise<readonly TermConcept[]>) | undefined;
  readonly admits: (concept: TermConcept) => Promise<boolean>;
}

/** Most concepts have a handful of properties; one that is sent may have any number. */
const PROPERTIES_A_STEP = 20;

const CONCEPT = new Set(['concept', 'code']);

function listValues(concept: TermConcept, property: string): string[] {
  if (CONCEPT.has(property)) return [concept.code];
  if (property === 'display') return concept.display === undefined ? [] : [concept.display];
  if (property === 'inactive') return [String(concept.inactive)];
  if (property === 'parent') return [...concept.parents];
  return concept.properties
    .filter(({ code }) => code === property)
    .map(({ valueCode, valueBoolean }) => String(valueCode ?? valueBoolean ?? ''));
}

/** Properties that every concept has, and those that the system defines. */
function knowsProperty({ header }: TermSystem, property: string): boolean {
  const always = CONCEPT.has(property) || ['display', 'inactive', 'parent', 'child'].includes(property);
  return always || (header.property ?? []).some(({ code }) => code === property);
}

function createHierarchyFilter(system: TermSystem, op: string, value: string, scope: Scope): PreparedFilter {
  const code = system.normalize(value) ?? value;
  const below = async (): Promise<readonly TermConcept[]> => {
    await scope.spend(STEPS.below);
    const found = await system.descendants(code);
    await scope.spend(found.length * STEPS.fetched);
    return found;
  };
  const withSelf = (found: readonly TermConcept[]): readonly TermConcept[] => {
    const own = system.find(code);
    return [...(own ? [own] : []), ...found];
  };
  const isBelow = async (concept: TermConcept): Promise<boolean> => {
    await scope.spend(STEPS.placed);
    return system.ancestors(concept.code).includes(code);
  };
  const above = (): readonly TermConcept[] => [...system.findEach(system.ancestors(code)).values()];
  switch (op) {
    case 'is-a':
      return {
        candidates: async () => withSelf(await below()),
        admits: async (concept) => concept.code === code || isBelow(concept),
      };
    case 'descendent-of':
      return { candidates: below, admits: isBelow };
    case 'child-of':
      return { candidates: async () => system.children(code), admits: async ({ parents }) => parents.includes(code) };
    case 'is-not-a':
      return {
        candidates: async () => {
          const without = new Set([code, ...(await below()).map((concept) => concept.code)]);
          const all = await system.all();
          await scope.spend(all.length);
          return filterInSlices(all, (one) => !without.has(one.code));
        },
        admits: async (concept) => concept.code !== code && !(await isBelow(concept)),
      };
    default:
      return {
        candidates: async () => withSelf(above()),
        admits: async (concept) => concept.code === code || system.ancestors(code).includes(concept.code),
      };
  }
}

const HIERARCHY = new Set(['is-a', 'descendent-of', 'child-of', 'is-not-a', 'generalizes']);

function createValueTest(op: string, property: string, value: string): Test | undefined {
  const list = new Set(value.split(',').map((one) => one.trim()));
  switch (op) {
    case '=':
      return (concept) => listValues(concept, property).includes(value);
    case 'in':
      return (concept) => listValues(concept, property).some((one) => list.has(one));
    case 'not-in':
      return (concept) => !listValues(concept, property).some((one) => list.has(one));
    case 'exists':
      return (concept) => listValues(concept, property).length > 0 === (value === 'true');
    case 'regex':
      throw new RequestError('not-supported', { what: 'The filter operator regex' });
    default:
      return undefined;
  }
}

/** Reads a filter of a value set (R4 ValueSet.compose.include.filter). @throws RequestError `bad-value-set` */
export function prepareFilter(
  system: TermSystem,
  filter: ValueSetComposeIncludeFilter,
  expression: string,
  scope: Scope,
): PreparedFilter {
  const { property, op, value } = filter;
  const operator: string = op;
  const refuse = (reason: string): RequestError => new RequestError('bad-value-set', { reason, expression });
  if (!value) {
    throw refuse(`The system ${system.url} filter with property = ${property}, op = ${operator} has no value`);
  }
  // "concept is-a X" and, of SNOMED CT's making, "parent = X".
  const isOfHierarchy = HIERARCHY.has(operator);
  if (isOfHierarchy && CONCEPT.has(property)) return createHierarchyFilter(system, operator, value, scope);
  if (isOfHierarchy || !knowsProperty(system, property)) {
    throw refuse(`${system.url} has no filter ${property} ${operator}`);
  }
  const test = createValueTest(operator, property, value);
  if (!test) throw refuse(`no filter operator ${operator}`);
  return {
    candidates: undefined,
    admits: async (concept) => {
      await scope.spend(1 + concept.properties.length / PROPERTIES_A_STEP);
      return test(concept);
    },
  };
}
