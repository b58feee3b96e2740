import { codingKey } from '../core/codes/concept.js';
import type { WrittenChange, WrittenRows } from '../core/model/written-store.js';
import { NO_CHANGE, toChange } from '../build/release-changes.js';
import { createCounts } from '../build/source.js';
import type { Connection } from './connection.js';
import type { ReleaseContent } from './release-content.js';
import { activate, activeReleaseOf, addRelease, pruneWritten } from './release-store.js';
import type { LoggedResource, WrittenLog } from './written-log.js';
import { WRITTEN } from './written-log.js';

/** Kinds of records whose changes are counted. */
type Kind = 'articles' | 'mappings' | 'crosswalks';
const KINDS: readonly Kind[] = ['articles', 'mappings', 'crosswalks'];

/** A part of a record: the record's key, the part's own, and what counts of it. */
type Part = readonly [kind: Kind, key: string, part: string, content: object];

function* listParts({ articles, texts, mappings, crosswalks }: WrittenRows): Generator<Part> {
  for (const article of articles) yield ['articles', article.id, '', article];
  for (const text of texts) yield ['articles', text.article, text.language, text];
  for (const { system, code, article = '', relationship, rank, sensitivity } of mappings)
    yield ['mappings', `${system} ${code}`, article, { relationship, rank, sensitivity }];
  for (const { from, to, relationship } of crosswalks)
    yield ['crosswalks', `${from.system} ${from.code}`, codingKey(to), { relationship }];
}

type Keys = Readonly<Record<Kind, ReadonlySet<string>>>;

/** The records that some resources contain. */
function listKeys(resources: readonly (LoggedResource | undefined)[]): Keys {
  const keys = { articles: new Set<string>(), mappings: new Set<string>(), crosswalks: new Set<string>() };
  for (const resource of resources)
    if (resource) for (const [kind, key] of listParts(resource.rows)) keys[kind].add(key);
  return keys;
}

/** What is written of records, as texts that are equal if it is the same. */
function describe({ resources }: WrittenLog, wanted: Keys): Record<Kind, Map<string, string>> {
  const found = { articles: new Map(), mappings: new Map(), crosswalks: new Map() } as Record<
    Kind,
    Map<string, Map<string, object>>
  >;
  for (const { rows } of resources) {
    for (const [kind, key, part, content] of listParts(rows)) {
      if (!wanted[kind].has(key)) continue;
      const parts = found[kind].get(key) ?? new Map<string, object>();
      found[kind].set(key, parts.set(part, { ...parts.get(part), ...content }));
    }
  }
  const toTexts = (kind: Kind): Map<string, string> =>
    new Map(
      [...found[kind]].map(([key, parts]) => [key, JSON.stringify([...parts].sort(([a], [b]) => (a < b ? -1 : 1)))]),
    );
  return { articles: toTexts('articles'), mappings: toTexts('mappings'), crosswalks: toTexts('crosswalks') };
}

/** Counts what some changes add, change and withdraw. */
function countWritten(
  before: WrittenLog,
  after: WrittenLog,
  changes: readonly WrittenChange[],
): ReleaseContent['changes'] {
  const wanted = listKeys(changes.flatMap((change) => [before.find(change), after.find(change)]));
  const [then, now] = [describe(before, wanted), describe(after, wanted)];
  const compareKeys = (kind: Kind) => {
    const keys = [...wanted[kind]].sort();
    return toChange({
      added: keys.filter((key) => now[kind].has(key) && !then[kind].has(key)),
      changed: keys.filter(
        (key) => now[kind].has(key) && then[kind].has(key) && now[kind].get(key) !== then[kind].get(key),
      ),
      withdrawn: keys.filter((key) => !now[kind].has(key) && then[kind].has(key)),
    });
  };
  return {
    articles: compareKeys('articles'),
    mappings: compareKeys('mappings'),
    crosswalks: compareKeys('crosswalks'),
    concepts: NO_CHANGE,
  };
}

/**
 * Records a write in the history of releases, and makes it the release in use, be it empty: without it the library would have the name
 * of before anything was written, and what was answered then would be returned from a cache.
 * @param sequence position of the last version written; it names the release
 */
export async function recordWrite(
  db: Connection,
  {
    before,
    after,
    changes,
  }: { readonly before: WrittenLog; readonly after: WrittenLog; readonly changes: readonly WrittenChange[] },
  sequence: number,
  now: Date,
): Promise<void> {
  const replaced = await activeReleaseOf(db, WRITTEN.layer, WRITTEN.source);
  const rows = createCounts();
  for (const { rows: written } of after.resources)
    for (const kind of [...KINDS, 'texts'] as const) rows[kind] += written[kind].length;
  const content: ReleaseContent = {
    rows,
    complete: [],
    changes: countWritten(before, after, changes),
    replaced: replaced?.id ?? null,
  };
  const identity = { ...WRITTEN, name: `written-${sequence}`, digest: '', builtOn: now.toISOString().slice(0, 10) };
  const release = await addRelease(db, { ...identity, content, file: '', bytes: 0 });
  await activate(db, release, now);
  await pruneWritten(db, release.id);
}
