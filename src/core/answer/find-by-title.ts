import { listNames, type Article, type ArticleKind } from '../model/article.js';
import type { CodeSystemId, SubjectKind } from '../codes/code-systems.js';
import { findSubject, findTitle, type RequestCoding } from './knowledge-request.js';
import type { MissReason, TitleConflict } from './knowledge-response.js';
import type { Library } from '../model/library.js';
import type { Finding, Resolved } from '../codes/resolve-coding.js';
import type { SelectedRow } from './select-rows.js';
import { readTitleStatement } from './stated-otherwise.js';
import type { TitleFacts } from './title-facts.js';
import { nameKey, titleTerms } from './title-words.js';
import { flatMap } from '../flat-map.js';

/** The kinds of article that a title may match, by the code's subject: the plainest kind first. */
const KINDS: Readonly<Record<SubjectKind, readonly ArticleKind[]>> = {
  diagnosis: ['topic', 'ency', 'genetics'],
  subject: ['topic', 'ency', 'genetics'],
  procedure: ['topic', 'ency'],
  test: ['test'],
  drug: ['drug', 'herb'],
  vaccine: ['vis'],
};

/** Reasons for no match of codes without rows; a code that a curator left without a page stays without one. */
const WITHOUT_ROWS: ReadonlySet<MissReason> = new Set(['code-not-mapped', 'system-not-mapped', 'system-not-shipped']);

/**
 * ICD codes that are matched only by code: findings, contact, screening, history, causes, pregnancy and newborns (rules
 * 4 to 8 of the mapping files). And cancers: no other code gets a cancer's page (rule 3).
 */
const BY_CODE_ALONE: Partial<Record<CodeSystemId, RegExp>> = {
  'icd-10-cm': /^[OPRV-Z]/,
  'icd-10': /^[OPRV-Z]/,
  'icd-9-cm': /^(V|E|6[3-7]|7[6-9])/,
};
const CANCERS: Partial<Record<CodeSystemId, RegExp>> = {
  'icd-10-cm': /^(C|D0)/,
  'icd-10': /^(C|D0)/,
  'icd-9-cm': /^(1[4-9]|20|23[0-4])/,
};
const OF_CANCER =
  /cancer|carcinoma|leukemia|lymphoma|melanoma|sarcoma|myeloma|tumor|neoplasm|malignan|blastoma|glioma|mesothelioma|metasta/i;

/** Whether the mapping files' rules allow an article of this name to answer the code. */
function isAllowed({ coding: { system }, code = '' }: Resolved, { texts }: Article): boolean {
  if (!system) return false;
  if (BY_CODE_ALONE[system]?.test(code)) return false;
  const isOfCancer = Object.values(texts).some(({ title }) => OF_CANCER.test(title));
  return !isOfCancer || (CANCERS[system]?.test(code) ?? true);
}

const hasName = (article: Article, key: string): boolean => listNames(article).some((name) => nameKey(name) === key);
const hasTitle = ({ texts }: Article, key: string): boolean =>
  Object.values(texts).some(({ title }) => nameKey(title) === key);

/**
 * The one article with a name: by its title, in the plainest kind that has only one; else by another name that only it
 * has.
 */
function findOnlyNamed(
  title: string,
  articles: readonly Article[],
  kinds: readonly ArticleKind[],
): Article | undefined {
  const key = nameKey(title);
  const named = articles.filter((article) => kinds.includes(article.kind) && hasName(article, key));
  const titled = named.filter((article) => hasTitle(article, key));
  const ofKind = kinds
    .map((kind) => titled.filter((article) => article.kind === kind))
    .find(({ length }) => length > 0);
  const [only, another] = ofKind ?? named;
  return another ? undefined : only;
}

/** The row implied by a title, with a low score: no curator judged code and article together. */
function createRow({ coding, code }: Resolved, { id, texts }: Article): SelectedRow[] {
  const { system } = coding;
  if (!system) return [];
  const requested = code === undefined ? [] : [{ kind: 'asked', system, code } as const];
  return [
    {
      // The article's own title is shown: the text sent may contain anything.
      path: [...requested, { kind: 'title', system, code: (texts.en ?? texts.es)?.title ?? '' }],
      ...{ system, code: code ?? '', article: id, relationship: 'related', stated: 'related', rank: 1 },
      ...{ input: 0, layer: 'starter', levels: 0, crossings: 0, sensitivity: undefined, origin: 'title', note: '' },
    },
  ];
}

const createFinding = (best: Resolved, article: Article): Resolved => ({
  ...best,
  selection: { rows: createRow(best, article), noneNote: undefined, suppressed: [] },
  miss: undefined,
});

/** What SNOMED CT's full names end in, where a page of the name is true of the code. */
const TAG = /\s*\((?:disorder|finding|procedure|regime\/therapy|morphologic abnormality)\)$/;

/** The title without SNOMED CT's tag. */
const findPlainTitle = (coding: RequestCoding): string => findTitle(coding).replace(TAG, '');

/** A code without rows whose title may be looked up, with the articles that the title names. */
function findNamed({ best }: Finding, facts: TitleFacts): readonly string[] {
  const title = findPlainTitle(best.coding);
  if (!best.coding.system || !best.miss || !WITHOUT_ROWS.has(best.miss.reason)) return [];
  // A question mark doubts the name.
  return title === '' || title.includes('?') || readTitleStatement(title) ? [] : facts.words.named(title);
}

/**
 * Finds an article by the title of a code that has no rows: if the title is, word for word, the unambiguous name of an
 * article of the subject's kind that is not sensitive, and no rule of the mapping files forbids it. One call to the
 * library.
 */
export function findByTitle(findings: readonly Finding[], library: Library): readonly Finding[] {
  const facts = library.status().titleFacts;
  if (!facts) return findings;
  const requested = findings.map((finding) => findNamed(finding, facts));
  const ids = [...new Set(requested.flat())];
  if (ids.length === 0) return findings;
  const articles = new Map(library.findArticles(ids).map((article) => [article.id, article]));
  return findings.map((finding, index) => {
    const { best } = finding;
    const named = flatMap(requested[index] ?? [], (id) => articles.get(id) ?? []);
    const subject = findSubject(best.coding);
    const article = subject && findOnlyNamed(findPlainTitle(best.coding), named, KINDS[subject]);
    if (!article || article.sensitivity !== undefined || !isAllowed(best, article)) return finding;
    return { ...finding, best: createFinding(best, article) };
  });
}

/** Of the articles that a title may name, the one whose name covers most of it. */
function findBestNamed(title: string, articles: readonly Article[]): Article | undefined {
  const terms = new Set(titleTerms(title));
  const lengthIn = (article: Article): number => {
    const covered = listNames(article)
      .map(titleTerms)
      .filter((words) => words.every((word) => terms.has(word)));
    return Math.max(0, ...covered.map(({ length }) => length));
  };
  const [best] = articles
    .map((article) => ({ article, length: lengthIn(article) }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => b.length - a.length || (a.article.id < b.article.id ? -1 : 1));
  return best?.article;
}

/** Reads a title that contradicts its code in the code's place; undefined if it does not clearly name one article. */
export function readByTitle(
  best: Resolved,
  { named, isDrug }: TitleConflict,
  articles: ReadonlyMap<string, Article>,
): Resolved | undefined {
  const known = flatMap(named, (id) => articles.get(id) ?? []).filter(({ sensitivity }) => sensitivity === undefined);
  const article = isDrug ? known[0] : findBestNamed(findTitle(best.coding), known);
  return article && createFinding(best, article);
}
