import { readFileSync, readdirSync } from 'node:fs';
import type { Bundle, OperationDefinitionParameter, Resource } from '@medplum/fhirtypes';
import { listAllowedTypes } from '../../src/protocols/fhir/rest/operation-values.js';
import { getStructure } from '../../src/protocols/fhir/syntax/structure.js';
import type { Random } from './random.js';
import type { Surface } from './surface.js';
import { boundaryText, likelyText } from './values.js';
import { isPrimitiveType } from '../../src/protocols/fhir/syntax/primitives.js';

export type Json = Record<string, unknown>;

/** Levels of a resource that is made of R4's elements alone. */
const MOST_DEPTH = 4;

/** Characters of a sample; whole code systems are longer. */
const MOST_CHARS = 20_000;

const PATIENTS = new URL('../../resources/demo/patients/', import.meta.url);
const CHART_TYPES = [
  ...['Condition', 'MedicationRequest', 'MedicationStatement', 'Observation', 'Procedure', 'Immunization', 'Patient'],
  ...['AllergyIntolerance', 'Medication', 'DiagnosticReport', 'Encounter', 'ServiceRequest', 'CarePlan', 'List'],
];
const PLAIN: Readonly<Record<string, readonly unknown[]>> = {
  boolean: [true, false],
  integer: [0, 1, -1, 50, 2_147_483_647, 1e20],
  unsignedInt: [0, 1, 50, 1e10],
  positiveInt: [1, 10, 0],
  decimal: [0, 70, 1.5, -3, 1e-7, 1e300],
  date: ['2026-11-24', '1960', '2026-02-30'],
  dateTime: ['2026-11-24T12:00:00Z', '2026-11', '2020-01-01T00:00:00+14:00'],
  instant: ['2026-11-24T12:34:56.789Z', '2026-11-24'],
  time: ['12:00:00', '24:00:00'],
  base64Binary: ['YQ==', 'a', 'YWJj'.repeat(30)],
  uuid: ['urn:uuid:c757873d-ec9a-4326-a141-556f43239520'],
  oid: ['urn:oid:2.16.840.1.113883.6.90', 'urn:oid:1'],
  xhtml: ['<div xmlns="http://www.w3.org/1999/xhtml">x</div>', '<div><script>1</script></div>', '<b'],
};

/** Parameters of which an operation takes one. */
const ASKED = new Set(['code', 'coding', 'codeableConcept', 'sourceCode', 'sourceCoding', 'sourceCodeableConcept']);

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
const valueName = (type: string): string => `value${type.charAt(0).toUpperCase()}${type.slice(1)}`;

/** Makes FHIR's resources: some that somebody would send, some of any elements of R4. */
export class ResourceMaker {
  #surface: Surface;
  /** Resources to begin with: what the server holds, and the charts of the demo. */
  readonly #samples: readonly Resource[];
  readonly #charts: readonly Resource[];

  constructor(surface: Surface) {
    this.#surface = surface;
    const bundles = readdirSync(PATIENTS).map(
      (file) => JSON.parse(readFileSync(new URL(file, PATIENTS), 'utf8')) as Bundle,
    );
    this.#charts = bundles.flatMap((one) => (one.entry ?? []).flatMap(({ resource }) => resource ?? []));
    this.#samples = [...surface.resources, ...this.#charts, ...bundles].filter(
      (one) => JSON.stringify(one).length < MOST_CHARS,
    );
  }

  /** Makes what follows of a part of what is known: of one code, of addresses of one type. */
  narrow(surface: Surface): void {
    this.#surface = surface;
  }

  primitive(random: Random, type: string, name: string): unknown {
    if (random.wild(0.1)) return boundaryText(random);
    const plain = PLAIN[type];
    return plain ? random.pick(plain) : likelyText(random, name, this.#surface);
  }

  coding(random: Random): Json {
    const { codes } = this.#surface;
    const { system, code, display } = random.pick(codes);
    return {
      ...(!random.wild(0.2)
        ? { system: !random.wild(0.3) ? system : likelyText(random, 'system', this.#surface) }
        : {}),
      ...(!random.wild(0.1) ? { code: !random.wild(0.3) ? code : likelyText(random, 'x.c', this.#surface) } : {}),
      ...(random.chance(0.3) ? { display: display ?? likelyText(random, 'words', this.#surface) } : {}),
      ...(random.wild(0.1) ? { version: '2026' } : {}),
    };
  }

  concept(random: Random): Json {
    return {
      coding: random.times(random.length(110), () => this.coding(random)),
      ...(random.chance(0.2) ? { text: likelyText(random, 'words', this.#surface) } : {}),
    };
  }

  /** Any elements of R4's type; nested ones to a small depth. */
  ofType(random: Random, type: string, depth = 0): Json {
    const { properties, isResource } = getStructure(type);
    const made: Json = isResource ? { resourceType: type } : {};
    for (const { name, type: own, multiple, required, structure } of properties) {
      if (!random.chance(required ? 0.9 : 0.8 / (4 + depth * 4))) continue;
      if (!isPrimitiveType(own) && own !== 'xhtml' && depth >= MOST_DEPTH) continue;
      const makeOne = (): unknown => {
        if (own === 'Coding') return this.coding(random);
        if (own === 'CodeableConcept') return this.concept(random);
        if (own === 'Resource') return this.ofType(random, random.pick(CHART_TYPES), depth + 2);
        if (structure) return this.#elementOf(random, structure(), depth + 1);
        return this.primitive(random, own, name);
      };
      made[name] = multiple ? random.times(random.length(6), makeOne) : makeOne();
    }
    return made;
  }

  #elementOf(random: Random, { properties }: ReturnType<typeof getStructure>, depth: number): Json {
    const made: Json = {};
    for (const { name, type, multiple, required } of properties) {
      if (!isPrimitiveType(type) && type !== 'Coding' && type !== 'CodeableConcept') continue;
      if (!random.chance(required ? 0.9 : 0.8 / (2 + depth))) continue;
      const one =
        type === 'Coding'
          ? this.coding(random)
          : type === 'CodeableConcept'
            ? this.concept(random)
            : this.primitive(random, type, name);
      made[name] = multiple ? [one] : one;
    }
    return made;
  }

  /** A site's own handout or map, as it would be written. */
  written(random: Random, type: string): Json {
    const { system, code } = random.pick(this.#surface.codes);
    const article = random.pick(this.#surface.ids.DocumentReference ?? ['']).replace(/-[a-z]+$/, '');
    if (type === 'ConceptMap') {
      const target = {
        code: article,
        equivalence: random.pick(['equivalent', 'wider', 'relatedto', 'unmatched', 'narrower']),
      };
      const articles = this.#surface.urls.find((url) => url.endsWith('/CodeSystem/articles'));
      const group = { source: system, target: articles, element: [{ code, target: [target] }] };
      return { resourceType: type, status: 'active', group: random.times(random.length(3), () => group) };
    }
    const attachment = {
      language: random.isWild ? 'es' : 'en',
      url: 'https://clinic.example/x.pdf',
      title: likelyText(random, 'words', this.#surface),
    };
    return {
      resourceType: 'DocumentReference',
      status: random.isWild ? random.pick(['superseded', 'entered-in-error', 'x']) : 'current',
      type: { coding: [{ system: 'http://loinc.org', code: '69730-0' }] },
      content: [{ attachment }],
      context: { event: [this.concept(random)] },
    };
  }

  /** A resource of a type, by one of the ways that resources are made. */
  resource(random: Random, type?: string): Json {
    const wanted = type ?? (random.chance(0.5) ? random.pick(this.#charts).resourceType : random.pick(CHART_TYPES));
    if ((wanted === 'DocumentReference' || wanted === 'ConceptMap') && random.chance(0.75))
      return this.written(random, wanted);
    const samples = this.#samples.filter(({ resourceType }) => resourceType === wanted);
    if (samples.length > 0 && random.chance(0.6)) return structuredClone(random.pick(samples)) as unknown as Json;
    return this.ofType(random, wanted);
  }

  /** A parameter of an operation with a value of its type, now and then of another. */
  #parameter(random: Random, definition: OperationDefinitionParameter): Json {
    const { name, part } = definition;
    if (part) return { name, part: part.map((one) => this.#parameter(random, one)) };
    const types = listAllowedTypes(definition);
    const type = random.wild(0.08)
      ? random.pick(['string', 'Coding', 'integer', 'Patient', 'boolean'])
      : random.pick(types);
    if (type === 'Coding') return { name, valueCoding: this.coding(random) };
    if (type === 'CodeableConcept') return { name, valueCodeableConcept: this.concept(random) };
    if (isPrimitiveType(type)) return { name, [valueName(type)]: this.primitive(random, type, name) };
    if (type === 'Element' || !/^[A-Z]/.test(type)) return { name, valueCode: likelyText(random, name, this.#surface) };
    const isElement = !getStructure(type === 'Resource' ? 'Patient' : type).isResource;
    if (isElement) return { name, [valueName(type)]: this.ofType(random, type, 1) };
    return { name, resource: this.resource(random, type === 'Resource' ? undefined : type) };
  }

  /**
   * Parameters for an operation: what it needs mostly, what it knows now and then, seldom what it does not know.
   * @param example Parameters that are understood, to which some are added; undefined: there are none
   */
  parameters(random: Random, definitions: readonly OperationDefinitionParameter[], example?: Json): Json {
    const inputs = definitions.filter(({ use }) => use === 'in');
    const known = (example?.['parameter'] ?? []) as Json[];
    const chosen = new Set(inputs.filter(({ min }) => min > 0 && known.length === 0 && random.chance(0.9)));
    for (
      let count = random.below(random.isWild ? 6 : 3) + (known.length > 0 ? 0 : 1);
      count > 0 && inputs.length > 0;
      count -= 1
    )
      chosen.add(random.pick(inputs));
    const parameter = [...chosen].flatMap((one) =>
      random.times(one.max === '*' ? random.length(110) : random.wild(0.05) ? 2 : 1, () =>
        this.#parameter(random, one),
      ),
    );
    if (random.wild(0.05)) parameter.push({ name: lowerFirst('Nothing'), valueString: 'x' });
    // A subject that is named in one way is not named in another.
    const asksAnew = parameter.some(({ name }) => ASKED.has(String(name)));
    const kept = known.filter(
      ({ name }) => !(asksAnew && ASKED.has(String(name))) && !parameter.some((one) => one['name'] === name),
    );
    return { resourceType: 'Parameters', parameter: [...kept, ...parameter] };
  }
}
