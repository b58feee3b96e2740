import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { answerRequest } from '../../src/core/answer/answer.js';
import { findCodeSystem } from '../../src/core/codes/code-systems.js';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';

/** Codes whose wrong page would do harm: what must be shown for each, and what never may (cases.csv; curation.md). */
interface SentinelCase {
  readonly system: string;
  readonly code: string;
  /** Article ids divided by `|`, or `none`. */
  readonly must: string;
  /** Article ids divided by `|`; one that ends in `*` stands for all that begin so. */
  readonly must_not: string;
  readonly rule: string;
}

const MOST_SHOWN = 3;
const CASES = parse(readFileSync(fileURLToPath(new URL('cases.csv', import.meta.url)), 'utf8'), {
  columns: true,
}) as unknown as SentinelCase[];

const folder = temporaryFolder();
let library: ManagedLibrary;
beforeAll(async () => {
  ({ library } = await openTestLibrary(testConfig(folder.path)));
});
afterAll(async () => {
  await library.close();
  folder.remove();
});

async function shownFor(system: string, code: string): Promise<string[]> {
  const coding = {
    system: findCodeSystem(system)?.id,
    systemSent: system,
    code,
    display: '',
    userSelected: false,
  };
  const context = ANYONE;
  const { answers } = await answerRequest(
    { criteria: [{ codings: [coding] }], context, maxArticles: MOST_SHOWN },
    library,
  );
  return answers[0]?.matches.map(({ article }) => article.id) ?? [];
}

const ids = (cell: string): string[] => cell.split('|').filter((id) => id !== '');
const matches = (pattern: string, id: string): boolean =>
  pattern.endsWith('*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;

describe('the cases', () => {
  test('are at least 150, each with a rule, something to show or to avoid, and there once', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(150);
    expect(CASES.filter(({ must, must_not: mustNot, rule }) => rule === '' || (must === '' && mustNot === ''))).toEqual(
      [],
    );
    const keys = CASES.map(({ system, code }) => `${system} ${code}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });

  test('name code systems that we know', () => {
    expect(CASES.filter(({ system }) => !findCodeSystem(system))).toEqual([]);
  });

  test('name articles that the library has, so that none passes by a slip of the pen', () => {
    const named = [...new Set(CASES.flatMap(({ must }) => (must === 'none' ? [] : ids(must))))];
    const known = new Set(library.findArticles(named).map(({ id }) => id));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });
});

describe('no harm is done by', () => {
  test.each(CASES)('$system $code ($rule)', async ({ system, code, must, must_not: mustNot }) => {
    const shown = await shownFor(system, code);
    if (must === 'none') expect(shown).toEqual([]);
    else expect(shown).toEqual(expect.arrayContaining(ids(must)));
    expect(shown.filter((id) => ids(mustNot).some((pattern) => matches(pattern, id)))).toEqual([]);
  });
});
