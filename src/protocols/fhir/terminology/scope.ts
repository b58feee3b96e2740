import type { CodeSystem, ValueSet } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import type { TerminologyCatalogue } from './catalogue.js';
import { splitCanonical, type TermSystem } from './systems/term-system.js';

/** The library's code systems and value sets as one request sees them. */
export class Scope {
  readonly catalogue: TerminologyCatalogue;
  /** Value sets that were found, by how they are named: those of a whole system are created on demand. */
  readonly #namedValueSets = new Map<string, ValueSet | undefined>();

  constructor(catalogue: TerminologyCatalogue) {
    this.catalogue = catalogue;
  }

  /** A code system by its address, in a version where one is wanted; undefined where there is none. */
  findSystem(url: string, version?: string): TermSystem | undefined {
    const known = this.catalogue.findSystem(url);
    return known && (version === undefined || version === '' || version === known.version) ? known : undefined;
  }

  /** @throws RequestError `code-system-not-found` */
  system(url: string, version?: string): TermSystem {
    const system = this.findSystem(url, version);
    if (!system)
      throw new RequestError('code-system-not-found', { url: version === undefined ? url : `${url}|${version}` });
    return system;
  }

  /** Versions of a code system that are held, for the message where the requested one is not. */
  listVersions(url: string): string[] {
    const known = this.catalogue.findSystem(url)?.version;
    return known === undefined ? [] : [known];
  }

  /** A code system by the id of its resource. */
  codeSystemById(id: string): CodeSystem | undefined {
    return this.catalogue.systems.find(({ header }) => header.id === id)?.header;
  }

  valueSetById(id: string): ValueSet | undefined {
    return this.catalogue.valueSets.find((one) => one.id === id);
  }

  findValueSet(canonical: string): ValueSet | undefined {
    if (this.#namedValueSets.has(canonical)) return this.#namedValueSets.get(canonical);
    const { url, version } = splitCanonical(canonical);
    const known = this.catalogue.findValueSet(url);
    const found = known && (version === undefined || version === known.version) ? known : undefined;
    this.#namedValueSets.set(canonical, found);
    return found;
  }

  /** @throws RequestError `value-set-not-found` */
  valueSet(canonical: string): ValueSet {
    const found = this.findValueSet(canonical);
    if (!found) throw new RequestError('value-set-not-found', { url: canonical });
    return found;
  }
}
