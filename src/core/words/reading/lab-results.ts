import { isTimeWord } from '../word-weights.js';
import { foldText } from '../../search/text-tokens.js';

/** A row of resources/search/lab-results.csv: an analyte, its test, and pages on a high and a low result. Empty cells: none. */
export interface LabResultRow {
  /** In lower case without accents, divided by `|`. */
  readonly names: string;
  readonly test: string;
  readonly high: string;
  readonly low: string;
  /** A value below it is low, and one above `above` high, in any laboratory (conventional US units, adults). */
  readonly below: string;
  readonly above: string;
  /** The values that occur; others are doses. Empty: of a value alone nothing is known. */
  readonly least: string;
  readonly most: string;
  /** Units in which the limits are these, divided by `|`. */
  readonly units: string;
  /**
   * `judged`: people judged which pages a level in words finds (`high cholesterol`); only a value leads to the test. `level`: the same, and the page
   * on what the value is comes before that on the test (`BP 180/110`).
   */
  readonly words: string;
}

/** A longer line is about more than a result. */
const MAX_LENGTH = 80;

const HIGH = 'high|elevated|raised|increased|critical(?:ly)? high|alt[oa]s?|elevad[oa]s?';
const LOW = 'low|decreased|reduced|critical(?:ly)? low|baj[oa]s?';
const LEVEL_BEFORE = new RegExp(`^(?:(${HIGH})|(${LOW})) (?:levels? of |nivel de )?(?=\\S)`);
const LEVEL_BEHIND = new RegExp(` (?:(?:is|are|was|esta) )?(?:too )?(?:(${HIGH})|(${LOW}))$`);
/** A result that is no level: `troponin negative` denies nothing. */
const PLAIN =
  /^(?:normal|negative) (?=\S)| (?:is |are |was |esta )?(?:normal|negative|neg|pending|negativ[oa]s?|normales)$/;
/** A level as conditions are called by it. */
const NAMING = /^(?:high|low) /;
/** A value with its unit behind the analyte: `5.9`, `: 128 mEq/L`, `of 8.4%`, `is 1:320`. */
const VALUE =
  /^([a-z][a-z0-9+ .,/-]{0,60}?)(?: ?[:=<>~] ?[<>]?| (?:of|is|was|at|de|es|en) | )(\d{1,6}(?:\.\d{1,4})?)(?:(?: ?\/ ?| over | sobre )(\d{2,3}))?(?: ?(%|percent|[cfkmu]|mm(?: ?hg)?|sec|[a-zµ][a-z0-9.^]{0,7}\/[a-z0-9.^]{1,8}|m?eq|m?mol|m?c?g|iu|units?|ml|tabs?|caps?))?$/;
/** A unit behind its value. */
const UNIT = /^(?:%|percent|mmhg|mg\/dl)$/;
/** Above it a blood pressure is high whatever stands before the stroke. */
const MOST_DIASTOLIC = 89;
/** Words around the name of an analyte. */
const AROUND =
  /\b(?:my|the|his|her|mi|lab|labs|test|tests|results?|levels?|nivel(?:es)?|serum|plasma|random|repeat|de)\b/g;
/** The units of doses: `potassium 20 mEq` is a drug. */
const DOSE_UNIT = /^(?:m?c?g|mg|meq|mmol|iu|units?|ml|tabs?|caps?|tablets?|capsules?|po|iv|im|x.*)$/;

/** The pages of a result: on the test, and on what the result is. */
export interface LabResultPages {
  readonly articles: readonly string[];
}

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Analytes by their names. Built once, read only. */
export class LabResults {
  readonly #byName = new Map<string, LabResultRow[]>();

  /** @param rows several of one name have values of different units */
  constructor(rows: readonly LabResultRow[]) {
    for (const row of rows)
      for (const name of row.names.split('|')) this.#byName.set(name, [...(this.#byName.get(name) ?? []), row]);
  }

  #find(name: string): readonly LabResultRow[] {
    const text = squeeze(name.replace(/[,;]/g, ' '));
    return this.#byName.get(text) ?? this.#byName.get(squeeze(text.replace(AROUND, ' '))) ?? [];
  }

  #findByLevel(line: string): LabResultPages | undefined {
    const found = LEVEL_BEFORE.exec(line) ?? LEVEL_BEHIND.exec(line);
    if (!found) return undefined;
    const [row] = this.#find(line.replace(found[0], ' '));
    if (!row || row.words !== '') return undefined;
    const page = found[1] === undefined ? row.low : row.high;
    if (page === '') return { articles: [row.test] };
    // `low sodium` is what the condition is called, `sodium low` a result.
    return { articles: NAMING.test(line) ? [page, row.test] : [row.test, page] };
  }

  #findByPlainResult(line: string): LabResultPages | undefined {
    const found = PLAIN.exec(line);
    const [row] = found ? this.#find(line.replace(found[0], ' ')) : [];
    return row && { articles: [row.test] };
  }

  #findByValue(line: string): LabResultPages | undefined {
    const [, name = '', digits = '', diastolic = '', unit = ''] = VALUE.exec(line) ?? [];
    const value = Number(digits);
    const isOccurring = ({ least, most }: LabResultRow): boolean =>
      least !== '' && value >= Number(least) && value <= Number(most);
    const row = name === '' || DOSE_UNIT.test(unit) ? undefined : this.#find(name).find(isOccurring);
    if (!row) return undefined;
    const isConventional = unit === '' || row.units.split('|').includes(unit);
    const isLow = isConventional && row.below !== '' && value < Number(row.below);
    const isHigh =
      isConventional && row.above !== '' && (value > Number(row.above) || Number(diastolic) > MOST_DIASTOLIC);
    const page = isLow ? row.low : isHigh ? row.high : '';
    if (page === '') return { articles: [row.test] };
    return { articles: row.words === 'level' ? [page, row.test] : [row.test, page] };
  }

  /** The pages of a result that a line begins with, and the words behind its value: `inr 4.5 what to do`. */
  findBefore(typed: string): (LabResultPages & { readonly rest: string }) | undefined {
    if (typed.length > MAX_LENGTH) return undefined;
    const words = squeeze(foldText(typed)).split(/[,;]? /);
    const value = words.findLastIndex((word) => /\d/.test(word));
    const end = UNIT.test(words[value + 1] ?? '') ? value + 2 : value + 1;
    const rest = words.slice(end).join(' ');
    // A drug's strength is of a dose: `sodium 100 mg/ml oral suspension`.
    const next = (words[end] ?? '').replace(/\/ml$/, '');
    const pages =
      value < 1 || rest === '' || DOSE_UNIT.test(next) || isTimeWord(next)
        ? undefined
        : this.#findByValue(words.slice(0, end).join(' '));
    return pages && { ...pages, rest };
  }

  /** The page on the test of an analyte, by one of its names. */
  findTest(name: string): string | undefined {
    return this.#find(squeeze(foldText(name)))[0]?.test;
  }

  /**
   * The pages of a laboratory result that a person typed, with a value (`K 5.9`) or a level or result in words (`elevated potassium`, `troponin negative`). Undefined for any
   * other line, and for a dose (`vitamin D 1000`, `potassium 20 mEq`).
   */
  find(typed: string): LabResultPages | undefined {
    if (typed.length > MAX_LENGTH) return undefined;
    const line = squeeze(foldText(typed));
    return this.#findByLevel(line) ?? this.#findByPlainResult(line) ?? this.#findByValue(line);
  }
}

/** Knows no analytes. */
export const NO_LAB_RESULTS = new LabResults([]);
