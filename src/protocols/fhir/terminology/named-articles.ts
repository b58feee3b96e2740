import { LIMITS } from '../../../limits.js';
import type { AuditFacts } from '../../route.js';
import type { Scope } from './scope.js';
import type { TermConcept, TermSystem } from './systems/term-system.js';

/** A code that an answer tells of; without a concept where it was not found. */
interface NamedCode {
  readonly system?: TermSystem | undefined;
  readonly concept?: TermConcept | undefined;
}

/**
 * Articles that an answer tells as codes, as the audit trail names them. More than a page of articles is a list of the
 * library and no answer about anybody: named one by one it would be an event of a megabyte.
 */
export function nameArticles(articleIds: readonly string[]): AuditFacts {
  return articleIds.length > LIMITS.maxPageMatches ? { resources: ['CodeSystem/articles'] } : { articleIds };
}

/** The articles among the codes that an answer names, for the audit trail. */
export function articlesAmong(codes: readonly NamedCode[], { catalogue }: Scope): AuditFacts {
  const ours = catalogue.findSystem(catalogue.articlesUrl);
  return nameArticles(codes.flatMap(({ system, concept }) => (concept && system === ours ? [concept.code] : [])));
}
