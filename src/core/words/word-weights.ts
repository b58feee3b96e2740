import { readDataFile } from '../read-data-file.js';
import { foldPlural, foldText } from '../search/text-tokens.js';

/** Weight that a word adds to a search: 1 of its own, a part of that as a qualifier, nothing as a unit or a question word. */
const QUALIFIER_WEIGHT = 0.25;

const LISTS = readDataFile('search/word-weights.yaml') as Readonly<
  Record<
    | 'units'
    | 'forms'
    | 'qualifiers'
    | 'people'
    | 'ofPages'
    | 'asking'
    | 'aboutDrugs'
    | 'beforeLetters'
    | 'telling'
    | 'slang'
    | 'makers'
    | 'directions',
    string
  >
>;

const toFoldedSet = (words: string): ReadonlySet<string> =>
  new Set(words.split(' ').flatMap((word) => [word, foldPlural(word)]));

/** Units of strengths and quantities. */
const UNITS = toFoldedSet(LISTS.units);
/** Forms, routes and frequencies: how a drug is taken, not which one. */
const FORMS = toFoldedSet(LISTS.forms);
/** Words that distinguish cases of one thing, not things: they identify no page. */
const QUALIFIERS = toFoldedSet(LISTS.qualifiers);
/** Whom it is about: pages for them come first where they are there. */
const PEOPLE = toFoldedSet(LISTS.people);
/** Words by which the titles of pages on one thing differ, as terms. */
const OF_PAGES: ReadonlySet<string> = new Set(LISTS.ofPages.split(' ').map(foldPlural));
/** Words that people write around the thing that they look for. */
const ASKING = toFoldedSet(LISTS.asking);
/** Questions about a drug: its name means the same without them. */
const ABOUT_A_DRUG = toFoldedSet(LISTS.aboutDrugs);
/** Behind these a letter is a name: everywhere else `a` is an article, or the Spanish for `to`. */
const BEFORE_A_LETTER = toFoldedSet(LISTS.beforeLetters);

/** Words that tell what a line is about whatever stands beside them. */
const TELLING = toFoldedSet(LISTS.telling);

/** Names of street drugs that are everyday words, of single letters too. */
const SLANG = toFoldedSet(LISTS.slang);

/** Whether a name is an everyday word by which a street drug is called as well: `ice`, `goma`, `H`. */
export const isSlang = (name: string): boolean => name.length < 2 || SLANG.has(foldText(name));

/** A number, perhaps with its unit or as a ratio: 500, 2.5, 500mg, 5-325. */
const NUMBER = /^\d+(?:\.\d+)?$/;
const STRENGTH = /^\d+(?:\.\d+)?(?:mg|mcg|ug|g|gm|kg|ml|l|cc|unt|units?|iu|ui|meq|mmol|mci|hr|h|pct)$/;

/** Small words that a question makes meaningless: `what is a burn`, `how long does it last`, `que comer si tengo gota`. */
const BEHIND_HOW = toFoldedSet('long often much many dura tarda');
const HOW = toFoldedSet('how cuanto');

/** Whether a small word belongs to the question around what is looked for; the letter of `hepatitis A` does not. */
function isOfQuestion(words: readonly string[], at: number): boolean {
  const [word = '', before = '', next = ''] = [words[at], words[at - 1], words[at + 1]];
  if (word === 'a') return next !== '' && !BEFORE_A_LETTER.has(before);
  // The Spanish for `and`; at an end it is the chromosome.
  if (word === 'y') return before !== '' && next !== '';
  return word === 'si' ? ASKING.has(next) : BEHIND_HOW.has(word) && HOW.has(before);
}

/** Whether a word, folded, is one of a question. */
export const isAsking = (word: string): boolean => ASKING.has(word);

/** Whether a word is written around what is looked for; in `hay fever` it is grass and not Spanish. */
const isOfAsking = (words: readonly string[], at: number): boolean =>
  ASKING.has(words[at] ?? '') && !(words[at] === 'hay' && words[at + 1] === 'fever');

/** Whether a word only tells one case of a thing from another: `acute`, `attack`. */
export const isQualifier = (word: string): boolean => QUALIFIERS.has(word);

/** Whether a term only tells which of the pages on a thing a title is: `discharge`, `test`. */
export const isOfPages = (term: string): boolean => OF_PAGES.has(term);

/** Whether a word, folded, tells what a line is about whatever stands beside it: `gout`. */
export const isTelling = (word: string): boolean => TELLING.has(word);
/** Behind a number they tell how old or how long: `20 weeks pregnant`, `bebé de 6 meses`. */
const TIMES = toFoldedSet('day days week weeks month months year years dia dias semana semanas mes meses ano anos');
/** Whether a word tells how long or how old; no other word begins so: `un mes` is no mesothelioma. */
export const isTimeWord = (word: string): boolean => TIMES.has(word);
const isTime = (word = '', next = ''): boolean => /^\d{1,3}$/.test(word) && TIMES.has(next);

/** Whether a word tells whom a line is about: `child`, `hijo`. */
export const isPerson = (word: string): boolean => PEOPLE.has(word);

/** Word of denial: the denied thing tells the page; `niño no come` is no order not to resuscitate. */
const DENIAL = 'no';

const isUnit = (word: string): boolean => UNITS.has(word) || STRENGTH.test(word);

/** Whether a word is only about the form, route or dose of a drug. */
export const isDoseWord = (word: string): boolean => isUnit(word) || FORMS.has(word) || NUMBER.test(word);

/** Words of directions beside form, route and frequency. */
const DIRECTIONS: ReadonlySet<string> = new Set(LISTS.directions.split(' '));

/** Whether a word belongs to how to take something: `take`, `mouth`. */
export const isDirection = (word: string): boolean => DIRECTIONS.has(word);

/** Whether a word is a number, perhaps with its unit: the result in `cholesterol 280`, not what the line is about. */
export const isNumber = (word: string): boolean => NUMBER.test(word) || STRENGTH.test(word);

/** Whether a line, folded, doses a drug: it holds a strength, and that is no result of a laboratory. */
export const isDosed = (words: readonly string[]): boolean =>
  !words.includes('dl') &&
  words.some((word, at) => STRENGTH.test(word) || (NUMBER.test(word) && UNITS.has(words[at + 1] ?? '')));

/**
 * For each word of a query what it weighs, 0 to 1. Units, question words, and in a line with a strength also numbers, forms
 * and routes weigh nothing; forms in other lines and qualifiers weigh little, since "oral cancer" is a cancer.
 * @param words folded, stop words left out
 */
export function weighWords(words: readonly string[]): number[] {
  const isOfDose = isDosed(words);
  return words.map((word, at) => {
    // A repeated word tells nothing more: three sevens are no name with a seven.
    if (words.indexOf(word) < at) return 0;
    if (isOfQuestion(words, at) || (word === DENIAL && words.length > 1)) return 0;
    if (isUnit(word) && words.length > 1) return 0;
    if (isTime(word, words[at + 1]) || isTime(words[at - 1], word)) return 0;
    if (isOfDose && (NUMBER.test(word) || FORMS.has(word))) return 0;
    if (isOfAsking(words, at)) return 0;
    return FORMS.has(word) || QUALIFIERS.has(word) || PEOPLE.has(word) ? QUALIFIER_WEIGHT : 1;
  });
}

/** A line without the question about the drug that it may name: `metformin side effects` → `metformin`. */
export const withoutDrugQuestion = (line: string): string =>
  line
    .split(/\s+/)
    .filter((word) => {
      const folded = foldText(word).replace(/[^\p{L}\p{N}]+/gu, '');
      return !ABOUT_A_DRUG.has(folded) && !ASKING.has(folded);
    })
    .join(' ');

/** Before or behind these `ca` is cancer; in other lines it may be calcium. */
const ORGANS =
  'breast|lung|colon|colorectal|rectal|prostate|bladder|kidney|renal|liver|thyroid|ovarian|cervical|endometrial|uterine|' +
  'pancreatic|pancreas|gastric|stomach|esophageal|brain|bone|skin|oral|throat|neck|laryngeal|testicular|anal|gallbladder';

const MAKERS = LISTS.makers.replaceAll(' ', '|');
const MAKER = new RegExp(String.raw`\s?\(?\b(?:${MAKERS})(?:[ -](?:biontech|pasteur))?\b\)?`, 'gi');

/** A line without who made it, beside what it is: `COVID-19 vaccine (Pfizer)`. */
function withoutMakers(line: string): string {
  const rest = line.replace(MAKER, '').trim();
  return /^\W*(?:(?:booster|shot|dose)\W*)?$/i.test(rest) ? line : rest;
}

/** Shorthand of charts, written out. */
const SHORTHAND: readonly (readonly [RegExp, string])[] = [
  [/(^|\s)d\/o(?=\s|$)/gi, '$1disorder'],
  [/(^|\s)s\/p(?=\s|$)/gi, '$1status post'],
  [/(^|\s)[cw]\/(?=\s)/gi, '$1with'],
  [/(?<=[a-z)] )(?:2\/2|d\/t)(?= [a-z])/gi, 'due to'],
  // With such a word it is no order to stop a medicine.
  [/(^|\s)d\/?c(?=\s+(?:instructions?|inst|teaching|education|paperwork)(?:\s|$))/gi, '$1discharge'],
  [/(?<=\S\s)discharge (?:instructions?|inst|teaching|education|info|papers|paperwork)$/i, 'discharge'],
  [/(?<=[a-z]{3} )d\/c(?: home)?$/i, 'discharge'],
  // A finding of a urinalysis, but for what follows it in the laboratory.
  [
    /^(?:ua|u\/a|urinalysis) (?:with|w\/|shows?|showing|(?:is )?pos(?:itive)? for|\+) ?(?!reflex|micro|culture|c&s)(?=\S)(.{1,40})$/i,
    '$1 in urine',
  ],
  // An instruction, which denies nothing.
  [
    /^no (?=(?:bathing|bending|driving|exercising|flying|heavy lifting|kneeling|lifting|running|smoking|straining|swimming)\s)/i,
    '',
  ],
  [
    /^no (?:added )?(?=(?:alcohol|caffeine|coffee|dairy|gluten|grapefruit|salt|sodium|sugar)\s(?!(?:diets?|added)\b)\S)/i,
    '',
  ],
  // A place where something happened.
  [/(?<=\S)(?<!\bgo(?:ing)?) (?:in|from|at) (?:the )?(?:ED|ER)(?=[\s,;.]|$)/g, ''],
  [/\bepi[- ]pens?\b(?! training)/gi, 'epinephrine auto-injector'],
  [/(^|\s)leuks?(?=\s|$)/gi, '$1leukocytes'],
  // Back is a part of the body.
  [/\b(?:go|going|get|getting) back to(?= [a-z])/gi, 'return to'],
  [/(^|\s)b\/l(?=\s|$)/gi, '$1bilateral'],
  [/^(?:DM|diabetes mellitus),? ?type ?(?:2|II)(?=[\s,]+\S)/i, 'type 2 diabetes'],
  [/^(?:DM|diabetes mellitus),? ?type ?(?:1|I)(?=[\s,]+\S)/i, 'type 1 diabetes'],
  [/^R\.? (?=[A-Z]{3}(?:\s|$))/, 'right '],
  [/^L\.? (?=[A-Z]{3}(?:\s|$))/, 'left '],
  [new RegExp(`\\b(${ORGANS}) ca(?=[\\s,;]|$)`, 'gi'), '$1 cancer'],
  [new RegExp(`^ca (?:of (?:the )?)?(?=(?:${ORGANS})\\b)`, 'i'), 'cancer of '],
  [/^ca de (?=\p{L})/iu, 'cáncer de '],
  [/(\d\s?(?:wks?|weeks?|mos?|months?)\s)preg(?=[\s,;.]|$)/gi, '$1pregnant'],
  [/(^|\s)vag(?=\s)/gi, '$1vaginal'],
  // The taking of too much, which without its mark is another word.
  [/(^|\s)o\.?d(?:['’]d|['’]?ed|['’]?ing)(?=\s|$)/gi, '$1overdosed'],
  // How supplies are ordered: their measures, what they are, and what they are used with.
  [/\s\d\d\s?(?:ga|gauge)\b(?:\s?x\s?[\d/.]+\s?(?:mm|"|in(?:ch)?\b)?)?/gi, ''],
  [/(?<=\S)\smisc$/i, ''],
  [/^(insulin (?:syringe|pen needle))s?\b\D*\d.*$/i, '$1'],
  [/^nebulizer (?:and |& |w\/ ?|with )?compressor\b.*$/i, 'nebulizer'],
  [
    /\b(walker|rollator|wheelchair|cane|crutches|commode|bed|scooter|brace|concentrator|nebulizer|[cb]i?pap) \(?dme\b\)?/gi,
    '$1',
  ],
  // How much of it runs, and into what.
  [/^(?:home )?(?:o2|oxygen)\b(?! ?sat).*\d ?(?:l|lpm|liters?)\b.*$/i, 'oxygen therapy'],
  [/^(tpn|ppn)\b.*\b(?:adult|pediatric|continuous|cyclic|via)\b.*$/i, '$1'],
  [/^rmn?(?= (?:de|del|cerebral|lumbar|cervical)\b)/i, 'resonancia magnética'],
  // In a rate it is not the heart's.
  [/(\b(?:m[lg]|mcg|kg|g|units?)) ?\/ ?hr?(?=[\s,;)]|$)/g, '$1/hour'],
];

/** Person whom a triage note is about, at its beginning: `pt`, `34 yo f`, `masculino de 45 años`. */
const SEX = '(?:(?:m|f|male|female|man|woman|boy|girl|masculin[oa]|femenin[oa])\\s+)?';
const AGE = '(?:(?:de\\s+)?\\d{1,3}\\s?(?:y\\/?o|m\\/?o|years?[- ]old|months?[- ]old|yr[- ]old|años)\\s+)?';
const WHO = new RegExp(`^(?:(?:pt|patient|pte|paciente|s?he)[.:]?\\s+)?${SEX}${AGE}${SEX}`, 'iu');
/** Words by which it tells what the patient comes for: what follows is the whole of its subject. */
const COMES_FOR =
  /^(?:is\s+)?(?:c\/o(?:\s+of)?|complain(?:s|ing|ed|t)?\s+of|(?:presents?|presenting|presented)\s+(?:with|w\/)|chief\s+complaint:?|cc:|here\s+(?:for|with|w\/)|came\s+in\s+(?:for|with)|reports(?:\s+having)?|se\s+queja\s+de|acude\s+por|viene\s+por|refiere)\s+(?=\S)/iu;
/** Behind who it is about a preposition is enough: `6 yo with fever`. */
const WITH = /^(?:w\/|with|con|for)\s+(?=\S)/iu;
/** Duration of the complaint: `x3 days`. */
const FOR_DAYS =
  /(?<![\s,])[\s,]+x\s?\d{1,3}\s?(?:d|days?|wks?|weeks?|hrs?|hours?|h|mos?|months?|yrs?|years?|d[ií]as?|semanas?|mes(?:es)?)\.?(?=[,;]|$)/giu;

/** A triage note without who comes, and since when: `pt c/o HA x3 days` → `HA`. Other lines are returned unchanged. */
function withoutComing(line: string): string {
  const who = WHO.exec(line)?.[0] ?? '';
  const rest = line.slice(who.length);
  const complaint = rest.replace(COMES_FOR, '');
  const what = complaint === rest && who !== '' ? rest.replace(WITH, '') : complaint;
  const isNote = what !== rest;
  return /\d/.test(what.replace(FOR_DAYS, '')) ? (isNote ? what : line) : (isNote ? what : line).replace(FOR_DAYS, '');
}

/** A line with the shorthand of charts written out: `bipolar d/o` → `bipolar disorder`; of a triage note what the patient comes for. */
export const writeOut = (line: string): string =>
  SHORTHAND.reduce(
    (written, [short, words]) => written.replace(short, words),
    withoutMakers(withoutComing(line)).replace(PRESERVATIVE_FREE, ''),
  );

/** In a line that is measured or injected: without it, it may be plantar fasciitis. */
const PRESERVATIVE_FREE =
  / ?\(PF\)(?= .*(?:\d ?(?:mcg|mg|ml)\b|\bIM\b|syringe|vial))|(?<=(?:\d ?(?:mcg|mg|ml)|\bvaccine)\b.*) ?\(PF\)/i;

/** A stage: 4, 3a. */
const STAGE = /^\d[a-c]?$/;

/** A line without what tells one case of a thing from another: `uncontrolled HTN`, `CKD stage 4`. */
export const withoutQualifiers = (words: readonly string[]): string[] =>
  withoutAsking(words).filter((word) => !QUALIFIERS.has(word) && !STAGE.test(word));

/** A line without the words people write around what they look for; the whole line where nothing else is left. */
export function withoutAsking(words: readonly string[]): string[] {
  return words.filter((word, at) => !isOfAsking(words, at) && !isOfQuestion(words, at));
}
