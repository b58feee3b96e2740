import type { Article } from '../model/article.js';
import { readDataFile } from '../read-data-file.js';

const DATA = readDataFile('charts/short-illnesses.yaml') as Readonly<
  Record<'topics' | 'others' | 'shortTitle' | 'lastingTitle' | 'shortCourse', string>
>;

/** Articles on what is over in days or weeks. */
export const SHORT_ILLNESSES: ReadonlySet<string> = new Set([
  ...DATA.topics.split(' ').map((name) => `topic-${name}`),
  ...DATA.others.split(' '),
]);

const SHORT_TITLE = new RegExp(DATA.shortTitle, 'i');
const LASTING_TITLE = new RegExp(DATA.lastingTitle, 'i');
const COURSES = new RegExp(DATA.shortCourse, 'i');

/** Whether an article is about a short illness, or a drug for a short course: old facts of the kind are over, whatever their status. */
export function isShortIllness({ id, kind, texts }: Pick<Article, 'id' | 'kind' | 'texts'>): boolean {
  const title = texts.en?.title ?? '';
  if (kind === 'drug') return COURSES.test(title);
  return SHORT_ILLNESSES.has(id) || (SHORT_TITLE.test(title) && !LASTING_TITLE.test(title));
}
