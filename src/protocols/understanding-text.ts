import { CODE_SYSTEMS, codeSystem, type CodeSystemId } from '../core/codes/code-systems.js';
import type { Language } from '../core/model/language.js';
import { findSystems, looksLikeCode } from '../core/search/code-search.js';
import type { Understanding } from '../core/words/understanding.js';
import type { Translate } from '../texts.js';

/** Why a line was understood and yet nothing is selected for it, as a code for programs and in words. */
export interface UnderstandingReason {
  readonly code: string;
  readonly text: string;
}

/** Why a line finds nothing although it was understood; undefined where it finds something, or where its words find nothing. */
export function explainUnderstanding(understood: Understanding, t: Translate): UnderstandingReason | undefined {
  switch (understood.kind) {
    case 'held': {
      const { kind, phrase } = understood.statement;
      return { code: `held-${kind}`, text: t(`words.held.${kind}`, { phrase }) };
    }
    case 'abbreviation': {
      const { abbreviation, isErrorProne, of } = understood;
      if (of === 'routes') return { code: 'several-routes', text: t('words.several-routes') };
      if (of === 'strengths') return { code: 'several-strengths', text: t('words.several-strengths') };
      if (of === 'drugs') return { code: 'several-drugs', text: t('words.several-drugs') };
      const code = isErrorProne ? 'error-prone' : 'several-meanings';
      return { code: `${code}-abbreviation`, text: t(`words.${code}`, { abbreviation }) };
    }
    case 'drug': {
      const code = understood.isInOtherForm ? 'no-drug-page-in-this-form' : 'no-drug-page';
      return understood.hits.length > 0 ? undefined : { code, text: t(`words.${code}`) };
    }
    default:
      return undefined;
  }
}

const ALL_SYSTEMS = CODE_SYSTEMS.map(({ id }) => id).filter((id) => id !== 'drug-name');
/** Systems of codes for billing: what was done, not what a patient has. */
const BILLING: ReadonlySet<CodeSystemId> = new Set(['hcpcs', 'icd-10-pcs']);

/**
 * Why a query in the form of a code finds nothing: no system has such codes, or the library knows it in none of those that have. Undefined if it
 * finds something, or has another form.
 */
export function explainCode(
  query: string,
  { hits }: Pick<Understanding, 'hits'>,
  { t, language }: { readonly t: Translate; readonly language: Language },
): UnderstandingReason | undefined {
  if (hits.length > 0 || !looksLikeCode(query)) return undefined;
  const found = findSystems(query);
  const systems = new Intl.ListFormat(language, { type: 'disjunction' }).format(
    (found.length > 0 ? found : ALL_SYSTEMS).map((id) => codeSystem(id).label),
  );
  if (found.length === 0) return { code: 'no-such-code', text: t('page.noSuchCode', { systems }) };
  if (found.every((id) => BILLING.has(id))) return { code: 'billing-code', text: t('words.billing-code', { systems }) };
  const ofCpt = found.includes('cpt') ? ` ${t('page.codeOfCpt')}` : '';
  return { code: 'code-not-known', text: `${t('page.codeOfMany', { systems })}${ofCpt}` };
}

/** A notice beside what a line finds: the pages are those of each ingredient of a combination. */
export function noticeOfUnderstanding(understood: Understanding, t: Translate): UnderstandingReason | undefined {
  const isNoted = understood.kind === 'drug' && understood.isOfEachPart === true;
  return isNoted ? { code: 'each-ingredient', text: t('words.each-ingredient') } : undefined;
}
