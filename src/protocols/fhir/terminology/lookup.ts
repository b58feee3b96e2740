import type { CodeSystemConceptDesignation, Coding } from '@medplum/fhirtypes';
import { RequestError } from '../../../core/errors.js';
import type { FhirAnswer } from '../rest/interaction.js';
import type { NamedParameter } from '../rest/operation-values.js';
import { chooseDisplayName } from './language.js';
import type { TerminologyRequest } from './service.js';
import { findInstanceSystem, readWantedLanguages, createAnswer, toParameters, nameArticlesAmong } from './service.js';
import { explainNamelessCode, explainUnknownCode, type TermConcept, type TermSystem } from './systems/term-system.js';
import { dropEmpty } from '../syntax/drop-empty.js';
import { findValue } from '../syntax/primitives.js';
import { badValue, missingParameter } from '../rest/bad-request.js';

/** The code system that a request names, as far as it does. */
function readBase(operation: TerminologyRequest): Coding {
  const url = findInstanceSystem(operation)?.url;
  return dropEmpty({ system: operation.input.text('system') ?? url, version: operation.input.text('version') });
}

/** A code of a code system, or a Coding, whichever was sent. @throws RequestError `missing-parameter`, `bad-parameter-value` */
function readCoding({ input }: TerminologyRequest, names: { code: string; coding: string }, base: Coding): Coding {
  if (input.exactlyOne(names.code, names.coding) === names.code) return { code: input.text(names.code) ?? '', ...base };
  const coding = input.coding(names.coding) ?? {};
  if (!coding.code) throw missingParameter(`${names.coding}.code`);
  return dropEmpty({ ...coding, system: coding.system ?? base.system });
}

/** @throws RequestError `code-system-not-found`, `concept-not-found` */
function findConcept(
  { scope }: TerminologyRequest,
  { system: url = '', version, code = '' }: Coding,
): { system: TermSystem; concept: TermConcept } {
  const system = scope.system(url, version);
  const concept = system.find(code);
  // R4 requires a display, which only the publisher of the system can give.
  const named = concept?.display === undefined ? concept && system.borrowName?.(concept) : concept;
  if (named) return { system, concept: named };
  const release = concept ? explainNamelessCode(system) : explainUnknownCode(system, code);
  throw new RequestError('concept-not-found', { code, system: system.url, release });
}

const createProperty = (
  code: string,
  type: `value${string}`,
  value: unknown,
  description?: string,
): NamedParameter => ({
  name: 'property',
  part: toParameters(['code', 'valueCode', code], ['value', type, value], ['description', 'valueString', description]),
});

function listDesignations(system: TermSystem, { display, designations: others }: TermConcept): NamedParameter[] {
  const { language } = system.header;
  const own: CodeSystemConceptDesignation[] = language && display !== undefined ? [{ language, value: display }] : [];
  return [...own, ...others].map(({ language: tag, value }) => ({
    name: 'designation',
    part: toParameters(['language', 'valueCode', tag], ['value', 'valueString', value]),
  }));
}

const RELATIONS = new Set(['parent', 'child', 'inactive']);

function listProperties(system: TermSystem, concept: TermConcept, wants: (name: string) => boolean): NamedParameter[] {
  const above = wants('parent') ? concept.parents : [];
  const parents = above.length > 0 ? system.findEach(above) : undefined;
  const found: NamedParameter[] = [];
  if (wants('inactive')) found.push(createProperty('inactive', 'valueBoolean', concept.inactive));
  for (const code of above) found.push(createProperty('parent', 'valueCode', code, parents?.get(code)?.display));
  for (const { code, display } of wants('child') ? system.children(concept.code) : [])
    found.push(createProperty('child', 'valueCode', code, display));
  for (const { code = '', ...value } of concept.properties) {
    const entry = findValue(value);
    if (!RELATIONS.has(code) && wants(code) && entry) found.push(createProperty(code, ...entry));
  }
  return found;
}

/** Looks a code up in its code system (R4 CodeSystem $lookup). */
export function lookup(operation: TerminologyRequest): FhirAnswer {
  const coding = readCoding(operation, { code: 'code', coding: 'coding' }, readBase(operation));
  if (coding.system === undefined)
    throw missingParameter(operation.input.coding('coding') ? 'coding.system' : 'system');
  const { system, concept } = findConcept(operation, coding);
  const wanted = new Set(operation.input.texts('property'));
  const wants = (name: string): boolean => wanted.size === 0 || wanted.has(name) || wanted.has('*');
  const display =
    chooseDisplayName(system, concept, readWantedLanguages(operation))?.value ?? concept.display ?? concept.code;
  const { header, url, version } = system;
  const parameters = [
    ...toParameters(
      ['name', 'valueString', header.name ?? header.title ?? url],
      ['version', 'valueString', version],
      ['display', 'valueString', display],
      ['system', 'valueUri', url],
      ['code', 'valueCode', concept.code],
      // No code of any system here is a mere heading.
      ['abstract', 'valueBoolean', false],
      ['definition', 'valueString', (wants('definition') && concept.definition) || undefined],
    ),
    ...(wants('designation') ? listDesignations(system, concept) : []),
    ...listProperties(system, concept, wants),
  ];
  return createAnswer(parameters, 'answered', nameArticlesAmong([{ system, concept }], operation.scope));
}

/**
 * A code in its system. Where a part of the system is held, a code that is not in it has its place as well if its own letters
 * tell what is above it, as ICD-10-CM's do, and that is held: E11.9 is below E11.
 * @throws RequestError `code-system-not-found`, `concept-not-found`
 */
function findPlace(operation: TerminologyRequest, coding: Coding): { system: TermSystem; code: string } {
  const { system: url = '', version, code = '' } = coding;
  const system = operation.scope.system(url, version);
  const concept = system.find(code);
  if (concept) return { system, code: concept.code };
  if (!system.isComplete && system.findEach(system.ancestors(code)).size > 0) return { system, code };
  // Throws the error with the unknown code and the release.
  return { system, code: findConcept(operation, coding).concept.code };
}

/** How two codes of a system are placed (R4 CodeSystem $subsumes). */
export function subsumes(operation: TerminologyRequest): FhirAnswer {
  const base = readBase(operation);
  const a = readCoding(operation, { code: 'codeA', coding: 'codingA' }, base);
  const b = readCoding(operation, { code: 'codeB', coding: 'codingB' }, base);
  if (a.system === undefined || b.system === undefined) throw missingParameter('system');
  if (a.system !== b.system) throw badValue('codingB', 'expected a code of the same system');
  const first = findPlace(operation, a);
  const second = findPlace(operation, b);
  return createAnswer([{ name: 'outcome', valueCode: comparePlaces(first.system, first.code, second.code) }]);
}

function comparePlaces(system: TermSystem, a: string, b: string): string {
  if (a === b) return 'equivalent';
  if (system.ancestors(b).includes(a)) return 'subsumes';
  return system.ancestors(a).includes(b) ? 'subsumed-by' : 'not-subsumed';
}

/** The versions of FHIR that are served (R4 $versions). */
export function listVersions(): FhirAnswer {
  return createAnswer(toParameters(['version', 'valueCode', '4.0'], ['default', 'valueCode', '4.0']));
}
