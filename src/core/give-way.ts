/**
 * Work that may take long gives way to other requests between its steps: a step is some tenths of a millisecond at most. Whose turn
 * it is, is not known here: whoever runs the work says it (turns.ts).
 */

/** A promise where it is the turn of others; undefined where the work may go on. */
export type GiveWay = () => Promise<void> | undefined;

/** Work of which nobody minds how long it takes. */
export const NEVER_GIVES_WAY: GiveWay = () => undefined;

/** Work that is done at once but can be left between its steps: each `yield` ends one. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Takes all steps, giving way between them. */
export async function takeSteps<T>(steps: Steps<T>, giveWay: GiveWay): Promise<T> {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    const turn = giveWay();
    if (turn) await turn;
  }
}

/** Takes all steps at once. */
export function takeAllSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** What is made of each item of a list, one a step. */
export function* mapSteps<T, U>(items: readonly T[], make: (item: T) => U): Steps<U[]> {
  const made: U[] = [];
  for (const item of items) {
    yield;
    made.push(make(item));
  }
  return made;
}

/**
 * Work on one place of a tree: it yields the walks of what is below it, and gets back what each returns. So a tree of any size
 * can be left at each of its places, and its depth takes no stack.
 */
export type Walk<T> = Generator<Walk<unknown>, T, unknown>;

/** Places of a tree that make a step. */
const PLACES_A_STEP = 50;

/** Walks a whole tree in steps. */
export function* walkTree<T>(root: Walk<T>): Steps<T> {
  const open: Walk<unknown>[] = [root];
  let returned: unknown;
  for (let places = 1; ; places += 1) {
    const { value, done } = (open.at(-1) ?? root).next(returned);
    if (done) {
      open.pop();
      if (open.length === 0) return value as T;
      returned = value;
    } else {
      open.push(value);
      returned = undefined;
    }
    if (places % PLACES_A_STEP === 0) yield;
  }
}

/** A list in portions: of as many things as weigh so much together, and of one at least. */
export function* portionsOf<T>(items: readonly T[], mostWeight: number, weigh: (item: T) => number): Generator<T[]> {
  let portion: T[] = [];
  let weight = 0;
  for (const item of items) {
    const own = weigh(item);
    if (portion.length > 0 && weight + own > mostWeight) {
      yield portion;
      portion = [];
      weight = 0;
    }
    portion.push(item);
    weight += own;
  }
  if (portion.length > 0) yield portion;
}
