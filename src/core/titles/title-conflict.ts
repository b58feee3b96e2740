import { listNames, type Article } from '../model/article.js';
import { codingKey, listConceptNames, type Concept } from '../codes/concept.js';
import { findDrugPages, findDrugRows, isDrugCode, namesOtherForm } from '../codes/drug-pages.js';
import { isKnownDrug, namesOtherDrug, namesSameDrug, sharesNoIngredient } from '../drugs/other-drug.js';
import type { RequestContext } from '../answer/knowledge-request.js';
import type { TitleConflict } from '../answer/knowledge-response.js';
import type { Library } from '../model/library.js';
import type { Finding } from '../codes/resolve-coding.js';
import { foldText } from '../search/text-tokens.js';
import { namesGraveSubject } from '../policy/grave-subjects.js';
import { findWithin, type StatementKind } from './statements/around-illness.js';
import { agreesWithStatement, readTitleStatement, statementOfPage } from './statements/stated-otherwise.js';
import { createIllnessReader } from './statements/find-illness.js';
import { findFamilyHistoryCode } from './statements/family-history.js';
import { findCategory, findDoubt, listOwnCodings, toMarkedCode, type TitleDoubt } from './title-doubt.js';
import { statedBy, type TitleFacts } from './title-facts.js';
import { exchangeMark, findOtherMarks } from './title-marks.js';
import { findNamed, toReadable, type JudgedBy } from './find-named.js';
import { isNameByIndex } from './name-by-index.js';
import type { TitleReadings } from './title-reading.js';
import { titleTerms } from './title-words.js';

/** Equivalent statements: a condition that was ruled out is absent. */
const LIKE: Partial<Record<StatementKind, readonly StatementKind[]>> = {
  negated: ['ruled-out'],
  'ruled-out': ['negated', 'suspected'],
  suspected: ['ruled-out', 'screening', 'exposure'],
  history: ['family-history'],
};

/** Names of codes that are not above another of them: the class `epilepsy and recurrent seizures` is true of none in particular. */
const listNearestNames = (own: readonly Concept[]): string[] =>
  own
    .filter(
      ({ system, code }) => !own.some((one) => one.system === system && one.code.startsWith(code) && one.code !== code),
    )
    .flatMap(listConceptNames);

/** Words of statements that are a part of other names: `Old blood trapped`. Beside these a subject is known, or one of the code's. */
const PART_OF_NAME = /^(?:old|past|had|former|remote|distant)$/;

/** Words of a pregnancy and of a mother in titles and in names of codes, and words by which a pregnancy or an illness is over. */
const OF_PREGNANCY = /pregnan|embaraz|puerper|p[ou]stpart/i;
const OF_MOTHER = /\b(?:mother|maternal|mom|mum|madre)\b/i;
const IS_OVER =
  /\b(?:prior|previous|last|earlier|past|previ[oa]|anterior|history|hx|h\/o|s\/p|ago|resolved|resuelto|(?:19|20)\d\d|hace|antecedentes?)\b/i;

/** True if what a title states is the code's own subject: `Smoking while pregnant`, a newborn's illness by its mother's. */
function isOfCode(title: string, statement: StatementKind, own: readonly Concept[]): boolean {
  const words = statement === 'history' ? OF_PREGNANCY : statement === 'family-history' ? OF_MOTHER : undefined;
  return words?.test(title) === true && !IS_OVER.test(title) && own.some(({ title: name }) => words.test(name));
}

/** Codes of injuries that are over, but for what they left. */
const OF_SEQUELA = /^[ST][\w.]{6}S$/;
/** A clot that a code's name calls `chronic` is `old` in a title. */
const [OLD, CHRONIC] = ['old', /\bchronic\b/i];
/** A shorter cue may be a part of any name. */
const LEAST_CUE = 5;

/** True if the code's name has the words of a statement itself: a growth of uncertain behavior, an old clot, a sequela. */
function hasOwnCue({ finding, statement }: TitleDoubt, phrase: string, names: readonly string[]): boolean {
  const isSequela = findCategory(finding.best) !== undefined && OF_SEQUELA.test(finding.best.code ?? '');
  if (statement === 'history' && isSequela) return true;
  if (phrase === OLD) return names.some((name) => CHRONIC.test(name));
  const cues = phrase.split(' ').filter((word) => word.length >= LEAST_CUE);
  return names.some((name) =>
    foldText(name)
      .split(' ')
      .some((word) => cues.includes(word)),
  );
}

/** Whether the code's own name makes the same statement: its articles were then chosen for it. */
function hasSameStatement(
  doubt: TitleDoubt,
  own: readonly Concept[],
  { facts, findIllness }: Pick<JudgedBy, 'facts' | 'findIllness'>,
): boolean {
  const { finding, title, pages, statement } = doubt;
  if (!statement) return true;
  if (isOfCode(title, statement, own)) return true;
  const { subject = title, phrase = '' } = readTitleStatement(title, findIllness) ?? {};
  const nearest = listNearestNames(own);
  if (hasOwnCue(doubt, phrase, nearest)) return true;
  if (nearest.some((name) => agreesWithStatement(name, statement, subject))) return true;
  const terms = titleTerms(subject);
  const names = [...pages.flatMap(listNames), ...own.flatMap(listConceptNames)];
  const isKnown =
    findWithin(subject.split(' '), findIllness.find) ?? names.flatMap(titleTerms).some((term) => terms.includes(term));
  if (PART_OF_NAME.test(phrase) && !isKnown) return true;
  const stated = [
    ...pages.flatMap(listNames).map((name) => readTitleStatement(name)?.kind),
    ...own.flatMap(listConceptNames).map((name) => readTitleStatement(name, findIllness)?.kind),
    ...listOwnCodings(finding.best).map((coding) => statedBy(facts, coding)),
  ];
  return [statement, ...(LIKE[statement] ?? [])].some((kind) => stated.includes(kind));
}

/** Titles that the reader has to read before they are judged. */
const listUnread = (doubts: readonly TitleDoubt[], readings: TitleReadings): string[] =>
  doubts.flatMap(({ finding, title, named, isUnsure, isOtherPart, elsewhere, unnamed }) =>
    (isUnsure || isOtherPart || elsewhere || named.length > 0 || unnamed.length > 0) &&
    !isDrugCode(finding.best.coding) &&
    !readings.has(toReadable(title))
      ? [toReadable(title)]
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
  pages.every(
    ({ id, kind, texts }) =>
      statementOfPage(id) === statement ||
      (statement === 'screening' && (kind === 'test' || /\b(?:vaccin|immuniz)/i.test(texts.en?.title ?? ''))),
  );

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
  readings.get(toReadable(title))?.articles.map(({ id }) => id) ?? [];

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
  const isAbsence = (): boolean => statement === 'negated' && isNameByIndex(doubt, own, by);
  if (statement && !hasSameStatement(doubt, own, by) && !isAbsence())
    return { kind: 'stated', statement, named: statement === 'family-history' ? listFamilyHistory(doubt, by) : [] };
  if (isSameScreening(doubt, own)) return undefined;
  const other = doubt.isOtherPart ? listRead(doubt, by) : findNamed(doubt, own, by);
  if (other && !isSameDrug(doubt, own, by))
    return isNameByIndex(doubt, own, by) ? undefined : { kind: 'named', statement: undefined, ...ofTitle(other) };
  const inPlace = findInPlaceOfGrave(doubt, own, by);
  return inPlace ? { kind: 'named', statement: undefined, named: inPlace } : judgeMarks(doubt, own, facts);
}

/**
 * Finds the codings whose title contradicts their code: it clearly names something whose articles differ from the
 * code's and are neither broader nor narrower; or it states about its subject what the code's own name does not
 * (denied, ruled out, a relative's, over, screened for, an exposure); or another number, letter or type of the same
 * (type 1 for type 2, hepatitis B for C), where the articles differ with it. A title without words of any article is ignored.
 * Synchronous, with one call to the library, and one more for a drug that the title may not name.
 * @param articles those of the findings' rows, by id
 * @param readings of titles by the reader of lines; `unread` are those that it should read before this is called again
 */
export function findTitleConflicts(
  findings: readonly Finding[],
  articles: ReadonlyMap<string, Article>,
  library: Pick<Library, 'status' | 'findConcepts' | 'findMappings' | 'findCodes' | 'findArticles'>,
  readings: TitleReadings = new Map(),
): { readonly conflicts: ReadonlyMap<Finding, TitleConflict>; readonly unread: readonly string[] } {
  const { titleFacts: facts, drugFacts: drugs } = library.status();
  if (!facts) return { conflicts: new Map(), unread: [] };
  const findIllness = createIllnessReader(facts, library);
  const concepts = library.findConcepts(findings.flatMap(({ best }) => listOwnCodings(best)));
  const known = new Map(concepts.map((concept) => [codingKey(concept), concept]));
  const doubts = findings.flatMap((finding) => {
    const [coding] = listOwnCodings(finding.best);
    const concept = coding && known.get(codingKey(coding));
    return findDoubt(finding, { articles, concept }, facts, findIllness);
  });
  const findMappings: Library['findMappings'] = (codings) => library.findMappings(codings);
  const conflicts = doubts.flatMap((doubt) => {
    const own = listOwnCodings(doubt.finding.best).flatMap((coding) => known.get(codingKey(coding)) ?? []);
    const conflict = judge(doubt, own, { facts, drugs, findMappings, library, readings, findIllness });
    return conflict ? [[doubt.finding, conflict] as const] : [];
  });
  return { conflicts: new Map(conflicts), unread: listUnread(doubts, readings) };
}

/**
 * Whether both readings are shown: to clinicians, who can decide which is meant; never if a patient works the screen.
 */
export const seesConflicts = ({ performer, recipient }: RequestContext): boolean =>
  performer === 'PROV' || (recipient === 'PROV' && performer !== 'PAT');
