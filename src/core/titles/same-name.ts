import { listNames, type Article } from '../model/article.js';
import { isTellingTerm, plainName, termsInOrder } from './canonical-terms.js';
import { PLACE_WORDS } from './find-kind.js';
import type { IcdNames } from './find-named-code.js';
import type { Certainty } from './title-reading.js';

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
    if (own.length === terms.length && titles.has(name)) return 'name';
    if (own.length === terms.length) best = 'words';
    if (!titles.has(name)) continue;
    const hasHead = head !== undefined && own.includes(head);
    if (hasHead && terms.every((term) => own.includes(term) || isLeftOut(term))) best = 'words';
  }
  return best;
}

/** Number of a title's terms that an article's own titles have. */
export function countShared(title: string, article: Article): number {
  const terms = new Set([...titlesOf(article)].flatMap((one) => termsInOrder(plainName(one))));
  return new Set(termsInOrder(plainName(title)).filter((term) => terms.has(term))).size;
}
