import type { Coding } from '../codes/concept.js';
import { readDataFile } from '../read-data-file.js';
import { isTellingTerm, listKeys, NO_PLAIN_CASE, OF_DEGREE, plainName, termsInOrder } from './canonical-terms.js';
import { findKind, PLACE_WORDS } from './find-kind.js';
import type { Certainty } from './title-reading.js';

/** Names of ICD's codes (resources/titles/code-names.csv), and how longer names relate to shorter ones (name-words.csv). */
export interface IcdNames {
  /** Returns the value of a key: a code, with a mark before it if its name is no official title of ICD-10-CM. */
  readonly find: (key: string) => string | undefined;
  /** Returns the keys of a code of ICD-10-CM, its official title and those of the index, in a pass over all names. */
  readonly list: (code: string) => readonly string[];
  /** Words that narrow a name without making it another thing. */
  readonly qualifiers: Pick<ReadonlySet<string>, 'has'>;
  /** Words of which the page is true wherever in the body the thing is: `cellulitis`. */
  readonly subjects: Pick<ReadonlySet<string>, 'has'>;
}

/** Code of ICD that a title names. */
export interface NamedCode {
  readonly coding: Coding;
  /** `name`: the title is a name of the code; `words`: a name of it is within the title, and the rest narrows it. */
  readonly certainty: Exclude<Certainty, 'weak'>;
  /** The title is the code's official one, but for what distinguishes nothing; else a term of an index, or a wider name. */
  readonly isOfficial: boolean;
  /** The title names something of the code's kind: only its first page is true of all of these. */
  readonly isKind?: boolean;
}

type Rewrites = readonly (readonly [pattern: string, replacement: string])[];

const { clause, whole, changes, wider, widerStated, sure } = readDataFile('titles/canonical.yaml') as Readonly<
  Record<'clause' | 'whole' | 'changes', string> &
    Record<'wider' | 'widerStated', Rewrites> & { sure: readonly string[] }
>;
const compile = (rewrites: Rewrites) => rewrites.map(([pattern, wider]) => [new RegExp(pattern), wider] as const);
const WIDER = compile(wider);
const WIDER_STATED = compile(widerStated);
const CLAUSE = new RegExp(clause);
const IS_WHOLE = new RegExp(whole);
const CHANGES = new RegExp(changes);
const SURE = sure.map((pattern) => new RegExp(pattern));
const OF = / of | in | to /;
/** A name without the word for a disease. */
const EPONYM = /^[A-Z][a-z-]+['’]s$/;

/** Terms of a title beyond which no part of it is looked up, and terms that are left out of it. */
const MOST_TERMS = 9;
const MOST_LEFT_OUT = 3;

/** Terms that alone name nothing. */
const VAGUE: ReadonlySet<string> = new Set(['disorder', 'syndrome', 'infection', 'inflammation', 'pain', 'injury']);

const NINTH = 'icd-9-cm ';
const INDEX = 'index ';
/** Mark of the index's default for a name that is wider than the code: `Stroke`, coded as an infarction. */
const DEFAULT = 'default ';

const toCoding = (value: string): Coding => ({
  system: value.startsWith(NINTH) ? 'icd-9-cm' : 'icd-10-cm',
  code: value.slice(value.lastIndexOf(' ') + 1),
});

/** The value of the first key of terms that has one. */
const findValue = (terms: readonly string[], { find }: IcdNames): string | undefined =>
  listKeys(terms)
    .map(find)
    .find((found) => found !== undefined);

/** The code of which terms are a name; not one that is narrower than the name. */
function findExact(terms: readonly string[], names: IcdNames): Coding | undefined {
  const value = findValue(terms, names);
  return value === undefined || value.startsWith(DEFAULT) ? undefined : toCoding(value);
}

/** Sets of places, the smallest first: of one, of two, up to a maximum. */
function* listSets(places: readonly number[], size: number, start = 0): Generator<readonly number[]> {
  if (size === 0) yield [];
  else
    for (let at = start; at < places.length; at += 1)
      for (const rest of listSets(places, size - 1, at + 1)) yield [places[at] ?? 0, ...rest];
}

/** The term that the others narrow: the last one before `of`. */
const findHead = (name: string): string | undefined => termsInOrder(name.split(OF, 1)[0] ?? '').at(-1);

/** The code of a name without some of its qualifiers. */
function findWithoutQualifiers(name: string, names: IcdNames): Coding | undefined {
  const terms = [...new Set(termsInOrder(name))];
  if (terms.length > MOST_TERMS) return undefined;
  const head = findHead(name);
  const places = terms.flatMap((term, place) =>
    term !== head && names.qualifiers.has(term) && !isTellingTerm(term) ? [place] : [],
  );
  for (let size = 0; size <= Math.min(MOST_LEFT_OUT, terms.length - 1); size += 1)
    for (const set of listSets(places, size)) {
      const left = terms.filter((_, place) => !set.includes(place));
      // Of a kind of pregnancy (membranous, combined) the page of a healthy one is not true.
      const isOnlyPregnancy = size > 0 && left.join() === 'pregnancy';
      const found = isOnlyPregnancy ? undefined : findExact(left, names);
      if (found) return found;
    }
  return undefined;
}

/** The code that the index has for a name that is wider than it. */
function findDefault(name: string, names: IcdNames): Coding | undefined {
  const terms = termsInOrder(name);
  const value = terms.every((term) => VAGUE.has(term)) ? undefined : findValue(terms, names);
  return value?.startsWith(DEFAULT) === true ? toCoding(value) : undefined;
}

/** The code of a part of a name: what it is due to, its place, the kind of change of a part of the body left out. */
function findPart(name: string, names: IcdNames): Coding | undefined {
  const end = CLAUSE.exec(name)?.index ?? 0;
  const first = name.slice(0, end);
  const ofFirst = end === 0 ? undefined : (findWithoutQualifiers(first, names) ?? findDefault(first, names));
  if (ofFirst) return ofFirst;
  const [, part] = CHANGES.exec(name) ?? [];
  const ofPart = part === undefined ? undefined : findExact([...termsInOrder(part), 'disorder'], names);
  if (ofPart) return ofPart;
  const head = findHead(name.split(CLAUSE, 1)[0] ?? '');
  const others = termsInOrder(name).filter((term) => term !== head);
  const isSubject = head !== undefined && names.subjects.has(head) && !others.some(isTellingTerm);
  return isSubject ? findExact([head], names) : undefined;
}

/** The code of a name without what makes no other page true of it: what it is due to, how severe it is. */
function findSure(name: string, names: IcdNames): Coding | undefined {
  if (IS_WHOLE.test(name)) return undefined;
  let line = name;
  for (const pattern of SURE) {
    const next = line.replace(pattern, '').trim();
    const terms = termsInOrder(next);
    const isVague = terms.every((term) => VAGUE.has(term));
    const found = next === line || isVague ? undefined : findExact(terms, names);
    if (found) return found;
    line = next;
  }
  return undefined;
}

const CATEGORY_CHARS = 3;
/** A thing and the part of the body where it is. */
const OF_PLACE = /^(.{5,60}?) (?:of|in) (?:the |both |either )?([a-z -]{3,40})$/;

/**
 * The code of a thing in a part of the body, `Psoriasis vulgaris of scalp`: certain where the page is true wherever the thing is. Undefined for what is
 * another thing in each part.
 */
function findAnywhere(name: string, names: IcdNames): NamedCode | undefined {
  const [, thing = '', place = ''] = OF_PLACE.exec(name) ?? [];
  const head = termsInOrder(thing).at(-1);
  if (head === undefined || isTellingTerm(head) || IS_WHOLE.test(name) || NO_PLAIN_CASE.test(name)) return undefined;
  if (![place, ...termsInOrder(place)].some((word) => PLACE_WORDS.has(word))) return undefined;
  if (!termsInOrder(place).every((term) => PLACE_WORDS.has(term) || OF_DEGREE.has(term))) return undefined;
  const coding = findExact(termsInOrder(thing), names) ?? findSure(thing, names) ?? findDefault(thing, names);
  return coding && { coding, certainty: names.subjects.has(head) ? 'name' : 'words', isOfficial: false };
}

const isOfCategory = (code: string, other: string): boolean =>
  code.slice(0, CATEGORY_CHARS) === other.slice(0, CATEGORY_CHARS);

/** The code of a name that another one is a case of. */
function findWider(name: string, names: IcdNames): Coding | undefined {
  const found = findWithoutQualifiers(name, names);
  if (found) return found;
  let line = name;
  for (const [pattern, replacement] of WIDER) {
    const next = line.replace(pattern, replacement).trim();
    const ofNext = next === line ? undefined : findWithoutQualifiers(next, names);
    if (ofNext) return ofNext;
    line = next;
  }
  return IS_WHOLE.test(name) ? undefined : findPart(name, names);
}

/** True if the code is of what a title is without: `Panic disorder without agoraphobia` has the words of agoraphobia without it. */
function isTurnedRound(title: string, { code }: Coding, names: IcdNames): boolean {
  const [thing = '', lacking = ''] = plainName(title).split(' without ', 2);
  const [own, other] = [thing, lacking].map((part) => findExact(termsInOrder(part), names)?.code);
  return own !== undefined && !isOfCategory(own, code) && other !== undefined && isOfCategory(other, code);
}

/** Finds the code of which a title is a name, whatever the order of words; undefined if it is no name of any. */
export function findCodeOfName(title: string, names: IcdNames): NamedCode | undefined {
  const terms = termsInOrder(plainName(title));
  // `Turner's` alone is a syndrome as well.
  const value = findValue(terms, names) ?? (EPONYM.test(title) ? findValue([...terms, 'syndrome'], names) : undefined);
  if (value === undefined || isTurnedRound(title, toCoding(value), names)) return undefined;
  const isDefault = value.startsWith(DEFAULT);
  const isOfficial = !isDefault && !value.startsWith(INDEX);
  return { coding: toCoding(value), certainty: isDefault ? 'words' : 'name', isOfficial };
}

/**
 * Finds the code of ICD-10-CM, or of ICD-9-CM, that a title names: by the official titles and the index of ICD-10-CM and the titles of ICD-9-CM,
 * whatever the order of words. Synchronous and without a search.
 * @param isStated the title states something of its subject (history, screening): only a name that states it is one
 */
export function findNamedCode(title: string, isStated: boolean, names: IcdNames): NamedCode | undefined {
  const exact = findCodeOfName(title, names);
  if (exact) return exact;
  const name = plainName(title);
  const ofStated = WIDER_STATED.find(([pattern]) => pattern.test(name));
  const stated = ofStated && findExact(termsInOrder(plainName(ofStated[1])), names);
  if (stated) return { coding: stated, certainty: 'name', isOfficial: false };
  const rest = isStated ? undefined : findSure(name, names);
  if (rest) return { coding: rest, certainty: 'name', isOfficial: false };
  const wider = isStated ? undefined : findWider(name, names);
  const anywhere = isStated ? undefined : findAnywhere(name, names);
  if (anywhere && (!wider || (anywhere.certainty === 'name' && isOfCategory(anywhere.coding.code, wider.code))))
    return anywhere;
  if (wider) return { coding: wider, certainty: 'words', isOfficial: false };
  const kind = findKind(name, isStated);
  return kind === undefined
    ? undefined
    : { coding: { system: 'icd-10-cm', code: kind }, certainty: 'words', isOfficial: false, isKind: true };
}
