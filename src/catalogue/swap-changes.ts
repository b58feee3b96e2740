import { setImmediate } from 'node:timers/promises';
import type { CodeSystemId } from '../core/code-systems.js';
import { codingKey } from '../core/concept.js';
import type { Coding, LibraryChanges, LibraryStatus } from '../core/library.js';
import type { WrittenRows } from '../core/written-store.js';
import { differing } from '../build/changed-codes.js';
import type { Queries } from '../store/connection.js';
import { systemsDescribedIn } from './described-systems.js';
import type { StoredRelease } from '../store/release-store.js';
import type { Snapshot } from './snapshot.js';
import type { SwappedRelease } from './swapped-releases.js';
import { mayHold, mayTouch, mostRows, swappedReleases } from './swapped-releases.js';

/** Rows compared at once: others come between. Releases of so few rows are compared at once whatever is beside them. */
const PART_ROWS = 2000;
/** Codes whose articles are looked for at once. */
const PART_CODES = 100;
/** More codes than these are no small change: all is read anew sooner than that is told. */
const MOST_CODES = 5000;

/** A table whose rows say something of articles. */
interface ArticleTable {
  readonly name: 'article' | 'article_text' | 'mapping';
  readonly kind: 'articles' | 'texts' | 'mappings';
  /** The column that names the article. */
  readonly key: string;
  /** What counts as a change. */
  readonly columns: string;
}

const ARTICLE: ArticleTable = { name: 'article', kind: 'articles', key: 'id', columns: 'id, facts' };
const TEXT: ArticleTable = {
  ...{ name: 'article_text', kind: 'texts', key: 'article' },
  columns: 'article, language, facts',
};
const MAPPING: ArticleTable = {
  ...{ name: 'mapping', kind: 'mappings', key: 'article' },
  columns: 'article, system, code',
};

const NOTHING: LibraryChanges = { articles: new Set(), concepts: new Set(), mappings: new Set(), crosswalks: false };

/**
 * Reads what a table has of two releases, a part of its articles at a time.
 * @param sqlOf the question of two releases ($1, $2) and a condition on the rows, which may take $3 and $4
 */
async function* inParts<Row>(
  db: Queries,
  { name, key, kind }: ArticleTable,
  sqlOf: (among: string) => string,
  { before, after }: SwappedRelease,
): AsyncGenerator<Row[]> {
  const releases = [before, after];
  const ids = releases.map((release) => release?.id ?? null);
  if (releases.reduce((sum, release) => sum + (release ? mostRows(release, kind) : 0), 0) <= PART_ROWS) {
    await setImmediate();
    yield await db.all<Row>(sqlOf('1 = 1'), ...ids);
    return;
  }
  // A row that leads to no article has none: an empty text.
  for (let from = '', isAfter = '>='; ; isAfter = '>') {
    await setImmediate();
    const keys = `SELECT ${key} AS key FROM ${name} WHERE ${key} ${isAfter} $1 ORDER BY ${key} LIMIT ${PART_ROWS}`;
    const [part] = await db.all<{ last: string | null }>(`SELECT max(key) AS last FROM (${keys}) AS part`, from);
    const to = part?.last ?? undefined;
    if (to === undefined) return;
    yield await db.all<Row>(sqlOf(`${key} ${isAfter} $3 AND ${key} <= $4`), ...ids, from, to);
    from = to;
  }
}

const idsOf = ({ before, after }: SwappedRelease): readonly [number | null, number | null] => [
  before?.id ?? null,
  after?.id ?? null,
];

/** Of two sources of a layer the release that was made last counts: a swap can turn that round. */
function turnedRound(
  before: readonly StoredRelease[],
  now: readonly StoredRelease[],
): [StoredRelease, StoredRelease][] {
  const orderBefore = (a: StoredRelease, b: StoredRelease): number | undefined => {
    const [first, second] = [a, b].map(({ source }) =>
      before.find((one) => one.layer === a.layer && one.source === source),
    );
    return first && second && Math.sign(first.id - second.id);
  };
  return now.flatMap((a) =>
    now.flatMap((b): [StoredRelease, StoredRelease][] => {
      if (a.layer !== b.layer || a.id <= b.id) return [];
      return (orderBefore(a, b) ?? 1) > 0 ? [] : [[a, b]];
    }),
  );
}

/** What a swap changed, read from the releases before and after it, for as long as both are there. */
export class SwapChanges {
  readonly #db: Queries;
  #now: Snapshot;
  readonly #activeAt = new WeakMap<LibraryStatus, readonly StoredRelease[]>();
  /** Several ask for the same. */
  readonly #known = new WeakMap<LibraryStatus, { now: Snapshot; changes: Promise<LibraryChanges | undefined> }>();

  constructor(db: Queries, now: Snapshot) {
    this.#db = db;
    this.#now = now;
    this.took(now);
  }

  /** Notes what the library is now. */
  took(snapshot: Snapshot): void {
    this.#now = snapshot;
    this.#activeAt.set(snapshot.status, snapshot.active);
  }

  /** What differs between the state of a status and now; undefined where that cannot be told. */
  find(since: LibraryStatus): Promise<LibraryChanges | undefined> {
    const now = this.#now;
    const known = this.#known.get(since);
    if (known?.now === now) return known.changes;
    const changes = this.#find(since, now);
    this.#known.set(since, { now, changes });
    // A failure is not kept: the next one tries again.
    changes.catch(() => this.#known.delete(since));
    return changes;
  }

  async #find(since: LibraryStatus, now: Snapshot): Promise<LibraryChanges | undefined> {
    if (since === now.status) return NOTHING;
    const before = this.#activeAt.get(since);
    if (!before) return undefined;
    const swaps = swappedReleases(before, now.active);
    const moved = await this.#codesOfMoved(swaps);
    const articles = await this.#changedArticles(swaps, moved, [before, now.active]);
    if (!articles) return undefined;
    const mapped = await this.#mappedIn(swaps.filter((swap) => mayTouch(swap, 'mappings')));
    const changes = {
      articles,
      concepts: await this.#describedIn(swaps),
      mappings: new Set([...mapped, ...moved.map(({ system }) => system)]),
      crosswalks: swaps.some((swap) => mayTouch(swap, 'crosswalks')),
    };
    return (await this.#areThere(swaps)) ? changes : undefined;
  }

  /** Whether all that was compared is there still: what a swap has replaced is cleared away sooner or later. */
  async #areThere(swaps: readonly SwappedRelease[]): Promise<boolean> {
    const rows = await this.#db.all<{ id: number }>("SELECT id FROM release WHERE state = 'ready'");
    const ready = new Set(rows.map(({ id }) => id));
    return swaps.every(({ before }) => before === undefined || ready.has(before.id));
  }

  async #changedArticles(
    swaps: readonly SwappedRelease[],
    moved: readonly Coding[],
    [before, now]: readonly [readonly StoredRelease[], readonly StoredRelease[]],
  ): Promise<ReadonlySet<string> | undefined> {
    const found = new Set<string>();
    const codes = new Map(moved.map((coding) => [codingKey(coding), coding]));
    for (const swap of swaps) {
      if (mayTouch(swap, 'publishers') && (await this.#hasOtherPublishers(swap))) return undefined;
      for (const table of [ARTICLE, TEXT].filter(({ kind }) => mayTouch(swap, kind))) {
        const sqlOf = (among: string): string => differing(table.columns, table.name, among);
        for await (const rows of inParts<Record<string, string>>(this.#db, table, sqlOf, swap))
          for (const row of rows) found.add(row[table.key] ?? '');
      }
      if (mayTouch(swap, 'mappings')) {
        const sqlOf = (among: string): string => differing(MAPPING.columns, MAPPING.name, among);
        type Row = { article: string; system: CodeSystemId; code: string };
        for await (const rows of inParts<Row>(this.#db, MAPPING, sqlOf, swap))
          for (const { article, system, code } of rows) {
            if (article !== '') found.add(article);
            codes.set(codingKey({ system, code }), { system, code });
          }
      }
      for (const id of await this.#writtenIn(swap)) found.add(id);
    }
    for (const pair of turnedRound(before, now)) for (const id of await this.#inBoth(pair)) found.add(id);
    if (codes.size > MOST_CODES) return undefined;
    for (const id of await this.#articlesOf([...codes.values()])) found.add(id);
    return found;
  }

  /** Codes of which rows count from now on, for their article has come, or no longer, for it has gone. The starter has no such rows. */
  async #codesOfMoved(swaps: readonly SwappedRelease[]): Promise<Coding[]> {
    const found: Coding[] = [];
    for (const swap of swaps.filter((one) => mayTouch(one, 'texts'))) {
      await setImmediate();
      const rows = await this.#db.all<Coding>(
        `SELECT DISTINCT m.system, m.code
         FROM (
           SELECT article FROM article_text WHERE release IN ($1, $2) GROUP BY article HAVING count(DISTINCT release) = 1
         ) AS moved
         JOIN mapping m ON m.article = moved.article
         JOIN active_release a ON a.release = m.release
         WHERE a.layer <> 'starter'`,
        ...idsOf(swap),
      );
      found.push(...rows);
    }
    return found;
  }

  async #hasOtherPublishers(swap: SwappedRelease): Promise<boolean> {
    const rows = await this.#db.all(
      `SELECT 1 FROM (${differing('id, facts', 'publisher')}) AS other LIMIT 1`,
      ...idsOf(swap),
    );
    return rows.length > 0;
  }

  /** A higher layer's row for a code takes the place of all others: the articles of these change with it. */
  async #articlesOf(codes: readonly { readonly system: string; readonly code: string }[]): Promise<string[]> {
    const found: string[] = [];
    for (let from = 0; from < codes.length; from += PART_CODES) {
      await setImmediate();
      const part = codes.slice(from, from + PART_CODES);
      const places = part.map((_, index) => `($${index * 2 + 1}, $${index * 2 + 2})`).join(', ');
      const rows = await this.#db.all<{ article: string }>(
        `SELECT DISTINCT article FROM mapping WHERE (system, code) IN (VALUES ${places}) AND article <> ''`,
        ...part.flatMap(({ system, code }) => [system, code]),
      );
      found.push(...rows.map(({ article }) => article));
    }
    return found;
  }

  /** What a site writes of itself says more than its rows do. */
  async #writtenIn({ before, after }: SwappedRelease): Promise<string[]> {
    if (after?.layer !== 'written') return [];
    const [first, second] = [before, after].map((release) => Number(/\d+$/.exec(release?.name ?? '')?.[0] ?? 0));
    const rows = await this.#db.all<{ rows: string }>(
      `SELECT DISTINCT r.rows FROM written_version v JOIN written_resource r ON r.type = v.type AND r.id = v.id
       WHERE v.sequence > $1 AND r.rows IS NOT NULL`,
      Math.min(first ?? 0, second ?? 0),
    );
    return rows.flatMap(({ rows: json }) => (JSON.parse(json) as WrittenRows).texts.map(({ article }) => article));
  }

  async #inBoth([a, b]: readonly [StoredRelease, StoredRelease]): Promise<string[]> {
    const found: string[] = [];
    for (const table of [ARTICLE, TEXT].filter(({ kind }) => mayHold(a, kind) && mayHold(b, kind))) {
      const of = (release: string, among: string): string =>
        `SELECT ${table.key} FROM ${table.name} WHERE release = ${release} AND ${among}`;
      const sqlOf = (among: string): string => `${of('$1', among)} INTERSECT ${of('$2', among)}`;
      for await (const rows of inParts<Record<string, string>>(this.#db, table, sqlOf, { before: a, after: b }))
        found.push(...rows.map((row) => row[table.key] ?? ''));
    }
    return found;
  }

  async #describedIn(swaps: readonly SwappedRelease[]): Promise<ReadonlySet<CodeSystemId>> {
    const found = new Set<CodeSystemId>();
    for (const release of swaps.flatMap(({ before, after }) => [before, after]))
      for (const system of release ? await systemsDescribedIn(this.#db, release) : []) found.add(system);
    return found;
  }

  async #mappedIn(swaps: readonly SwappedRelease[]): Promise<ReadonlySet<CodeSystemId>> {
    const found = new Set<CodeSystemId>();
    for (const swap of swaps) {
      await setImmediate();
      const sql = 'SELECT DISTINCT system FROM mapping WHERE release IN ($1, $2)';
      for (const { system } of await this.#db.all<{ system: CodeSystemId }>(sql, ...idsOf(swap))) found.add(system);
    }
    return found;
  }
}
