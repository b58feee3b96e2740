import type { Resource, ValueSet, ValueSetComposeInclude, ValueSetComposeIncludeConcept } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import { filterInSlices, mapInSlices } from '../../slices.js';
import type { ReadyFilter } from './filters.js';
import { readyFilter } from './filters.js';
import type { Scope } from './scope.js';
import type { TermConcept, TermSystem } from './term-system.js';
import { canonicalOf, splitCanonical } from './term-system.js';

/** A code in a value set. */
export interface Member {
  readonly system: TermSystem;
  readonly concept: TermConcept;
  /** What the value set itself says of it: its display and designations. */
  readonly stated: ValueSetComposeIncludeConcept | undefined;
}

/** What was used on the way, for expansion.parameter. */
export interface Used {
  readonly systems: Set<TermSystem>;
  readonly valueSets: Set<string>;
}

/**
 * Versions that the request wants of code systems, by their addresses: `system-version` where the value set leaves it open,
 * `check-system-version` so too, and no other may be used; `force-system-version` always.
 */
export interface VersionWishes {
  readonly defaults: ReadonlyMap<string, string>;
  readonly checked: ReadonlyMap<string, string>;
  readonly forced: ReadonlyMap<string, string>;
}

export const NO_WISHES: VersionWishes = { defaults: new Map(), checked: new Map(), forced: new Map() };

/** The version of a code system that is to be used; undefined where any may be. @param stated what the value set or the code says */
export function wantedVersion(
  { defaults, checked, forced }: VersionWishes,
  url: string,
  stated: string | undefined,
): string | undefined {
  return forced.get(url) ?? stated ?? checked.get(url) ?? defaults.get(url);
}

/** Value sets import each other no deeper than this, and never in a circle. */
const MOST_DEPTH = 16;

export const memberKey = ({ system, concept }: Member): string => `${system.url}|${concept.code}`;

/** A supplement that a value set requires (extension valueset-supplement). */
export function requiredSupplements({ extension = [] }: ValueSet): string[] {
  const url = 'http://hl7.org/fhir/StructureDefinition/valueset-supplement';
  return extension.flatMap((one) => (one.url === url ? (one.valueCanonical ?? one.valueUri ?? []) : []));
}

/** A system that we do not hold whole: a code that a value set lists may be one of it. */
function listedConcept(listed: ValueSetComposeIncludeConcept): TermConcept {
  const { code, display } = listed;
  return { code, display, abstract: false, inactive: false, designations: [], properties: [], parents: [] };
}

/** What R4 wants of each include (invariants vsd-1 to vsd-3): undefined for what can be evaluated. */
function faultOfInclude({ system, valueSet, concept, filter }: ValueSetComposeInclude): string | undefined {
  if (!system && !valueSet?.length) return 'names neither a system nor a value set';
  if (!system && (concept ?? filter)) return 'has concepts or filters without a system';
  return concept && filter ? 'has both concepts and filters' : undefined;
}

/** @throws RequestError `bad-value-set` */
function checkCompose({ url, compose }: ValueSet): void {
  const refuse = (reason: string, expression: string): RequestError =>
    new RequestError('bad-value-set', { reason: `The value set '${url ?? ''}' ${reason}`, expression });
  // Whoever sends a value set may have left anything out.
  const { include = [] }: Partial<NonNullable<ValueSet['compose']>> = compose ?? {};
  if (!compose || include.length === 0) throw refuse('includes nothing', 'ValueSet.compose');
  for (const kind of ['include', 'exclude'] as const) {
    for (const [index, one] of (compose[kind] ?? []).entries()) {
      const fault = faultOfInclude(one);
      if (fault !== undefined) throw refuse(fault, `ValueSet.compose.${kind}[${index}]`);
    }
  }
}

/** Members in their order, each once, without those that are excluded. */
function distinct(members: readonly Member[], excluded: ReadonlySet<string>): Promise<Member[]> {
  const found = new Set<string>();
  return filterInSlices(members, (member) => {
    const key = memberKey(member);
    if (found.has(key) || excluded.has(key)) return false;
    found.add(key);
    return true;
  });
}

/** Evaluates value sets: by their members, or for one code (R4 ValueSet.compose, 4.9.5). */
export class ComposeReader {
  readonly used: Used = { systems: new Set(), valueSets: new Set() };
  readonly #scope: Scope;
  readonly #versions: VersionWishes;

  constructor(scope: Scope, versions: VersionWishes) {
    this.#scope = scope;
    this.#versions = versions;
  }

  /** The system of an include, in the version that it, or the request, wants. */
  systemOf({ system = '', version }: ValueSetComposeInclude, valueSet: ValueSet): TermSystem {
    const { url, version: inUrl } = splitCanonical(system);
    const wanted = wantedVersion(this.#versions, url, version ?? inUrl);
    const found = this.#scope.system(url, wanted, requiredSupplements(valueSet));
    const required = this.#versions.checked.get(url);
    if (required !== undefined && required !== found.version) {
      const reason = `The value set uses version '${found.version ?? ''}' of ${url}, and the request requires version '${required}'`;
      throw new RequestError('bad-value-set', { reason });
    }
    this.used.systems.add(found);
    return found;
  }

  /** The members of a value set in its own order, each once. @throws RequestError */
  async members(valueSet: ValueSet, trail: readonly ValueSet[] = []): Promise<readonly Member[]> {
    const way = this.#enter(valueSet, trail);
    const { include = [], exclude = [], inactive } = valueSet.compose ?? {};
    const sets: (readonly Member[])[] = [];
    for (const [index, one] of include.entries()) {
      sets.push(await this.#included(one, way, `ValueSet.compose.include[${index}]`));
    }
    const excluded = new Set<string>();
    for (const [index, one] of exclude.entries()) {
      const members = await this.#included(one, way, `ValueSet.compose.exclude[${index}]`);
      for (const key of await mapInSlices(members, memberKey)) excluded.add(key);
    }
    const [first = []] = sets;
    // Each code of a whole system comes once as it is: to make sure of it would take longer than all the rest.
    const isDistinct = sets.length === 1 && excluded.size === 0 && include[0]?.concept === undefined;
    const members = isDistinct ? first : await distinct(sets.flat(), excluded);
    return inactive === false ? filterInSlices(members, ({ concept }) => !concept.inactive) : members;
  }

  /** The member that a code is, or undefined. Faults of the value set are told even where the code is found before. */
  async find(
    valueSet: ValueSet,
    system: TermSystem,
    code: string,
    trail: readonly ValueSet[] = [],
  ): Promise<Member | undefined> {
    const way = this.#enter(valueSet, trail);
    let found: Member | undefined;
    for (const [index, include] of (valueSet.compose?.include ?? []).entries()) {
      found ??= await this.#findIn(include, { system, code }, way, `ValueSet.compose.include[${index}]`);
    }
    for (const [index, exclude] of (valueSet.compose?.exclude ?? []).entries()) {
      if (!found) break;
      if (await this.#findIn(exclude, { system, code }, way, `ValueSet.compose.exclude[${index}]`)) return undefined;
    }
    return found?.concept.inactive && valueSet.compose?.inactive === false ? undefined : found;
  }

  #enter(valueSet: ValueSet, trail: readonly ValueSet[]): readonly ValueSet[] {
    if (trail.includes(valueSet) || trail.length >= MOST_DEPTH) {
      const url = valueSet.url ?? valueSet.id ?? '';
      throw new RequestError('bad-value-set', { reason: `The value set ${url} imports itself` });
    }
    checkCompose(valueSet);
    const isContained = trail.some(({ contained = [] }) => contained.includes(valueSet));
    if (trail.length > 0 && valueSet.url && !isContained) {
      this.used.valueSets.add(canonicalOf(valueSet.url, valueSet.version));
    }
    return [...trail, valueSet];
  }

  #imported(include: ValueSetComposeInclude, way: readonly ValueSet[]): ValueSet[] {
    const contained: Resource[] = way.flatMap((one) => one.contained ?? []);
    return (include.valueSet ?? []).map((url) => this.#scope.valueSet(url, contained));
  }

  async #included(include: ValueSetComposeInclude, way: readonly ValueSet[], at: string): Promise<readonly Member[]> {
    const imported = this.#imported(include, way);
    const sets: (readonly Member[])[] = include.system ? [await this.#ofSystem(include, way, at)] : [];
    for (const valueSet of imported) sets.push(await this.members(valueSet, way));
    const [first = [], ...others] = sets;
    if (others.length === 0) return first;
    const keys: ReadonlySet<string>[] = [];
    for (const set of others) keys.push(new Set(await mapInSlices(set, memberKey)));
    return filterInSlices(first, (member) => keys.every((set) => set.has(memberKey(member))));
  }

  async #ofSystem(include: ValueSetComposeInclude, way: readonly ValueSet[], at: string): Promise<Member[]> {
    const system = this.systemOf(include, way.at(-1) ?? { resourceType: 'ValueSet', status: 'active' });
    const { concept: listed, filter } = include;
    if (listed) {
      const known = await system.findEach(listed.map(({ code }) => code));
      return listed.flatMap((stated) => {
        const code = system.normalize(stated.code) ?? '';
        const concept = known.get(code) ?? (system.isComplete ? undefined : listedConcept(stated));
        return concept ? [{ system, concept, stated }] : [];
      });
    }
    const filters = (filter ?? []).map((one, index) => readyFilter(system, one, `${at}.filter[${index}]`));
    return mapInSlices(await this.#filtered(system, filters), (concept) => ({ system, concept, stated: undefined }));
  }

  /** Whole sets are cut with each other: asking the place of every candidate would take a query each. */
  async #filtered(system: TermSystem, filters: readonly ReadyFilter[]): Promise<readonly TermConcept[]> {
    const sets: (readonly TermConcept[])[] = [];
    for (const { candidates } of filters) if (candidates) sets.push(await candidates());
    const [first, ...others] = sets;
    const codes = others.map((set) => new Set(set.map(({ code }) => code)));
    const all = first ?? (await system.all());
    const candidates =
      codes.length === 0 ? all : await filterInSlices(all, ({ code }) => codes.every((set) => set.has(code)));
    const rest = filters.filter((one) => one.candidates === undefined);
    if (rest.length === 0) return candidates;
    return filterInSlices(candidates, async (concept) => {
      for (const filter of rest) if (!(await filter.admits(concept))) return false;
      return true;
    });
  }

  async #findIn(
    include: ValueSetComposeInclude,
    sought: { readonly system: TermSystem; readonly code: string },
    way: readonly ValueSet[],
    at: string,
  ): Promise<Member | undefined> {
    let found: Member | undefined;
    if (include.system) {
      found = await this.#findInSystem(include, sought, way, at);
      if (!found && !include.valueSet) return undefined;
    }
    for (const valueSet of this.#imported(include, way)) {
      const member = await this.find(valueSet, sought.system, sought.code, way);
      if (!member) return undefined;
      if (!include.system) found ??= member;
    }
    return found;
  }

  async #findInSystem(
    include: ValueSetComposeInclude,
    { system: sought, code }: { readonly system: TermSystem; readonly code: string },
    way: readonly ValueSet[],
    at: string,
  ): Promise<Member | undefined> {
    const isAnother = splitCanonical(include.system ?? '').url !== sought.url;
    if (isAnother && !include.filter) return undefined;
    const system = this.systemOf(include, way.at(-1) ?? { resourceType: 'ValueSet', status: 'active' });
    const filters = (include.filter ?? []).map((one, index) => readyFilter(system, one, `${at}.filter[${index}]`));
    if (isAnother) return undefined;
    const stated = include.concept?.find((one) => system.normalize(one.code) === system.normalize(code));
    if (include.concept && !stated) return undefined;
    const concept = (await system.find(code)) ?? (stated && !system.isComplete ? listedConcept(stated) : undefined);
    if (!concept) return undefined;
    for (const filter of filters) if (!(await filter.admits(concept))) return undefined;
    return { system, concept, stated };
  }
}
