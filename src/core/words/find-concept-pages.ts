import type { Library } from '../model/library.js';
import { answerCoding } from '../search/code-search.js';
import type { ConceptHit, SearchHit, SearchRequest } from '../search/search-hit.js';
import { withoutRepeats } from '../search/text-rank.js';
import { findAsWritten, hitsOfPages } from '../search/text-search.js';
import { findCodeOfName } from '../titles/find-named-code.js';
import type { KnownWords } from './known-words.js';

/** From this score on, a code's name has the words of the line and few others. */
const LEAST_OF_A_NAME = 0.5;
/** Below this score, a code's name that suits less leads as well: it has more of the line's words. */
const LEAST_OF_AN_ARTICLE = 0.6;
/** Score of the whole name of a code: no code suits better than an article from this score on. */
const MOST_OF_A_NAME = 0.75;

/** A single word leads where it is the whole name: it is a part of many. */
const LEAST_OF_A_WORD = 0.65;

/** A shorter line may be an abbreviation, which is a part of many codes' names. */
const LEAST_CHARS = 5;

const isOneWord = (line: string): boolean => !/\S\s+\S/.test(line);

const isConcept = (hit: SearchHit): hit is ConceptHit => hit.kind === 'concept' && hit.matched !== 'spelling';

/**
 * Puts the articles of the code that a line names, by its title or by ICD's index, before what its words find, where no article's name suits as well:
 * `suicidal ideation`, `humerus fracture`, `Iselin's disease`. `apparel` is no burn of a person in burning apparel. Otherwise returns the hits unchanged.
 */
export async function leadWithPagesOfConcept(
  hits: readonly SearchHit[],
  request: SearchRequest,
  library: Library,
  known: KnownWords,
): Promise<readonly SearchHit[]> {
  const { kind, language, query } = request;
  const best = Math.max(0, ...hits.map((hit) => (hit.kind === 'concept' ? 0 : hit.score)));
  if (kind === 'concept' || best >= MOST_OF_A_NAME || query.length < LEAST_CHARS) return hits;
  const asConcept = { ...request, kind: 'concept', isSpelt: true } as const;
  const concept = (kind === undefined ? hits : findAsWritten(asConcept, library, known)).find(isConcept);
  const ofName = isOneWord(query) ? LEAST_OF_A_WORD : LEAST_OF_A_NAME;
  const least = best < LEAST_OF_AN_ARTICLE ? ofName : Math.max(best, ofName);
  const { titleFacts } = library.status();
  const ofIndex = isOneWord(query) ? undefined : titleFacts && findCodeOfName(query, titleFacts.codeNames)?.coding;
  const coding = concept && concept.score > least ? concept.concept : ofIndex;
  return coding ? withoutRepeats([...hitsOfPages(await answerCoding(coding, language, library)), ...hits]) : hits;
}
