import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';
import type { Element, Json, Spot } from './fhir-definitions.js';
import { elementAt, isObject, listOf, onceSound, resourcesIn, visit } from './fhir-definitions.js';

type Test = (value: unknown, environment: Json) => unknown[];
interface Rule {
  readonly key: string;
  readonly human: string;
  readonly holds: Test;
}

const MODEL = r4 as NonNullable<Parameters<typeof fhirpath.compile>[1]>;
/** What fhirpath.js cannot say, or says of what is not there to be looked up; dom-3 and ref-1 are looked at below. */
const PASSED_OVER: ReadonlySet<string> = new Set(['ele-1', 'dom-3', 'txt-1', 'txt-2', 'ref-1', 'eld-19', 'eld-20']);

const rules = new Map<string, Rule[]>();

/** The rules of an element, each compiled with the type it is about: without it `value` would not find `valueString`. */
function rulesOf({ path, constraint = [] }: Element, base: string): Rule[] {
  const name = `${path} ${base}`;
  let known = rules.get(name);
  if (!known) {
    known = constraint
      .filter(
        ({ key, severity, expression }) =>
          severity === 'error' && expression && !PASSED_OVER.has(key) && !expression.includes('\\@'),
      )
      .map(({ key, human, expression = '' }) => ({
        key,
        human,
        holds: fhirpath.compile({ base, expression: expression.replaceAll(".trace('ids')", '') }, MODEL) as Test,
      }));
    rules.set(name, known);
  }
  return known;
}

function broken(rule: Rule, value: Json, resource: Json, place: string): string[] {
  const answer = rule.holds(value, { resource, rootResource: resource, context: value });
  return answer.length > 0 && answer[0] === false ? [`${place}: ${rule.key} ${rule.human}`] : [];
}

/** What a value breaks of its type's rules, and of those that its element has besides. */
function brokenAt(value: Json, element: Element | undefined, spot: Spot, resource: Json, place: string): string[] {
  const elements = new Set([element, elementAt(spot)]);
  return [...elements].flatMap((one) =>
    one ? rulesOf(one, spot.path).flatMap((rule) => broken(rule, value, resource, place)) : [],
  );
}

/** Contained resources are referred to (dom-3), and references within the resource lead somewhere (ref-1). */
function complaintsOfContained(resource: Json): string[] {
  const ids = listOf(resource.contained).flatMap((one) => (isObject(one) ? [`#${String(one.id)}`] : []));
  const said = JSON.stringify(resource);
  const references = [...said.matchAll(/"reference":"(#[^"]*)"/g)].map(([, reference = '']) => reference);
  return [
    ...ids.filter((id) => !said.includes(`"${id}"`)).map((id) => `dom-3 ${id} is not referred to`),
    ...references.filter((one) => one !== '#' && !ids.includes(one)).map((one) => `ref-1 ${one} leads nowhere`),
  ];
}

const complaintsOfOne = onceSound((resource: Json): string[] => {
  const type = String(resource.resourceType);
  const root: Spot = { type, path: type };
  const found = brokenAt(resource, undefined, root, resource, type);
  for (const { value, element, spot, place } of visit(resource, root, type, resource)) {
    if (isObject(value) && typeof value.resourceType !== 'string')
      found.push(...brokenAt(value, element, spot, resource, place));
  }
  return resource.contained === undefined ? found : [...found, ...complaintsOfContained(resource)];
});

/** Which invariants of R4 a resource breaks, and the resources within it; what was sound once is not looked at again. */
export const invariantComplaints = (resource: unknown): string[] => [
  ...new Set(resourcesIn(resource).flatMap(complaintsOfOne)),
];
