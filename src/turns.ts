import { nextTick } from 'node:process';
import type { GiveWay } from './core/give-way.js';

/** Duration of long work within one turn of the event loop, over all such requests. */
const SLICE_MS = 12;

/**
 * Shares the process among long requests: in each turn of the event loop one of them continues for one slice, in the
 * order in which they gave way. A request that arrives between two turns (a lookup, a health check) is answered before
 * the next slice, so it waits for one slice at most, however many long requests there are.
 * @param readMs milliseconds from any origin
 */
export function createTurns(readMs: () => number = () => performance.now(), sliceMs: number = SLICE_MS) {
  const waiting: (() => void)[] = [];
  /** When the slice of this turn of the loop began; undefined if no long work has run in it. */
  let began: number | undefined;

  const begin = (now: number): void => {
    began = now;
    setImmediate(next);
  };
  const next = (): void => {
    const first = waiting.shift();
    began = undefined;
    if (!first) return;
    begin(readMs());
    first();
  };
  /** Waits for a turn with a slice of its own: before a step that takes long. */
  const takeTurn = (): Promise<void> => {
    if (began === undefined) begin(readMs());
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  };
  /**
   * Returns a promise if this turn's slice is used up: it resolves in a turn of its own. To be called between two steps
   * of long work.
   */
  const giveWay: GiveWay = () => {
    const now = readMs();
    if (began === undefined) begin(now);
    else if (now - began >= sliceMs) return takeTurn();
    return undefined;
  };
  return { giveWay, takeTurn };
}

/**
 * Lets requests begin: in each turn of the event loop as many as fit into one slice, in the order in which they came. A hundred
 * requests of some milliseconds each that come at once hold the loop for a slice, not for a second.
 * @param readMs milliseconds from any origin
 * @returns a promise where a request must wait for a later turn; undefined where it may begin
 */
export function createStarts(readMs: () => number = () => performance.now(), sliceMs: number = SLICE_MS): GiveWay {
  const waiting: (() => void)[] = [];
  /** When the first request of this turn began; undefined where none has. */
  let began: number | undefined;

  const isOver = (): boolean => began !== undefined && readMs() - began >= sliceMs;
  const openTurn = (): void => {
    if (began !== undefined) return;
    began = readMs();
    setImmediate(() => {
      began = undefined;
      beginNext();
    });
  };
  const beginNext = (): void => {
    if (isOver()) return;
    const next = waiting.shift();
    if (!next) return;
    openTurn();
    next();
    // A tick that a microtask asks for comes when that request has done all that it can do at once.
    queueMicrotask(() => {
      nextTick(beginNext);
    });
  };
  return () => {
    openTurn();
    if (waiting.length === 0 && !isOver()) return undefined;
    return new Promise((resolve) => {
      waiting.push(resolve);
    });
  };
}

/** Those of this process, which has one event loop. */
export const { giveWay, takeTurn } = createTurns();

/** Lets a request begin where its turn has room. */
export const beginRequest = createStarts();
