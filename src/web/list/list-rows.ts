import type { ChartArticle, ChartMiss, ChartResponse } from '../../core/charts/chart-response.js';
import { codeSystem, type CodeSystemId } from '../../core/codes/code-systems.js';
import { groupBy } from '../../core/group-by.js';
import type { Language } from '../../core/model/language.js';
import { isHeldByHeading, type ListItem } from '../../core/list/read-list.js';
import { isByName } from '../../core/list/word-reader.js';
import { displayCode, normalizeCode } from '../../core/codes/normalize-code.js';
import type { ArticleHit } from '../../core/search/search-hit.js';
import type { Understanding } from '../../core/words/understanding.js';
import { holdOrMissText } from '../../protocols/chart-texts.js';
import { explainUnderstanding } from '../../protocols/understanding-text.js';
import { LIMITS } from '../../limits.js';
import { namedCode, explainHit, explainMatch } from '../parts/article-facts.js';
import { toHitCard, type CardContent } from '../rows/article-row.js';
import type { RowState } from '../rows/entry-row.js';
import type { PageContext, PageOptions } from '../page-context.js';
import { explainReading, findByTitles, findNames, type CodeNames, type ReadAs } from './list-names.js';
import { explainUnticked, toChartCard } from './entry-parts.js';
import type { Packet } from './packet.js';

/** One of the things that an entry may mean. */
export interface Choice {
  readonly label: string;
  readonly language: Language | undefined;
  /** Text that replaces the entry where this is chosen. */
  readonly text: string;
}

/** One entry of a list with what was read and found. */
export interface ListRow extends ReadAs {
  /** The place in the list, from 1. */
  readonly number: number;
  readonly item: ListItem;
  readonly state: RowState;
  /** Its article. Held articles are among `others`. */
  readonly card: CardContent | undefined;
  /** The row that has the box of the same article. */
  readonly sameAs: { readonly number: number; readonly text: string } | undefined;
  /** Why nothing is found or ticked, or how it was found; empty where nothing needs saying. */
  readonly reason: string;
  /** A curator's note about it, in English. */
  readonly note: string;
  /** Further articles; `hasBox` is false for one that another row has a box for. */
  readonly others: readonly { readonly card: CardContent; readonly hasBox: boolean }[];
  readonly choices: readonly Choice[];
  /** Words to search for in its place. */
  readonly words: string;
}

/** A lower-scored hit is no answer to one of many entries. */
const LEAST_SCORE = 0.4;

type Draft = Omit<ListRow, 'number' | 'item' | 'readAs' | 'readAsLanguage' | 'sameAs' | 'others' | 'words'> & {
  readonly others: readonly CardContent[];
};

const NOTHING: Pick<Draft, 'card' | 'reason' | 'note' | 'others' | 'choices'> = {
  card: undefined,
  reason: '',
  note: '',
  others: [],
  choices: [],
};

/** An article of a chart as a card for one of its inputs. */
function toCard(found: ChartArticle, input: number, page: PageContext): CardContent {
  const reason = found.reasons.find(({ question }) => question.input === input);
  const why = reason ? explainMatch(reason.match, page.t) : '';
  return toChartCard(found, reason, { key: `${input + 1}-${found.article.id}`, why });
}

interface Sources {
  readonly chart: ChartResponse;
  /** By input. */
  readonly articles: ReadonlyMap<number, readonly ChartArticle[]>;
  readonly misses: ReadonlyMap<number, ChartMiss>;
  readonly page: PageContext;
  /** Hits of the titles of codes without an article, by input. */
  readonly byTitle: ReadonlyMap<number, readonly ArticleHit[]>;
  readonly names: CodeNames;
}

/** The articles of each input, the best first. */
function groupArticles({ articles }: ChartResponse): Map<number, ChartArticle[]> {
  const found = articles.flatMap((article) =>
    article.reasons.map(({ question: { input }, match: { score } }) => ({ input, score, article })),
  );
  // The order within an input is that by score: sorting is stable.
  const sorted = groupBy(
    found.sort((a, b) => b.score - a.score),
    ({ input }) => input,
  );
  return new Map([...sorted].map(([input, ones]) => [input, ones.map(({ article }) => article)]));
}

/** The row of an entry that was guessed by words: the best guess, to be checked, and the others as alternatives. */
function draftFromHits(
  hits: readonly ArticleHit[],
  input: number,
  page: PageContext,
  reason: string,
): Draft | undefined {
  const permitted = hits.filter((hit) => hit.score >= LEAST_SCORE && page.isGiven(hit));
  const [first, ...others] = permitted.map((hit) => toHitCard(hit, page, `${input + 1}`));
  if (!first) return undefined;
  return { ...NOTHING, state: 'check', card: first, others, reason };
}

/** The row of an entry that the library answered. */
function draftFromAnswer(input: number, sources: Sources): Draft {
  const { articles, misses, page, byTitle } = sources;
  const found = articles.get(input) ?? [];
  const [lead] = found.filter(({ hold }) => hold === undefined);
  const others = found.filter((one) => one !== lead).map((one) => toCard(one, input, page));
  if (lead) {
    const reason = explainUnticked(lead, sources.chart, page);
    return { ...NOTHING, state: 'found', card: toCard(lead, input, page), others, reason };
  }
  const [held] = found;
  if (held) return { ...NOTHING, state: 'held', others, reason: page.t(`chart.holds.${held.hold ?? 'site-policy'}`) };
  const miss = misses.get(input);
  const reason = miss ? holdOrMissText(miss, page.t) : page.t('packet.nothingSuits');
  const state = miss?.hold ? 'held' : 'none';
  const guess =
    state === 'none'
      ? draftFromHits(byTitle.get(input) ?? [], input, page, page.t('packet.guess.title', { why: reason }))
      : undefined;
  return guess ?? { ...NOTHING, state, reason, note: miss?.answer.miss?.note ?? '' };
}

/** The readings of a code that several systems have, each with its name. */
function draftFromCode(
  code: string,
  possible: readonly CodeSystemId[],
  isKnown: boolean,
  { names, page }: Sources,
): Draft {
  const labels = possible.map((id) => codeSystem(id).label).join(', ');
  if (!isKnown) return { ...NOTHING, state: 'none', reason: page.t('packet.unknownCode', { systems: labels }) };
  const choices = possible.map((system): Choice => {
    const normalized = normalizeCode(system, code) ?? code;
    const name = names.get(`${system}|${normalized}`);
    const named = namedCode(system, normalized);
    const label = name === undefined ? named : `${named}: ${name.title}`;
    return {
      label,
      language: name?.language,
      text: `${codeSystem(system).label} ${displayCode(system, normalized)}`,
    };
  });
  return { ...NOTHING, state: 'choose', choices, reason: page.t('packet.chooseSystem', { systems: labels }) };
}

/** Returns the row of words that name no article by its own name. */
function draftFromWords(understood: Understanding | undefined, input: number, page: PageContext): Draft {
  const { t } = page;
  if (!understood) return { ...NOTHING, state: 'none', reason: t('packet.notSearched') };
  const reason = explainUnderstanding(understood, t)?.text ?? '';
  if (understood.kind === 'held') return { ...NOTHING, state: 'held', reason };
  if (understood.kind === 'abbreviation') {
    const choices = understood.readings.map(({ means, language, query }): Choice => ({
      label: means,
      language,
      text: query,
    }));
    return { ...NOTHING, state: 'choose', choices, reason };
  }
  if (reason !== '') return { ...NOTHING, state: 'none', reason };
  const hits = understood.hits.flatMap((hit): ArticleHit[] => (hit.kind === 'article' ? [hit] : []));
  const [first] = hits;
  const guess =
    first &&
    draftFromHits(
      hits,
      input,
      page,
      t(`packet.guess.${first.matched === 'spelling' ? 'spelling' : 'words'}`, { why: explainHit(first.matched, t) }),
    );
  return guess ?? { ...NOTHING, state: 'none', reason: t('packet.nothingSuits') };
}

function draftRow(item: ListItem, input: number, sources: Sources): Draft {
  const { page } = sources;
  const { reading, under, text } = item;
  if (under && under.section !== 'plain' && isHeldByHeading(item)) {
    return { ...NOTHING, state: 'held', reason: page.t(`packet.under.${under.section}`, { heading: under.text }) };
  }
  if (reading.kind === 'ambiguous-code') return draftFromCode(reading.code, reading.possible, reading.isKnown, sources);
  if (reading.kind === 'code') return draftFromAnswer(input, sources);
  const { understood } = reading;
  return understood && isByName(understood, text)
    ? draftFromAnswer(input, sources)
    : draftFromWords(understood, input, page);
}

/** Gives each article one box: in the first row that ticks it, else in the first that has it. */
function placeBoxes(drafts: readonly Draft[], items: readonly ListItem[]): Pick<ListRow, 'sameAs' | 'others'>[] {
  const leads = new Map<string, number>();
  for (const isTicked of [true, false]) {
    for (const [index, { card }] of drafts.entries()) {
      if (card && (card.chosen || !isTicked) && !leads.has(card.article.id)) leads.set(card.article.id, index + 1);
    }
  }
  const boxed = new Set(leads.keys());
  return drafts.map(({ card, others }, index) => {
    const first = card && leads.get(card.article.id);
    const placed = others.map((other) => {
      const hasBox = !boxed.has(other.article.id);
      boxed.add(other.article.id);
      return { card: other, hasBox };
    });
    const isOwn = first === undefined || first === index + 1;
    return { sameAs: isOwn ? undefined : { number: first, text: items[first - 1]?.text ?? '' }, others: placed };
  });
}

/**
 * The rows of a list, one for each entry in its order.
 * @param packet a list: one with `items`
 */
export async function buildRows(
  packet: Packet,
  chart: ChartResponse,
  page: PageContext,
  options: PageOptions,
): Promise<ListRow[]> {
  const items = packet.items ?? [];
  const names = findNames(items, options.library, page.language);
  const byTitle = await findByTitles(items, names, chart, page, options);
  const misses = new Map([...chart.held, ...chart.misses].map((miss) => [miss.question.input, miss]));
  const sources = { chart, articles: groupArticles(chart), misses, page, byTitle, names };
  const drafts = [...items.entries()].map(([input, item]) => draftRow(item, input, sources));
  const placed = placeBoxes(drafts, items);
  const toRow = (item: ListItem, index: number): ListRow[] => {
    const [draft, place] = [drafts[index], placed[index]];
    if (!draft || !place) return [];
    const read = explainReading(item, page, names, options.vocabulary.known);
    const { understood } = item.reading.kind === 'words' ? item.reading : { understood: undefined };
    const words = understood?.kind === 'held' ? understood.statement.subject : item.title || item.text;
    return [{ ...draft, ...place, ...read, number: index + 1, item, words: words.slice(0, LIMITS.maxQueryChars) }];
  };
  const rows = [...items.entries()].map(([index, item]) => toRow(item, index));
  return rows.flat();
}
