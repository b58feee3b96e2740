import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import type { Answer } from '../../src/core/answer/knowledge-response.js';
import { normalizeIngredients } from '../../src/core/drugs/drug-name.js';
import { groupBy } from '../../src/core/group-by.js';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';
import { describeWithData, read } from '../support/shared-data.js';

/**
 * Of the planted names of other drugs at least so many are held, and of names of the same ingredients at most so many: the list counts a
 * conjugate and its antibody, a liposomal drug and the plain one as the same.
 */
const [LEAST_HELD, MOST_HELD] = [0.998, 0.008];
/** Every so many codes are tried. */
const STEP = 29;

/** A name of RxNorm with its first ingredient. */
interface Named {
  readonly code: string;
  readonly name: string;
  readonly kind: string;
  readonly ingredients: string;
}

const folder = temporaryFolder();
let library: ManagedLibrary;

async function ask(pairs: readonly { code: string; display: string }[]): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let start = 0; start < pairs.length; start += 500) {
    const criteria = pairs.slice(start, start + 500).map(({ code, display }) => ({
      codings: [{ system: 'rxnorm' as const, systemSent: 'rxnorm', code, display, userSelected: false }],
    }));
    const request = { criteria, context: ANYONE, maxArticles: 3, answersApart: true };
    answers.push(...(await answerRequest(request, library)).answers);
  }
  return answers;
}

/** RxNorm's names that ship, with the ingredients that its list tells. */
const readAll = (): Named[] =>
  read('rxnorm/rxcui_names_merged.csv.gz')
    .filter(({ source = '', name }) => !/^[BC]/.test(source) && name !== '')
    .map(({ rxcui = '', name = '', tty = '', ingredients_derived: derived = '' }) => ({
      ...{ code: rxcui, name, kind: tty },
      ingredients: [...new Set(derived.split('|').map((one) => normalizeIngredients(one)))].sort().join(' / '),
    }));

const share = (some: number, all: number): number => some / Math.max(1, all);
const isApart = (one: Named, other: Named): boolean => {
  const words = (name: Named): string[] => `${name.name} ${name.ingredients}`.toLowerCase().match(/[a-z]{4,}/g) ?? [];
  const known = new Set(words(one));
  return one.ingredients !== '' && other.ingredients !== '' && !words(other).some((word) => known.has(word));
};

describeWithData('rxnorm', 'titles of RxNorm codes without a page', () => {
  let bare: Named[] = [];
  let others: Named[] = [];
  const named = new Map<string, Named[]>();

  beforeAll(async () => {
    ({ library } = await openTestLibrary(testConfig(folder.path)));
    const all = readAll();
    const tried = all.filter((_, index) => index % STEP === 0);
    const answers = await ask(tried.map(({ code }) => ({ code, display: '' })));
    bare = tried.filter((_, index) => answers[index]?.miss?.reason === 'code-not-mapped');
    others = tried.filter(({ kind }, index) => /^(IN|BN|SCD|SBD)$/.test(kind) && answers[index]?.matches.length);
    for (const [key, group] of groupBy(all, ({ ingredients }) => ingredients)) named.set(key, [...group]);
  });
  afterAll(async () => {
    await library.close();
    folder.remove();
  });

  test('the name of another drug that has a page is no answer', async () => {
    const pairs = bare.flatMap((one, index) => {
      const [other] = others.slice((index * 7) % others.length).filter((name) => isApart(one, name));
      return other ? [{ code: one.code, display: other.name, own: one.name }] : [];
    });
    const answers = await ask(pairs);
    const answered = pairs.filter((_, index) => answers[index]?.matches.length);
    expect(pairs.length).toBeGreaterThan(500);
    expect(1 - share(answered.length, pairs.length)).toBeGreaterThanOrEqual(LEAST_HELD);
  });

  test('a drug’s own names, and others of the same ingredients, are answered as before', async () => {
    const pairs = bare.flatMap((one, index) => {
      const like = one.ingredients === '' ? [] : (named.get(one.ingredients) ?? []);
      const other = like[(index * 7) % Math.max(1, like.length)];
      return [one, ...(other ? [other] : [])].map(({ name }) => ({ code: one.code, display: name, own: one.name }));
    });
    const answers = await ask(pairs);
    const held = pairs.filter((_, index) => answers[index]?.miss?.reason === 'title-conflict');
    expect(held.filter(({ display, own }) => display === own)).toEqual([]);
    expect(share(held.length, pairs.length)).toBeLessThanOrEqual(MOST_HELD);
  });
});
