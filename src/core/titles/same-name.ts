import type { Resolved } from '../codes/resolve-coding.js';
import type { Library } from '../model/library.js';
import { listNames, type Article, type ArticleKind } from '../model/article.js';
import { AMBIGUOUS, isTellingTerm, NO_PLAIN_CASE, OF_DEGREE, plainName, termsInOrder } from './canonical-terms.js';
import { PLACE_WORDS } from './find-kind.js';
import type { IcdNames } from './find-named-code.js';
import type { Certainty } from './title-reading.js';
import { nameKey } from './title-words.js';

/** Terms that a name of a thing may have or lack. */
const OF_ANY: ReadonlySet<string> = new Set(
  'disorder syndrome deformity lesion problem complaint procedur operation joint tissue gland system body skin'.split(
    ' ',
  ),
);
const OF = / of | in | to | for /;

/** `Renal disease` and `disorder of kidney` are of the kidney; `anemia of chronic disease` is of the disease. */
const OF_DISEASE = / (?:of|in|with|due to) .*(?:disease|disorder|syndrome|condition)s?$/;

function listTerms(name: string): string[] {
  const terms = [...new Set(termsInOrder(name))];
  const others = terms.filter((term) => term !== 'disorder');
  const plain = others.filter((term) => term !== 'syndrome');
  // Of one term the syndrome may be another thing than the disease: metabolic disease.
  const telling = OF_DISEASE.test(name) ? terms : plain.length > 1 ? plain : others;
  return telling.length > 0 ? telling : terms;
}

const titlesOf = ({ texts }: Article): ReadonlySet<string> => new Set(Object.values(texts).map(({ title }) => title));

/**
 * Compares a title with the names of an article, whatever the order of words, words of one meaning as one: `name` if it is the article's title,
 * `words` if it is another of its names, or if the article's title is within it, has what it is about, and only where and how that is are left
 * over. Else `weak`.
 */
export function compareNames(title: string, article: Article, { qualifiers }: Pick<IcdNames, 'qualifiers'>): Certainty {
  const plain = plainName(title);
  const terms = listTerms(plain);
  const head = listTerms(plain.split(OF, 1)[0] ?? '').at(-1);
  const isLeftOut = (term: string): boolean =>
    OF_ANY.has(term) || (!isTellingTerm(term) && (qualifiers.has(term) || PLACE_WORDS.has(term)));
  const titles = titlesOf(article);
  let best: Certainty = 'weak';
  for (const name of listNames(article)) {
    const own = listTerms(plainName(name.replace(/\([^()]*\)/g, ' ')));
    if (own.length === 0 || !own.every((term) => terms.includes(term))) continue;
    // Of a kind of pregnancy (membranous, combined) the page of a healthy one is not true.
    if (own.join() === 'pregnancy' && terms.length > 1) continue;
    if (own.length === terms.length && titles.has(name)) return 'name';
    if (own.length === terms.length) best = 'words';
    if (!titles.has(name)) continue;
    const hasHead = head !== undefined && own.includes(head);
    if (hasHead && terms.every((term) => own.includes(term) || isLeftOut(term))) best = 'words';
  }
  return best;
}

/**
 * True if a title is that of an article, but for where and how severe the thing is: `Cellulitis of upper arm`, `Closed fracture of fibula`.
 * The article is true of it as surely as of its own title.
 */
export function isPlainCase(title: string, article: Article, { subjects }: Pick<IcdNames, 'subjects'>): boolean {
  const plain = plainName(title);
  if (article.kind === 'genetics' || NO_PLAIN_CASE.test(plain)) return false;
  const terms = listTerms(plain);
  const head = listTerms(plain.split(OF, 1)[0] ?? '').at(-1) ?? '';
  if (AMBIGUOUS.has(head)) return false;
  return [...titlesOf(article)].some((name) => {
    const own = listTerms(plainName(name.replace(/\([^()]*\)/g, ' ')));
    const isIn = own.includes(head) && own.every((term) => terms.includes(term)) && own.join() !== 'pregnancy';
    const isAnywhere = own.length > 1 || subjects.has(head);
    return (
      isIn && terms.every((term) => own.includes(term) || OF_DEGREE.has(term) || (isAnywhere && PLACE_WORDS.has(term)))
    );
  });
}

/** Number of a title's terms that an article's own titles have. */
export function countShared(title: string, article: Article): number {
  const terms = new Set([...titlesOf(article)].flatMap((one) => termsInOrder(plainName(one))));
  return new Set(termsInOrder(plainName(title)).filter((term) => terms.has(term))).size;
}

/** True if a title shares a term with a name of an article. */
export function sharesTerm(title: string, article: Article): boolean {
  const terms = new Set(listTerms(plainName(title)));
  return listNames(article).some((name) => listTerms(plainName(name)).some((term) => terms.has(term)));
}

const hasName = (article: Article, key: string): boolean => listNames(article).some((name) => nameKey(name) === key);
/** True if the article's title in a language has the key. */
export const hasTitle = ({ texts }: Article, key: string): boolean =>
  Object.values(texts).some(({ title }) => nameKey(title) === key);

/**
 * The one article with a name: by its title, in the plainest kind that has only one; else by another name that only it
 * has.
 */
export function findOnlyNamed(
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

/** True if a title is the article's own, whatever the order of words; another name of it may be wider than the page. */
export const isTitledLike = (title: string, article: Article, names: Pick<IcdNames, 'qualifiers'>): boolean =>
  hasTitle(article, nameKey(title)) || compareNames(title, article, names) === 'name';

/** Titles of pages on an operation, which are about no condition. */
export const ON_OPERATION = /\b(?:repair|removal|replacement|surgery|transplant)\b/i;

const listIds = (found: Resolved | undefined): readonly string[] =>
  found?.selection?.rows.map(({ article }) => article) ?? [];

/**
 * True if the code of which a title is the name has none of the pages found by an article's other name, and has a page of just this, or one
 * with more of the title's words: `Influenza A` is the flu's code, and another name of one kind of it.
 */
export function isNamedBetter(
  title: string,
  leading: Article,
  by: {
    readonly ofName: Resolved;
    readonly other: Resolved | undefined;
    readonly library: Pick<Library, 'findArticles'>;
  },
): boolean {
  const [ofName, own] = [listIds(by.ofName), listIds(by.other)];
  if (own.length === 0 || own.some((id) => ofName.includes(id))) return false;
  const isJust = by.other?.selection?.rows.some(({ stated }) => stated === 'equivalent') === true;
  if (isJust || ON_OPERATION.test(leading.texts.en?.title ?? '')) return true;
  return by.library.findArticles(own.slice(0, 1)).some((one) => countShared(title, one) > countShared(title, leading));
}
