import type { FhirPathAtom, TypedValue } from '@medplum/core';
import type { Element, Json, Spot } from './fhir-definitions.js';
import { evalFhirPathTyped, parseFhirPath } from './medplum-core.js';
import { elementAt, isObject, listOf, onceSound, resourcesIn, visit } from './fhir-definitions.js';

interface Rule {
  readonly key: string;
  readonly human: string;
  readonly expression: FhirPathAtom;
}

const UCUM: TypedValue = { type: 'string', value: 'http://unitsofmeasure.org' };
/**
 * Rules that the interpreter of FHIRPath cannot evaluate, or that need what is not there to be looked up; dom-3 and ref-1 are checked
 * below.
 */
const PASSED_OVER: ReadonlySet<string> = new Set(['ele-1', 'dom-3', 'txt-1', 'txt-2', 'ref-1', 'eld-19', 'eld-20']);

const rules = new Map<string, Rule[]>();

/** The rules of an element, parsed. */
function rulesOf({ path, constraint = [] }: Element): Rule[] {
  let known = rules.get(path);
  if (!known) {
    known = constraint
      .filter(
        ({ key, severity, expression }) =>
          severity === 'error' && expression && !PASSED_OVER.has(key) && !expression.includes('\\@'),
      )
      .map(({ key, human, expression = '' }) => ({
        key,
        human,
        expression: parseFhirPath(expression.replaceAll(".trace('ids')", '')),
      }));
    rules.set(path, known);
  }
  return known;
}

/** Whether a rule is broken; what it says nothing of (an empty answer) is sound. */
function isBroken({ expression }: Rule, value: TypedValue, resource: TypedValue): boolean {
  const variables = { '%resource': resource, '%rootResource': resource, '%context': value, '%ucum': UCUM };
  const [first] = evalFhirPathTyped(expression, [value], variables);
  return first?.value === false;
}

/** Rules of its type, and of its element besides, that a value breaks. */
function brokenAt(value: Json, element: Element | undefined, spot: Spot, resource: Json, place: string): string[] {
  const elements = new Set([element, elementAt(spot)]);
  const [typed, whole] = [
    { type: spot.path, value },
    { type: String(resource.resourceType), value: resource },
  ];
  const found = [...elements].flatMap((one) => (one ? rulesOf(one) : []));
  return found.filter((rule) => isBroken(rule, typed, whole)).map(({ key, human }) => `${place}: ${key} ${human}`);
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
