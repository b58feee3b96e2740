import type { Article } from '../model/article.js';
import { findOwn } from '../find-own.js';
import { isForExpecting, isOfLoss, isOfPregnancy } from '../policy/pregnancy-pages.js';
import { readDataFile } from '../read-data-file.js';
import type { Answered } from './chart-response.js';

const { lossOfIcd, lossOfSnomedCt } = readDataFile('charts/short-illnesses.yaml') as Readonly<{
  lossOfIcd: Readonly<Record<string, string>>;
  lossOfSnomedCt: string;
}>;
const LOSSES: ReadonlySet<string> = new Set(lossOfSnomedCt.split(' '));

/** Whether a fact tells of a loss: by its first article, or by its code where that leads to a complication alone. */
const tellsOfLoss = ({ question, matches: [first] }: Answered): boolean =>
  (first !== undefined && isOfLoss(first.article)) ||
  question.codings.some(({ system = '', code }) => {
    const begins = findOwn(lossOfIcd, system);
    return begins === undefined
      ? system === 'snomed-ct' && LOSSES.has(code)
      : code.trim().toUpperCase().startsWith(begins);
  });

/** The latest of the facts, Infinity where one of them has no date; undefined where there is none. */
function findLatest(facts: readonly Answered[]): number | undefined {
  if (facts.length === 0) return undefined;
  return facts.reduce((latest, { question }) => Math.max(latest, question.notedAt ?? Infinity), -Infinity);
}

/**
 * Pregnancy loss is a wall over the whole chart too: pages for those who expect a child, or have one, are held where another fact
 * tells of a loss; not where a fact that was noted later leads to them.
 * @returns whether an article of a question is held for that
 */
export function findLossHolds(answered: readonly Answered[]): (fact: Answered, article: Article) => boolean {
  const losses = answered.map((fact) => (tellsOfLoss(fact) ? [fact] : []));
  const lastLoss = findLatest(losses.flat());
  if (lastLoss === undefined) return () => false;
  return ({ question }, article) => (question.notedAt ?? -Infinity) <= lastLoss && isForExpecting(article);
}

/** Codes that say that a child was born or that the weeks after a birth have begun. */
const BORN: Readonly<Record<string, RegExp>> = {
  'icd-10-cm': /^(O80|O82|Z37|Z39)/,
  'icd-9-cm': /^(650|V24|V27)/,
};
/** Articles that a procedure leads to which ends a pregnancy. */
const BIRTHS: ReadonlySet<string> = new Set(['topic-childbirth', 'topic-cesareandelivery']);
/** No pregnancy that was noted longer ago is still one. */
const PREGNANCY_MS = 300 * 24 * 3_600_000;

function tellsOfBirth({ question, matches: [first] }: Answered): boolean {
  const { codings, kind } = question;
  if (codings.some(({ system, code }) => system && BORN[system]?.test(code.trim().toUpperCase()))) return true;
  return kind === 'procedure' && first !== undefined && BIRTHS.has(first.article.id);
}

/**
 * Takes away pages and tests of a pregnancy that is over: the chart tells of a later birth, or it was noted too long ago. Pages on
 * the weeks after birth, breastfeeding and newborns stay.
 */
export function withoutPastPregnancy(answered: readonly Answered[], now: number): Answered[] {
  const births = answered.map((fact) => (tellsOfBirth(fact) ? [fact] : []));
  const lastBirth = findLatest(births.flat());
  return answered.map((fact): Answered => {
    const { question, matches } = fact;
    const { notedAt, isAsked = false } = question;
    const isBeforeBirth = lastBirth !== undefined && (notedAt ?? -Infinity) <= lastBirth;
    const isLongAgo = notedAt !== undefined && now - notedAt > PREGNANCY_MS;
    if (isAsked || !(isBeforeBirth || isLongAgo)) return fact;
    const left = matches.filter(({ article }) => !isOfPregnancy(article));
    return left.length === matches.length ? fact : { ...fact, matches: left, reason: 'pregnancy-over' };
  });
}
