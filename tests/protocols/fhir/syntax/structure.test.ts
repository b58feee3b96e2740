import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Structure } from '../../../../src/protocols/fhir/syntax/structure.js';
import { isResourceType, getStructure } from '../../../../src/protocols/fhir/syntax/structure.js';
import type { Element } from '../../../support/fhir-definitions.js';
import { readR4Data } from '../../../support/r4-data.js';

interface Definition {
  readonly id: string;
  readonly kind: string;
  readonly snapshot: { readonly element: readonly TypedElement[] };
}

interface TypedElement extends Element {
  readonly type?: readonly { readonly code: string; readonly extension?: readonly { readonly valueUrl?: string }[] }[];
}

const DEFINITIONS = readR4Data('definitions') as Definition[];

/** Elements that the definitions at hand have beyond R4: those of R5 and of the package that carries them. */
const NOT_OF_R4: ReadonlySet<string> = new Set([
  ...['project', 'author', 'onBehalfOf', 'account', 'accounts', 'compartment', 'deleted'].map((name) => `Meta.${name}`),
  ...['classification', 'bodySite'].map((name) => `DeviceDefinition.${name}`),
  ...['name', 'label', 'studyDesign', 'region', 'descriptionSummary', 'classifier', 'associatedParty'].map(
    (name) => `ResearchStudy.${name}`,
  ),
  ...['progressStatus', 'whyStopped', 'recruitment', 'comparisonGroup', 'outcomeMeasure', 'result'].map(
    (name) => `ResearchStudy.${name}`,
  ),
  ...[
    'Binary.url',
    'ResearchStudy.objective.description',
    'HealthcareService.offeredIn',
    'ObservationDefinition.publisher',
  ],
]);
/** Where they say something else than R4: a type whose R5 form they have, an outcome’s type, a status’ value set. */
const SAID_OTHERWISE: ReadonlySet<string> = new Set([
  ...['EvidenceVariable.characteristic', 'Bundle.entry.response.outcome', 'DetectedIssue.status'],
]);

/** The type that R4 means by an element's own of FHIRPath. */
const typeOf = ({ code, extension = [] }: NonNullable<TypedElement['type']>[number]): string =>
  extension.find(({ valueUrl }) => valueUrl !== undefined)?.valueUrl ?? code;

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** An element as the definitions have it, in a line; a choice in a line for each type. */
function describeElement({ path, min = 0, max = '1', type = [], contentReference, binding }: TypedElement): string[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const rest = `${min > 0 ? 1 : 0}..${max === '1' ? 1 : '*'}`;
  if (contentReference !== undefined) return [`${name} ${contentReference.replace(/^.*#/, '#')} ${rest}`];
  return type.map(typeOf).map((code) => {
    const valueSet = code === 'code' && binding?.strength === 'required' ? ` ${binding.valueSet ?? ''}` : '';
    const named = name.endsWith('[x]') ? `${name.slice(0, -3)}${upperFirst(code)}` : name;
    return `${named} ${code} ${rest}${name.endsWith('[x]') ? ` of ${name.slice(0, -3)}` : ''}${valueSet}`;
  });
}

/** The program's elements in the same words. */
const describeStructure = ({ properties }: Structure): string[] =>
  properties.map(({ name, type, multiple, required, choice, valueSet }) => {
    const rest = `${required ? 1 : 0}..${multiple ? '*' : 1}`;
    return `${name} ${type} ${rest}${choice === undefined ? '' : ` of ${choice}`}${valueSet === undefined ? '' : ` ${valueSet}`}`;
  });

const isChild = (path: string, parent: string): boolean =>
  path.startsWith(`${parent}.`) && !path.slice(parent.length + 1).includes('.');

/** Compares a path's elements, and those nested in them. */
function expectSame(path: string, structure: Structure, elements: readonly TypedElement[]): number {
  const children = elements.filter((one) => isChild(one.path, path) && !NOT_OF_R4.has(one.path));
  const isSame = (line: string): boolean =>
    !SAID_OTHERWISE.has(`${path}.${line.split(' ', 1)[0] ?? ''}`) &&
    // A resource’s id is an `id`; the definitions say what FHIRPath makes of it.
    !(structure.isResource && line.startsWith('id '));
  const [ours, theirs] = [describeStructure(structure), children.flatMap(describeElement)];
  expect([path, ...ours.filter(isSame)]).toEqual([path, ...theirs.filter(isSame)]);
  const nested = structure.properties.filter(({ type }) => type === 'BackboneElement' || type === 'Element');
  return nested.reduce((sum, { name, structure: inner }) => {
    const below = `${path}.${name}`;
    return inner && !SAID_OTHERWISE.has(below) ? sum + expectSame(below, inner(), elements) : sum;
  }, ours.length);
}

describe('R4’s elements', () => {
  const described = DEFINITIONS.filter(({ kind }) => kind === 'complex-type' || kind === 'resource').filter(
    ({ id }) => !['MetadataResource', 'SubscriptionStatus', 'MoneyQuantity', 'SimpleQuantity'].includes(id),
  );

  test('stand in the order, with the types and the cardinalities of HL7’s definitions', () => {
    const compared = described.map(({ id, snapshot }) => expectSame(id, getStructure(id), snapshot.element));
    expect(compared.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(7000);
  });

  test('are those of resources where R4 has a resource', () => {
    for (const { id, kind } of described) expect([id, isResourceType(id)]).toEqual([id, kind === 'resource']);
    for (const name of ['string', 'Patient.contact', 'constructor', '']) expect(isResourceType(name)).toBe(false);
  });

  test('of something else are none', () => {
    for (const name of ['Hello', 'constructor', 'Patient.hello'])
      expect(() => getStructure(name)).toThrow('no type of R4');
  });

  test('have the codes that their required value sets list, but for what is too much to list', () => {
    const read = (file: string): unknown => JSON.parse(readFileSync(`resources/fhir/r4/${file}.json`, 'utf8'));
    const codes = read('required-codes') as Record<string, string[]>;
    const { elements } = read('structures') as { elements: Record<string, string[]> };
    const named = Object.values(elements).flatMap((lines) => lines.flatMap((line) => line.split(/[ |]/).slice(-2)));
    const valueSets = new Set(named.filter((word) => word.includes('/ValueSet/')));
    const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
    const missing = [...valueSets].filter((url) => !codes[url]).map(nameOf);
    expect(missing.sort()).toEqual(['currencies', 'mimetypes', 'v3-ConfidentialityClassification']);
    expect(Object.keys(codes).filter((url) => !valueSets.has(url))).toEqual([]);
    expect(codes['http://hl7.org/fhir/ValueSet/publication-status']).toEqual(['draft', 'active', 'retired', 'unknown']);
  });
});
