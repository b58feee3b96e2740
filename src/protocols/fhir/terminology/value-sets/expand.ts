import { randomUUID } from 'node:crypto';
import type {
  CodeSystemConceptDesignation,
  ValueSetExpansion,
  ValueSetExpansionContains,
  ValueSetExpansionParameter,
} from '@medplum/fhirtypes';
import { RequestError } from '../../../../core/errors.js';
import { LIMITS } from '../../../../limits.js';
import { listConcepts, readDefinition } from './members.js';
import type { FhirAnswer } from '../../rest/interaction.js';
import { dropEmpty } from '../../syntax/drop-empty.js';
import { readAcceptedLanguages, chooseDisplayName, listDisplays } from '../language.js';
import { type TerminologyRequest, findRequestedValueSet, readWantedLanguages, nameArticlesAmong } from '../service.js';
import { toCanonical, type TermSystem, type TermConcept } from '../systems/term-system.js';

const BEYOND_ASCII = /[^\p{ASCII}]/u;

/** Most names have no accents: to look for them in a hundred thousand took most of a search's time. */
function fold(text: string): string {
  const plain = BEYOND_ASCII.test(text) ? text.normalize('NFD').replace(/\p{M}/gu, '') : text;
  return plain.toLowerCase();
}

/** A text filter of $expand: every word is in the code or in one of the names, whatever its case and accents. Undefined without words. */
function createTextFilter(filter: string): ((concept: TermConcept) => boolean) | undefined {
  const words = [...new Set(fold(filter).split(/\s+/).filter(Boolean))];
  if (words.length === 0) return undefined;
  return ({ code, display, designations }) => {
    const text = fold([code, display ?? '', ...designations.map(({ value }) => value)].join('\n'));
    return words.every((word) => text.includes(word));
  };
}

/** Reads the options of an expansion (R4 $expand). */
function readOptions(operation: TerminologyRequest) {
  const { input } = operation;
  const { headers } = operation.request;
  return {
    filter: input.text('filter'),
    offset: input.count('offset'),
    count: input.count('count'),
    activeOnly: input.flag('activeOnly'),
    includeDesignations: input.flag('includeDesignations'),
    languages: readWantedLanguages(operation),
    /** As it was sent, for the expansion's parameters. */
    displayLanguage:
      input.text('displayLanguage') ?? (readAcceptedLanguages(headers) ? headers['accept-language'] : undefined),
  };
}

type ExpandOptions = ReturnType<typeof readOptions>;

function toContains(system: TermSystem, concept: TermConcept, options: ExpandOptions): ValueSetExpansionContains {
  const shown = chooseDisplayName(system, concept, options.languages);
  const others = options.includeDesignations ? listDisplays(system, concept) : [];
  return dropEmpty({
    system: system.url,
    inactive: concept.inactive || undefined,
    code: concept.code,
    display: shown?.value,
    designation: others
      .filter(({ value, language }) => value !== shown?.value || language !== shown.language)
      .map(({ value, language }) => dropEmpty<CodeSystemConceptDesignation>({ language, value })),
  });
}

const DECLARED: readonly (readonly [keyof ExpandOptions, string])[] = [
  ['filter', 'valueString'],
  ['offset', 'valueInteger'],
  ['count', 'valueInteger'],
  ['activeOnly', 'valueBoolean'],
  ['displayLanguage', 'valueCode'],
  ['includeDesignations', 'valueBoolean'],
];

function listParameters(options: ExpandOptions, { url, version }: TermSystem): ValueSetExpansionParameter[] {
  return [
    ...DECLARED.flatMap(([name, key]) => (options[name] === undefined ? [] : [{ name, [key]: options[name] }])),
    { name: 'used-codesystem', valueUri: toCanonical(url, version) },
  ];
}

/**
 * Expands a value set of the library (R4 ValueSet $expand), by address or id: a flat list of a page.
 * @throws RequestError `too-costly` if it is too large to be returned at once and no part is requested; `query-too-long`
 */
export async function expand(operation: TerminologyRequest): Promise<FhirAnswer> {
  const { scope } = operation;
  const valueSet = findRequestedValueSet(operation);
  const options = readOptions(operation);
  const system = scope.system(readDefinition(valueSet).system);
  // Each of its words is looked for in every member.
  if ((options.filter?.length ?? 0) > LIMITS.maxQueryChars) {
    throw new RequestError('query-too-long', { most: LIMITS.maxQueryChars });
  }
  const matches = createTextFilter(options.filter ?? '');
  const members = (await listConcepts(valueSet, system)).filter(
    (concept) => !(options.activeOnly && concept.inactive) && (matches?.(concept) ?? true),
  );
  const { offset = 0, count } = options;
  const most = LIMITS.maxExpansionCodes;
  if (count === undefined && members.length - offset > most)
    throw new RequestError('too-costly', { most, unit: 'codes' });
  const page = members.slice(offset, offset + Math.min(count ?? most, most));
  const isPart = page.length < members.length;
  const expansion: ValueSetExpansion = dropEmpty({
    identifier: `urn:uuid:${randomUUID()}`,
    timestamp: operation.request.now.toISOString(),
    total: members.length,
    offset: options.offset !== undefined || (isPart && count !== 0) ? offset : undefined,
    parameter: listParameters(options, system),
    contains: page.map((concept) => toContains(system, concept, options)),
  });
  const resource = { ...valueSet, expansion };
  delete resource.compose;
  const outcome = members.length === 0 ? 'empty' : 'answered';
  const named = page.map((concept) => ({ system, concept }));
  return { status: 200, resource, facts: { outcome, audit: nameArticlesAmong(named, scope) } };
}
