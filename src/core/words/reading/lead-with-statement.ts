import type { Library } from '../../model/library.js';
import { findOwn } from '../../find-own.js';
import { readDataFile } from '../../read-data-file.js';
import type { ArticleHit, SearchHit, SearchRequest } from '../../search/search-hit.js';
import { withoutRepeats } from '../../search/text-rank.js';
import { readVaccineLine } from '../drugs/vaccine-line.js';
import { findJudged } from '../find-known.js';
import { isNamed, isVaccinePage } from '../product-line.js';
import type { Understanding } from '../understanding.js';

/** The pages that each statement leads. */
const PAGES = readDataFile('search/vaccine-statements.yaml') as Readonly<Record<string, string>>;
/** The statements on the vaccine of each page. */
const STATEMENTS = new Map<string, string[]>();
for (const [statement, pages] of Object.entries(PAGES)) {
  for (const page of pages.split(' ')) STATEMENTS.set(page, [...(STATEMENTS.get(page) ?? []), statement]);
}

const ALL = [...new Set([...STATEMENTS.values()].flat())];

const listStatements = (hit: SearchHit | undefined): readonly string[] =>
  hit?.kind === 'article' ? (STATEMENTS.get(hit.article.id) ?? []) : [];

/**
 * Puts CDC's statement on a vaccine before the other pages on it: `MMR vaccine`, `Shingrix`. Statements are in English: a reader of another
 * language finds the page in theirs first.
 * @param isShot the line is a product's, whose hits are one page for each vaccine in it: each has its statement
 */
export function leadWithStatement(
  hits: readonly SearchHit[],
  { query, language, kind, count }: SearchRequest,
  library: Library,
  isShot: boolean,
): readonly SearchHit[] {
  if (language !== 'en' || kind === 'concept') return hits;
  // A statement's own name tells it from its neighbour's: `nasal flu vaccine` is no shot.
  const named = isVaccinePage(hits[0])
    ? findJudged(ALL, query, language, library).filter((hit) => isNamed(query, hit))
    : [];
  if (named.length > 0) return withoutRepeats([...named, ...hits]).slice(0, count);
  const other = hits.findIndex((hit) => listStatements(hit).length === 0);
  const leading = isShot && other !== 0 ? hits.slice(0, other < 0 ? hits.length : other) : hits.slice(0, 1);
  const statements = [...new Set(leading.flatMap(listStatements))];
  if (statements.length === 0) return hits;
  // Of a vaccine against several each has its statement, whatever the count.
  return withoutRepeats([...findJudged(statements, query, language, library), ...hits]).slice(
    0,
    Math.max(count, statements.length),
  );
}

/**
 * Reads a line that records or orders a vaccine: CDC's statement and the other pages on it; of a vaccine against several the statement on each.
 * Undefined for other lines. A page in the reader's language comes before a statement.
 */
export function readVaccine(
  { query, language, kind, count }: SearchRequest,
  library: Library,
): Extract<Understanding, { kind: 'drug' }> | undefined {
  const statements = kind === 'concept' ? [] : (readVaccineLine(query) ?? []);
  const found = statements.map((statement) => {
    const ids = [statement, ...(findOwn(PAGES, statement)?.split(' ') ?? [])];
    const hits = findJudged(ids, query, language, library);
    const isOwn = ({ text }: ArticleHit): boolean => text.language === language;
    return [...hits.filter(isOwn), ...hits.filter((hit) => !isOwn(hit))];
  });
  if (found.length === 0 || found.some(({ length }) => length === 0)) return undefined;
  if (found.length > 1) return { kind: 'drug', hits: found.flatMap(([first]) => first ?? []), isOfEachPart: true };
  return { kind: 'drug', hits: (found[0] ?? []).slice(0, count) };
}
