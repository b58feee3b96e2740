import { expect, test } from '@jest/globals';
import { SharedReads } from '../../src/library/stored/shared-reads.js';

/** Reads as a database would, and notes what each statement was asked. */
function sharedReader(fails = false) {
  const statements: string[][] = [];
  const reads = new SharedReads<string, string>(
    (key) => key,
    (keys) => {
      statements.push([...keys]);
      if (fails) return Promise.reject(new Error('the database is away'));
      return Promise.resolve(new Map(keys.map((key) => [key, [`of ${key}`]])));
    },
  );
  return { statements, reads };
}

test('what is asked in one turn is one statement, with each key once', async () => {
  const { statements, reads } = sharedReader();
  const [first, second] = await Promise.all([reads.find(['a', 'b']), reads.find(['b', 'c'])]);
  expect(statements).toEqual([['a', 'b', 'c']]);
  expect([first.get('a'), first.get('b'), second.get('b'), second.get('c')]).toEqual([
    ['of a'],
    ['of b'],
    ['of b'],
    ['of c'],
  ]);
});

test('as long as further questions come turn by turn they are one statement, but nobody waits for ever', async () => {
  const { statements, reads } = sharedReader();
  const questions: Promise<unknown>[] = [];
  const askInTurn = (turn: number, done: () => void): void => {
    // Comes before the end of the next turn, as requests do.
    setImmediate(() => {
      if (turn === 20) done();
      else askInTurn(turn + 1, done);
    });
    questions.push(reads.find([String(turn)]));
  };
  await new Promise<void>((resolve) => {
    askInTurn(1, resolve);
  });
  await Promise.all(questions);
  expect(statements.map(({ length }) => length)).toEqual([9, 9, 2]);
});

test('what is asked in a later turn is asked anew', async () => {
  const { statements, reads } = sharedReader();
  await reads.find(['a']);
  await reads.find(['a']);
  expect(statements).toEqual([['a'], ['a']]);
});

test('a long question is asked by itself', async () => {
  const { statements, reads } = sharedReader();
  const chart = Array.from({ length: 21 }, (_none, index) => String(index));
  const [, ofChart] = await Promise.all([reads.find(['a']), reads.find(chart)]);
  expect(statements.map(({ length }) => length).sort()).toEqual([1, 21]);
  expect(ofChart.get('20')).toEqual(['of 20']);
});

test('who asks nothing is answered without a statement', async () => {
  const { statements, reads } = sharedReader();
  expect([(await reads.find([])).size, statements]).toEqual([0, []]);
});

test('all who share a statement that fails are told so', async () => {
  const { reads } = sharedReader(true);
  const answers = await Promise.allSettled([reads.find(['a']), reads.find(['b'])]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
