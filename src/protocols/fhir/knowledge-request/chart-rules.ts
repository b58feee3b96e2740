import type { ChartKind } from '../../../core/charts/chart-question.js';
import { readDataFile, toWordSet } from '../../../core/read-data-file.js';
import { getOrAdd } from '../../../core/remember.js';

/**
 * Verdict on a fact of a chart: queried, left out, held for the clinician, queried on request (`past`), queried
 * if it is of this encounter or on request (`completed`), queried for follow-up pages alone (`remission`).
 */
type Verdict = 'take' | 'skip' | 'hold' | 'past' | 'completed' | 'remission';

/** How the codes of one status element are read; one that is in no list is held, since its meaning is unknown. */
export interface StatusRule {
  readonly element: string;
  readonly codes: Readonly<Record<string, Verdict>>;
  /** Where the element is missing. */
  readonly absent: 'take' | 'hold';
}

export interface ResourceRule {
  readonly kind: ChartKind;
  /** The elements that may hold what it is about, the first that is there. */
  readonly concepts: readonly string[];
  /** The element whose parts each have a code of their own that is queried as well, by the whole's status. */
  readonly parts?: string;
  /** The weightiest verdict of all elements counts. */
  readonly statuses: readonly StatusRule[];
  /** It is still to be done. */
  readonly isToCome?: boolean;
  /** Elements that say when it was noted (dates or periods), the first that is there. */
  readonly dates: readonly string[];
  /** Elements that say when it began: a problem may be recorded again and again. */
  readonly began?: readonly string[];
}

type RuleRow = Omit<ResourceRule, 'statuses'> & {
  readonly statuses: readonly (Pick<StatusRule, 'element' | 'absent'> & Partial<Record<Verdict, string>>)[];
};

const toRule = ({ statuses, ...rule }: RuleRow): ResourceRule => ({
  ...rule,
  statuses: statuses.map(({ element, absent, ...lists }) => {
    const codes = Object.entries(lists).flatMap(([verdict, list]) => list.split(' ').map((code) => [code, verdict]));
    return { element, absent, codes: Object.fromEntries(codes) as StatusRule['codes'] };
  }),
});

const { shared: _shared, ...rows } = readDataFile('charts/rules.yaml') as Readonly<Record<string, RuleRow>>;

/** Which facts of a chart are questions, by resource type. */
export const CHART_RULES: Readonly<Record<string, ResourceRule>> = Object.fromEntries(
  Object.entries(rows).map(([type, row]) => [type, toRule(row)]),
);

type Cause = 'drug' | 'food' | 'latex' | 'other';
type ListName = 'absentSystems' | 'nothingKnown' | 'vitalSigns' | 'tobaccoUse' | 'smokes' | 'latex';
type PatternName = 'flush' | 'nothingSaid' | 'saysSmokes' | 'givenInHospital';

const words = readDataFile('charts/words.yaml') as Readonly<Record<ListName | PatternName, string>> & {
  readonly allergyCategories: Readonly<Record<string, Cause>>;
  readonly allergyWords: readonly (readonly [string, Cause])[];
  readonly allergyAskedAs: Readonly<Record<Cause, string>>;
  readonly icd10System: string;
  readonly atcRoutes: readonly (readonly [string, string])[];
  readonly routeWords: readonly (readonly [string, string])[];
  readonly sigRoutes: readonly (readonly [string, string])[];
  readonly routeCodes: Readonly<Record<string, string>>;
};

const lists = new Map<ListName, ReadonlySet<string>>();
const forms = new Map<string, RegExp>();

/** Whether a code is in one of the lists of resources/charts/words.yaml. */
export const isListed = (name: ListName, code: string): boolean =>
  getOrAdd(lists, name, () => toWordSet(words[name])).has(code.trim());

const testForm = (form: string, text: string): boolean => getOrAdd(forms, form, () => new RegExp(form, 'i')).test(text);

/** Whether a text has one of the forms of resources/charts/words.yaml. */
export const hasForm = (name: PatternName, text: string): boolean => testForm(words[name], text);

/** Whether a code is one of a national edition of ICD-10, whose categories are WHO's. */
export const isNationalIcd10 = (system: string, code: string): boolean =>
  testForm(words.icd10System, system) && /^[A-Z]\d\d/.test(code.trim());

/** The route that an ATC code tells; empty where it tells none. */
export const findAtcRoute = (code: string): string =>
  words.atcRoutes.find(([form]) => testForm(form, code.trim()))?.[1] ?? '';

/** The route that words for a form or a route tell; empty where they tell none. */
export const findRouteInWords = (text: string): string =>
  words.routeWords.find(([form]) => testForm(form, text))?.[1] ?? '';

/** Longer texts of a dose are cut. */
const MOST_SIG_CHARS = 200;

/** The route that the first sentence of a dose's text tells; empty where it tells none. */
export function findRouteInSig(text: string): string {
  const [first = ''] = text
    .trim()
    .slice(0, MOST_SIG_CHARS)
    .split(/[.;] |\n/, 1);
  return words.sigRoutes.find(([form]) => testForm(form, first))?.[1] ?? '';
}

const routesByCode = new Map(
  Object.entries(words.routeCodes).flatMap(([route, list]) => list.split(' ').map((code) => [code, route])),
);

/** The route that a code tells; empty where it tells none. */
export const findRouteOfCode = (code: string): string => routesByCode.get(code.trim()) ?? findRouteInWords(code);

/** The cause of an allergy by one of its categories. */
export const findCauseOfCategory = (category: string): Cause | undefined =>
  Object.hasOwn(words.allergyCategories, category) ? words.allergyCategories[category] : undefined;

/** The cause of an allergy by the words of its substance. */
export const findCauseInWords = (text: string): Cause | undefined =>
  words.allergyWords.find(([form]) => testForm(form, text))?.[1];

/** The ICD-10-CM codes that stand for an allergy. */
export const listCodesOfCause = (cause: Cause): string[] => words.allergyAskedAs[cause].split(' ');

/** A medication is recent for so long after its last date. */
export const RECENT_MS = 365 * 24 * 3_600_000;
