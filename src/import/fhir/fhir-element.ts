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
