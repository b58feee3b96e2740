import { readDataFile } from '../read-data-file.js';
import { foldPlural, foldText } from '../search/text-tokens.js';

interface RuleData {
  /** Code of ICD-10-CM; a rule of pages has the id of an article in its place. */
  readonly code: string;
  readonly has: string;
  readonly not?: string;
}
type PlaceData = readonly [illness: string, injury: string, words: string];

const DATA = readDataFile('titles/kinds.yaml') as {
  readonly stated: readonly RuleData[];
  readonly kinds: readonly RuleData[];
  readonly pages: readonly RuleData[];
  readonly procedures: readonly RuleData[];
  readonly never: string;
  readonly illness: string;
  readonly other: string;
  readonly injury: string;
  readonly list: string;
  readonly placeNames: readonly (readonly [pattern: string, plain: string])[];
  readonly places: readonly PlaceData[];
  readonly everywhere: readonly PlaceData[];
};

interface Rule {
  readonly code: string;
  readonly has: RegExp;
  readonly not: RegExp | undefined;
}
const compile = (rules: readonly RuleData[]): readonly Rule[] =>
  rules.map(({ code, has, not }) => ({
    code,
    has: new RegExp(has),
    not: not === undefined ? undefined : new RegExp(not),
  }));
const STATED = compile(DATA.stated);
const KINDS = compile(DATA.kinds);
const [PAGES, PROCEDURES] = [compile(DATA.pages), compile(DATA.procedures)];
const NEVER = new RegExp(DATA.never);
const ILLNESS = new RegExp(DATA.illness);
const OTHER = new RegExp(DATA.other);
const INJURY = new RegExp(DATA.injury);
const LIST = new RegExp(DATA.list);

const PLACE_NAMES = DATA.placeNames.map(([pattern, plain]) => [new RegExp(pattern, 'g'), plain] as const);

/** Codes of any illness and of any injury of a part of the body, by the part's words. */
type Places = ReadonlyMap<string, { readonly illness: string; readonly injury: string }>;
const toPlaces = (places: readonly PlaceData[]): Places =>
  new Map(places.flatMap(([illness, injury, words]) => words.split(' ').map((word) => [word, { illness, injury }])));
const [PLACES, EVERYWHERE] = [toPlaces(DATA.places), toPlaces(DATA.everywhere)];

/** Words of parts of the body. */
export const PLACE_WORDS: ReadonlySet<string> = new Set([...PLACES.keys(), ...EVERYWHERE.keys()]);

/** Letters of ICD-10-CM's chapters on the parts of the body that a name has words of. */
export const listPlaceChapters = (name: string): readonly string[] =>
  (foldText(name).match(/[a-z-]+/g) ?? []).flatMap(
    (word) => (PLACES.get(word) ?? PLACES.get(foldPlural(word)))?.illness.slice(0, 1) ?? [],
  );

const findRule = (name: string, rules: readonly Rule[]): string | undefined =>
  rules.find(({ has, not }) => has.test(name) && not?.test(name) !== true)?.code;

/** Words before what an illness is due to, or comes with. */
const CAUSE =
  / (?:due to|caused by|with|without|associated with|following|secondary to|during|after|resulting from|related to|radiating|from)\b/;

/** The code of any illness of the part of the body that a name is about; its beginning tells, not what it is due to. */
function findPlaceCode(name: string): string | undefined {
  const beginning = PLACE_NAMES.reduce(
    (line, [pattern, plain]) => line.replace(pattern, plain),
    name.slice(0, CAUSE.exec(name)?.index),
  );
  if (!ILLNESS.test(beginning) || OTHER.test(name)) return undefined;
  const words = beginning.match(/[a-z]+(?:-[a-z]+)*/g) ?? [];
  const place = [PLACES, EVERYWHERE].flatMap((places) =>
    words.flatMap((word) => places.get(word) ?? places.get(word.replace(/s$/, '')) ?? []),
  )[0];
  return place && INJURY.test(beginning) && place.injury !== '' ? place.injury : place?.illness;
}

/**
 * Returns the code of ICD-10-CM whose first page is true of everything of the kind that a title names: an illness of a part of the body, a
 * vaccination, a state after an operation (resources/titles/kinds.yaml). Undefined if the title names no such kind.
 * @param name as `plainName` returns it
 * @param isStated the title states something of its subject
 */
export const findKind = (name: string, isStated: boolean): string | undefined =>
  LIST.test(name) ? undefined : isStated ? findRule(name, STATED) : (findRule(name, KINDS) ?? findPlaceCode(name));

/**
 * Returns the id of an article that is true of everything of the kind that a title names, where no code of ICD-10-CM is: an operation, an
 * examination, a growth. Undefined if the title names no such kind.
 * @param name as `plainName` returns it
 * @param isProcedure the title names what is done
 */
export const findKindPage = (name: string, isProcedure: boolean): string | undefined =>
  NEVER.test(name) || LIST.test(name) ? undefined : findRule(name, isProcedure ? PROCEDURES : PAGES);
