import type { SubjectKind } from '../codes/code-systems.js';
import { listTruncations } from '../codes/code-hierarchy.js';
import { listConceptNames, type Coding, type Concept } from '../codes/concept.js';
import { isDrugCode } from '../codes/drug-pages.js';
import { type Finding, type Resolved, listDefining } from '../codes/resolve-coding.js';
import { sharesTellingWord, tellsForm } from '../drugs/other-drug.js';
import { listNames, type Article } from '../model/article.js';
import { findSubject, findTitle, withRoute, type RequestCoding } from '../answer/knowledge-request.js';
import { namesGraveSubject } from '../policy/grave-subjects.js';
import type { KnownIllnesses, StatementKind } from './statements/around-illness.js';
import { findCodeOfName } from './find-named-code.js';
import { namesOtherPart, namesOtherPicture } from './body-parts.js';
import { namesOtherInjury } from './injuries.js';

import { readTitleStatement } from './statements/stated-otherwise.js';
import { marksOf, type TitleFacts } from './title-facts.js';
import { findOtherMarks, type MarkedCode, type OtherMark } from './title-marks.js';
import { isWithin, LEAST_LETTERS, nameKey, titleKeys, titleTerms } from './title-words.js';

/**
 * A title is about something else if the code's own articles cover less than this much of it, and another article
 * covers this much more. Chosen on 26,000 displays and as many false pairs; tests/mappings/title-conflict.test.ts
 * measures both.
 */
const LEAST_OWN = 0.6;
const LEAST_LEAD = 0.3;
/** Below this the reader of titles decides where it can. */
const LEAST_SURE_OWN = 0.85;
/**
 * A clear title consists of known words: not a remark, a name, a misspelling. A single word must be long, as medical
 * words are.
 */
const LEAST_KNOWN = 0.75;
const LEAST_TERMS = 2;
const LEAST_WORD_ALONE = 7;

/**
 * Statements in a title that contradict each kind of code. A test's title states what is screened for, and the result.
 */
const STATED: Readonly<Record<SubjectKind, readonly StatementKind[]>> = {
  diagnosis: ['negated', 'ruled-out', 'suspected', 'family-history', 'history', 'screening', 'exposure'],
  subject: ['negated', 'ruled-out', 'suspected', 'family-history', 'history', 'screening', 'exposure'],
  drug: ['negated', 'ruled-out', 'family-history'],
  vaccine: ['negated', 'ruled-out', 'family-history'],
  procedure: ['negated', 'ruled-out', 'family-history'],
  test: ['family-history'],
};

/** SNOMED CT's full names end in what kind of thing they name: `Weight monitoring (regime/therapy)`. */
const SEMANTIC_TAG = /(?<!\s)\s*\([a-z /]+\)$/;

/** The articles of a code. */
export interface OwnPages {
  readonly pages: readonly Article[];
  /** Articles about the code's subject: what a diet or a test has in common with other conditions is none of it. */
  readonly defining: readonly Article[];
}

/** A coding whose title may be about something else. */
export interface TitleDoubt extends OwnPages {
  readonly finding: Finding;
  readonly title: string;
  /** The articles are those of the title, or of a drug's name. */
  readonly isByName: boolean;
  readonly statement: StatementKind | undefined;
  /** Articles that the title may name instead of the code's own. */
  readonly named: readonly string[];
  /** The title may name something else: the reader of titles decides. */
  readonly isUnsure: boolean;
  /** Code of another category of ICD-10-CM whose official title this is. */
  readonly elsewhere: Coding | undefined;
  /** The title names another kind of injury, or an injury or a picture of another part of the body. */
  readonly isOtherPart: boolean;
  /** Articles on a grave subject that the title does not name. */
  readonly unnamed: readonly Article[];
  /** Numbers, letters or types that the title states and the code's articles do not. */
  readonly marks: readonly OtherMark[];
}

/** The statement of the title, or of the text beside it, that contradicts a code of this kind. */
function findStatement(coding: RequestCoding, findIllness: KnownIllnesses): StatementKind | undefined {
  const subject = findSubject(coding);
  const allowed = subject ? STATED[subject] : [];
  return [coding.display, coding.originalText ?? '']
    .flatMap((text) => readTitleStatement(text, findIllness)?.kind ?? [])
    .find((kind) => allowed.includes(kind));
}

/** Known illnesses, and words of the names of a code's own articles. */
function withOwnWords(known: KnownIllnesses, defining: readonly Article[]): KnownIllnesses {
  let terms: ReadonlySet<string> | undefined;
  const isOwn = (name: string): boolean => {
    terms ??= new Set(defining.flatMap(listNames).flatMap(titleTerms));
    return name.length > LEAST_LETTERS && titleTerms(name).some((term) => terms?.has(term)) && !name.includes(' ');
  };
  return { ...known, find: (name) => known.find(name) ?? (isOwn(name) ? 'complaint' : undefined) };
}

/** Articles that the title names word for word: neither the code's own, nor broader or narrower ones by name. */
function findNamedApart(
  title: string,
  { pages, defining }: OwnPages,
  { words }: TitleFacts,
): readonly string[] | undefined {
  const named = words.namedByTitle(title);
  if (named.length === 0) return undefined;
  const sent = titleKeys(title).map((key) => key.split(' '));
  const own = defining.flatMap(listNames).map((name) => nameKey(name).split(' '));
  if (own.some((name) => sent.some((one) => isWithin(name, one) || isWithin(one, name)))) return [];
  const isOwn = pages.some(({ id }) => named.includes(id));
  return isOwn || defining.some(({ id }) => words.leadsTo(title, id)) ? [] : named;
}

const isLongWord = ([word = '', ...others]: readonly string[]): boolean =>
  others.length === 0 && word.length >= LEAST_WORD_ALONE;

/** Articles that the title may name instead of the code's own. */
interface Apart {
  readonly named: readonly string[];
  readonly isUnsure: boolean;
}

const NOTHING_APART: Apart = { named: [], isUnsure: false };

/** Articles whose words cover the title far better than those of the code's own. */
export function findCoveredApart(
  title: string,
  { pages, defining }: OwnPages,
  { words }: TitleFacts,
  further?: ReadonlySet<string>,
): Apart {
  const terms = titleTerms(title);
  if (terms.length === 0 || pages.some(({ id }) => !words.has(id))) return NOTHING_APART;
  const names = defining.flatMap(listNames).map(titleTerms);
  if (names.some((name) => isWithin(name, terms))) return NOTHING_APART;
  const ownWords = new Set([...names.flat(), ...(further ?? [])]);
  const [ids, all] = [defining, pages].map((some) => some.map(({ id }) => id));
  const { own, other, others, terms: known } = words.cover(terms, ids ?? [], ownWords, all);
  const long = terms.filter((term) => term.length >= LEAST_LETTERS);
  const isPlain = known >= LEAST_TERMS ? known >= LEAST_KNOWN * long.length : isLongWord(long);
  const isClear = isPlain && own < LEAST_OWN && other - own > LEAST_LEAD;
  return { named: isClear ? others : [], isUnsure: known === 0 || (own < LEAST_SURE_OWN && other > own) };
}

function findOtherArticles(title: string, own: OwnPages, facts: TitleFacts): Apart {
  const named = findNamedApart(title, own, facts);
  return named ? { named, isUnsure: false } : findCoveredApart(title, own, facts);
}

/** Articles on a grave subject that a title does not name: neither by a word for the subject nor by one of the article's names. */
function findUnnamed(title: string, { defining }: OwnPages, { words }: TitleFacts): Article[] {
  const terms = new Set(titleTerms(title));
  return defining.filter(
    (article) =>
      !namesGraveSubject(title, article) &&
      !words.leadsTo(title, article.id) &&
      !listNames(article).some((name) => titleTerms(name).some((term) => terms.has(term))),
  );
}

/** Characters of a category of ICD-10. */
export const CATEGORY_CHARS = 3;

/** The category of a code of ICD-10; undefined of other systems. */
export const findCategory = ({ coding: { system }, code }: Resolved): string | undefined =>
  system === 'icd-10-cm' || system === 'icd-10' ? code?.slice(0, CATEGORY_CHARS) : undefined;

/** The code of another category whose official title a title is. */
function findElsewhere(title: string, best: Resolved, { codeNames }: TitleFacts): Coding | undefined {
  const category = findCategory(best);
  const named = category === undefined ? undefined : findCodeOfName(title, codeNames);
  const isOther =
    named?.isOfficial && named.coding.system === 'icd-10-cm' && !named.coding.code.startsWith(category ?? '');
  return isOther ? named.coding : undefined;
}

/**
 * The doubt about a coding's title, if there is any.
 * @param concept the code itself: a name of its own contradicts nothing, but where a grave page is not about that name
 */
export function findDoubt(
  finding: Finding,
  { articles, concept }: { readonly articles: ReadonlyMap<string, Article>; readonly concept: Concept | undefined },
  facts: TitleFacts,
  findIllness: KnownIllnesses,
): TitleDoubt[] {
  const { coding, selection } = finding.best;
  const plain = findTitle(coding).replace(coding.system === 'snomed-ct' ? SEMANTIC_TAG : '', '');
  const title = withRoute(plain, coding.route);
  const rows = selection?.rows ?? [];
  const toPages = (some: typeof rows): Article[] => some.flatMap(({ article }) => articles.get(article) ?? []);
  const pages = toPages(rows);
  const own = { pages, defining: toPages(listDefining(rows)) };
  // A match by the title itself contradicts nothing but the drug that the code is.
  const isByName = rows.some(({ path }) => path.some(({ kind }) => kind === 'name' || kind === 'title'));
  if (title === '' || pages.length === 0 || coding.system === 'drug-name') return [];
  const names = new Set(concept && listConceptNames(concept).map((name) => name.toLowerCase()));
  const isOwnName = [title, coding.originalText?.trim() || title].every((text) => names.has(text.toLowerCase()));
  if (isOwnName && own.defining.every((article) => namesGraveSubject(title, article))) return [];
  const statement = findStatement(coding, withOwnWords(findIllness, own.defining));
  const { named, isUnsure } = isByName ? NOTHING_APART : findOtherArticles(title, own, facts);
  const marks = isByName ? [] : findOtherMarks(title, toMarkedCode(finding, pages, undefined, facts));
  const isOther =
    isDrugCode(coding) && (tellsForm(title) || !sharesTellingWord(title, own.defining.flatMap(listNames).join(' ')));
  const unnamed = isByName ? [] : findUnnamed(title, own, facts);
  const isOfIcd = findCategory(finding.best) !== undefined;
  const isOtherInjury = isOfIcd && namesOtherInjury(title, finding.best.code ?? '');
  const ownNames = [...(concept ? listConceptNames(concept) : []), ...own.pages.flatMap(listNames)];
  const isOtherPlace = isOfIcd && namesOtherPart(title, finding.best.code ?? '', ownNames);
  const elsewhere = isByName ? undefined : findElsewhere(title, finding.best, facts);
  const doubt = {
    finding,
    title,
    ...own,
    isByName,
    statement,
    named,
    isUnsure,
    isOtherPart: !isByName && (isOtherInjury || isOtherPlace || namesOtherPicture(title, pages)),
    elsewhere,
    unnamed,
    marks,
  };
  const isDoubtful =
    [isByName, isOther, isUnsure, doubt.isOtherPart, statement, elsewhere].some(Boolean) ||
    [named, marks, unnamed].some((some) => some.length > 0);
  return isDoubtful ? [doubt] : [];
}

/** The code as marks of titles are compared with it. */
export const toMarkedCode = (
  { best }: Finding,
  pages: readonly Article[],
  own: readonly Concept[] | undefined,
  facts: TitleFacts,
): MarkedCode => ({
  pages,
  telling: marksOf(facts, listOwnCodings(best)),
  names: own?.flatMap(({ title, names }) => [title, ...names]),
});

/** The code, its truncations, and the codes on the path to its articles. */
export function listOwnCodings({ coding: { system }, code, selection }: Resolved): Coding[] {
  const way = (selection?.rows ?? []).flatMap(({ path }) =>
    path.filter(({ kind }) => kind !== 'name' && kind !== 'title'),
  );
  const own = system && code !== undefined ? listTruncations({ system, code }) : [];
  return [...own, ...way.map((step) => ({ system: step.system, code: step.code }))];
}
