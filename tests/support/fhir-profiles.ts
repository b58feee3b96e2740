import { readFileSync, readdirSync } from 'node:fs';
import type { ElementType, Json } from './fhir-definitions.js';
import { isObject, listOf, onceSound, resourcesIn } from './fhir-definitions.js';

interface Element extends Json {
  readonly id: string;
  readonly min?: number;
  readonly max?: string;
  readonly sliceName?: string;
  readonly type?: readonly ElementType[];
}

interface Profile {
  readonly id: string;
  readonly type: string;
  readonly elements: ReadonlyMap<string, Element>;
}

const FOLDER = new URL('../../resources/fhir/', import.meta.url);

let profiles: ReadonlyMap<string, Profile> | undefined;

/** Our own profiles, by the end of their canonical address. */
function profileOf(url: string): Profile | undefined {
  profiles ??= new Map(
    readdirSync(FOLDER)
      .filter((file) => file.startsWith('StructureDefinition-'))
      .map((file) => {
        const { id, type, differential } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as {
          id: string;
          type: string;
          differential: { element: Element[] };
        };
        return [id, { id, type, elements: new Map(differential.element.map((one) => [one.id, one])) }];
      }),
  );
  const id = /\/StructureDefinition\/([\w-]+)$/.exec(url)?.[1];
  // HL7's own are not ours to look up.
  return id === undefined || url.startsWith('http://hl7.org/') ? undefined : profiles.get(id);
}

/** Whether a value has all that a pattern has; lists hold each of the pattern's in some member. */
function hasPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) return pattern.every((one) => listOf(value).some((member) => hasPattern(member, one)));
  if (!isObject(pattern)) return value === pattern;
  return isObject(value) && Object.entries(pattern).every(([name, one]) => hasPattern(value[name], one));
}

const startsWith = (element: Element, start: string): unknown =>
  Object.entries(element).find(([name]) => name.startsWith(start))?.[1];

/** The members of an object that an element's name means: of a choice (`value[x]`) whichever there is, with its type. */
function membersOf(value: Json, name: string): { readonly type: string; readonly member: unknown }[] {
  const stem = name.endsWith('[x]') ? name.slice(0, -3) : undefined;
  const found = Object.entries(value).filter(([key]) => (stem === undefined ? key === name : key.startsWith(stem)));
  return found.flatMap(([key, sent]) =>
    listOf(sent).map((member) => ({ type: stem === undefined ? '' : key.slice(stem.length).toLowerCase(), member })),
  );
}

class ProfileCheck {
  readonly #elements: ReadonlyMap<string, Element>;
  readonly complaints: string[] = [];

  constructor({ elements }: Profile) {
    this.#elements = elements;
  }

  check(value: Json, id: string, place: string): void {
    const below = [...this.#elements.keys()].filter((one) => one.startsWith(`${id}.`));
    const names = new Set(below.map((one) => one.slice(id.length + 1).split(/[.:]/, 1)[0] ?? ''));
    for (const name of names) {
      const members = membersOf(value, name);
      const at = `${place}.${name}`;
      this.#one(`${id}.${name}`, members, at);
      const slices = [...this.#elements.values()].filter(
        (one) => one.sliceName !== undefined && one.id === `${id}.${name}:${one.sliceName}`,
      );
      const taken = slices.flatMap((slice) => {
        const own = members.filter(({ member }) => this.#isOfSlice(member, slice));
        this.#one(slice.id, own, `${at}:${slice.sliceName ?? ''}`);
        return own;
      });
      // Slicing is open for others; this server itself has no more to say.
      if (slices.length > 0 && taken.length < members.length) this.complaints.push(`${at} is in no slice`);
    }
  }

  #isOfSlice(member: unknown, { id, type }: Element): boolean {
    const { url } = member as { url: string };
    const profile = type?.[0]?.profile?.[0];
    const fixed = this.#elements.get(`${id}.url`)?.fixedUri;
    return profile === undefined ? url === fixed : url.endsWith(profile.replace('{{canonicalBase}}', ''));
  }

  #one(id: string, members: readonly { readonly type: string; readonly member: unknown }[], place: string): void {
    const element = this.#elements.get(id);
    const { min = 0, max = '*', type } = element ?? {};
    if (members.length < min) this.complaints.push(`${place}: ${members.length} of at least ${min}`);
    if (max !== '*' && members.length > Number(max)) this.complaints.push(`${place}: ${members.length} of ${max}`);
    const pattern = element && startsWith(element, 'pattern');
    const fixed = element && startsWith(element, 'fixed');
    const types = type?.map(({ code }) => code.toLowerCase());
    for (const { member, type: sent } of members) {
      if (pattern !== undefined && !hasPattern(member, pattern)) this.complaints.push(`${place} has not the pattern`);
      if (typeof fixed === 'string' && !String(member).endsWith(fixed.replace('{{canonicalBase}}', '')))
        this.complaints.push(`${place} is not ${fixed}`);
      if (sent !== '' && types && !types.includes(sent)) this.complaints.push(`${place} is ${sent}`);
      if (isObject(member)) this.check(member, id, place);
    }
  }
}

function complaintsBy(url: string, value: Json): string[] {
  const profile = profileOf(url);
  if (!profile) return [];
  const check = new ProfileCheck(profile);
  check.check(value, profile.type, profile.id);
  return check.complaints;
}

function extensionsIn(value: unknown): Json[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = isObject(value) ? listOf(value.extension).filter(isObject) : [];
  return [...own, ...Object.values(value).flatMap(extensionsIn)];
}

const complaintsOfOne = onceSound((resource: Json): string[] => {
  const meta = isObject(resource.meta) ? resource.meta : {};
  // One that is shortened need not claim a profile; what it claims, it must keep.
  const isWhole = !listOf(meta.tag).some((tag) => isObject(tag) && tag.code === 'SUBSETTED');
  const named = listOf(meta.profile).map(String);
  const unnamed =
    resource.resourceType === 'DocumentReference' && isWhole && !named.some(profileOf) ? ['names no profile'] : [];
  const ofExtensions = extensionsIn(resource).flatMap((one) => complaintsBy(String(one.url), one));
  return [...unnamed, ...named.flatMap((url) => complaintsBy(url, resource)), ...ofExtensions];
});

/** Complaints of our own profiles about a resource and those within it, and about every extension of ours in them. */
export const profileComplaints = (resource: unknown): string[] => resourcesIn(resource).flatMap(complaintsOfOne);
