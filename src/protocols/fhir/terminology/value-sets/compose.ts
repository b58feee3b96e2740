import type { Resource, ValueSet, ValueSetComposeInclude, ValueSetComposeIncludeConcept } from '@medplum/fhirtypes';
import { RequestError } from '../../../../core/errors.js';
import { getOrAdd } from '../../../../core/remember.js';
import { filterInSlices, mapInSlices } from '../../../long-work/slices.js';
import { checkCompose } from './check-value-set.js';
import { prepareFilter, type PreparedFilter } from './filters.js';
import { STEPS, type Scope } from '../scope.js';
import type { TermConcept, TermSystem } from '../systems/term-system.js';
import { toCanonical, createNamelessConcept, splitCanonical } from '../systems/term-system.js';
import { chooseVersion, type VersionWishes } from '../version-wishes.js';
import { flatMap } from '../../../../core/flat-map.js';

/** A code in a value set. */
export interface Member {
  readonly system: TermSystem;
  readonly concept: TermConcept;
  /** The value set's own display and designations of it. */
  readonly stated: ValueSetComposeIncludeConcept | undefined;
}

/** A code that is looked for. */
type Sought = Pick<Member, 'system'> & { readonly code: string };

/** Value sets import each other no deeper than this, and never in a circle. */
const MOST_DEPTH = 16;

/** Listed codes that are read from the library at once: some milliseconds of the process. */
const LISTED = 500;

export const buildMemberKey = ({ system, concept }: Member): string => `${system.url}|${concept.code}`;

/** A code that a value set lists, of a system that is held in part. */
const toListedConcept = ({ code, display }: ValueSetComposeIncludeConcept): TermConcept => ({
  ...createNamelessConcept(code),
  display,
});

/** Members in their order, each once, without those that are excluded. */
function listDistinct(members: readonly Member[], excluded: ReadonlySet<string>): Promise<Member[]> {
  const found = new Set<string>();
  return filterInSlices(members, (member) => {
    const key = buildMemberKey(member);
    if (found.has(key) || excluded.has(key)) return false;
    found.add(key);
    return true;
  });
}

/**
 * Evaluates value sets: by their members, or for one code (R4 ValueSet.compose, 4.9.5). Each is evaluated once, however many
 * others import it: ten that import the next ten, nine deep, would be a thousand million evaluations.
 */
export class ComposeReader {
  /** What was used on the way, for expansion.parameter. */
  readonly used = { systems: new Set<TermSystem>(), valueSets: new Set<string>() };
  readonly #scope: Scope;
  readonly #versions: VersionWishes;
  readonly #numbers = new Map<object, number>();
  readonly #members = new Map<string, readonly Member[]>();
  readonly #found = new Map<string, Member | undefined>();

  constructor(scope: Scope, versions: VersionWishes) {
    this.#scope = scope;
    this.#versions = versions;
  }

  readonly #getNumber = (one: object): number => getOrAdd(this.#numbers, one, () => this.#numbers.size);

  /** What the members of the last value set of a way depend on: itself, and those before it whose contained ones it may name. */
  #buildKey(way: readonly ValueSet[]): string {
    const named = way.filter(({ contained = [] }, index) => index === way.length - 1 || contained.length > 0);
    return named.map(this.#getNumber).join('.');
  }

  /** The system of an include, in the version that it, or the request, wants. */
  async #findSystem({ system = '', version }: ValueSetComposeInclude): Promise<TermSystem> {
    await this.#scope.spendOnLookup();
    const { url, version: inUrl } = splitCanonical(system);
    const wanted = chooseVersion(this.#versions, url, version ?? inUrl);
    const found = this.#scope.system(url, wanted);
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
    const key = this.#buildKey(way);
    const members = this.#members.get(key) ?? (await this.#evaluate(valueSet, way));
    this.#members.set(key, members);
    return members;
  }

  async #evaluate(valueSet: ValueSet, way: readonly ValueSet[]): Promise<readonly Member[]> {
    const { include = [], exclude = [], inactive } = valueSet.compose ?? {};
    const sets: (readonly Member[])[] = [];
    for (const [index, one] of include.entries()) {
      sets.push(await this.#included(one, way, `ValueSet.compose.include[${index}]`));
    }
    const excluded = new Set<string>();
    for (const [index, one] of exclude.entries()) {
      const members = await this.#included(one, way, `ValueSet.compose.exclude[${index}]`);
      await this.#scope.spend(members.length);
      for (const key of await mapInSlices(members, buildMemberKey)) excluded.add(key);
    }
    // A set that is imported again costs no evaluation, and still has to be joined.
    await this.#scope.spend(sets.reduce((sum, set) => sum + set.length, 0));
    const [first = []] = sets;
    // Each code of a whole system comes once as it is: to make sure of it would take longer than all the rest.
    const isDistinct = sets.length === 1 && excluded.size === 0 && include[0]?.concept === undefined;
    const members = isDistinct ? first : await listDistinct(sets.flat(), excluded);
    return inactive === false ? filterInSlices(members, ({ concept }) => !concept.inactive) : members;
  }

  /** The member that a code is, or undefined. Faults of the value set are reported even if the code is found before. */
  async find(
    valueSet: ValueSet,
    system: TermSystem,
    code: string,
    trail: readonly ValueSet[] = [],
  ): Promise<Member | undefined> {
    const way = this.#enter(valueSet, trail);
    const key = `${this.#getNumber(system)} ${this.#buildKey(way)} ${code}`;
    if (!this.#found.has(key)) this.#found.set(key, await this.#findAmong(valueSet, { system, code }, way));
    return this.#found.get(key);
  }

  async #findAmong(valueSet: ValueSet, sought: Sought, way: readonly ValueSet[]): Promise<Member | undefined> {
    let found: Member | undefined;
    for (const [index, include] of (valueSet.compose?.include ?? []).entries()) {
      found ??= await this.#findIn(include, sought, way, `ValueSet.compose.include[${index}]`);
    }
    for (const [index, exclude] of (valueSet.compose?.exclude ?? []).entries()) {
      if (!found) break;
      if (await this.#findIn(exclude, sought, way, `ValueSet.compose.exclude[${index}]`)) return undefined;
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
      this.used.valueSets.add(toCanonical(valueSet.url, valueSet.version));
    }
    return [...trail, valueSet];
  }

  async #imported(include: ValueSetComposeInclude, way: readonly ValueSet[]): Promise<ValueSet[]> {
    await this.#scope.spend(STEPS.part);
    const found: ValueSet[] = [];
    if (!include.valueSet) return found;
    const contained: Resource[] = flatMap(way, (one) => one.contained ?? []);
    for (const url of include.valueSet) {
      await this.#scope.spendOnLookup(contained.length);
      found.push(this.#scope.valueSet(url, contained));
    }
    return found;
  }

  async #included(include: ValueSetComposeInclude, way: readonly ValueSet[], at: string): Promise<readonly Member[]> {
    const imported = await this.#imported(include, way);
    const sets: (readonly Member[])[] = include.system ? [await this.#listSystem(include, at)] : [];
    for (const valueSet of imported) sets.push(await this.members(valueSet, way));
    const [first = [], ...others] = sets;
    if (others.length === 0) return first;
    const keys: ReadonlySet<string>[] = [];
    await this.#scope.spend(sets.reduce((sum, set) => sum + set.length, 0) + first.length * others.length);
    for (const set of others) keys.push(new Set(await mapInSlices(set, buildMemberKey)));
    return filterInSlices(first, (member) => keys.every((set) => set.has(buildMemberKey(member))));
  }

  async #listSystem(include: ValueSetComposeInclude, at: string): Promise<Member[]> {
    const system = await this.#findSystem(include);
    if (include.concept) return this.#listed(system, include.concept);
    const filters = await this.#readyFilters(system, include, at);
    return mapInSlices(await this.#filtered(system, filters), (concept) => ({ system, concept, stated: undefined }));
  }

  async #listed(system: TermSystem, listed: readonly ValueSetComposeIncludeConcept[]): Promise<Member[]> {
    const members: Member[] = [];
    for (let from = 0; from < listed.length; from += LISTED) {
      const some = listed.slice(from, from + LISTED);
      await this.#scope.spend(some.length * STEPS.fetched);
      const known = system.findEach(some.map(({ code }) => code));
      for (const stated of some) {
        const code = system.normalize(stated.code) ?? '';
        const concept = known.get(code) ?? (system.isComplete ? undefined : toListedConcept(stated));
        if (concept) members.push({ system, concept, stated });
      }
    }
    return members;
  }

  async #readyFilters(system: TermSystem, include: ValueSetComposeInclude, at: string): Promise<PreparedFilter[]> {
    const filters: PreparedFilter[] = [];
    for (const [index, one] of (include.filter ?? []).entries()) {
      await this.#scope.spend(STEPS.part);
      filters.push(prepareFilter(system, one, `${at}.filter[${index}]`, this.#scope));
    }
    return filters;
  }

  /** Whole sets are cut with each other: asking the place of every candidate would take a query each. */
  async #filtered(system: TermSystem, filters: readonly PreparedFilter[]): Promise<readonly TermConcept[]> {
    const sets: (readonly TermConcept[])[] = [];
    for (const { candidates } of filters) if (candidates) sets.push(await candidates());
    const [first, ...others] = sets;
    const codes = others.map((set) => new Set(set.map(({ code }) => code)));
    const all = first ?? (await system.all());
    await this.#scope.spend(all.length * Math.max(1, sets.length));
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
    sought: Sought,
    way: readonly ValueSet[],
    at: string,
  ): Promise<Member | undefined> {
    let found: Member | undefined;
    if (include.system) {
      found = await this.#findInSystem(include, sought, at);
      if (!found && !include.valueSet) return undefined;
    }
    for (const valueSet of await this.#imported(include, way)) {
      const member = await this.find(valueSet, sought.system, sought.code, way);
      if (!member) return undefined;
      if (!include.system) found ??= member;
    }
    return found;
  }

  async #findInSystem(
    include: ValueSetComposeInclude,
    { system: sought, code }: Sought,
    at: string,
  ): Promise<Member | undefined> {
    const isAnother = splitCanonical(include.system ?? '').url !== sought.url;
    if (isAnother && !include.filter) return undefined;
    const system = await this.#findSystem(include);
    const filters = await this.#readyFilters(system, include, at);
    if (isAnother) return undefined;
    await this.#scope.spend(STEPS.fetched + (include.concept?.length ?? 0));
    const stated = include.concept?.find((one) => system.normalize(one.code) === system.normalize(code));
    if (include.concept && !stated) return undefined;
    const held = system.find(code) ?? (stated && !system.isComplete ? toListedConcept(stated) : undefined);
    // If only a part of the system is held, a code that is not held may still be a member.
    const concept = held ?? system.assume(code);
    if (!concept) return undefined;
    for (const filter of filters) if (!(await filter.admits(concept))) return undefined;
    return { system, concept, stated };
  }
}
