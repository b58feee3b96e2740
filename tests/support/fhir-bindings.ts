import type { Json } from './fhir-definitions.js';
import { isObject, listOf, onceSound, resourcesIn, visit } from './fhir-definitions.js';
import { readR4Data } from './r4-data.js';

interface Terminology {
  readonly resourceType: string;
  readonly url: string;
  readonly concept?: readonly Concept[];
  readonly compose?: { readonly include: readonly Include[] };
}

interface Concept {
  readonly code: string;
  readonly concept?: readonly Concept[];
}

interface Include {
  readonly system?: string;
  readonly concept?: readonly Concept[];
  readonly filter?: unknown;
  readonly valueSet?: readonly string[];
}

let terminology: Map<string, Terminology> | undefined;

function find(url: string): Terminology | undefined {
  terminology ??= new Map(
    (readR4Data('terminology') as Terminology[]).map((one) => [`${one.resourceType} ${one.url}`, one]),
  );
  return terminology.get(url);
}

const codesIn = (concepts: readonly Concept[]): string[] =>
  concepts.flatMap(({ code, concept = [] }) => [code, ...codesIn(concept)]);

const known = new Map<string, ReadonlySet<string> | undefined>();

/** The tokens of a value set, `system|code`; undefined where they are not a list to be had (all languages, media types). */
function tokensOf(valueSet: string): ReadonlySet<string> | undefined {
  const url = valueSet.replace(/\|.*$/, '');
  if (known.has(url)) return known.get(url);
  const tokens: string[] = [];
  let isWhole = true;
  for (const { system = '', concept, filter, valueSet: others = [] } of find(`ValueSet ${url}`)?.compose?.include ??
    []) {
    const codes = concept ?? find(`CodeSystem ${system}`)?.concept;
    const inner = others.map(tokensOf);
    if (filter !== undefined || inner.includes(undefined) || (others.length === 0 && !codes)) isWhole = false;
    tokens.push(
      ...inner.flatMap((one) => [...(one ?? [])]),
      ...codesIn(codes ?? []).map((code) => `${system}|${code}`),
    );
  }
  const found = isWhole && tokens.length > 0 ? new Set(tokens) : undefined;
  known.set(url, found);
  return found;
}

/** The tokens that a coded value says; a `code` has no system. */
function said(value: unknown): string[] {
  if (typeof value === 'string') return [`|${value}`];
  if (!isObject(value)) return [];
  const codings = value.coding === undefined ? [value] : listOf(value.coding).filter(isObject);
  const textOf = (one: unknown): string => (typeof one === 'string' ? one : '');
  return codings.map(({ system, code }) => `${textOf(system)}|${textOf(code)}`);
}

function isIn(token: string, tokens: ReadonlySet<string>): boolean {
  return token.startsWith('|') ? [...tokens].some((one) => one.endsWith(token)) : tokens.has(token);
}

const complaintsOfOne = onceSound((resource: Json): string[] => {
  const type = String(resource.resourceType);
  return [...visit(resource, { type, path: type }, type, resource)].flatMap(({ element, value, place }) => {
    const { binding } = element;
    const tokens = binding?.strength === 'required' && binding.valueSet ? tokensOf(binding.valueSet) : undefined;
    const all = said(value);
    if (!tokens || all.length === 0 || all.some((token) => isIn(token, tokens))) return [];
    return [`${place}: ${all.join()} is not in ${binding?.valueSet ?? ''}`];
  });
});

/** Which codes of a resource, and of those within it, are not in the value sets that R4 requires. */
export const bindingComplaints = (resource: unknown): string[] => resourcesIn(resource).flatMap(complaintsOfOne);
