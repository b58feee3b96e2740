import type { Article, Sensitivity } from '../model/article.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import { isKnownUnder } from './site-policy.js';

const ADULT_YEARS = 18;

/**
 * Medicines that reveal little about an adult and much about a minor: hormones and puberty blockers. Articles' ids. A
 * mark in the catalogue or on a mapping row takes precedence.
 */
export const SENSITIVE_WHEN_YOUNG: Readonly<Record<string, Sensitivity>> = {
  'drug-a601002': 'SEX', // goserelin implant
  'drug-a601082': 'SEX', // nafarelin
  'drug-a601118': 'SEX', // testosterone patch
  'drug-a601146': 'SEX', // histrelin implant
  'drug-a603034': 'SEX', // testosterone, buccal
  'drug-a604034': 'SEX', // norethindrone
  'drug-a605020': 'SEX', // testosterone, topical
  'drug-a605041': 'SEX', // estradiol, topical
  'drug-a605042': 'SEX', // estradiol patch
  'drug-a606004': 'SEX', // estrogen injection
  'drug-a611047': 'SEX', // triptorelin injection
  'drug-a614041': 'SEX', // testosterone injection
  'drug-a615025': 'SEX', // testosterone nasal gel
  'drug-a682470': 'SEX', // medroxyprogesterone tablets
  'drug-a682690': 'SEX', // fluoxymesterone
  'drug-a682922': 'SEX', // estrogen tablets
  'drug-a685040': 'SEX', // leuprolide injection
};

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
  return isKnownUnder(ADULT_YEARS, context) ? SENSITIVE_WHEN_YOUNG[article.id] : undefined;
}
