import { readDataFile } from '../read-data-file.js';

type Row = readonly [words: RegExp, codes: RegExp];

const DATA = readDataFile('titles/injuries.yaml') as Readonly<
  Record<'kinds' | 'parts', Readonly<Record<string, readonly [words: string, codes: string]>>> &
    Record<'codes' | 'anyPart', string>
>;
const compile = (rows: Readonly<Record<string, readonly [string, string]>>): Row[] =>
  Object.values(rows).map(([words, codes]) => [new RegExp(words, 'i'), new RegExp(codes)]);

/** Kinds of injury and parts of the body: words of titles, and the codes of ICD-10-CM that are about them. */
const KINDS = compile(DATA.kinds);
const PARTS = compile(DATA.parts);
/** Codes of injuries, and those of no certain part. */
const INJURIES = new RegExp(DATA.codes);
const ANY_PART = new RegExp(DATA.anyPart);

/** True if a title has words of some rows, and none of these rows is about the code. */
function namesOther(title: string, code: string, rows: readonly Row[]): boolean {
  const named = rows.filter(([words]) => words.test(title));
  return named.length > 0 && !named.some(([, codes]) => codes.test(code));
}

/** True if a title names another kind of injury, or another part of the body, than a code of ICD-10-CM's chapter 19. */
export const namesOtherInjury = (title: string, code: string): boolean =>
  INJURIES.test(code) && (namesOther(title, code, KINDS) || (!ANY_PART.test(code) && namesOther(title, code, PARTS)));

/** True if some rows that a title has words of are about the code. */
const namesOwn = (title: string, code: string, rows: readonly Row[]): boolean =>
  rows.some(([words, codes]) => words.test(title) && codes.test(code));
/** Injuries of a stated part, and those of none. */
const OF_PART = /^S/;
const OF_NO_PART = /^T14/;

/** True if a title names the kind of injury, and the part of the body, that a code of ICD-10-CM's chapter 19 is about. */
export const namesSameInjury = (title: string, code: string): boolean =>
  namesOwn(title, code, KINDS) &&
  !namesOther(title, code, KINDS) &&
  (OF_NO_PART.test(code) || (OF_PART.test(code) && namesOwn(title, code, PARTS) && !namesOther(title, code, PARTS)));
