import type { Article, ArticleKind, ArticleText } from '../model/article.js';
import { codingKey } from '../codes/concept.js';
import type { Language } from '../model/language.js';
import { LANGUAGES } from '../model/language.js';
import type { Concept } from '../model/library.js';
import type { SearchHit, Suit } from './search-hit.js';
import type { DocumentName } from './text-index.js';
import { namesOf } from './text-index.js';
import type { TextReading } from './text-reading.js';
import type { PreparedName } from './text-score.js';
import { prepareName, scoreName } from './text-score.js';
import { isSlang } from '../words/word-weights.js';

/** Weight of a name other than the title. */
const OTHER_NAME = 0.92;
/** Weight of a name in the other language: a reader who searches in Spanish may read English. */
const OTHER_LANGUAGE = 0.97;
/** Weight of a concept beside an article with the same score. */
const CONCEPT = 0.75;
const RETIRED_CONCEPT = 0.6;

export const UNSUITED: Suit = { score: 0, matched: 'title' };

/** Order of kinds at equal score: the most informative first, a site's own before all. */
const KIND_ORDER: readonly ArticleKind[] = [
  'local',
  'topic',
  'drug',
  'vis',
  'ency',
  'test',
  'herb',
  'encypi',
  'genetics',
];

export const better = (a: Suit, b: Suit): Suit => (b.score > a.score ? b : a);

/** A name of an article, prepared for scoring. */
export interface RankedName {
  readonly name: PreparedName;
  readonly isTitle: boolean;
}

const prepareNames = (names: readonly DocumentName[]): RankedName[] =>
  names.map(({ text, isTitle }) => ({ name: prepareName(text), isTitle }));

/** Prepared names of texts in memory: splitting them into words is most of the work. */
const preparedTexts = new WeakMap<ArticleText, RankedName[]>();

/** The names of an article in one language, each also without what is in brackets. */
export function namesOfText(text: ArticleText): RankedName[] {
  const known = preparedTexts.get(text);
  if (known) return known;
  const others = text.alsoCalled.filter((name) => !isSlang(name));
  const names = prepareNames(namesOf(text.title, others));
  preparedTexts.set(text, names);
  return names;
}

/** @param weight of this kind of document beside others */
function scoreNames(names: readonly RankedName[], readings: readonly TextReading[], weight: number): Suit {
  let best = UNSUITED;
  for (const reading of readings) {
    for (const { name, isTitle } of names) {
      const { score, isGuessed } = scoreName(name, reading);
      const matched = isGuessed ? 'spelling' : isTitle && !reading.isSynonym ? 'title' : 'synonym';
      best = better(best, { score: score * weight * reading.weight * (isTitle ? 1 : OTHER_NAME), matched });
    }
  }
  return best;
}

/** Score of an article by its best name in any language. */
export function scoreArticle({ texts }: Article, readings: readonly TextReading[], requested: Language): Suit {
  return LANGUAGES.reduce((best, language) => {
    const text = texts[language];
    return text
      ? better(best, scoreNames(namesOfText(text), readings, language === requested ? 1 : OTHER_LANGUAGE))
      : best;
  }, UNSUITED);
}

/** Score of a drug's name; it is another name of the article that it leads to. */
export function scoreDrugName(name: string, readings: readonly TextReading[]): Suit {
  return scoreNames(prepareNames(namesOf(undefined, [name])), readings, 1);
}

export function scoreConcept({ title, names, active }: Concept, readings: readonly TextReading[]): Suit {
  return scoreNames(prepareNames(namesOf(title, names)), readings, active ? CONCEPT : RETIRED_CONCEPT);
}

const buildKey = (hit: SearchHit): string => (hit.kind === 'article' ? hit.article.id : codingKey(hit.concept));

const findKindOrder = (hit: SearchHit): number =>
  hit.kind === 'article' ? KIND_ORDER.indexOf(hit.article.kind) : KIND_ORDER.length;

/** The best first; at equal score articles before concepts, then by kind and key, so that the order is stable. */
export function sortHits(hits: readonly SearchHit[]): SearchHit[] {
  return [...hits].sort(
    (a, b) => b.score - a.score || findKindOrder(a) - findKindOrder(b) || (buildKey(a) < buildKey(b) ? -1 : 1),
  );
}

/** Removes repetitions; the first stays. */
export function withoutRepeats(hits: readonly SearchHit[]): SearchHit[] {
  const seen = new Set<string>();
  return hits.filter((hit) => {
    const key = buildKey(hit);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
