import { listNames, type Article } from '../model/article.js';
import { codingKey, type Concept } from '../codes/concept.js';
import { findDrugPages, findDrugRows, isDrugCode, namesOtherForm, type DrugPagesSource } from '../codes/drug-pages.js';
import { isKnownDrug, namesOtherDrug, namesSameDrug, sharesNoIngredient } from '../drugs/other-drug.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import type { TitleConflict } from '../answer/knowledge-response.js';
import type { Library } from '../model/library.js';
import type { Finding, Resolved } from '../codes/resolve-coding.js';
import { namesSameInjury } from './injuries.js';
import { namesGraveSubject } from '../policy/grave-subjects.js';
import { agreesWithStatement, readTitleStatement, statementOfPage, type StatementKind } from './stated-otherwise.js';
import { findFamilyHistoryCode } from './family-history.js';
import { findCoveredApart, findDoubt, listOwnCodings, toMarkedCode, type TitleDoubt } from './title-doubt.js';
import { statedBy, type TitleFacts } from './title-facts.js';
import { haveStems, includesByName, includesIllness, isOfFamily } from './title-family.js';
import { exchangeMark, findOtherMarks } from './title-marks.js';
import type { TitleReading, TitleReadings } from './title-reading.js';
import { readDataFile } from '../read-data-file.js';
import { isWithin, nameKey, titleTerms } from './title-words.js';

/** Systems whose codes begin with a category of ICD-10-CM. */
const IN_CATEGORIES: ReadonlySet<string | undefined> = new Set(['icd-10-cm', 'icd-10']);
const CATEGORY_CHARS = 3;

const listConceptNames = ({ title, names }: Concept): string[] => [title, ...names];

/** Equivalent statements: a condition that was ruled out is absent. */
const LIKE: Partial<Record<StatementKind, readonly StatementKind[]>> = {
  negated: ['ruled-out'],
  'ruled-out': ['negated', 'suspected'],
  suspected: ['ruled-out', 'screening', 'exposure'],
  history: ['family-history'],
};

/** Whether the code's own name makes the same statement: its articles were then chosen for it. */
function hasSameStatement(
  { finding, pages, statement }: TitleDoubt,
  own: readonly Concept[],
  facts: TitleFacts,
): boolean {
  if (!statement) return true;
  const names = [...pages.flatMap(listNames), ...own.flatMap(listConceptNames)];
  if (own.some((code) => [code.title, ...code.names].some((name) => agreesWithStatement(name, statement)))) return true;
  const stated = [
    ...names.map((name) => readTitleStatement(name)?.kind),
    ...listOwnCodings(finding.best).map((coding) => statedBy(facts, coding)),
  ];
  return [statement, ...(LIKE[statement] ?? [])].some((kind) => stated.includes(kind));
}

/** Whether the library's own data on the code removes the doubt. */
function hasSameName(doubt: TitleDoubt, own: readonly Concept[], facts: TitleFacts): boolean {
  const { title, named } = doubt;
  if (named.length === 0) return true;
  const names = own.flatMap(listConceptNames);
  const terms = titleTerms(title);
  // A part of the code's own name: `Subarachnoid hemorrhage` of a traumatic one. A word alone may be a wider thing.
  const isPart = (name: string): boolean => terms.length > 1 && isWithin(terms, titleTerms(name));
  if (names.some((name) => nameKey(name) === nameKey(title) || isPart(name))) return true;
  if (facts.words.namedByTitle(title).length > 0) return false;
  return findCoveredApart(title, doubt, facts, new Set(names.flatMap(titleTerms))).named.length === 0;
}

/** True if a title names the injury that a code of ICD-10-CM is: its kind, and its part of the body where the code has one. */
const isSameInjury = ({ coding: { system }, code = '' }: Resolved, title: string): boolean =>
  IN_CATEGORIES.has(system) && namesSameInjury(title, code);

/** Articles that the title names instead of the code's own, as far as the reader of titles agrees; undefined if there are none. */
function findNamed(
  doubt: TitleDoubt,
  own: readonly Concept[],
  { facts, library, readings }: JudgedBy,
): readonly string[] | undefined {
  const { finding, title, pages, defining, named, isUnsure } = doubt;
  const reading = isDrugCode(finding.best.coding) ? undefined : readings.get(title);
  const ids = reading?.articles.map(({ id }) => id) ?? [];
  const pageIds = pages.map(({ id }) => id);
  if (includesByName(title, pageIds) || isSameInjury(finding.best, title)) return undefined;
  if (reading) {
    const { coding, code = '' } = finding.best;
    const category = IN_CATEGORIES.has(coding.system) ? code.slice(0, CATEGORY_CHARS) : undefined;
    const ownIds = category === undefined ? defining.map(({ id }) => id) : pageIds;
    const terms = titleTerms(title);
    const isSameName = defining.flatMap(listNames).some((name) => haveStems(titleTerms(name), terms));
    if (isSameName || isOfFamily(reading, ownIds, category, library)) return undefined;
    if (category !== undefined && includesIllness(code, reading, library)) return undefined;
  }
  if (!hasSameName(doubt, own, facts)) return isUnconfirmed(doubt, reading, facts) ? undefined : [...ids, ...named];
  if (!isUnsure || reading?.certainty !== 'name') return undefined;
  const names = own.flatMap(listConceptNames);
  const isOwn = names.some((name) => nameKey(name) === nameKey(title));
  return isOwn || defining.some(({ id }) => facts.words.leadsTo(title, id)) ? undefined : ids;
}

/** Words of a title of which a page is on a part of the body or a class of things: it contradicts no title on the same part. */
const WIDE: ReadonlySet<string> = new Set(readDataFile('titles/wide-pages.yaml') as readonly string[]);

/** True if what a title may name is no certain other thing: only words of it suit, and the reader of titles finds another page; or a wide page. */
function isUnconfirmed(
  { title, named, defining }: TitleDoubt,
  reading: TitleReading | undefined,
  { words }: TitleFacts,
): boolean {
  if (!reading || reading.certainty !== 'weak' || words.namedByTitle(title).length > 0) return false;
  const terms = titleTerms(title);
  const sharesWord = defining.flatMap(listNames).some((name) => titleTerms(name).some((term) => terms.includes(term)));
  const isWide = named.every((id) => WIDE.has(id));
  return sharesWord && (isWide || !reading.articles.some(({ id }) => named.includes(id)));
}

/** Titles that the reader has to read before they are judged. */
const listUnread = (doubts: readonly TitleDoubt[], readings: TitleReadings): string[] =>
  doubts.flatMap(({ finding, title, named, isUnsure, isOtherInjury, unnamed }) =>
    (isUnsure || isOtherInjury || named.length > 0 || unnamed.length > 0) &&
    !isDrugCode(finding.best.coding) &&
    !readings.has(title)
      ? [title]
      : [],
  );

/** A conflict of numbers, letters or types, with the articles of the same name but for these. */
function judgeMarks(
  { finding, title, pages, marks }: TitleDoubt,
  own: readonly Concept[],
  facts: TitleFacts,
): TitleConflict | undefined {
  const [mark] = marks.length > 0 ? findOtherMarks(title, toMarkedCode(finding, pages, own, facts)) : [];
  if (!mark) return undefined;
  const ids = new Set(pages.map(({ id }) => id));
  const named = exchangeMark(pages.flatMap(listNames), mark).flatMap((name) => facts.words.named(name));
  const others = [...new Set(named)].filter((id) => !ids.has(id));
  return { kind: 'marked', statement: undefined, mark: `${mark.label} ${[...mark.values].join(', ')}`, named: others };
}

/**
 * Whether all of the code's pages are about what the title states: whose disease it was, or which, is then no contradiction. A screening is
 * what a test's page is about.
 */
const isOfStatement = ({ pages, statement }: TitleDoubt): boolean =>
  statement !== undefined &&
  pages.every(({ id, kind }) => statementOfPage(id) === statement || (statement === 'screening' && kind === 'test'));

/** Facts and lookups by which a doubt is judged. */
type JudgedBy = DrugPagesSource & {
  readonly facts: TitleFacts;
  readonly library: Pick<Library, 'findCodes'>;
  readonly readings: TitleReadings;
};

/**
 * Whether the title names another drug than the code is. A code's own pages are doubted only if no ingredient is the same. Two drugs may
 * have one page: divalproex and valproic acid.
 */
function isOtherDrug({ finding, title, isByName, pages }: TitleDoubt, own: readonly Concept[], by: JudgedBy): boolean {
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
function isSameDrug({ finding, title, pages }: TitleDoubt, own: readonly Concept[], by: JudgedBy): boolean {
  const { drugs } = by;
  if (!drugs || !isDrugCode(finding.best.coding)) return false;
  if (!own.some((code) => namesSameDrug(title, code.title, drugs))) return false;
  const ofTitle = findDrugPages(title, by);
  return ofTitle.length === 0 || pages.some(({ id }) => ofTitle.includes(id));
}

/** Words that a screening's name has beside what it looks for. */
const OF_SCREENING: ReadonlySet<string> = new Set(
  [
    'screening',
    'encounter',
    'test',
    'special',
    'routine',
    'cancer',
    'malignant',
    'neoplasm',
    'disease',
    'disorder',
  ].flatMap(titleTerms),
);

/** True if title and code are both a screening for the same: `Colon cancer screening` of a malignant neoplasm of the colon. */
const isSameScreening = ({ statement, title }: TitleDoubt, own: readonly Concept[]): boolean =>
  statement === 'screening' &&
  own.flatMap(listConceptNames).some((name) => {
    const terms = titleTerms(name);
    return titleTerms(title).some((term) => terms.includes(term) && !OF_SCREENING.has(term));
  });

/** Articles that a title is read as. */
const listRead = ({ title }: Pick<TitleDoubt, 'title'>, { readings }: Pick<JudgedBy, 'readings'>): readonly string[] =>
  readings.get(title)?.articles.map(({ id }) => id) ?? [];

/**
 * Articles of other subjects in place of grave ones that neither title nor code names (rule 12 of curation); undefined if one of them does, or the
 * title is read as one of the code's articles.
 */
function findInPlaceOfGrave(
  { title, defining, unnamed }: TitleDoubt,
  own: readonly Concept[],
  { readings }: JudgedBy,
): readonly string[] | undefined {
  const names = own.flatMap(listConceptNames);
  const isNamed = unnamed.every((article) => names.some((name) => namesGraveSubject(name, article)));
  const ids = listRead({ title }, { readings });
  return isNamed || defining.some(({ id }) => ids.includes(id)) ? undefined : ids;
}

/** The articles on a family history of what the code is. */
function listFamilyHistory({ defining: [first] }: TitleDoubt, { library, findMappings }: JudgedBy): string[] {
  const code = first && findFamilyHistoryCode(first.id, library);
  return code ? findMappings([code]).flatMap(({ article }) => article ?? []) : [];
}

function judge(doubt: TitleDoubt, own: readonly Concept[], by: JudgedBy): TitleConflict | undefined {
  const { facts } = by;
  const { finding, title, isByName, statement, named } = doubt;
  const ofTitle = (ids = named): Pick<TitleConflict, 'named' | 'isDrug'> => {
    const isDrug = !isByName && by.drugs && isDrugCode(finding.best.coding) && isKnownDrug(title, by.drugs);
    return isDrug ? { named: findDrugPages(title, by), isDrug } : { named: ids };
  };
  if (isOfStatement(doubt)) return undefined;
  const isOtherForm = !isByName && namesOtherForm(title, own, doubt.pages, by);
  if (isOtherForm || isOtherDrug(doubt, own, by)) return { kind: 'named', statement: undefined, ...ofTitle() };
  if (statement && !hasSameStatement(doubt, own, facts))
    return { kind: 'stated', statement, named: statement === 'family-history' ? listFamilyHistory(doubt, by) : [] };
  if (isSameScreening(doubt, own)) return undefined;
  const other = doubt.isOtherInjury ? listRead(doubt, by) : findNamed(doubt, own, by);
  if (other && !isSameDrug(doubt, own, by)) return { kind: 'named', statement: undefined, ...ofTitle(other) };
  const inPlace = findInPlaceOfGrave(doubt, own, by);
  return inPlace ? { kind: 'named', statement: undefined, named: inPlace } : judgeMarks(doubt, own, facts);
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
  const doubts = findings.flatMap((finding) => findDoubt(finding, articles, facts));
  if (doubts.length === 0) return { conflicts: new Map(), unread: [] };
  const concepts = library.findConcepts(doubts.flatMap(({ finding }) => listOwnCodings(finding.best)));
  const known = new Map(concepts.map((concept) => [codingKey(concept), concept]));
  const findMappings: Library['findMappings'] = (codings) => library.findMappings(codings);
  const conflicts = doubts.flatMap((doubt) => {
    const own = listOwnCodings(doubt.finding.best).flatMap((coding) => known.get(codingKey(coding)) ?? []);
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
