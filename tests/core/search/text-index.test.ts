import { describe, expect, test } from '@jest/globals';
import { PackedListReader } from '../../../src/core/search/packed-list.js';
import { likeliestTerms } from '../../../src/core/search/similar-terms.js';
import { POSTING_WEIGHTS, TextIndexBuilder, gramsOf, namesOf } from '../../../src/core/search/text-index.js';

const textsOf = (title: string | undefined, others: readonly string[] = []): string[] =>
  namesOf(title, others).map(
    ({ text, isTitle }) => `${isTitle ? 'title' : 'name'}: ${text.replace(/ +/g, ' ').trim()}`,
  );

describe('names', () => {
  test('are the title and the others', () => {
    expect(textsOf('Flu', ['Influenza'])).toEqual(['title: Flu', 'name: Influenza']);
    expect(textsOf(undefined, ['Influenza'])).toEqual(['name: Influenza']);
  });

  test('with brackets count without them too, and by what the last ones say', () => {
    expect(textsOf('Enlarged Prostate (BPH)')).toEqual([
      'title: Enlarged Prostate (BPH)',
      'title: Enlarged Prostate',
      'name: BPH',
    ]);
    expect(textsOf('Essential (primary) hypertension')).toEqual([
      'title: Essential (primary) hypertension',
      'title: Essential hypertension',
    ]);
  });
});

describe('an index', () => {
  const builder = new TextIndexBuilder();
  builder.add(namesOf('Kidney Stones', ['Stones']));
  builder.add(namesOf('Stone of kidney, and of the stones', []));
  builder.add(namesOf(undefined, []));
  builder.add(namesOf('Type 2', ['kidney']));
  const terms = builder.terms();
  const postingsOf = (wanted: string): [number, number][] => {
    const found: [number, number][] = [];
    const entry = terms.find(({ term }) => term === wanted);
    for (const list = new PackedListReader(entry?.postings ?? new Uint8Array()); list.next();)
      found.push([list.number, POSTING_WEIGHTS[list.note] ?? 0]);
    return found;
  };

  test('numbers its terms in their order and counts documents, not places', () => {
    expect(builder.documents).toBe(4);
    expect(terms.map(({ id, term, word, documents }) => `${id} ${term} ${word} ${documents}`)).toEqual([
      '0 2 2 1',
      '1 kidney kidney 3',
      '2 ston stones 2',
      '3 type type 1',
    ]);
  });

  test('weighs a term by the best name it stands in: the title more than others, a short name more than a long one', () => {
    const kidney = new Map(postingsOf('kidney'));
    expect([...kidney.keys()]).toEqual([0, 1, 3]);
    const weightIn = (document: number): number => kidney.get(document) ?? 0;
    expect(weightIn(0)).toBeGreaterThan(weightIn(1));
    expect(weightIn(3)).toBeGreaterThan(weightIn(0));
    // Stones, a name of one word, is worth as much as kidney, another one.
    expect(new Map(postingsOf('ston')).get(0)).toBe(weightIn(3));
  });

  test('lists trigrams of sounds, not of words with digits', () => {
    const grams = gramsOf(terms);
    expect(grams.map(({ gram }) => gram)).toEqual([...grams.map(({ gram }) => gram)].sort());
    expect(grams.map(({ gram }) => gram)).toContain('cid');
    expect(grams.some(({ gram }) => gram.includes('2'))).toBe(false);
  });

  test('gives the terms that share most trigrams with a sound, the likeliest first', () => {
    const grams = gramsOf(terms).map((gram) => ({ ...gram, release: 7 }));
    expect(likeliestTerms('cidni', grams, 1)).toEqual([{ release: 7, id: 1 }]);
    expect(likeliestTerms('stonas', grams, 9)).toEqual([{ release: 7, id: 2 }]);
    expect(likeliestTerms('qqqq', grams, 9)).toEqual([]);
  });
});
