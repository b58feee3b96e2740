import type { Library } from '../../model/library.js';
import { readDataFile } from '../../read-data-file.js';
import { foldText } from '../../search/text-tokens.js';
import type { Vocabulary } from '../../words/vocabulary.js';
import type { TitleFacts } from '../title-facts.js';
import type { TitleReading } from '../title-reading.js';

/** Longer titles are no orders. */
const MAX_CHARS = 150;
type Pairs = readonly (readonly [pattern: string, name: string])[];
const { around, names, kinds, drugLevel, isTest, isLoinc, isPicture, drugPage } = readDataFile(
  'titles/tests.yaml',
) as Record<'drugLevel' | 'isTest' | 'isLoinc' | 'isPicture' | 'drugPage', string> & {
  readonly around: readonly string[];
  readonly names: Pairs;
  readonly kinds: Pairs;
};
/** Words of an order beside the name of its test: specimen, method, time. */
const AROUND = around.map((pattern) => new RegExp(pattern, 'g'));
const toPairs = (pairs: Pairs) => pairs.map(([pattern, name]) => [new RegExp(pattern), name] as const);
const [NAMES, KINDS] = [toPairs(names), toPairs(kinds)];
const DRUG_LEVEL = new RegExp(drugLevel);
const IS_TEST = new RegExp(isTest, 'i');
const [IS_LOINC, IS_PICTURE] = [new RegExp(isLoinc), new RegExp(isPicture)];
/** Words that pages on tests have behind the name. */
const ENDINGS = ['', ' test', ' tests', ' blood test', ' levels', ' levels test', ' level', ' testing'];

const squeeze = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/ ,(?: ?,)*/g, ',')
    .replace(/^[\s,;:-]+|(?<![\s,;:-])[\s,;:-]+$/g, '');

/** True if a title states by itself that it is a test: `Lactic acid, plasma`. */
export const isTestTitle = (title: string): boolean =>
  [IS_TEST, IS_LOINC, IS_PICTURE].some((pattern) => pattern.test(title.slice(0, MAX_CHARS)));

/** Names of the test, as it is ordered and without what is beside it; a text in parentheses may be the name. */
function listNames(title: string): string[] {
  const line = foldText(title);
  const lines = [line, line.replace(/\([^()]*\)/g, ' '), ...(/\(([^()]{2,40})\)/.exec(line)?.slice(1) ?? [])];
  const plain = lines.map((one) => squeeze(AROUND.reduce((left, pattern) => left.replace(pattern, ' '), one)));
  const known = [...lines, ...plain].map((one) => NAMES.find(([pattern]) => pattern.test(one))?.[1] ?? one);
  return [...new Set([...known, ...lines, ...plain].map(squeeze))].filter((name) => name !== '');
}

/**
 * The article on the test that a laboratory's order is, by its analyte: `LIPASE, SERUM`, `VANCOMYCIN TROUGH`. Only where it is known that the title
 * is a test's: an analyte may be a drug or a hormone as well. Else the article on all tests of the kind: pictures by X-rays.
 */
export function findOrderedTest(
  title: string,
  { known, labResults, loincNames, drugs }: Vocabulary,
  library: Pick<Library, 'findArticles' | 'findMappings'>,
  { words }: TitleFacts,
): Pick<TitleReading, 'test' | 'isTestKind'> {
  if (title.length > MAX_CHARS) return {};
  const isTestPage = (id: string): boolean => id.startsWith('test-');
  const ofName = (name: string): string | undefined =>
    labResults.findTest(name) ??
    labResults.findTest(`${name} level`) ??
    ENDINGS.flatMap((ending) => words.named(`${name}${ending}`)).find(isTestPage) ??
    known
      .findAsWritten(name, 'en')
      ?.meanings.flatMap(({ articles }) => articles)
      .find(isTestPage);
  const [, drug = ''] = DRUG_LEVEL.exec(foldText(title)) ?? [];
  const ofDrug = drug !== '' && drugs.names.find(drug) ? drugPage : undefined;
  const own =
    loincNames.findTest(title, library) ??
    listNames(title)
      .map(ofName)
      .find((found) => found !== undefined) ??
    ofDrug;
  const id = own ?? KINDS.find(([pattern]) => pattern.test(foldText(title)))?.[1];
  return id === undefined ? {} : { test: library.findArticles([id])[0], isTestKind: own === undefined };
}
