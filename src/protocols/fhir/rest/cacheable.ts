import type { OperationDefinition } from '@medplum/fhirtypes';
import type { CacheableParameters } from '../../route.js';
import { readDataFile, toWordSet } from '../../../core/read-data-file.js';
import { FORMAT_PARAMETERS } from './format.js';
import type { TypeModule } from './interaction.js';

const { result, harmless } = readDataFile('fhir/cacheable.yaml') as Readonly<Record<'result' | 'harmless', string>>;
const HARMLESS = toWordSet(harmless);
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
    return allowNames([...names, ...result.split(' ')]);
  },
  /** Terminology alone: other operations are about a patient. */
  ofOperation: ({ resource = [], parameter = [] }: OperationDefinition): { cacheable?: CacheableParameters } => {
    if (!resource.every((type) => TERMINOLOGY.has(type)) || resource.length === 0) return {};
    const harmless = parameter.filter(({ use, type }) => use === 'in' && HARMLESS_TYPES.has(type ?? ''));
    return { cacheable: allowNames(harmless.map(({ name }) => name)) };
  },
};
