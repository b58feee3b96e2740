import type { Article, ArticleKind } from '../model/article.js';
import type { Match } from '../answer/knowledge-response.js';
import type { Answered } from './chart-response.js';
import type { ChartKind } from './chart-question.js';
import type { ChartSituation } from './chart-settings.js';
import { daysBefore } from './place-facts.js';

/** An allergy to a drug is not answered with the page that explains how to take it. */
const NEVER_FOR: Partial<Record<ChartKind, readonly ArticleKind[]>> = { allergy: ['drug', 'herb'] };

/** Titles of pages for people who have had a disease. */
const AFTER_DISEASE =
  /living with|recover|rehabilitat|treatment|follow-up|aftercare|after (your|cancer|treatment)|surviv|relapse|remission|vivir con|recuper|rehabilita|tratamiento|seguimiento|sobrevivi|remisión/i;

const isForRemission = ({ care, texts }: Article): boolean =>
  care === 'aftercare' || Object.values(texts).some(({ title }) => AFTER_DISEASE.test(title));

/**
 * A vaccine's official statement (CDC's VIS) is complete: another publisher's copy of it, or a page on the vaccine, would be handed
 * over beside it as the same thing twice. In a language without it they stay.
 */
function keepStatements(matches: readonly Match[]): readonly Match[] {
  const isStatement = ({ article, otherLanguage }: Match): boolean => article.kind === 'vis' && !otherLanguage;
  return matches.some(isStatement) ? matches.filter(isStatement) : matches;
}

const isForDischarge = ({ article: { texts } }: Match): boolean => /\bdischarge$/i.test(texts.en?.title ?? '');

/** Sorts pages for the way home behind the others: a visit ends without a discharge. */
const sortDischargeLast = (matches: readonly Match[]): readonly Match[] => [
  ...matches.filter((match) => !isForDischarge(match)),
  ...matches.filter(isForDischarge),
];

function fitOne(fact: Answered, situation: ChartSituation): Answered {
  const { question, matches } = fact;
  const never = NEVER_FOR[question.kind] ?? [];
  const ofKind = matches.filter(({ article }) => !never.includes(article.kind));
  const isVisit = situation.setting === 'ambulatory' && !question.isAsked;
  const allowed = isVisit ? sortDischargeLast(ofKind) : ofKind;
  if (question.isInRemission) {
    const left = allowed.filter(({ article }) => isForRemission(article));
    return { ...fact, matches: left, ...(left.length < matches.length ? { reason: 'remission' as const } : {}) };
  }
  if (question.kind !== 'immunization') return { ...fact, matches: allowed };
  const isPast =
    !question.isAsked &&
    !question.isToCome &&
    daysBefore(question.notedAt, situation.now) > situation.thresholds.vaccineDays;
  return isPast ? { ...fact, matches: [], reason: 'vaccine-given' } : { ...fact, matches: keepStatements(allowed) };
}

/** Keeps of what was found for each fact the pages that its kind and state allow; an allergy, which puts several questions, has one. */
export function fitPages(answered: readonly Answered[], situation: ChartSituation): Answered[] {
  const served = new Set<number>();
  return answered.map((fact): Answered => {
    const fitted = fitOne(fact, situation);
    const { question, matches } = fitted;
    if (question.kind !== 'allergy' || matches.length === 0) return fitted;
    if (served.has(question.input)) return { ...fitted, matches: [] };
    served.add(question.input);
    return { ...fitted, matches: matches.slice(0, 1) };
  });
}
