import { readDataFile } from '../read-data-file.js';
import { isKnownMinor } from '../policy/site-policy.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import type { Language } from '../model/language.js';

/** Situations of a patient for which a leaflet's parts are marked. Names are in resources/i18n under `leaflet.concerns`. */
export const CONCERNS = ['pregnancy', 'breastfeeding', 'child', 'older-adult', 'kidney', 'liver'] as const;
export type Concern = (typeof CONCERNS)[number];

type Patterns = Readonly<Record<Language, readonly string[]>> & { readonly never?: readonly string[] };

const { concerns: DATA } = readDataFile('drugs/leaflet-concerns.yaml') as {
  readonly concerns: Readonly<Record<Concern, Patterns>>;
};

const join = (patterns: readonly string[]): RegExp => new RegExp(patterns.join('|'), 'iu');

const MATCHERS = CONCERNS.map((concern) => {
  const { en, es, never } = DATA[concern];
  return { concern, about: join([...en, ...es]), never: never && join(never) };
});

/** Finds the situations that a line of a leaflet names, in either language. */
export const findConcerns = (line: string): Concern[] =>
  MATCHERS.flatMap(({ concern, about, never }) => (about.test(line) && !never?.test(line) ? concern : []));

const OLDER: ReadonlySet<string> = new Set(['aged', 'aged-80']);

/** Finds the situations that a patient's age is: under 18, or 65 and over; none if it is unknown or may be either side. */
export function findAgeConcerns(context: Pick<RequestContext, 'ageGroups' | 'leastAgeMonths'>): Concern[] {
  const { ageGroups } = context;
  if (isKnownMinor(context)) return ['child'];
  return ageGroups.length > 0 && ageGroups.every((group) => OLDER.has(group)) ? ['older-adult'] : [];
}

/** True if a text is the name of a situation, as requests send it. */
export const isConcern = (text: string): text is Concern => CONCERNS.some((concern) => concern === text);
