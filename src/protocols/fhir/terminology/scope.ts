import type { CodeSystem, Resource, ValueSet } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { LIMITS } from '../../../limits.js';
import { giveWay } from '../../../turns.js';
import { checkClient, type InFlight } from '../../route.js';
import type { TerminologyCatalogue } from './catalogue.js';
import { splitCanonical, type TermSystem } from './systems/term-system.js';

/** Steps of work other than checking a concept in memory, which is one step: some microseconds to the step. */
export const STEPS = {
  /** An include or a filter made ready, a value set or a coding looked for. */
  part: 10,
  /** A concept read from the library. */
  fetched: 10,
  /** The place of one concept in its hierarchy: several questions to the library. */
  placed: 25,
  /** What is below a code: a page of the library is read, however little of it is meant. */
  below: 2000,
} as const;

/** Contained value sets that are compared with a name in one step. */
const CONTAINED_A_STEP = 20;

/**
 * The library's code systems and value sets as one request sees them, and the work that it has left for value sets. That is
 * counted in steps, so that the same request ends the same way on every machine; every step counts, for a small one may occur
 * a million times.
 */
export class Scope {
  readonly catalogue: TerminologyCatalogue;
  readonly #inFlight: InFlight | undefined;
  #stepsLeft: number = LIMITS.maxValueSetSteps;
  /** Value sets that were found, by how they are named: those of a whole system are created on demand. */
  readonly #namedValueSets = new Map<string, ValueSet | undefined>();

  /** @param inFlight the request, whose client may go before the work is done */
  constructor(catalogue: TerminologyCatalogue, inFlight?: InFlight) {
    this.catalogue = catalogue;
    this.#inFlight = inFlight;
  }

  /**
   * Counts steps; to be called before they are made. A promise where it is the turn of other requests.
   * @throws RequestError `too-costly`; rejects with `bad-request` where the client has gone meanwhile
   */
  spend(steps: number): Promise<void> | undefined {
    const most = LIMITS.maxValueSetSteps;
    this.#stepsLeft -= steps;
    if (this.#stepsLeft < 0) throw new RequestError('too-costly', { most, unit: 'codes looked at' });
    return giveWay()?.then(() => {
      checkClient(this.#inFlight);
    });
  }

  /** To be called before something is looked up by its address. @throws RequestError `too-costly` */
  spendOnLookup(contained = 0): Promise<void> | undefined {
    return this.spend(STEPS.part + contained / CONTAINED_A_STEP);
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

  findValueSet(canonical: string, contained: readonly Resource[] = []): ValueSet | undefined {
    const { url, version } = splitCanonical(canonical);
    if (url.startsWith('#')) {
      return contained.find((one): one is ValueSet => one.resourceType === 'ValueSet' && `#${one.id ?? ''}` === url);
    }
    if (this.#namedValueSets.has(canonical)) return this.#namedValueSets.get(canonical);
    const known = this.catalogue.findValueSet(url);
    const found = known && (version === undefined || version === known.version) ? known : undefined;
    this.#namedValueSets.set(canonical, found);
    return found;
  }

  /** @throws RequestError `value-set-not-found` */
  valueSet(canonical: string, contained?: readonly Resource[]): ValueSet {
    const found = this.findValueSet(canonical, contained);
    if (!found) throw new RequestError('value-set-not-found', { url: canonical });
    return found;
  }
}
