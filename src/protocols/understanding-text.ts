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

/** A notice beside what a line finds: the pages are those of each ingredient of a combination. */
export function noticeOfUnderstanding(understood: Understanding, t: Translate): UnderstandingReason | undefined {
  const isNoted = understood.kind === 'drug' && understood.isOfEachPart === true;
  return isNoted ? { code: 'each-ingredient', text: t('words.each-ingredient') } : undefined;
}
