import { readDrugLine } from '../../drugs/drug-line.js';
import type { DrugNames } from '../../drugs/drug-names.js';
import type { Library } from '../../model/library.js';
import type { Corrections, SearchHit, SearchRequest } from '../../search/search-hit.js';
import { LEAST_CERTAIN_SCORE, isDrugPage } from '../find-by-subject.js';
import type { Vocabulary } from '../vocabulary.js';
import { Speller } from './respell.js';

/** Reading of a line, whatever its other facts. */
interface Read {
  readonly kind: string;
  readonly hits: readonly SearchHit[];
}

/** Whether the drug of a line is sold in the line's strength, or the line has none that can be compared; no drug is guessed at twice. */
function hasOwnStrength(line: string, names: DrugNames): boolean {
  const drug = readDrugLine(line, names);
  if (drug?.cut !== undefined || drug?.corrected) return false;
  return drug === undefined || names.strengths.fits([drug.ingredients.join(' / ')], drug.strengths);
}

const byCorrection = (hits: readonly SearchHit[]): SearchHit[] =>
  hits.map((hit) => (hit.kind === 'article' ? { ...hit, matched: 'spelling' } : hit));

/**
 * Reads a line that is no code and not known as a whole. Where words of it are misspelt it is read as it was meant; a line of
 * known words that finds nothing certain is, too, where one of them changed makes it a known one.
 * @param read reads a line as it is written
 */
export function readMisspelt<Line extends Read>(
  request: SearchRequest,
  { library, vocabulary }: { readonly library: Library; readonly vocabulary: Vocabulary },
  read: (request: SearchRequest) => Line,
): Line {
  const { query, kind } = request;
  const corrections: Corrections = new Map();
  const asWritten = (): Line => read({ ...request, corrections });
  if (kind === 'concept') return asWritten();
  const readSpelt = (line: string): Line | undefined => {
    const understood = read({ ...request, query: line, corrections: new Map() });
    // A drug is guessed at only if its strength agrees.
    if (understood.kind === 'drug' && !hasOwnStrength(line, vocabulary.drugs.names)) return undefined;
    if (understood.kind === 'abbreviation' || understood.kind === 'held') return understood;
    return understood.hits.length === 0 ? undefined : { ...understood, hits: byCorrection(understood.hits) };
  };
  const speller = new Speller(query, request, library, vocabulary);
  for (const { line } of speller.spell(corrections)) {
    const understood = readSpelt(line);
    if (understood) return understood;
  }
  const understood = asWritten();
  if (understood.kind !== 'words') return understood;
  // A drug that is not certainly meant is none.
  const hits = understood.hits.filter((hit) => hit.matched !== 'spelling' || !isDrugPage(hit));
  const isFound = (hits[0]?.score ?? 0) >= LEAST_CERTAIN_SCORE;
  const [doubted] = isFound ? [] : speller.doubt();
  return (doubted && readSpelt(doubted.line)) ?? { ...understood, hits };
}
