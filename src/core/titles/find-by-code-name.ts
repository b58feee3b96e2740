import { type SelectedRow, resolveCodings, type Resolved } from '../codes/resolve-coding.js';
import type { SubjectKind } from '../codes/code-systems.js';
import { findSubject, findTitle, type RequestCoding } from '../answer/knowledge-request.js';
import type { Article } from '../model/article.js';
import type { Library } from '../model/library.js';
import { plainName } from './canonical-terms.js';
import { findKindPage } from './find-kind.js';
import { namesFurtherMark } from './title-marks.js';
import { findNamedCode, type IcdNames, type NamedCode } from './find-named-code.js';

/** Subjects whose titles may be names of conditions, or of what is done for them. */
const OF_CONDITIONS: ReadonlySet<SubjectKind | undefined> = new Set(['diagnosis', 'subject', 'procedure', undefined]);
/** Tags of SNOMED CT for what is no condition. */
const OTHER_TAGS = /^(?:substance|organism|physical object|body structure|observable entity|person|qualifier value)$/;

/** Whether a title ends with such a tag. */
function hasOtherTag(title: string): boolean {
  if (!title.endsWith(')')) return false;
  const tag = title.slice(title.lastIndexOf('(') + 1, -1).toLowerCase();
  return OTHER_TAGS.test(tag) || tag.includes('product') || tag.endsWith('clinical drug');
}

/** Tags of what is done: of codes only those of reasons for a visit are about it. */
const OF_PROCEDURE = /\((?:procedure|regime\/therapy)\)$/i;
const OF_REASONS = /^[VZ]/;

/** True of a coding for what is done, by its resource, its system or the tag of its title. */
const isOfProcedure = (coding: RequestCoding): boolean =>
  findSubject(coding) === 'procedure' || OF_PROCEDURE.test(findTitle(coding));

/** A code or a kind that a title names, with the articles of its rows. */
export interface PagesOfName {
  readonly named: Omit<NamedCode, 'coding'>;
  readonly rows: readonly SelectedRow[];
  readonly articles: readonly Article[];
}

/** Steps from the requested code to the row: by the title, which an article's own title stands for, to the code of that name. */
function toRow(row: SelectedRow, { coding, code }: Resolved, { coding: named }: NamedCode, title: string): SelectedRow {
  const { system = 'drug-name' } = coding;
  const requested = code === undefined ? [] : [{ kind: 'asked', system, code } as const];
  const byTitle = [{ kind: 'title', system, code: title } as const, { kind: 'crosswalk', ...named } as const];
  // A guess is related at most; a page for some of the patients stays one.
  const relationship = row.relationship === 'narrower' ? 'narrower' : 'related';
  return {
    ...row,
    path: [...requested, ...byTitle, ...row.path.slice(1)],
    relationship,
    input: 0,
    origin: 'title',
    note: '',
  };
}

/**
 * The row implied by a title, with a low score: no curator judged code and article together.
 * @param isPart the article is on one ingredient of a combination
 */
export function createRow({ coding, code }: Resolved, { id, texts }: Article, isPart: boolean): SelectedRow {
  // A system that is unknown here has no place on a path; the article's title is of none.
  const { system: own = 'drug-name' } = coding;
  const system = isPart ? 'drug-name' : own;
  const relationship = isPart ? 'narrower' : 'related';
  const requested = code === undefined ? [] : [{ kind: 'asked', system: own, code } as const];
  return {
    // The article's own title is shown: the text sent may contain anything.
    path: [...requested, { kind: 'title', system, code: (texts.en ?? texts.es)?.title ?? '' }],
    ...{ system, code: code ?? '', article: id, relationship, stated: relationship, rank: 1 },
    ...{ input: 0, layer: 'starter', levels: 0, crossings: 0, sensitivity: undefined, origin: 'title', note: '' },
  };
}

/** The page that is true of everything of the kind that a title names. */
function findPageOfKind(
  best: Resolved,
  { title, isStated }: { readonly title: string; readonly isStated: boolean },
  library: Library,
): PagesOfName | undefined {
  const isProcedure = isOfProcedure(best.coding);
  const id = isStated ? undefined : findKindPage(plainName(title), isProcedure);
  const articles = id === undefined ? [] : library.findArticles([id]);
  if (articles.length === 0) return undefined;
  const rows = articles.map((article) => createRow(best, article, false));
  return { named: { certainty: 'words', isOfficial: false, isKind: true }, rows, articles };
}

/**
 * Finds the articles of the code of ICD that a title names, or the page of its kind; undefined if there is none. No rows: a curator left that code without a page.
 * @param isStated the title states something of its subject
 */
export function findByCodeName(
  best: Resolved,
  { title, isStated }: { readonly title: string; readonly isStated: boolean },
  { library, codeNames }: { readonly library: Library; readonly codeNames: IcdNames },
): PagesOfName | undefined {
  if (!OF_CONDITIONS.has(findSubject(best.coding)) || hasOtherTag(findTitle(best.coding))) return undefined;
  const named = findNamedCode(title, isStated, codeNames);
  if (!named || (isOfProcedure(best.coding) && !OF_REASONS.test(named.coding.code)))
    return findPageOfKind(best, { title, isStated }, library);
  const { system, code } = named.coding;
  const coding = { system, systemSent: system, code, display: '', userSelected: false };
  const [found] = resolveCodings([coding], library);
  if (!found?.selection) return undefined;
  const ofCode = named.isKind === true ? found.selection.rows.slice(0, 1) : found.selection.rows;
  const ids = ofCode.map(({ article }) => article);
  const all = ids.length > 0 ? library.findArticles(ids) : [];
  const articles = all.filter((article) => !namesFurtherMark(article, title));
  if (articles.length < all.length && articles.length === 0) return undefined;
  const titles = new Map(articles.map(({ id, texts }) => [id, (texts.en ?? texts.es)?.title ?? '']));
  const rows = ofCode.flatMap((row) => {
    const name = titles.get(row.article);
    return name === undefined ? [] : [toRow(row, best, named, name)];
  });
  return { named, rows, articles };
}
