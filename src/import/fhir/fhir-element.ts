import { findCodeSystem, type CodeSystem, type CodeSystemId } from '../../core/codes/code-systems.js';
import type { LibraryRows } from '../../build/source.js';

/** An element of a resource that is missing or invalid in FHIR. */
export class ElementError extends Error {
  override readonly name = 'ElementError';

  constructor(path: string, reason: string) {
    super(path === '' ? reason : `${path}: ${reason}`);
  }
}

/** An element of a foreign resource: every read is checked, and every fault states its path. */
export class FhirElement {
  /** `CodeSystem/x.concept[2]`; empty for a document whose type is not yet known. */
  readonly path: string;
  readonly #members: Readonly<Record<string, unknown>>;

  /** @throws ElementError if it is not a JSON object */
  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ElementError(path, 'is not an object');
    }
    this.path = path;
    this.#members = value as Readonly<Record<string, unknown>>;
  }

  buildPath(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  /** The same element under another path: a resource is named by its id. */
  at(path: string): FhirElement {
    return new FhirElement(this.#members, path);
  }

  fault(name: string, reason: string): ElementError {
    return new ElementError(this.buildPath(name), reason);
  }

  /** @throws ElementError if it is missing or not a string */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw this.fault(name, 'is missing');
    return value;
  }

  /** @throws ElementError if it is present and not a string */
  optionalText(name: string): string | undefined {
    const value = this.#members[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.trim() === '') throw this.fault(name, 'is not a string');
    return value;
  }

  isTrue(name: string): boolean {
    return this.#members[name] === true;
  }

  /** @throws ElementError if it is present and not an object */
  optionalChild(name: string): FhirElement | undefined {
    const value = this.#members[name];
    return value === undefined ? undefined : new FhirElement(value, this.buildPath(name));
  }

  /** @throws ElementError if it is missing or not an object */
  child(name: string): FhirElement {
    const child = this.optionalChild(name);
    if (!child) throw this.fault(name, 'is missing');
    return child;
  }

  /** @throws ElementError if it is present and not an array of objects */
  list(name: string): FhirElement[] {
    const value = this.#members[name];
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.fault(name, 'is not an array');
    return value.map((item, index) => new FhirElement(item, `${this.buildPath(name)}[${index}]`));
  }
}

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
