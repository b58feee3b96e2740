import type { GiveWay, Steps } from './give-way.js';

/**
 * An object whose properties are read when they are first needed.
 * @param readers how each property is read
 */
export function readOnce<T extends object>(readers: { readonly [Name in keyof T]: () => T[Name] }): T {
  const object = {} as T;
  for (const name of Object.keys(readers) as (keyof T)[]) {
    let value: { readonly read: T[keyof T] } | undefined;
    const get = (): T[keyof T] => (value ??= { read: readers[name]() }).read;
    Object.defineProperty(object, name, { enumerable: true, get });
  }
  return object;
}

/** Values that can be made ready before they are needed. */
export interface Preparable {
  /** Reads all properties, giving way between the steps of each. */
  readonly prepare: (giveWay: GiveWay) => Promise<void>;
}

/** A value that is read in steps. The first use takes at once those that are left. */
class StepwiseValue<T> {
  readonly #start: () => Steps<T>;
  #steps: Steps<T> | undefined;
  #read: { readonly value: T } | undefined;

  constructor(start: () => Steps<T>) {
    this.#start = start;
  }

  #takeStep(): void {
    try {
      const step = (this.#steps ??= this.#start()).next();
      if (!step.done) return;
      this.#read = { value: step.value };
      // The source of the value is no longer held.
      this.#steps = undefined;
    } catch (error) {
      // The next attempt begins anew.
      this.#steps = undefined;
      throw error;
    }
  }

  get(): T {
    while (!this.#read) this.#takeStep();
    return this.#read.value;
  }

  async prepare(giveWay: GiveWay): Promise<void> {
    while (!this.#read) {
      this.#takeStep();
      const turn = giveWay();
      if (turn) await turn;
    }
  }
}

/** Work without steps of its own. */
export function* inOneStep<T>(read: () => T): Steps<T> {
  yield;
  return read();
}

/**
 * An object whose properties are read when they are first needed, or before that in steps.
 * @param readers how each property is read
 */
export function readInSteps<T extends object>(readers: { readonly [Name in keyof T]: () => Steps<T[Name]> }): T &
  Preparable {
  const object = {} as T;
  const values: StepwiseValue<unknown>[] = [];
  for (const name of Object.keys(readers) as (keyof T)[]) {
    const value = new StepwiseValue(readers[name]);
    values.push(value);
    Object.defineProperty(object, name, { enumerable: true, get: () => value.get() });
  }
  const prepare = async (giveWay: GiveWay): Promise<void> => {
    for (const value of values) await value.prepare(giveWay);
  };
  return Object.assign(object, { prepare });
}
