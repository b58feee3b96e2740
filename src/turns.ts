import { nextTick } from 'node:process';
import type { GiveWay } from './core/give-way.js';

/** Duration of long work within one turn of the event loop, over all such requests. */
const SLICE_MS = 12;

/**
 * Shares the process among long requests: in each turn of the event loop one of them continues for one slice, in the
 * order in which they gave way. A request that arrives between two turns (a lookup, a health check) is answered before
 * the next slice, so it waits for one slice at most, however many long requests there are.
 */
export class Turns {
  readonly #now: () => number;
  readonly #sliceMs: number;
  readonly #waiting: (() => void)[] = [];
  /** When the slice of this turn of the loop began; undefined if no long work has run in it. */
  #began: number | undefined;

  /** @param now milliseconds from any origin */
  constructor(now: () => number = () => performance.now(), sliceMs: number = SLICE_MS) {
    this.#now = now;
    this.#sliceMs = sliceMs;
  }

  /**
   * Returns a promise if this turn's slice is used up: it resolves in a turn of its own. To be called between two steps
   * of long work.
   */
  readonly giveWay: GiveWay = () => {
    const now = this.#now();
    if (this.#began === undefined) this.#begin(now);
    else if (now - this.#began >= this.#sliceMs) return this.takeTurn();
    return undefined;
  };

  /** Waits for a turn with a slice of its own: before a step that takes long. */
  takeTurn(): Promise<void> {
    if (this.#began === undefined) this.#begin(this.#now());
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #begin(now: number): void {
    this.#began = now;
    setImmediate(this.#next);
  }

  readonly #next = (): void => {
    const first = this.#waiting.shift();
    this.#began = undefined;
    if (!first) return;
    this.#begin(this.#now());
    first();
  };
}

/**
 * Lets requests begin: in each turn of the event loop as many as fit into one slice, in the order in which they came. A hundred
 * requests of some milliseconds each that come at once hold the loop for a slice, not for a second.
 */
export class Starts {
  readonly #now: () => number;
  readonly #sliceMs: number;
  readonly #waiting: (() => void)[] = [];
  /** When the first request of this turn began; undefined where none has. */
  #began: number | undefined;

  /** @param now milliseconds from any time on */
  constructor(now: () => number = () => performance.now(), sliceMs: number = SLICE_MS) {
    this.#now = now;
    this.#sliceMs = sliceMs;
  }

  /** A promise where a request must wait for a later turn; undefined where it may begin. */
  readonly begin: GiveWay = () => {
    this.#openTurn();
    if (this.#waiting.length === 0 && !this.#isOver()) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  };

  #openTurn(): void {
    if (this.#began !== undefined) return;
    this.#began = this.#now();
    setImmediate(() => {
      this.#began = undefined;
      this.#beginNext();
    });
  }

  #isOver(): boolean {
    return this.#began !== undefined && this.#now() - this.#began >= this.#sliceMs;
  }

  readonly #beginNext = (): void => {
    if (this.#isOver()) return;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#openTurn();
    next();
    // A tick that a microtask asks for comes when that request has done all that it can do at once.
    queueMicrotask(() => {
      nextTick(this.#beginNext);
    });
  };
}

/** Those of this process, which has one event loop. */
const turns = new Turns();
const starts = new Starts();

/** Gives way to other requests if due: see `Turns.giveWay`. */
export const giveWay = turns.giveWay;

/** Waits for a turn of its own: see `Turns.takeTurn`. */
export const takeTurn = (): Promise<void> => turns.takeTurn();

/** Lets a request begin where its turn has room: see `Starts.begin`. */
export const beginRequest = starts.begin;
