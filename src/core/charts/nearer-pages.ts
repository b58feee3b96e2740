import { readDataFile, toWordSet } from '../read-data-file.js';
import { getOrAdd } from '../remember.js';

const ROWS = readDataFile('charts/nearer-pages.yaml') as Readonly<Record<string, string>>;

const toId = (name: string): string => (/^(ency|encypi|test|drug)-/.test(name) ? name : `topic-${name}`);

function readRows(): ReadonlyMap<string, ReadonlySet<string>> {
  const nearer = new Map<string, Set<string>>();
  for (const [near, others] of Object.entries(ROWS)) {
    for (const other of toWordSet(others)) {
      const id = toId(other);
      getOrAdd(nearer, id, () => new Set()).add(toId(near));
    }
  }
  return nearer;
}

/** The nearer pages beside which an article is noise, by the article's id. */
export const NEARER_PAGES = readRows();
