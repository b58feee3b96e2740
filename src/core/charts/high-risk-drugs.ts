import { findTitle } from '../answer/knowledge-request.js';
import { readDrugLine } from '../drugs/drug-line.js';
import type { DrugNames } from '../drugs/drug-names.js';
import type { LeafletFacts } from '../leaflets/leaflet.js';
import type { Article } from '../model/article.js';
import { readDataFile } from '../read-data-file.js';
import type { ChartQuestion } from './chart-question.js';

const { appliedOutside, ...CLASSES } = readDataFile('charts/high-risk-drugs.yaml') as Readonly<
  Record<string, string>
> & {
  readonly appliedOutside: string;
};

/** Ingredients of high-risk drugs, in lower case (resources/charts/high-risk-drugs.yaml). */
export const HIGH_RISK_INGREDIENTS: ReadonlySet<string> = new Set(
  Object.values(CLASSES).flatMap((names) => names.split('|').map((name) => name.trim())),
);

const APPLIED_OUTSIDE = new RegExp(appliedOutside, 'i');

/** Words of the longest ingredient. */
const MOST_WORDS = 2;

/** True if a name has a high-risk ingredient among its words: `Insulin Glargine (rDNA origin) Injection`. */
function namesHighRiskDrug(name: string): boolean {
  if (APPLIED_OUTSIDE.test(name)) return false;
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  return words.some((_word, at) =>
    Array.from({ length: MOST_WORDS }, (_, more) => words.slice(at, at + more + 1).join(' ')).some((one) =>
      HIGH_RISK_INGREDIENTS.has(one),
    ),
  );
}

/** True if a leaflet is of a high-risk drug that is not applied outside. */
const isHighRiskLeaflet = ({ ingredients, routes = [] }: LeafletFacts): boolean =>
  ingredients.some((name) => namesHighRiskDrug([name, ...routes].join(' ')));

/**
 * True if a page explains how to take a high-risk drug: the page's title names the ingredient; on a page of the site's own the text that the
 * chart has for the drug counts as well.
 */
export function isHighRiskDrug(
  { kind, codings }: Pick<ChartQuestion, 'kind' | 'codings'>,
  article: Article,
  names: DrugNames | undefined,
): boolean {
  if (kind !== 'medication') return false;
  if (article.leaflet) return isHighRiskLeaflet(article.leaflet);
  const { en, es } = article.texts;
  if (namesHighRiskDrug((en ?? es)?.title ?? '')) return true;
  if (article.kind === 'drug' || !names) return false;
  return codings.some((coding) => readDrugLine(findTitle(coding), names)?.ingredients.some(namesHighRiskDrug));
}
