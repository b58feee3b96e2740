import type { OperationDefinition } from '@medplum/fhirtypes';
import type { CacheableParameters } from '../../route.js';
import { FORMAT_PARAMETERS } from './format.js';
import type { TypeModule } from './interaction.js';

/** Parameters that decide how a search's answer is divided and laid out. */
const RESULT_PARAMETERS = ['_count', '_sort', '_summary', '_elements', '_total', '_include', '_revinclude'];
/** Search parameters that neither say who a patient is nor hold what a person types. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...[
    '_id',
    '_lastUpdated',
    '_profile',
    '_security',
    '_source',
    '_tag',
    'url',
    'version',
    'identifier',
    'status',
    'date',
  ],
  // Of articles.
  ...['audience-age', 'audience-gender', 'category', 'contenttype', 'event', 'explains', 'language', 'location'],
  ...['publisher', 'relatesto', 'relation', 'relationship', 'security-label', 'type'],
  // Of definitions.
  ...['abstract', 'base', 'code', 'derivation', 'id-type', 'instance', 'kind', 'mode', 'system', 'target', 'value'],
  // Of terminology.
  ...['content-mode', 'reference', 'source-system', 'source-uri', 'supplements', 'target-system', 'target-uri'],
]);
const TERMINOLOGY: ReadonlySet<string> = new Set(['CodeSystem', 'ValueSet', 'ConceptMap']);
/** A string may be what a person types, a date a birthday. */
const HARMLESS_TYPES: ReadonlySet<string> = new Set(['code', 'uri', 'canonical', 'boolean', 'integer']);

const allowNames = (names: readonly string[]): CacheableParameters => ({
  names: new Set([...names, ...FORMAT_PARAMETERS]),
  anyCase: false,
});

/** With which query parameters answers may be cached: none identifies the patient. */
export const cacheableParameters = {
  ofMetadata: allowNames(['mode', '_summary', '_elements']),
  ofRead: allowNames(['_summary', '_elements']),
  ofSearch: ({ searchParameters = [] }: TypeModule): CacheableParameters => {
    const names = searchParameters.map(({ name }) => name).filter((name) => HARMLESS.has(name));
    return allowNames([...names, ...RESULT_PARAMETERS]);
  },
  /** Terminology alone: other operations are about a patient. */
  ofOperation: ({ resource = [], parameter = [] }: OperationDefinition): { cacheable?: CacheableParameters } => {
    if (!resource.every((type) => TERMINOLOGY.has(type)) || resource.length === 0) return {};
    const harmless = parameter.filter(({ use, type }) => use === 'in' && HARMLESS_TYPES.has(type ?? ''));
    return { cacheable: allowNames(harmless.map(({ name }) => name)) };
  },
};
