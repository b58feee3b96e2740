import { listConceptNames, type Concept } from '../../codes/concept.js';
import { readDataFile } from '../../read-data-file.js';
import type { TitleReading } from '../title-reading.js';

/** Diseases that vaccines are against, as names of vaccines have them. */
const PARTS = Object.entries(readDataFile('titles/vaccine-parts.yaml') as Readonly<Record<string, string>>).map(
  ([part, pattern]) => [part, new RegExp(pattern, 'i')] as const,
);

/** A title that names two diseases or more names the whole vaccine; one alone may be the everyday name of a combination: a tetanus shot. */
const LEAST_OF_WHOLE = 2;

const listParts = (name: string): string => PARTS.flatMap(([part, pattern]) => (pattern.test(name) ? part : [])).join();

/**
 * Finds whether a title names another vaccine than a code of CVX is: it is read as another statement, or it names other diseases. Likeness of
 * words is not enough: Td and DTaP share most of theirs.
 * @param own concepts of the code
 * @param pageIds articles of the code
 * @returns articles that the title is read as; undefined if it is the same vaccine, or tells of none
 */
export function findOtherVaccine(
  title: string,
  own: readonly Concept[],
  reading: TitleReading | undefined,
  pageIds: readonly string[],
): readonly string[] | undefined {
  const [first] = reading?.articles ?? [];
  if (first?.kind === 'vis' && reading?.certainty !== 'weak')
    return pageIds.includes(first.id) ? undefined : [first.id];
  const parts = listParts(title);
  if (parts.split(',').length < LEAST_OF_WHOLE) return undefined;
  const ofCode = own.flatMap(listConceptNames).map(listParts);
  const isOther = ofCode.some((all) => all !== '') && !ofCode.includes(parts);
  return isOther ? (reading?.articles.map(({ id }) => id) ?? []) : undefined;
}
