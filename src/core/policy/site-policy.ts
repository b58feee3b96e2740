import { AGE_GROUPS } from '../answer/age-group.js';
import type { Article, Sensitivity } from '../model/article.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import { readDataFile } from '../read-data-file.js';
import { findOwn } from '../find-own.js';

/** Treatment of a sensitive article: shown like any other, shown and marked, or listed for a clinician only. */
export const TREATMENTS = ['show', 'mark', 'hold'] as const;
export type Treatment = (typeof TREATMENTS)[number];

/** The reader of a rule: the information recipient; or `portal`: the patient who works the screen. */
export const POLICY_READERS = ['everyone', 'patient', 'clinician', 'payer', 'portal'] as const;
export type PolicyReader = (typeof POLICY_READERS)[number];

export interface SensitivityRule {
  readonly sensitivity: Sensitivity;
  readonly reader: PolicyReader;
  readonly treatment: Treatment;
  /** The rule is for patients who may be younger than this; undefined: for all. */
  readonly underYears: number | undefined;
}

/** An article that precedes or replaces another wherever that one is shown. */
export interface PreferenceRule {
  readonly article: string;
  /** Undefined: it precedes all others wherever it is itself a match. */
  readonly over: string | undefined;
  readonly replaces: boolean;
}

export interface MostPagesRule {
  readonly reader: PolicyReader;
  readonly pages: number;
}

export const OVERDUE_TREATMENTS = ['show', 'mark', 'hide'] as const;
export type OverdueTreatment = (typeof OVERDUE_TREATMENTS)[number];

/** A site's decisions on the library's articles. Every protocol applies them. */
export interface SitePolicy {
  /** Names the rules: policies of one version are equal. */
  readonly version: string;
  /** Ids of articles that are never shown. */
  readonly suppressed: ReadonlySet<string>;
  readonly sensitivities: readonly SensitivityRule[];
  readonly preferences: readonly PreferenceRule[];
  readonly mostPages: readonly MostPagesRule[];
  /** Whole years, keyed by an article's id or a sensitivity. */
  readonly minimumAges: ReadonlyMap<string, number>;
  /** Makers whose leaflets are chosen before others of a drug, in lower case, the first one first. */
  readonly leafletMakers: readonly string[];
  /** Treatment of the site's own handouts whose day of review has passed; undefined: they are marked. */
  readonly overdue?: OverdueTreatment | undefined;
  /**
   * All that the site writes over FHIR is approved by a second person, or by the second reader where one is named; undefined: what has a
   * keeper, by any second person.
   */
  readonly approval?: 'second-person' | 'second-reader' | undefined;
  /** A handout whose PDF in the site's folder keeps readers out is not written; undefined: its faults are reported. */
  readonly pdfs?: 'accessible' | undefined;
}

export const NO_POLICY: SitePolicy = {
  version: '',
  suppressed: new Set(),
  sensitivities: [],
  preferences: [],
  mostPages: [],
  minimumAges: new Map(),
  leafletMakers: [],
};

const MONTHS_A_YEAR = 12;

/** An article with its mapping row's sensitivity. */
export interface Sensitive {
  readonly article: Pick<Article, 'id'>;
  readonly sensitivity: Sensitivity | undefined;
}

/** The known part of a patient's age. */
type KnownAge = Pick<RequestContext, 'ageGroups' | 'leastAgeMonths'>;

/** A patient's least possible age in months; undefined if unknown. */
function findLeastMonths({ leastAgeMonths, ageGroups }: KnownAge): number | undefined {
  if (leastAgeMonths !== undefined) return leastAgeMonths;
  if (ageGroups.length === 0) return undefined;
  const known = AGE_GROUPS.filter(({ group }) => ageGroups.includes(group));
  return Math.min(...known.map(({ fromMonths }) => fromMonths));
}

function isAbout(reader: PolicyReader, { recipient, performer }: RequestContext): boolean {
  if (reader === 'portal') return performer === 'PAT';
  return reader === 'everyone' || { patient: 'PAT', clinician: 'PROV', payer: 'PAYOR' }[reader] === recipient;
}

/** An unknown age may be any: articles held from the young are then held too. */
function mayBeUnder(years: number, context: KnownAge): boolean {
  return (findLeastMonths(context) ?? 0) < years * MONTHS_A_YEAR;
}

/** Whether the patient is known to be younger; false for an unknown age. */
export function isKnownUnder(years: number, context: KnownAge): boolean {
  return findLeastMonths(context) !== undefined && mayBeUnder(years, context);
}

const ADULT_YEARS = 18;

/** Whether the patient is known to be a minor. The user of a minor's portal may be another person: a parent, a proxy. */
export const isKnownMinor = (context: KnownAge): boolean => isKnownUnder(ADULT_YEARS, context);

/** Whether a rule is for articles on abuse and every age. */
const isOnAbuse = ({ sensitivity, underYears }: SensitivityRule): boolean =>
  sensitivity === 'SDV' && underYears === undefined;

/**
 * Articles on abuse are held if the patient works the screen (a portal): the abuser may read along. A site overrides
 * this with a rule for exactly these articles and every age.
 */
function createDefaultRules({ sensitivities }: SitePolicy): SensitivityRule[] {
  const isDecided = sensitivities.some((rule) => isOnAbuse(rule) && rule.reader === 'portal');
  return isDecided ? [] : [{ sensitivity: 'SDV', reader: 'portal', treatment: 'hold', underYears: undefined }];
}

/** Whether the site itself has a rule for pages on abuse and this reader; a chart holds them if not. */
export function decidesAbuse({ sensitivities }: SitePolicy, context: RequestContext): boolean {
  return sensitivities.some((rule) => isOnAbuse(rule) && isAbout(rule.reader, context));
}

/**
 * The treatment of an article for a reader: of several matching rules the strictest; without any, a sensitive article
 * is held on a minor's own screen and else marked. Other articles are shown.
 */
export function findTreatment({ sensitivity }: Sensitive, context: RequestContext, policy: SitePolicy): Treatment {
  if (sensitivity === undefined) return 'show';
  const fitting = [...policy.sensitivities, ...createDefaultRules(policy)].filter(
    (rule) =>
      rule.sensitivity === sensitivity &&
      isAbout(rule.reader, context) &&
      (rule.underYears === undefined || mayBeUnder(rule.underYears, context)),
  );
  if (fitting.length === 0) return isAbout('portal', context) && isKnownMinor(context) ? 'hold' : 'mark';
  return strictest(fitting.map(({ treatment }) => treatment));
}

/** The strictest of several treatments; `show` if there is none. */
export function strictest(treatments: readonly Treatment[]): Treatment {
  return TREATMENTS[Math.max(0, ...treatments.map((treatment) => TREATMENTS.indexOf(treatment)))] ?? 'hold';
}

/**
 * Whether held articles are listed: to a clinician who works the screen; if the performer is unknown, to clinicians as
 * recipients, and by callers that mark held articles. Patient and payer never see them.
 */
export function seesHeld({ performer, recipient, listsHeld = false }: RequestContext): boolean {
  return performer === undefined ? recipient === 'PROV' || listsHeld : performer === 'PROV';
}

/** Why the site does not show an article to a reader; undefined if it does. */
export function findRefusal(
  sensitive: Sensitive,
  context: RequestContext,
  policy: SitePolicy,
): 'minimum-age' | 'held' | undefined {
  const { article, sensitivity } = sensitive;
  const { minimumAges } = policy;
  const years = Math.max(minimumAges.get(article.id) ?? 0, sensitivity ? (minimumAges.get(sensitivity) ?? 0) : 0);
  if (years > 0 && isKnownUnder(years, context)) return 'minimum-age';
  const isHeld = findTreatment(sensitive, context, policy) === 'hold';
  return isHeld && !seesHeld(context) ? 'held' : undefined;
}

/** Maximum articles per code for a reader; Infinity if the site sets none. */
export function findMostPages(context: RequestContext, { mostPages }: SitePolicy): number {
  return Math.min(...mostPages.filter(({ reader }) => isAbout(reader, context)).map(({ pages }) => pages));
}

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
  const ofMinors = findOwn(SENSITIVE_WHEN_YOUNG, article.id);
  return ofMinors && isKnownMinor(context) ? ofMinors : undefined;
}
