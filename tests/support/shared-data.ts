import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe } from '@jest/globals';
import { readCsvRows } from './csv-rows.js';

/** The code sets and page indexes that lie beside the project on some machines; none of them is part of it. */
export const DATA = '../shared/data';

/** A suite that needs a folder of these; where it is absent the suite is skipped, and says so. */
export function describeWithData(folder: string, name: string, suite: () => void): void {
  const isThere = existsSync(`${DATA}/${folder}`);
  if (!isThere) process.stdout.write(`skipped, for there is no folder ${DATA}/${folder}: ${name}\n`);
  (isThere ? describe : describe.skip)(name, suite);
}

/** The rows of a CSV file of the folder, packed or not. */
export function read(path: string): Record<string, string>[] {
  const bytes = readFileSync(`${DATA}/${path}`);
  return readCsvRows((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString());
}

/** One column of it. */
export const column = (path: string, header: string): string[] => read(path).map((row) => (row[header] ?? '').trim());
