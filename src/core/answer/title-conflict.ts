import { listNames, type Article } from '../model/article.js';
import type { SubjectKind } from '../codes/code-systems.js';
import { listTruncations } from '../codes/code-hierarchy.js';
import { codingKey, type Coding, type Concept } from '../codes/concept.js';
import { findDrugPages, findDrugRows, isDrugCode, namesOtherForm, type DrugPagesSource } from '../codes/drug-pages.js';
import {
  isKnownDrug,
  namesOtherDrug,
  namesSameDrug,
  sharesNoIngredient,
  sharesTellingWord,
  tellsForm,
} from '../drugs/other-drug.js';
import { findSubject, findTitle, type RequestCoding, type RequestContext } from './knowledge-request.js';
import type { TitleConflict } from './knowledge-response.js';
import type { Library } from '../model/library.js';
import type { Finding, Resolved } from '../codes/resolve-coding.js';
import { listDefining } from './select-rows.js';
import { agreesWithStatement, readTitleStatement, statementOfPage, type StatementKind } from './stated-otherwise.js';
import { marksOf, statedBy, type TitleFacts } from './title-facts.js';
import { exchangeMark, findOtherMarks, type MarkedCode, type OtherMark } from './title-marks.js';
import { haveStems, isOfFamily, type TitleReadings } from './title-reading.js';
import { LEAST_LETTERS, nameKey, titleKeys, titleTerms } from './title-words.js';
import { flatMap } from '../flat-map.js';

/**
 * A title is about something else if the code's own articles cover less than this much of it, and another article
 * covers this much more. Chosen on 26,000 displays and as many false pairs; tests/mappings/title-conflict.test.ts
 * measures both.
 */
const LEAST_OWN = 0.6;
const LEAST_LEAD = 0.3;
/** Below this the reader of titles is asked, which decides where it can. */
const LEAST_SURE_OWN = 0.85;
/**
 * A clear title consists of known words: not a remark, a name, a misspelling. A single word must be long, as medical
 * words are.
 */
const LEAST_KNOWN = 0.75;
const LEAST_TERMS = 2;
const LEAST_WORD_ALONE = 7;
/** Of ICD-10-CM. */
const CATEGORY_CHARS = 3;

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

/** Equivalent statements: a condition that was ruled out is absent. */
const LIKE: Partial<Record<StatementKind, readonly StatementKind[]>> = {
  negated: ['ruled-out'],
  'ruled-out': ['negated', 'suspected'],
  suspected: ['ruled-out', 'screening', 'exposure'],
  history: ['family-history'],
};

/** SNOMED CT's full names end in what kind of thing they name: `Weight monitoring (regime/therapy)`. */
const SEMANTIC_TAG = /\s*\([a-z /]+\)$/;

/** The articles of a code. */
interface OwnPages {
  readonly pages: readonly Article[];
  /** Those that are about the code's subject: what a diet or a test has in common with other conditions is none of it. */
  readonly defining: readonly Article[];
}

/** A coding whose title may be about something else. */
interface Doubt extends OwnPages {
  readonly finding: Finding;
  readonly title: string;
  /** The articles are those of the title, or of a drug's name. */
  readonly isByName: boolean;
  readonly statement: StatementKind | undefined;
  /** Articles that the title may name instead of the code's own. */
  readonly named: readonly string[];
  /** The title may name something else: the reader of titles decides. */
  readonly isUnsure: boolean;
  /** Numbers, letters or types that the title states and the code's articles do not. */
  readonly marks: readonly OtherMark[];
}

/** The statement of the title, or of the text beside it, that contradicts a code of this kind. */
function findStatement(coding: RequestCoding): StatementKind | undefined {
  const subject = findSubject(coding);
  const allowed = subject ? STATED[subject] : [];
  return flatMap([coding.display, coding.originalText ?? ''], (text) => readTitleStatement(text)?.kind ?? []).find(
    (kind) => allowed.includes(kind),
  );
}

const isWithin = (words: readonly string[], others: readonly string[]): boolean =>
  words.length > 0 && words.every((word) => others.includes(word));

/** Articles that the title names word for word: neither the code's own, nor broader or narrower ones by name. */
function findNamedApart(
  title: string,
  { pages, defining }: OwnPages,
  { words }: TitleFacts,
): readonly string[] | undefined {
  const named = words.namedByTitle(title);
  if (named.length === 0) return undefined;
  const sent = titleKeys(title).map((key) => key.split(' '));
  const own = flatMap(defining, listNames).map((name) => nameKey(name).split(' '));
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
function findCoveredApart(
  title: string,
  { pages, defining }: OwnPages,
  { words }: TitleFacts,
  further?: ReadonlySet<string>,
): Apart {
  const terms = titleTerms(title);
  if (terms.length === 0 || pages.some(({ id }) => !words.has(id))) return NOTHING_APART;
  const names = flatMap(defining, listNames).map(titleTerms);
  if (names.some((name) => isWithin(name, terms))) return NOTHING_APART;
  const ownWords = new Set([...names.flat(), ...(further ?? [])]);
  const [ids, all] = [defining, pages].map((some) => some.map(({ id }) => id));
  const { own, other, others, terms: known } = words.cover(terms, ids ?? [], ownWords, all);
  const long = terms.filter((term) => term.length >= LEAST_LETTERS);
  const isPlain = known >= LEAST_TERMS ? known >= LEAST_KNOWN * long.length : isLongWord(long);
  const isClear = isPlain && own < LEAST_OWN && other - own > LEAST_LEAD;
  return { named: isClear ? others : [], isUnsure: own < LEAST_SURE_OWN && other > own };
}

function findOtherArticles(title: string, own: OwnPages, facts: TitleFacts): Apart {
  const named = findNamedApart(title, own, facts);
  return named ? { named, isUnsure: false } : findCoveredApart(title, own, facts);
}

function findDoubt(finding: Finding, articles: ReadonlyMap<string, Article>, facts: TitleFacts): Doubt[] {
  const { coding, selection } = finding.best;
  const title = findTitle(coding).replace(coding.system === 'snomed-ct' ? SEMANTIC_TAG : '', '');
  const rows = selection?.rows ?? [];
  const toPages = (some: typeof rows): Article[] => flatMap(some, ({ article }) => articles.get(article) ?? []);
  const pages = toPages(rows);
  const own = { pages, defining: toPages(listDefining(rows)) };
  // A match by the title itself contradicts nothing but the drug that the code is.
  const isByName = rows.some(({ path }) => path.some(({ kind }) => kind === 'name' || kind === 'title'));
  if (title === '' || pages.length === 0 || coding.system === 'drug-name') return [];
  const statement = findStatement(coding);
  const { named, isUnsure } = isByName ? NOTHING_APART : findOtherArticles(title, own, facts);
  const marks = isByName ? [] : findOtherMarks(title, toMarkedCode(finding, pages, undefined, facts));
  const isOther =
    isDrugCode(coding) && (tellsForm(title) || !sharesTellingWord(title, flatMap(own.defining, listNames).join(' ')));
  const isDoubtful = isByName || isOther || isUnsure || statement !== undefined || named.length > 0 || marks.length > 0;
  return isDoubtful ? [{ finding, title, ...own, isByName, statement, named, isUnsure, marks }] : [];
}

const toMarkedCode = (
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
function listOwnCodings({ coding: { system }, code, selection }: Resolved): Coding[] {
  const way = flatMap(selection?.rows ?? [], ({ path }) =>
    path.filter(({ kind }) => kind !== 'name' && kind !== 'title'),
  );
  const own = system && code !== undefined ? listTruncations({ system, code }) : [];
  return [...own, ...way.map((step) => ({ system: step.system, code: step.code }))];
}

/** Whether the code's own name makes the same statement: its articles were then chosen for it. */
function hasSameStatement({ finding, pages, statement }: Doubt, own: readonly Concept[], facts: TitleFacts): boolean {
  if (!statement) return true;
  const names = [...flatMap(pages, listNames), ...flatMap(own, ({ title, names: others }) => [title, ...others])];
  if (own.some((code) => [code.title, ...code.names].some((name) => agreesWithStatement(name, statement)))) return true;
  const stated = [
    ...names.map((name) => readTitleStatement(name)?.kind),
    ...listOwnCodings(finding.best).map((coding) => statedBy(facts, coding)),
  ];
  return [statement, ...(LIKE[statement] ?? [])].some((kind) => stated.includes(kind));
}

/** Whether the library's own data on the code removes the doubt. */
function hasSameName(doubt: Doubt, own: readonly Concept[], facts: TitleFacts): boolean {
  const { title, named } = doubt;
  if (named.length === 0) return true;
  const names = flatMap(own, ({ title: name, names: others }) => [name, ...others]);
  if (names.some((name) => nameKey(name) === nameKey(title))) return true;
  if (facts.words.namedByTitle(title).length > 0) return false;
  return findCoveredApart(title, doubt, facts, new Set(flatMap(names, titleTerms))).named.length === 0;
}

/** Articles that the title names instead of the code's own, as far as the reader of titles agrees; undefined if there are none. */
function findNamed(
  doubt: Doubt,
  own: readonly Concept[],
  { facts, library, readings }: JudgedBy,
): readonly string[] | undefined {
  const { finding, title, pages, defining, named, isUnsure } = doubt;
  const reading = isDrugCode(finding.best.coding) ? undefined : readings.get(title);
  const ids = reading?.articles.map(({ id }) => id) ?? [];
  if (reading) {
    const { coding, code = '' } = finding.best;
    const category = coding.system === 'icd-10-cm' ? code.slice(0, CATEGORY_CHARS) : undefined;
    const ownIds = (category === undefined ? defining : pages).map(({ id }) => id);
    const terms = titleTerms(title);
    const isSameName = flatMap(defining, listNames).some((name) => haveStems(titleTerms(name), terms));
    if (isSameName || isOfFamily(reading, ownIds, category, library)) return undefined;
  }
  if (!hasSameName(doubt, own, facts)) return [...ids, ...named];
  if (!isUnsure || reading?.certainty !== 'name') return undefined;
  const names = flatMap(own, ({ title: name, names: others }) => [name, ...others]);
  const isOwn = names.some((name) => nameKey(name) === nameKey(title));
  return isOwn || defining.some(({ id }) => facts.words.leadsTo(title, id)) ? undefined : ids;
}

/** Titles that the reader has to read before they are judged. */
const listUnread = (doubts: readonly Doubt[], readings: TitleReadings): string[] =>
  flatMap(doubts, ({ finding, title, named, isUnsure }) =>
    (isUnsure || named.length > 0) && !isDrugCode(finding.best.coding) && !readings.has(title) ? [title] : [],
  );

/** A conflict of numbers, letters or types, with the articles of the same name but for these. */
function judgeMarks(
  { finding, title, pages, marks }: Doubt,
  own: readonly Concept[],
  facts: TitleFacts,
): TitleConflict | undefined {
  const [mark] = marks.length > 0 ? findOtherMarks(title, toMarkedCode(finding, pages, own, facts)) : [];
  if (!mark) return undefined;
  const ids = new Set(pages.map(({ id }) => id));
  const named = flatMap(exchangeMark(flatMap(pages, listNames), mark), (name) => facts.words.named(name));
  const others = [...new Set(named)].filter((id) => !ids.has(id));
  return { kind: 'marked', statement: undefined, mark: `${mark.label} ${[...mark.values].join(', ')}`, named: others };
}

/**
 * Whether all of the code's pages are about what the title states: whose disease it was, or which, is then no contradiction. A screening is
 * what a test's page is about.
 */
const isOfStatement = ({ pages, statement }: Doubt): boolean =>
  statement !== undefined &&
  pages.every(({ id, kind }) => statementOfPage(id) === statement || (statement === 'screening' && kind === 'test'));

/** What a doubt is judged by. */
type JudgedBy = DrugPagesSource & {
  readonly facts: TitleFacts;
  readonly library: Pick<Library, 'findCodes'>;
  readonly readings: TitleReadings;
};

/**
 * Whether the title names another drug than the code is. A code's own pages are doubted only if no ingredient is the same. Two drugs may
 * have one page: divalproex and valproic acid.
 */
function isOtherDrug({ finding, title, isByName, pages }: Doubt, own: readonly Concept[], by: JudgedBy): boolean {
  const { drugs } = by;
  if (!drugs || !isDrugCode(finding.best.coding)) return false;
  const isOther = isByName ? namesOtherDrug : sharesNoIngredient;
  return own.some(({ system, title: name }) => {
    if (system === 'drug-name' || !isOther(title, name, drugs)) return false;
    const ofName = new Set(findDrugRows(isByName ? name : title, by).map(({ article }) => article));
    return isByName ? !pages.every(({ id }) => ofName.has(id)) : !pages.some(({ id }) => ofName.has(id));
  });
}

/** Whether the title names the drug that the code is, by a name that leads to no other page: another route's. */
function isSameDrug({ finding, title, pages }: Doubt, own: readonly Concept[], by: JudgedBy): boolean {
  const { drugs } = by;
  if (!drugs || !isDrugCode(finding.best.coding)) return false;
  if (!own.some((code) => namesSameDrug(title, code.title, drugs))) return false;
  const ofTitle = findDrugPages(title, by);
  return ofTitle.length === 0 || pages.some(({ id }) => ofTitle.includes(id));
}

function judge(doubt: Doubt, own: readonly Concept[], by: JudgedBy): TitleConflict | undefined {
  const { facts } = by;
  const { finding, title, isByName, statement, named } = doubt;
  const ofTitle = (ids = named): Pick<TitleConflict, 'named' | 'isDrug'> => {
    const isDrug = !isByName && by.drugs && isDrugCode(finding.best.coding) && isKnownDrug(title, by.drugs);
    return isDrug ? { named: findDrugPages(title, by), isDrug } : { named: ids };
  };
  if (isOfStatement(doubt)) return undefined;
  const isOtherForm = !isByName && namesOtherForm(title, own, doubt.pages, by);
  if (isOtherForm || isOtherDrug(doubt, own, by)) return { kind: 'named', statement: undefined, ...ofTitle() };
  if (statement && !hasSameStatement(doubt, own, facts)) return { kind: 'stated', statement, named: [] };
  const other = findNamed(doubt, own, by);
  if (other && !isSameDrug(doubt, own, by)) return { kind: 'named', statement: undefined, ...ofTitle(other) };
  return judgeMarks(doubt, own, facts);
}

/**
 * Finds the codings whose title contradicts their code: it clearly names something whose articles differ from the
 * code's and are neither broader nor narrower; or it states about its subject what the code's own name does not
 * (denied, ruled out, a relative's, over, screened for, an exposure); or another number, letter or type of the same
 * (type 1 for type 2, hepatitis B for C), where the articles differ with it. A title without words of any article is ignored.
 * Synchronous, with one call to the library if there is a doubt, and one more for a drug that the title may not name.
 * @param articles those of the findings' rows, by id
 * @param readings of titles by the reader of lines; `unread` are those that it should read before this is called again
 */
export function findTitleConflicts(
  findings: readonly Finding[],
  articles: ReadonlyMap<string, Article>,
  library: Pick<Library, 'status' | 'findConcepts' | 'findMappings' | 'findCodes'>,
  readings: TitleReadings = new Map(),
): { readonly conflicts: ReadonlyMap<Finding, TitleConflict>; readonly unread: readonly string[] } {
  const { titleFacts: facts, drugFacts: drugs } = library.status();
  if (!facts) return { conflicts: new Map(), unread: [] };
  const doubts = flatMap(findings, (finding) => findDoubt(finding, articles, facts));
  if (doubts.length === 0) return { conflicts: new Map(), unread: [] };
  const concepts = library.findConcepts(flatMap(doubts, ({ finding }) => listOwnCodings(finding.best)));
  const known = new Map(concepts.map((concept) => [codingKey(concept), concept]));
  const findMappings: Library['findMappings'] = (codings) => library.findMappings(codings);
  const conflicts = flatMap(doubts, (doubt) => {
    const own = flatMap(listOwnCodings(doubt.finding.best), (coding) => known.get(codingKey(coding)) ?? []);
    const conflict = judge(doubt, own, { facts, drugs, findMappings, library, readings });
    return conflict ? [[doubt.finding, conflict] as const] : [];
  });
  return { conflicts: new Map(conflicts), unread: listUnread(doubts, readings) };
}

/**
 * Whether both readings are shown: to clinicians, who can decide which is meant; never if a patient works the screen.
 */
export const seesConflicts = ({ performer, recipient }: RequestContext): boolean =>
  performer === 'PROV' || (recipient === 'PROV' && performer !== 'PAT');
