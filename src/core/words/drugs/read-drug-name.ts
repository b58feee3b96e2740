import { readNamedDrug } from '../../drugs/drug-line.js';
import { ABOUT_SUBSTANCES } from '../../drugs/drug-line-words.js';
import type { Article } from '../../model/article.js';
import type { Library } from '../../model/library.js';
import type { SearchHit, SearchRequest } from '../../search/search-hit.js';
import { foldPlural, tokensOf } from '../../search/text-tokens.js';
import { isNamed, isVaccinePage } from '../product-line.js';
import type { Understanding } from '../understanding.js';
import type { Vocabulary } from '../vocabulary.js';
import { readDrug } from './read-as-drug.js';

const termsOf = (text: string): string[] => tokensOf(text).map(({ word }) => foldPlural(word));

/** Whether a page is on what a name is and on nothing else: `Copper in diet`, `Factor IX assay`, but not `Tyrosine hydroxylase deficiency`. */
function isAboutName(name: string, hit: SearchHit): boolean {
  if (hit.kind !== 'article' || hit.article.kind === 'genetics' || hit.article.kind === 'drug') return false;
  const own = termsOf(name);
  return Object.values(hit.article.texts).some(({ title }) => {
    const terms = termsOf(title);
    return own.every((term) => terms.includes(term)) && terms.every((term) => own.includes(term) || ABOUT.has(term));
  });
}

/** Words of titles about a substance, as they are compared. */
const ABOUT = new Set([...ABOUT_SUBSTANCES].map(foldPlural));

const listArticles = (understood: Understanding): Article[] =>
  understood.kind === 'abbreviation'
    ? understood.readings.flatMap(({ articles }) => articles.map(({ article }) => article))
    : understood.hits.flatMap((hit) => (hit.kind === 'article' ? [hit.article] : []));

/**
 * Result of a line that is nothing but a drug's name and an everyday word as well: the article of that name, else the drug, else the
 * articles about nothing else. A page that has the word among others is on another thing.
 * @param found what the words of the line find
 */
export function readDrugName(
  line: string,
  found: Understanding,
  request: SearchRequest,
  library: Library,
  vocabulary: Vocabulary,
): Understanding {
  const drug = readNamedDrug(line, vocabulary.drugs.names);
  if (!drug || found.kind === 'drug' || found.kind === 'code') return found;
  const { hits } = found;
  // A vaccine has many names, and its pages are found by their words.
  if (isNamed(line, hits[0]) || isVaccinePage(hits[0])) return found;
  const asDrug = readDrug(line, drug, request, library, vocabulary);
  if (hits[0]?.kind === 'article' && listArticles(asDrug).includes(hits[0].article)) return found;
  if (listArticles(asDrug).some(({ kind }) => kind === 'drug')) return asDrug;
  const about = hits.filter((hit) => isAboutName(line, hit));
  return found.kind === 'words' && about.length > 0 ? { ...found, hits: about } : asDrug;
}
