import type { Article } from '../model/article.js';
import { readDataFile, toWordSet } from '../read-data-file.js';

type ListName = 'events' | 'selfCare' | 'lesser' | 'offered' | 'knownToParents' | 'injectors';

const DATA = readDataFile('charts/page-weights.yaml') as Readonly<
  Record<ListName | 'examinationTitle' | 'selfCareTitle', string>
>;
const NAMES = [
  'events',
  'selfCare',
  'lesser',
  'offered',
  'knownToParents',
  'injectors',
] as const satisfies readonly ListName[];

const toIds = (names: string): ReadonlySet<string> =>
  new Set([...toWordSet(names)].map((name) => (/^(ency|encypi|test|drug)-/.test(name) ? name : `topic-${name}`)));

/** The articles of each list of resources/charts/page-weights.yaml, by id. */
export const WEIGHED_PAGES = Object.fromEntries(NAMES.map((name) => [name, toIds(DATA[name])])) as Readonly<
  Record<ListName, ReadonlySet<string>>
>;

/** Articles on drugs that a patient has at hand against anaphylaxis. */
export const INJECTORS = WEIGHED_PAGES.injectors;

const SELF_CARE = new RegExp(DATA.selfCareTitle, 'i');
const EXAMINATION = new RegExp(DATA.examinationTitle, 'i');

/** True if an article is about an event: one of long ago is history. */
export const isEvent = ({ id }: Article): boolean => WEIGHED_PAGES.events.has(id);

/** True if an article is on what a minor's parents know and look after, whatever its mark. */
export const isKnownToParents = ({ id }: Article): boolean => WEIGHED_PAGES.knownToParents.has(id);

/** True if an article is a drug's own leaflet, which has many sheets: it is chosen for high-risk drugs alone. */
export const isLeaflet = ({ kind }: Pick<Article, 'kind'>): boolean => kind === 'label';

/** True if an article is offered and never chosen. */
export const isOffered = ({ id }: Article): boolean => WEIGHED_PAGES.offered.has(id);

/** True if an article is about a test or an image: done as a procedure, it is a result. */
export const isExamination = ({ kind, texts }: Article): boolean =>
  kind === 'test' || EXAMINATION.test(texts.en?.title ?? '');

/** The weight of a problem's page among those that are not of this encounter, the weightiest first; drugs have `ORDINARY`. */
export const ORDINARY = 1;
export function weighPage({ id, texts }: Article): number {
  if (WEIGHED_PAGES.selfCare.has(id) || SELF_CARE.test(texts.en?.title ?? '')) return ORDINARY - 1;
  return WEIGHED_PAGES.lesser.has(id) ? ORDINARY + 1 : ORDINARY;
}
