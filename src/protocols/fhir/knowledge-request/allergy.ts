import { codeSystem } from '../../../core/codes/code-systems.js';
import type { RequestCoding } from '../../../core/answer/knowledge-request.js';
import type { JsonObject } from '../../json-object.js';
import { textOf } from '../../json-object.js';

type Cause = 'drug' | 'food' | 'latex' | 'other';

/**
 * What an allergy is asked as: ICD-10-CM's allergy status, which leads to the pages about drug, food and latex allergy, and
 * to the one about allergy itself (T78.40). So a site's own rows for these codes hold for charts too.
 */
const ASKED_AS: Readonly<Record<Cause, readonly string[]>> = {
  drug: ['Z88.9', 'T78.40'],
  food: ['Z91.018', 'T78.40'],
  latex: ['Z91.040', 'T78.40'],
  other: ['T78.40'],
};

/** AllergyIntolerance.category (R4 value set allergy-intolerance-category). */
const CATEGORIES: Readonly<Record<string, Cause>> = {
  medication: 'drug',
  biologic: 'drug',
  food: 'food',
  environment: 'other',
};

/** Where neither category nor code system tells: words of the substance. */
const WORDS: readonly (readonly [RegExp, Cause])[] = [
  [/\blatex\b/i, 'latex'],
  [
    /\b(peanuts?|nuts?|milk|eggs?|fish|shellfish|shrimp|wheat|gluten|soy|sesame|foods?|strawberr\w+|banana|kiwi)\b/i,
    'food',
  ],
  [/\b(penicillin|drug|medication|antibiotic|aspirin|codeine|morphine|ibuprofen|naproxen)s?\b/i, 'drug'],
  [/cillin\b|\bsulfa|\bcef\w+|mycin\b/i, 'drug'],
];

/** Latex is told by its code or name before anything: its category is `environment` as often as `medication`. */
const LATEX_CODES: ReadonlySet<string> = new Set(['111088007', '1003755004', '300916003', '1003754000']);

function causeOf(resource: JsonObject, codings: readonly RequestCoding[], text: string): Cause {
  const names = [text, ...codings.map(({ display }) => display)].join(' ');
  const [latex] = WORDS;
  if (latex?.[0].test(names) || codings.some(({ code }) => LATEX_CODES.has(code.trim()))) return 'latex';
  const { category } = resource;
  const categories = (Array.isArray(category) ? category : [category]).map(textOf);
  const byCategory = categories.flatMap((name) => (Object.hasOwn(CATEGORIES, name) ? (CATEGORIES[name] ?? []) : []));
  if (byCategory[0]) return byCategory[0];
  if (codings.some(({ system }) => system && codeSystem(system).kind === 'drug')) return 'drug';
  return WORDS.find(([word]) => word.test(names))?.[1] ?? 'other';
}

const asIcd = (code: string): RequestCoding => {
  const { id, uri } = codeSystem('icd-10-cm');
  return { system: id, systemSent: uri, code, display: '', userSelected: false };
};

/**
 * The questions of an allergy: its own code where that names a finding (a substance's code or a drug's asks about the
 * substance), then what its kind of cause is asked as.
 */
export function allergyQuestions(
  resource: JsonObject,
  codings: readonly RequestCoding[],
  text: string,
): { readonly codings: readonly RequestCoding[]; readonly isSubject: boolean }[] {
  const findings = codings.filter(({ system }) => system && codeSystem(system).kind === 'diagnosis');
  const asked = ASKED_AS[causeOf(resource, codings, text)].map((code) => ({
    codings: [asIcd(code)],
    isSubject: true,
  }));
  return findings.length > 0 ? [{ codings: findings, isSubject: false }, ...asked] : asked;
}
