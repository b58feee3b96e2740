import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { readR4Data } from './r4-data.js';

/** Members of R4's elements that programs read; remarks, examples and mappings to other standards are left to R4 itself. */
const KEPT = new Set<string>([
  ...['id', 'path', 'representation', 'sliceName', 'slicing', 'short', 'definition', 'min', 'max', 'base'],
  ...[
    'contentReference',
    'type',
    'constraint',
    'mustSupport',
    'isModifier',
    'isModifierReason',
    'isSummary',
    'binding',
  ],
]);

let bases: Map<string, StructureDefinition> | undefined;

/** R4's own definition of a type or resource. */
function baseOf(type: string): StructureDefinition {
  bases ??= new Map((readR4Data('definitions') as StructureDefinition[]).map((one) => [one.url, one]));
  const found = bases.get(`http://hl7.org/fhir/StructureDefinition/${type}`);
  if (!found) throw new Error(`R4 has no ${type}`);
  return found;
}

function lean(element: ElementDefinition): ElementDefinition {
  const kept = Object.entries(structuredClone(element)).filter(
    ([name]) => KEPT.has(name) || /^(fixed|pattern)[A-Z]/.test(name),
  );
  const own = Object.fromEntries(kept) as unknown as ElementDefinition;
  const constraint = own.constraint?.map(({ xpath: _, ...one }) => one);
  return { ...own, ...(constraint ? { constraint } : {}) };
}

const elementsOf = (type: string): ElementDefinition[] => (baseOf(type).snapshot?.element ?? []).map(lean);

/** The children that a type's own definition gives an element. */
function childrenOf({ id, path, type = [] }: ElementDefinition): ElementDefinition[] {
  const [only, other] = type;
  if (!only || other) throw new Error(`${id ?? ''} is not of one type`);
  const { code } = only;
  return elementsOf(code)
    .slice(1)
    .map((child) => ({
      ...child,
      id: `${id ?? ''}${(child.id ?? '').slice(code.length)}`,
      path: `${path}${child.path.slice(code.length)}`,
    }));
}

const isWithin = (id: string | undefined, of: string): boolean =>
  id === of || (id?.startsWith(`${of}.`) ?? false) || (id?.startsWith(`${of}:`) ?? false);

/** Where the last element of one, its children and its slices, ends. */
const endOf = (elements: readonly ElementDefinition[], id: string): number =>
  elements.findLastIndex((one) => isWithin(one.id, id)) + 1;

/** Makes the element that a differential speaks of, where R4's snapshot leaves it to its type or to slices. */
function reach(elements: ElementDefinition[], id: string): void {
  if (elements.some((one) => one.id === id)) return;
  const [, sliced, sliceName] = /^(.*):([^.:]+)$/.exec(id) ?? [];
  const parentId = sliced ?? id.slice(0, id.lastIndexOf('.'));
  reach(elements, parentId);
  const parent = elements.findIndex((one) => one.id === parentId);
  const found = elements[parent];
  if (!found) throw new Error(`${id} is nowhere`);
  if (sliceName === undefined) elements.splice(parent + 1, 0, ...childrenOf(found));
  else {
    const { slicing: _, ...slice } = structuredClone(found);
    elements.splice(endOf(elements, parentId), 0, { ...slice, id, sliceName });
  }
  if (!elements.some((one) => one.id === id)) throw new Error(`${id} is nowhere`);
}

/**
 * The snapshot of a profile: R4's elements as its differential changes them (R4 profiling, 5.1.0.7).
 * @throws Error where the differential speaks of what R4 does not have
 */
export function snapshotOf({ type, differential }: StructureDefinition): ElementDefinition[] {
  const elements = elementsOf(type);
  for (const change of differential?.element ?? []) {
    const id = change.id ?? '';
    reach(elements, id);
    const at = elements.findIndex((one) => one.id === id);
    elements[at] = { ...elements[at], ...change };
  }
  return elements;
}
