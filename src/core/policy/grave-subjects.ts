import type { Article } from '../model/article.js';
import { readDataFile } from '../read-data-file.js';

/** A subject whose page harms where it is not meant: a loss of pregnancy, cancer, abuse and the like. */
interface GraveSubject {
  readonly ofPages: readonly RegExp[];
  readonly ofNames: readonly RegExp[];
}

const compile = (patterns: readonly string[]): RegExp[] => patterns.map((pattern) => new RegExp(pattern, 'i'));

const SUBJECTS: readonly GraveSubject[] = Object.values(
  readDataFile('articles/grave-subjects.yaml') as Readonly<
    Record<string, { readonly pages: readonly string[]; readonly names: readonly string[] }>
  >,
).map(({ pages, names }) => ({ ofPages: compile(pages), ofNames: compile([...pages, ...names]) }));

const hasAny = (patterns: readonly RegExp[], text: string): boolean => patterns.some((pattern) => pattern.test(text));

/** The grave subjects of an article, by its titles. */
const listSubjects = ({ texts }: Pick<Article, 'texts'>): readonly GraveSubject[] =>
  SUBJECTS.filter(({ ofPages }) => Object.values(texts).some(({ title }) => hasAny(ofPages, title)));

/**
 * True if an article is about a loss of pregnancy, a malformation, cancer, abuse or an overdose: no code without a judged row inherits it, and
 * no patient reaches it by a title alone.
 */
export const isGrave = (article: Pick<Article, 'texts'>): boolean => listSubjects(article).length > 0;

/** True if a title or a code's name names a grave subject that the article is about, or the article is about none. */
export const namesGraveSubject = (name: string, article: Pick<Article, 'texts'>): boolean => {
  const subjects = listSubjects(article);
  return subjects.length === 0 || subjects.some(({ ofNames }) => hasAny(ofNames, name));
};

/** True if one of an article's titles names a grave subject. */
export const isGraveTitle = (titles: readonly string[]): boolean =>
  SUBJECTS.some(({ ofPages }) => titles.some((title) => hasAny(ofPages, title)));
