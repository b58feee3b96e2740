import { textIn } from '../article.js';
import type { DrugLine } from '../drug-line.js';
import type { Language } from '../language.js';
import { LANGUAGES, languagesFrom } from '../language.js';
import type { Coding, Library, MappingRecord } from '../library.js';
import type { ArticleHit, MatchedBy } from '../search-hit.js';
import { selectRows } from '../select-rows.js';
import { foldText } from '../text-tokens.js';

/**
 * The articles on the drug of a line: of the most telling candidate name that any row knows, so that a row which says that
 * there is none stops the search. Empty where there is no page for that drug, route and combination.
 */
export async function findDrugPages(
  line: DrugLine,
  { query, language }: { readonly query: string; readonly language: Language },
  library: Library,
): Promise<ArticleHit[]> {
  const names = line.candidates.map((code): Coding => ({ system: 'drug-name', code }));
  if (names.length === 0) return [];
  const records: MappingRecord[][] = names.map(() => []);
  for (const record of await library.findMappings(names)) records[record.input]?.push(record);
  const selection = records.map((ofName) => selectRows(ofName)).find((found) => found !== undefined);
  const ids = (selection?.rows ?? []).map(({ article }) => article);
  const articles = new Map((await library.findArticles(ids)).map((article) => [article.id, article]));
  return ids.flatMap((id): ArticleHit[] => {
    const article = articles.get(id);
    const text = article && textIn(article, languagesFrom(language));
    if (!text) return [];
    const named = new Set([foldText(query.trim()), ...line.candidates.map(foldText)]);
    const isTitle = LANGUAGES.some((one) => named.has(foldText(article.texts[one]?.title ?? '')));
    const matched: MatchedBy = line.corrected ? 'spelling' : isTitle && line.brand === undefined ? 'title' : 'synonym';
    return [{ kind: 'article', article, text, sensitivity: article.sensitivity, score: 1, matched }];
  });
}
