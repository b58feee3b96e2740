import { AGE_GROUPS } from './age-group.js';
import type { Article, Sensitivity } from './article.js';
import type { RequestContext } from './knowledge-request.js';

/** What becomes of a sensitive article: it is given like any other, given and marked, or listed for a clinician alone. */
export const TREATMENTS = ['show', 'mark', 'hold'] as const;
export type Treatment = (typeof TREATMENTS)[number];

/** Who a rule is about: the information recipient; or, as `portal`, the patient who works the screen. */
export const POLICY_READERS = ['everyone', 'patient', 'clinician', 'payer', 'portal'] as const;
export type PolicyReader = (typeof POLICY_READERS)[number];

export interface SensitivityRule {
  readonly sensitivity: Sensitivity;
  readonly reader: PolicyReader;
  readonly treatment: Treatment;
  /** The rule is about patients who may be younger than this; undefined: about all. */
  readonly underYears: number | undefined;
}

/** An article that goes before another, or takes its place, wherever that one is given. */
export interface PreferenceRule {
  readonly article: string;
  /** Undefined: before all others, wherever it is given itself. */
  readonly over: string | undefined;
  readonly replaces: boolean;
}

export interface MostPagesRule {
  readonly reader: PolicyReader;
  readonly pages: number;
}

/** What a site decides of the library's articles. Every protocol gives what is left by it. */
export interface SitePolicy {
  /** Names the rules: two policies of one version decide alike. */
  readonly version: string;
  /** Ids of articles that nobody is given. */
  readonly suppressed: ReadonlySet<string>;
  readonly sensitivities: readonly SensitivityRule[];
  readonly preferences: readonly PreferenceRule[];
  readonly mostPages: readonly MostPagesRule[];
  /** Whole years, by the id of an article or by a sensitivity. */
  readonly minimumAges: ReadonlyMap<string, number>;
}

export const NO_POLICY: SitePolicy = {
  version: '',
  suppressed: new Set(),
  sensitivities: [],
  preferences: [],
  mostPages: [],
  minimumAges: new Map(),
};

const MONTHS_A_YEAR = 12;

/** An article with what its mapping row says of it. */
export interface Sensitive {
  readonly article: Pick<Article, 'id'>;
  readonly sensitivity: Sensitivity | undefined;
}

/** What is known of a patient's age. */
type KnownAge = Pick<RequestContext, 'ageGroups' | 'leastAgeMonths'>;

/** The least age in months that a patient may have; undefined where nothing is known of it. */
function leastMonths({ leastAgeMonths, ageGroups }: KnownAge): number | undefined {
  if (leastAgeMonths !== undefined) return leastAgeMonths;
  if (ageGroups.length === 0) return undefined;
  const known = AGE_GROUPS.filter(({ group }) => ageGroups.includes(group));
  return Math.min(...known.map(({ fromMonths }) => fromMonths));
}

function isAbout(reader: PolicyReader, { recipient, performer }: RequestContext): boolean {
  if (reader === 'portal') return performer === 'PAT';
  return reader === 'everyone' || { patient: 'PAT', clinician: 'PROV', payer: 'PAYOR' }[reader] === recipient;
}

/** An unknown age may be any: what is held from the young is held then too. */
function mayBeUnder(years: number, context: KnownAge): boolean {
  return (leastMonths(context) ?? 0) < years * MONTHS_A_YEAR;
}

/** Whether the patient is known to be younger, or may be: an unknown age is not. */
export function isKnownUnder(years: number, context: KnownAge): boolean {
  return leastMonths(context) !== undefined && mayBeUnder(years, context);
}

/**
 * Abuse is held where the patient works the screen (a portal): whoever abuses may read along. A site that wants it
 * otherwise says so for exactly these, and for every age.
 */
function defaultRules({ sensitivities }: SitePolicy): SensitivityRule[] {
  const isDecided = sensitivities.some(
    ({ sensitivity, reader, underYears }) => sensitivity === 'SDV' && reader === 'portal' && underYears === undefined,
  );
  return isDecided ? [] : [{ sensitivity: 'SDV', reader: 'portal', treatment: 'hold', underYears: undefined }];
}

/** Whether the site itself says what becomes of pages on abuse for this reader; a chart holds them where it does not. */
export function decidesAbuse({ sensitivities }: SitePolicy, context: RequestContext): boolean {
  return sensitivities.some(
    ({ sensitivity, reader, underYears }) =>
      sensitivity === 'SDV' && underYears === undefined && isAbout(reader, context),
  );
}

/** Whoever works a minor's screen may be somebody else: a parent, a proxy. */
const ADULT_YEARS = 18;

/**
 * What becomes of an article for a reader: where several rules are about them, the strictest counts; where none is, a
 * sensitive article is held from a minor's own screen, and else marked. What is not sensitive is shown.
 */
export function treatmentOf({ sensitivity }: Sensitive, context: RequestContext, policy: SitePolicy): Treatment {
  if (sensitivity === undefined) return 'show';
  const fitting = [...policy.sensitivities, ...defaultRules(policy)].filter(
    (rule) =>
      rule.sensitivity === sensitivity &&
      isAbout(rule.reader, context) &&
      (rule.underYears === undefined || mayBeUnder(rule.underYears, context)),
  );
  if (fitting.length === 0) return isAbout('portal', context) && isKnownUnder(ADULT_YEARS, context) ? 'hold' : 'mark';
  return strictest(fitting.map(({ treatment }) => treatment));
}

/** The strictest of treatments; `show` where there is none. */
export function strictest(treatments: readonly Treatment[]): Treatment {
  return TREATMENTS[Math.max(0, ...treatments.map((treatment) => TREATMENTS.indexOf(treatment)))] ?? 'hold';
}

/**
 * Whether held articles are listed: to a clinician who works the screen; where nobody says who does, to clinicians who
 * read, and by whoever marks what is held. The patient and the payer never see them.
 */
export function seesHeld({ performer, recipient, listsHeld = false }: RequestContext): boolean {
  return performer === undefined ? recipient === 'PROV' || listsHeld : performer === 'PROV';
}

/** Whether a patient is known to be younger than the site lets read it; of an unknown age nothing is known. */
function isBelowMinimumAge({ article, sensitivity }: Sensitive, context: RequestContext, policy: SitePolicy) {
  const { minimumAges } = policy;
  const years = Math.max(minimumAges.get(article.id) ?? 0, sensitivity ? (minimumAges.get(sensitivity) ?? 0) : 0);
  return isKnownUnder(years, context);
}

/** Why the site does not give an article to a reader; undefined where it does. */
export function refusalOf(
  sensitive: Sensitive,
  context: RequestContext,
  policy: SitePolicy,
): 'minimum-age' | 'held' | undefined {
  if (isBelowMinimumAge(sensitive, context, policy)) return 'minimum-age';
  const isHeld = treatmentOf(sensitive, context, policy) === 'hold';
  return isHeld && !seesHeld(context) ? 'held' : undefined;
}

/** The most articles that a code may be answered with for a reader; Infinity where the site does not say. */
export function mostPagesFor(context: RequestContext, { mostPages }: SitePolicy): number {
  return Math.min(...mostPages.filter(({ reader }) => isAbout(reader, context)).map(({ pages }) => pages));
}
