import { RequestError } from '../../core/errors.js';

/** A request that wants to be worked on. */
export interface Entrant {
  /** The client, by its token's name or its address. */
  readonly client: string;
  readonly isAbandoned: () => boolean;
}

interface Patience {
  /** How long it waits before its client gets an error; Infinity for work that was done already. */
  readonly maxWaitMs: number;
  /** How many may wait; undefined: any number. */
  readonly most?: number;
}

/** A request that waits for its turn. */
interface Waiting {
  readonly begin: () => void;
  readonly reject: () => void;
  readonly isAbandoned: () => boolean;
}

/**
 * Works on one large request at a time: what each takes in memory while it is worked on (ten times its body) is there once, however many
 * there are. Clients take turns, each with its oldest request, so that one with many keeps no other waiting for all of them.
 */
export class OneAtATime {
  /** By client, in the order of their turns. */
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #places: number;
  #count = 0;
  #busy = 0;

  /** @param places how many requests are worked on at once: one for each thread that does such work */
  constructor(places = 1) {
    this.#places = places;
  }

  /** Number of requests that wait. */
  get waiting(): number {
    return this.#count;
  }

  /**
   * Waits until there is a place. Where as many wait as may, the client with the most of them loses its newest one.
   * @returns a function to call when the work is over, however it ends; a second call does nothing
   * @throws RequestError `overloaded` after too long or for want of a place, `bad-request` if the client has gone, which is never sent
   */
  async enter(entrant: Entrant, patience: Patience): Promise<() => void> {
    // The next one that waits inherits a place.
    if (this.#busy >= this.#places) await this.#wait(entrant, patience);
    else this.#busy += 1;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#leave();
    };
  }

  #wait(entrant: Entrant, { maxWaitMs, most = Infinity }: Patience): Promise<void> {
    const { client } = entrant;
    if (this.#count >= most) this.#makeRoom(client);
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        isAbandoned: () => entrant.isAbandoned(),
        reject: () => {
          clearTimeout(timer);
          this.#remove(client, waiting);
          reject(new RequestError('overloaded'));
        },
        begin: () => {
          clearTimeout(timer);
          if (entrant.isAbandoned()) reject(new RequestError('bad-request'));
          else resolve();
        },
      };
      const timer = maxWaitMs === Infinity ? undefined : setTimeout(waiting.reject, maxWaitMs);
      const others = this.#waiting.get(client);
      if (others) others.push(waiting);
      else this.#waiting.set(client, [waiting]);
      this.#count += 1;
    });
  }

  /** Rejects the newest request of the client with the most. @throws RequestError `overloaded` if that is this client */
  #makeRoom(client: string): void {
    const own = this.#waiting.get(client)?.length ?? 0;
    const largest = [...this.#waiting.values()].reduce((most, one) => (one.length > most.length ? one : most), []);
    if (largest.length <= own + 1) throw new RequestError('overloaded');
    largest.at(-1)?.reject();
  }

  #remove(client: string, waiting: Waiting): void {
    const all = this.#waiting.get(client) ?? [];
    const at = all.indexOf(waiting);
    if (at < 0) return;
    all.splice(at, 1);
    this.#count -= 1;
    if (all.length === 0) this.#waiting.delete(client);
  }

  /** Takes the oldest request of the client whose turn it is; its next one comes after those of all others. */
  #next(): Waiting | undefined {
    for (const [client, all] of this.#waiting) {
      const [first] = all;
      if (!first) continue;
      this.#remove(client, first);
      if (this.#waiting.delete(client)) this.#waiting.set(client, all);
      return first;
    }
    return undefined;
  }

  #leave(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      const isServed = !next.isAbandoned();
      next.begin();
      if (isServed) return;
    }
    this.#busy -= 1;
  }
}
