import type { ChartResponse } from '../core/charts/chart-response.js';
import { groupBy } from '../core/group-by.js';
import type { ArticleHit } from '../core/search-hit.js';
import { understandWords } from '../core/words/understand-words.js';
import { giveWay } from '../turns.js';
import { explainUnderstanding } from '../protocols/understanding-text.js';
import { ArticleRow, cardOfHit } from './article-row.js';
import { whyFound } from './article-facts.js';
import type { PageContext, PageOptions } from './page-context.js';
import { About, PLACE, Phrase } from './phrase.js';
import type { Packet, PacketInput } from './packet-reader.js';
import { isHelpedByWords } from './search-words.js';

/** Entries of a list whose words are searched for; the others have their link to the search. */
const MOST_SEARCHED = 40;
/** A hit that suits less than this is no answer to an entry that nobody looks at by itself. */
const LEAST_SCORE = 0.4;

/** What the words of an entry found that no code of it explains. */
export interface WordsFound {
  readonly input: PacketInput;
  readonly hit: ArticleHit;
}

/** An entry that was understood and selects nothing, with the reason in words. */
export interface WordsHeld {
  readonly input: PacketInput;
  readonly reason: string;
}

/** What the words of a packet's entries come to. */
export interface WordsOfPacket {
  readonly found: readonly WordsFound[];
  readonly held: readonly WordsHeld[];
}

/** The entries of a list that have words and no article: without a code, or with one that leads nowhere. */
function openInputs({ inputs }: Packet, { misses }: ChartResponse): PacketInput[] {
  const missed = new Set(
    misses.flatMap(({ question, answer: { miss } }) => (miss && isHelpedByWords(miss) ? [question.input] : [])),
  );
  return inputs.filter(
    ({ title, fault, isHeld }, at) => title !== '' && !isHeld && (fault !== undefined || missed.has(at)),
  );
}

/** For each entry without an article the one that its words suit best, if any suits well; for a held one why. */
export async function findByWordsOf(
  packet: Packet,
  chart: ChartResponse,
  { language, isGiven, t }: PageContext,
  { library, vocabulary, maxQueryChars }: Pick<PageOptions, 'library' | 'vocabulary' | 'maxQueryChars'>,
): Promise<WordsOfPacket> {
  const found: WordsFound[] = [];
  const held: WordsHeld[] = [];
  for (const input of openInputs(packet, chart).slice(0, MOST_SEARCHED)) {
    const turn = giveWay();
    if (turn) await turn;
    const query = input.title.slice(0, maxQueryChars);
    const understood = await understandWords({ query, language, kind: 'article', count: 1 }, library, vocabulary);
    const reason = explainUnderstanding(understood, t);
    if (reason) held.push({ input, reason: reason.text });
    const [hit] = understood.hits;
    const suits = hit?.kind === 'article' && hit.matched !== 'code' && hit.score >= LEAST_SCORE;
    if (suits && isGiven(hit)) found.push({ input, hit });
  }
  return { found, held };
}

/** The link to the search for an entry's words. */
function SearchOthers({ title, page }: { title: string; page: PageContext }) {
  return (
    <a href={page.href('/find', { q: title.slice(0, 200) })}>
      {page.t('packet.searchOthers')}
      <About title={title} language={undefined} />
    </a>
  );
}

/** Entries that were understood and select nothing: denied, a relative's, a drug without a page, of several meanings. */
function HeldByWords({ held, page }: { held: readonly WordsHeld[]; page: PageContext }) {
  if (held.length === 0) return null;
  return (
    <ul class="remarks">
      {held.map(({ input: { title }, reason }) => (
        <li>
          <strong>{title}</strong>: {reason} <SearchOthers title={title} page={page} />
        </li>
      ))}
    </ul>
  );
}

/** Articles that words found, none of them ticked, each once and none that a code has found already. */
export function FoundByWordsOf({
  words: { found, held },
  chart,
  page,
}: {
  words: WordsOfPacket;
  chart: ChartResponse;
  page: PageContext;
}) {
  const { t } = page;
  if (found.length + held.length === 0) return null;
  const byId = groupBy(found, ({ hit }) => hit.article.id);
  const shown = new Set(chart.articles.map(({ article }) => article.id));
  const whyOf = (all: readonly WordsFound[]): string =>
    all
      .map(({ input, hit }) => t('packet.wordsFound', { words: input.title, why: whyFound(hit.matched, t) }))
      .join('; ');
  return (
    <section aria-labelledby="by-words">
      <h2 id="by-words">{t('packet.byWords')}</h2>
      <p class="notice">{t('packet.byWordsHint')}</p>
      {[...byId.values()].map((all) => {
        const [first] = all;
        if (!first || shown.has(first.hit.article.id)) return null;
        return (
          <ArticleRow
            content={{ ...cardOfHit(first.hit, page, 'words'), why: whyOf(all), showsWhy: true }}
            page={page}
          />
        );
      })}
      <ul class="remarks">
        {found.map(({ input, hit }) => (
          <li>
            <strong>{input.title}</strong>:{' '}
            {shown.has(hit.article.id) ? (
              <>
                <Phrase text={t('packet.alreadyIn', { title: PLACE })}>
                  <span lang={hit.text.language}>{hit.text.title}</span>
                </Phrase>{' '}
              </>
            ) : null}
            <SearchOthers title={input.title} page={page} />
          </li>
        ))}
      </ul>
      <HeldByWords held={held} page={page} />
    </section>
  );
}
