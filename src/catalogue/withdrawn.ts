import type { Article, Publisher } from '../core/article.js';
import { groupBy } from '../core/group-by.js';
import type { Language } from '../core/language.js';
import type { WithdrawnArticle } from '../core/library.js';
import type { RunStatement } from '../store/connection.js';
import type { ArticleRow } from './rows.js';
import { toArticle } from './rows.js';

/** A row of find-last-known.sql: an article's facts, or one of its texts. */
interface LastKnownRow extends ArticleRow {
  readonly source: string;
}

/** Ids of articles of which a text may have been withdrawn, kept in memory: looking for them reads whole tables. */
export class WithdrawnIds {
  readonly #run: RunStatement;
  #ids: readonly string[] | undefined;

  constructor(run: RunStatement) {
    this.#run = run;
  }

  list(): readonly string[] {
    this.#ids ??= this.#run<{ id: string }>('list-withdrawn', []).map(({ id }) => id);
    return this.#ids;
  }

  forget(): void {
    this.#ids = undefined;
  }
}

/** Of every source what it said last of an article, and of each of its texts. */
function lastSaid(rows: readonly LastKnownRow[]): LastKnownRow[] {
  const last = new Map<string, LastKnownRow>();
  for (const row of rows) {
    const key = `${row.layer}|${row.source}|${row.language ?? ''}`;
    if (!last.has(key)) last.set(key, row);
  }
  return [...last.values()];
}

/** Without texts that have no address: a layer may have said something else of a text that is not its own. */
function withAddresses(article: Article): Article {
  const texts = Object.entries(article.texts).filter(([, { url }]) => url !== '');
  return { ...article, texts: Object.fromEntries(texts) };
}

/**
 * What was withdrawn of articles, as it was last known.
 * @param offered these articles as they are offered, by id, as far as they are
 */
export function findWithdrawn(
  run: RunStatement,
  ids: readonly string[],
  offered: ReadonlyMap<string, Article>,
): WithdrawnArticle[] {
  const byId = groupBy(run<LastKnownRow>('find-last-known', ids), ({ id }) => id);
  if (byId.size === 0) return [];
  const publishers = new Map(
    run<{ id: string; facts: string }>('list-publishers', []).map(({ id, facts }) => [
      id,
      JSON.parse(facts) as Publisher,
    ]),
  );
  return [...byId].flatMap(([id, rows]): WithdrawnArticle[] => {
    const known = withAddresses(toArticle(id, lastSaid(rows), publishers));
    const texts = offered.get(id)?.texts;
    const languages = (Object.keys(known.texts) as Language[]).filter((language) => !texts?.[language]);
    if (languages.length === 0) return [];
    return [{ article: { ...known, texts: { ...known.texts, ...texts } }, languages }];
  });
}
