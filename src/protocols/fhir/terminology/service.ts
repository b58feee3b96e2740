import type { CodeSystem, Parameters, ValueSet } from '@medplum/fhirtypes';
import { RequestError, ERRORS } from '../../../core/errors.js';
import type { Texts } from '../../../texts.js';
import { LIMITS } from '../../../limits.js';
import type { AuditFacts } from '../../route.js';
import type { FhirAnswer, FhirRequest, OperationPlace } from '../rest/interaction.js';
import { nameValue, type NamedParameter } from '../rest/operation-values.js';
import { createTxOutcome, findIssueType } from './issues.js';
import { readAcceptedLanguages, readLanguages, type WantedLanguages } from './language.js';
import type { InputReader } from './operation-input.js';
import type { Scope } from './scope.js';
import type { TermConcept, TermSystem } from './systems/term-system.js';
import { badValue, missingParameter } from '../rest/bad-request.js';

/** One operation's request: its input, and the terminology that it sees. */
export interface TerminologyRequest {
  readonly input: InputReader;
  readonly scope: Scope;
  readonly request: FhirRequest;
  readonly place: OperationPlace;
}

/** Runs an operation; errors that other terminology servers name are reported as theirs. */
export async function reportErrors(texts: Texts, run: () => Promise<FhirAnswer>): Promise<FhirAnswer> {
  try {
    return await run();
  } catch (error) {
    const type = error instanceof RequestError ? findIssueType(error.code) : undefined;
    if (!type || !(error instanceof RequestError)) throw error;
    const { code: outcome, status, values } = error;
    const text = texts('en')(`errors.${outcome}`, values);
    const expression = values.expression === undefined ? undefined : String(values.expression);
    const facts = { severity: 'error', code: ERRORS[outcome].issue, type, text, expression } as const;
    const { issue, ...resource } = createTxOutcome([facts]);
    // Clients such as HAPI's show nothing else of what is rejected.
    const shown = { ...resource, issue: issue.map((one) => ({ ...one, diagnostics: text })) };
    return { status, resource: shown, facts: { outcome } };
  }
}

/** Parameters with their values, each under the name of its type; those without a value are left out. */
export const toParameters = (...all: readonly (readonly [string, `value${string}`, unknown])[]): NamedParameter[] =>
  all.flatMap(([name, type, value]) => (value === undefined ? [] : [nameValue(name, type, value)]));

/** An answer in Parameters. @param audit the articles that it tells */
export function createAnswer(
  parameter: readonly NamedParameter[],
  outcome = 'answered',
  audit: AuditFacts = {},
): FhirAnswer {
  const resource: Parameters = { resourceType: 'Parameters', parameter: [...parameter] };
  return { status: 200, resource, facts: { outcome, audit } };
}

/** The languages that the request wants a display in. */
export const readWantedLanguages = ({ input, request }: TerminologyRequest): WantedLanguages | undefined =>
  readLanguages(input.text('displayLanguage')) ?? readAcceptedLanguages(request.headers);

/** The code system of an instance-level operation. @throws RequestError `resource-not-found` */
export function findInstanceSystem({ scope, place }: TerminologyRequest): CodeSystem | undefined {
  if (place.id === undefined) return undefined;
  const found = scope.codeSystemById(place.id);
  if (!found) throw new RequestError('resource-not-found', { type: 'CodeSystem' });
  return found;
}

/** The value set that an operation is about: an instance, or one by its address. @throws RequestError */
export function findRequestedValueSet({ input, scope, place }: TerminologyRequest): ValueSet {
  if (place.id !== undefined) {
    const found = scope.valueSetById(place.id);
    if (!found) throw new RequestError('resource-not-found', { type: 'ValueSet' });
    return found;
  }
  const url = input.text('url');
  if (url === undefined) {
    if (input.text('context') === undefined) throw missingParameter('url');
    throw badValue('context', 'contexts are not supported: send url');
  }
  const version = input.text('valueSetVersion');
  return scope.valueSet(version === undefined ? url : `${url}|${version}`);
}

/**
 * Names the articles that an answer returns as codes, for the audit trail. More than a page of articles is a list of the library,
 * which is about no patient; named one by one it would be an event of a megabyte.
 */
export function nameArticles(articleIds: readonly string[]): AuditFacts {
  return articleIds.length > LIMITS.maxPageMatches ? { resources: ['CodeSystem/articles'] } : { articleIds };
}

/** The articles among the codes that an answer names, for the audit trail; one that was not found has no concept. */
export function nameArticlesAmong(
  codes: readonly { readonly system?: TermSystem | undefined; readonly concept?: TermConcept | undefined }[],
  { catalogue }: Scope,
): AuditFacts {
  const ours = catalogue.findSystem(catalogue.articlesUrl);
  return nameArticles(codes.flatMap(({ system, concept }) => (concept && system === ours ? [concept.code] : [])));
}
