import type { CodeSystem, ConceptMap, Resource, ValueSet } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import type { Catalogue } from './catalogue.js';
import { Effort, STEPS } from './effort.js';
import { resourceSystem } from './resource-system.js';
import type { TermSystem } from './term-system.js';
import { splitCanonical } from './term-system.js';

const isOf = (resource: { url?: string; version?: string }, url: string, version: string | undefined): boolean =>
  resource.url === url && (version === undefined || resource.version === undefined || resource.version === version);

/** Whether a version is later: numbers in it count as numbers. */
function isLater(a = '', b = ''): boolean {
  return a.localeCompare(b, 'en', { numeric: true }) > 0;
}

/** Resources that came with a request are looked through for each that is named: so many of them are one step. */
const BROUGHT_A_STEP = 20;

/** Code systems, value sets and maps as one request sees them: what it brings along takes the place of the library's. */
export class Scope {
  readonly catalogue: Catalogue;
  /** What is left to this request. */
  readonly effort = new Effort();
  readonly #codeSystems: readonly CodeSystem[];
  readonly #valueSets: readonly ValueSet[];
  readonly conceptMaps: readonly ConceptMap[];
  /** By their resources and the supplements in use: who reads a system anew reads all its concepts. */
  readonly #systems = new Map<CodeSystem, Map<string, TermSystem>>();
  /** Value sets that were found, by how they are named: those of a whole system are made when they are asked for. */
  readonly #namedValueSets = new Map<string, ValueSet | undefined>();
  readonly #supplements: readonly CodeSystem[];

  /** @param wanted canonical addresses of supplements to use (`useSupplement`) */
  constructor(catalogue: Catalogue, brought: readonly Resource[], wanted: readonly string[] = []) {
    this.catalogue = catalogue;
    this.#codeSystems = brought.filter((one): one is CodeSystem => one.resourceType === 'CodeSystem');
    this.#valueSets = brought.filter((one): one is ValueSet => one.resourceType === 'ValueSet');
    this.conceptMaps = brought.filter((one): one is ConceptMap => one.resourceType === 'ConceptMap');
    this.#supplements = wanted.map((canonical) => this.#supplement(canonical));
  }

  /** To be called before something is looked for by its address. @throws RequestError `too-costly` */
  spendOnLookup(contained = 0): Promise<void> | undefined {
    const brought = this.#codeSystems.length + this.#valueSets.length + contained;
    return this.effort.spend(STEPS.part + brought / BROUGHT_A_STEP);
  }

  #supplement(canonical: string): CodeSystem {
    const { url, version } = splitCanonical(canonical);
    const found = this.#codeSystems.find((one) => one.content === 'supplement' && isOf(one, url, version));
    if (!found) throw new RequestError('supplement-not-found', { url: canonical });
    return found;
  }

  /** @throws RequestError `supplement-not-found` */
  requireSupplement(canonical: string): void {
    this.#supplement(canonical);
  }

  /** A code system by its address, in a version where one is asked for; undefined where there is none. */
  findSystem(url: string, version?: string, supplements: readonly string[] = []): TermSystem | undefined {
    const candidates = this.#codeSystems.filter((one) => one.content !== 'supplement' && isOf(one, url, version));
    const [first] = [...candidates].sort((a, b) => (isLater(a.version, b.version) ? -1 : 1));
    if (!first) {
      const known = this.catalogue.findSystem(url);
      return known && (version === undefined || version === '' || version === known.version) ? known : undefined;
    }
    const wanted = [...new Set([...this.#supplements, ...supplements.map((one) => this.#supplement(one))])];
    const own = wanted.filter((one) => splitCanonical(one.supplements ?? '').url === url);
    const made = this.#systems.get(first) ?? new Map<string, TermSystem>();
    this.#systems.set(first, made);
    const key = own.map((one) => this.#codeSystems.indexOf(one)).join();
    const system = made.get(key) ?? resourceSystem(first, own);
    made.set(key, system);
    return system;
  }

  /** @throws RequestError `code-system-not-found` */
  system(url: string, version?: string, supplements?: readonly string[]): TermSystem {
    const system = this.findSystem(url, version, supplements);
    if (!system)
      throw new RequestError('code-system-not-found', { url: version === undefined ? url : `${url}|${version}` });
    return system;
  }

  /** Versions of a code system that are there, for the message where the one that was asked for is not. */
  versionsOf(url: string): string[] {
    const own = this.#codeSystems.filter((one) => one.url === url).flatMap(({ version }) => version ?? []);
    const known = this.catalogue.findSystem(url)?.version;
    return [...own, ...(known === undefined ? [] : [known])].sort();
  }

  /** A code system of an instance's address, the request's own and the program's before the library's. */
  codeSystemById(id: string): CodeSystem | undefined {
    const own = this.#codeSystems.find((one) => one.id === id);
    return own ?? this.catalogue.systems.find(({ header }) => header.id === id)?.header;
  }

  valueSetById(id: string): ValueSet | undefined {
    return this.#valueSets.find((one) => one.id === id) ?? this.catalogue.valueSets.find((one) => one.id === id);
  }

  findValueSet(canonical: string, contained: readonly Resource[] = []): ValueSet | undefined {
    const { url } = splitCanonical(canonical);
    if (url.startsWith('#')) {
      return contained.find((one): one is ValueSet => one.resourceType === 'ValueSet' && `#${one.id ?? ''}` === url);
    }
    if (this.#namedValueSets.has(canonical)) return this.#namedValueSets.get(canonical);
    const found = this.#findNamed(canonical);
    this.#namedValueSets.set(canonical, found);
    return found;
  }

  #findNamed(canonical: string): ValueSet | undefined {
    const { url, version } = splitCanonical(canonical);
    const [first] = this.#valueSets
      .filter((one) => isOf(one, url, version))
      .sort((a, b) => (isLater(a.version, b.version) ? -1 : 1));
    if (first) return first;
    const known = this.catalogue.findValueSet(url);
    return known && (version === undefined || version === known.version) ? known : undefined;
  }

  /** @throws RequestError `value-set-not-found` */
  valueSet(canonical: string, contained?: readonly Resource[]): ValueSet {
    const found = this.findValueSet(canonical, contained);
    if (!found) throw new RequestError('value-set-not-found', { url: canonical });
    return found;
  }
}
