import type { Article, Sensitivity } from '../model/article.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import { readDataFile } from '../read-data-file.js';
import { isKnownMinor } from './site-policy.js';
import { findOwn } from '../find-own.js';

/**
 * Medicines that reveal little about an adult and much about a minor: hormones and puberty blockers. Articles' ids. A
 * mark in the catalogue or on a mapping row takes precedence.
 */
export const SENSITIVE_WHEN_YOUNG = readDataFile('articles/sensitive-when-young.yaml') as Readonly<
  Record<string, Sensitivity>
>;

/**
 * An article's sensitivity for this patient: from its mapping row, from the catalogue, or because the patient is a
 * minor.
 */
export function findSensitivity(
  article: Pick<Article, 'id' | 'sensitivity'>,
  rowSensitivity: Sensitivity | undefined,
  context: RequestContext,
): Sensitivity | undefined {
  const stated = rowSensitivity ?? article.sensitivity;
  if (stated !== undefined) return stated;
  return isKnownMinor(context) ? findOwn(SENSITIVE_WHEN_YOUNG, article.id) : undefined;
}
