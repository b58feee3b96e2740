import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Texts that are older than their page: it was rewritten after they were read. */
const OUTDATED = new Set(['topic-covid19vaccines es']);

const readLines = (data, name) =>
  gunzipSync(readFileSync(join(data, 'medlineplus/texts', name)))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** The texts that ship, in the order of their ids: those with a note are no longer their page's. */
export const readTopics = (data = '../shared/data') =>
  readLines(data, 'topics.jsonl.gz')
    .filter(({ id, language, note }) => note === undefined && !OUTDATED.has(`${id} ${language}`))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
