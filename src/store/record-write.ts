import { setImmediate } from 'node:timers/promises';
import { codingKey } from '../core/codes/concept.js';
import type { WrittenChange, WrittenRows } from '../core/model/written-store.js';
import { getOrAdd } from '../core/remember.js';
import { NO_CHANGE, toChange } from '../build/release-changes.js';
import { createCounts } from '../build/source.js';
import type { Connection } from './connection.js';
import type { ReleaseContent } from './release-content.js';
import { activate, findActiveRelease, addRelease, pruneWritten } from './release-store.js';
import { WRITTEN, type LoggedResource, type WrittenLog } from './written-log.js';

/** A part of a record: the record's kind and key, the part's own key, and what counts of it. */
type Part = readonly [record: string, part: string, content: object];

function* listParts({ articles, texts, mappings, crosswalks }: WrittenRows): Generator<Part> {
  for (const article of articles) yield [`articles ${article.id}`, '', article];
  for (const text of texts) yield [`articles ${text.article}`, text.language, text];
  for (const { system, code, article = '', relationship, rank, sensitivity } of mappings)
    yield [`mappings ${system} ${code}`, article, { relationship, rank, sensitivity }];
  for (const { from, to, relationship } of crosswalks)
    yield [`crosswalks ${from.system} ${from.code}`, codingKey(to), { relationship }];
}

/** The records that some resources contain. */
const listRecords = (resources: readonly (LoggedResource | undefined)[]): ReadonlySet<string> =>
  new Set(
    resources.flatMap((resource) => (resource ? Array.from(listParts(resource.rows), ([record]) => record) : [])),
  );

/** Written resources of records, as texts that are equal if the content is the same. */
function describe({ resources }: WrittenLog, wanted: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, Map<string, object>>();
  for (const { rows } of resources) {
    for (const [record, part, content] of listParts(rows)) {
      if (!wanted.has(record)) continue;
      const parts = getOrAdd(found, record, () => new Map<string, object>());
      parts.set(part, { ...parts.get(part), ...content });
    }
  }
  const sort = (parts: Map<string, object>) => [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map([...found].map(([record, parts]) => [record, JSON.stringify(sort(parts))]));
}

/** Counts what some changes add, change and withdraw. */
async function countWritten(
  before: WrittenLog,
  after: WrittenLog,
  changes: readonly WrittenChange[],
): Promise<ReleaseContent['changes']> {
  const wanted = listRecords(changes.flatMap((change) => [before.find(change), after.find(change)]));
  // A map may have thousands of rows: other work has its turn in between.
  await setImmediate();
  const then = describe(before, wanted);
  await setImmediate();
  const now = describe(after, wanted);
  await setImmediate();
  const compare = (kind: string) => {
    const records = [...wanted].filter((record) => record.startsWith(`${kind} `)).sort();
    const list = (isMeant: (old: string | undefined, fresh: string | undefined) => boolean): string[] =>
      records
        .filter((record) => isMeant(then.get(record), now.get(record)))
        .map((record) => record.slice(kind.length + 1));
    return toChange({
      added: list((old, fresh) => old === undefined && fresh !== undefined),
      changed: list((old, fresh) => old !== undefined && fresh !== undefined && old !== fresh),
      withdrawn: list((old, fresh) => old !== undefined && fresh === undefined),
    });
  };
  return {
    articles: compare('articles'),
    mappings: compare('mappings'),
    crosswalks: compare('crosswalks'),
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
  const replaced = await findActiveRelease(db, WRITTEN.layer, WRITTEN.source);
  const rows = createCounts();
  for (const { rows: written } of after.resources)
    for (const kind of ['articles', 'mappings', 'crosswalks', 'texts'] as const) rows[kind] += written[kind].length;
  const content: ReleaseContent = {
    rows,
    complete: [],
    changes: await countWritten(before, after, changes),
    replaced: replaced?.id ?? null,
  };
  const identity = { ...WRITTEN, name: `written-${sequence}`, digest: '', builtOn: now.toISOString().slice(0, 10) };
  const release = await addRelease(db, { ...identity, content, file: '', bytes: 0 });
  await activate(db, release, now);
  await pruneWritten(db, release.id);
}
