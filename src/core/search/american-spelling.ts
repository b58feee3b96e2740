import { readDataFile } from '../read-data-file.js';
import { rememberSome } from '../remember.js';

const RULES = (readDataFile('search/british-spelling.yaml') as readonly (readonly [pattern: string, is: string])[]).map(
  ([pattern, is]) => [new RegExp(pattern, 'g'), is] as const,
);

/** Words of titles and lines are few, and come again and again: some forty patterns a word are a tenth of the time of a chart. */
const MOST_WORDS = 20_000;

/** A folded word in American spelling, which pages and names of codes have: `oesophageal` → `esophageal`. */
export const toAmericanSpelling = rememberSome(MOST_WORDS, (word: string): string =>
  RULES.reduce((spelt, [pattern, is]) => spelt.replace(pattern, is), word),
);
