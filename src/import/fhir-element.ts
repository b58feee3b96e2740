/** A member of a resource that is missing or not what FHIR says it is. */
export class ElementError extends Error {
  override readonly name = 'ElementError';

  constructor(path: string, reason: string) {
    super(path === '' ? reason : `${path}: ${reason}`);
  }
}

/** An element of a resource that came from outside: what is read of it is checked, and every fault names its place. */
export class FhirElement {
  /** `CodeSystem/x.concept[2]`; empty for a document that is not known by its type yet. */
  readonly path: string;
  readonly #members: Readonly<Record<string, unknown>>;

  /** @throws ElementError where it is no JSON object */
  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ElementError(path, 'is no object');
    }
    this.path = path;
    this.#members = value as Readonly<Record<string, unknown>>;
  }

  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  /** The same element under another path: a resource is known by its id. */
  at(path: string): FhirElement {
    return new FhirElement(this.#members, path);
  }

  fault(name: string, reason: string): ElementError {
    return new ElementError(this.pathOf(name), reason);
  }

  /** @throws ElementError where it is missing or no text */
  text(name: string): string {
    const value = this.optionalText(name);
    if (value === undefined) throw this.fault(name, 'is missing');
    return value;
  }

  /** @throws ElementError where it is there and no text */
  optionalText(name: string): string | undefined {
    const value = this.#members[name];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value.trim() === '') throw this.fault(name, 'is no text');
    return value;
  }

  isTrue(name: string): boolean {
    return this.#members[name] === true;
  }

  /** @throws ElementError where it is there and no object */
  optionalChild(name: string): FhirElement | undefined {
    const value = this.#members[name];
    return value === undefined ? undefined : new FhirElement(value, this.pathOf(name));
  }

  /** @throws ElementError where it is missing or no object */
  child(name: string): FhirElement {
    const child = this.optionalChild(name);
    if (!child) throw this.fault(name, 'is missing');
    return child;
  }

  /** @throws ElementError where it is there and no array of objects */
  list(name: string): FhirElement[] {
    const value = this.#members[name];
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.fault(name, 'is no array');
    return value.map((item, index) => new FhirElement(item, `${this.pathOf(name)}[${index}]`));
  }
}
