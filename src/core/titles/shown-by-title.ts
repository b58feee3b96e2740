import type { Article } from '../model/article.js';
import type { CodeSystemId } from '../codes/code-systems.js';
import type { Resolved } from '../codes/resolve-coding.js';
import { findTitle, type RequestContext } from '../answer/knowledge-request.js';
import { isGrave } from '../policy/grave-subjects.js';
import { isAgainstLoss } from '../policy/pregnancy-pages.js';
import { seesConflicts } from './title-conflict.js';

/**
 * ICD codes that are matched only by code: findings, contact, screening, history, causes, pregnancy and newborns (rules
 * 4 to 8 of the mapping files). And cancers: no other code gets a cancer's page (rule 3).
 */
const BY_CODE_ALONE: Partial<Record<CodeSystemId, RegExp>> = {
  'icd-10-cm': /^[OPRV-Z]/,
  'icd-10': /^[OPRV-Z]/,
  'icd-9-cm': /^(V|E|6[3-7]|7[6-9])/,
};
const CANCERS: Partial<Record<CodeSystemId, RegExp>> = {
  'icd-10-cm': /^(C|D0)/,
  'icd-10': /^(C|D0)/,
  'icd-9-cm': /^(1[4-9]|20|23[0-4])/,
};
const OF_CANCER =
  /cancer|carcinoma|leukemia|lymphoma|melanoma|sarcoma|myeloma|tumor|neoplasm|malignan|blastoma|glioma|mesothelioma|metasta/i;
/** Words of a title that may be a cancer's. */
export const NAMES_CANCER = new RegExp(`${OF_CANCER.source}|oma\\b|hodgkin|paget|mycosis fungoides|polycythemia`, 'i');
/** True of an article on a cancer. */
export const isOfCancer = ({ texts }: Article): boolean =>
  Object.values(texts).some(({ title }) => OF_CANCER.test(title));

/** Whether the mapping files' rules allow an article of this name to answer the code. */
export function isAllowed({ coding, code = '' }: Resolved, article: Article): boolean {
  const { system } = coding;
  if (isAgainstLoss(findTitle(coding), article)) return false;
  if (!system) return true;
  if (BY_CODE_ALONE[system]?.test(code)) return false;
  return !isOfCancer(article) || (CANCERS[system]?.test(code) ?? true);
}

/**
 * True if a reader may not see the article for its title alone: one on a grave subject, or a sensitive one, but for a drug that the title
 * names.
 */
export const isHeldByTitle = (article: Article, context: RequestContext, isDrug = false): boolean =>
  article.kind !== 'drug' &&
  ((article.sensitivity !== undefined && !isDrug) || isGrave(article)) &&
  !seesConflicts(context);

/** True of an article that no patient reaches even by its code's official title: on a grave subject, or on abuse. */
export const isNeverByTitle = (article: Article): boolean => isGrave(article) || article.sensitivity === 'SDV';
