import type { FhirAnswer } from '../../rest/interaction.js';
import { expand } from './expand.js';
import { acceptedLanguages, readLanguages } from '../language.js';
import type { TerminologyRequest } from '../service.js';
import { readWantedLanguages, findRequestedValueSet, readVersionWishes } from '../service.js';
import { articlesAmong } from '../named-articles.js';
import { findLanguage } from '../validate.js';

const acceptedTags = ({ headers }: TerminologyRequest['request']): string | undefined =>
  acceptedLanguages(headers) ? headers['accept-language'] : undefined;

/** Expands a value set (R4 ValueSet $expand): by address or id, or one that was sent. */
export async function expandOperation(asked: TerminologyRequest): Promise<FhirAnswer> {
  const { input, scope, request } = asked;
  const valueSet = findRequestedValueSet(asked);
  const stated = findLanguage(valueSet);
  const displayLanguage = input.text('displayLanguage') ?? acceptedTags(request) ?? stated;
  const { resource, members } = await expand(valueSet, scope, {
    filter: input.text('filter'),
    offset: input.count('offset'),
    count: input.count('count'),
    activeOnly: input.flag('activeOnly'),
    excludeNested: input.flag('excludeNested'),
    includeDesignations: input.flag('includeDesignations'),
    includeDefinition: input.flag('includeDefinition'),
    excludeNotForUI: input.flag('excludeNotForUI'),
    designations: input.texts('designation'),
    properties: new Set(input.texts('property')),
    languages: readWantedLanguages(asked) ?? readLanguages(stated),
    displayLanguage,
    excludedSystems: new Set(input.texts('exclude-system')),
    versions: readVersionWishes(input),
    now: request.now,
  });
  const outcome = resource.expansion?.total === 0 ? 'empty' : 'answered';
  return { status: 200, resource, facts: { outcome, audit: articlesAmong(members, scope) } };
}
