import { findCodeSystem, type CodeSystem, type CodeSystemId } from '../../core/codes/code-systems.js';
import type { LibraryRows } from '../../build/source.js';
import { ElementError, type FhirElement } from './fhir-element.js';

/** Rows collected from resources, which may come in any order. */
export type CollectedRows = { readonly [Kind in keyof LibraryRows]: LibraryRows[Kind][number][] };

/** Where rows read from a resource are collected. */
export interface ResourceTarget {
  readonly rows: CollectedRows;
  /** Code systems that a resource holds completely. */
  readonly complete: Set<CodeSystemId>;
  readonly reject: (reason: string) => void;
}

/** The code system that an element names. */
export function readSystem(element: FhirElement, name: string): CodeSystem {
  const sent = element.text(name);
  const system = findCodeSystem(sent);
  if (!system) throw element.fault(name, `${sent} is not a known code system`);
  return system;
}

/** Reads each element; an invalid one is rejected, and the others are read. */
export function readEach<T>(
  elements: readonly T[],
  target: ResourceTarget,
  read: (element: T, index: number) => void,
): void {
  for (const [index, element] of elements.entries()) {
    try {
      read(element, index);
    } catch (error) {
      if (!(error instanceof ElementError)) throw error;
      target.reject(error.message);
    }
  }
}
