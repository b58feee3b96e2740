import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError } from '../core/errors.js';
import type { InFlight } from '../protocols/route.js';
import { OneAtATime } from '../protocols/long-work/one-at-a-time.js';

/** How many bytes of bodies and answers a process may hold at once: see `LIMITS`. */
export type MemoryLimits = Readonly<
  Record<'maxBytesInFlight' | 'smallRequestBytes' | 'spareBytesInFlight' | 'largeWaitMs', number>
>;

/** Counts the bytes of bodies and answers in flight, over all requests of the process. */
export class MemoryBudget {
  readonly #limits: MemoryLimits;
  /**
   * Memory that is released when a connection closes: Node does not notify answers that wait behind another (pipelining). Arrays: the table
   * that a Set outgrows points to the next one, and once the collector has moved one to the old generation, all requests of its
   * connection follow it there.
   */
  readonly #byConnection = new WeakMap<Socket, HeldMemory[]>();
  readonly #largeOnes = new OneAtATime();
  /** Bytes held now. */
  held = 0;

  constructor(limits: MemoryLimits) {
    this.#limits = limits;
  }

  /** Whether large requests are rejected until some memory is released. */
  get isFull(): boolean {
    return this.held >= this.#limits.maxBytesInFlight;
  }

  /** Whether a request that holds so many bytes may hold more. Small requests are served while large ones fill the budget. */
  admits(own: number, more: number): boolean {
    const { maxBytesInFlight, smallRequestBytes, spareBytesInFlight } = this.#limits;
    const most = own + more <= smallRequestBytes ? maxBytesInFlight + spareBytesInFlight : maxBytesInFlight;
    return this.held + more <= most;
  }

  /** Waits until a request may be worked on: a large one, until no other large one is. @returns a function that ends its turn */
  async begin(held: HeldMemory, bytes: number): Promise<() => void> {
    if (bytes <= this.#limits.smallRequestBytes) return () => undefined;
    return this.#largeOnes.enter(held, { maxWaitMs: this.#limits.largeWaitMs });
  }

  /** Releases something when its connection closes, unless it is forgotten before. */
  watch(socket: Socket, held: HeldMemory): void {
    const known = this.#byConnection.get(socket);
    if (known) {
      if (!known.includes(held)) known.push(held);
      return;
    }
    const all = [held];
    this.#byConnection.set(socket, all);
    socket.once('close', () => {
      for (const one of [...all]) one.releaseIfIdle();
    });
  }

  forget(socket: Socket, held: HeldMemory): void {
    const all = this.#byConnection.get(socket);
    const at = all?.indexOf(held) ?? -1;
    if (at >= 0) all?.splice(at, 1);
  }

  /**
   * Runs the work that answers a request; all that it holds is released when it ends, with or without an error.
   * @param findClient names the client, where that matters
   */
  async during(
    request: IncomingMessage,
    findClient: () => string,
    work: (held: HeldMemory) => Promise<void>,
  ): Promise<void> {
    const held = new HeldMemory(this, request, request.socket, findClient);
    try {
      await work(held);
    } finally {
      held.release();
    }
  }

  /**
   * Sends an answer, whose bytes are held until they have left the process.
   * @param mayWait whether the client may ask again later where there is no room: not where something was written
   * @throws RequestError `overloaded`
   */
  send(response: ServerResponse, bytes: number, mayWait: boolean, send: () => void): void {
    const held = new HeldMemory(this, response.req, response.socket ?? response.req.socket);
    if (mayWait) held.claim(bytes);
    else held.hold(bytes);
    send();
    // Most answers have left by now.
    if (response.writableFinished || held.isAbandoned()) held.release();
    else held.releaseBehind(response);
  }
}

/** Memory that one request holds of the budget, until it is released. */
export class HeldMemory implements InFlight {
  readonly #budget: MemoryBudget;
  readonly #request: IncomingMessage;
  /** Null where the request is over already: Node 24 takes it away from one whose body was read. */
  readonly #socket: Socket | null;
  readonly #findClient: () => string;
  #isSending = false;
  /** The connection whose end releases the memory too. */
  #watched: Socket | null = null;
  #end: (() => void) | undefined;
  #bytes = 0;

  constructor(
    budget: MemoryBudget,
    request: IncomingMessage,
    socket: Socket | null = request.socket,
    findClient: () => string = () => '',
  ) {
    this.#budget = budget;
    this.#request = request;
    this.#socket = socket;
    this.#findClient = findClient;
  }

  get client(): string {
    return this.#findClient();
  }

  isAbandoned(): boolean {
    return this.#socket?.destroyed ?? true;
  }

  isCrowded(): boolean {
    return this.#budget.isFull;
  }

  hold(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.held += bytes;
  }

  /** Holds bytes if there is room for them. @throws RequestError `overloaded` */
  claim(bytes: number): void {
    if (!this.#budget.admits(this.#bytes, bytes)) throw new RequestError('overloaded');
    this.hold(bytes);
  }

  /**
   * Waits for the turn of this request: to be called when its body has arrived, before it is parsed.
   * @throws RequestError `overloaded` after too long
   */
  async beginWork(): Promise<void> {
    this.#end = await this.#budget.begin(this, this.#bytes);
  }

  /**
   * Releases a body that is not read to its end because its connection closes before: Node ends neither the request nor what reads it
   * where it was answered already (408, 413).
   */
  releaseWhereCut(): void {
    this.#watched = this.#socket;
    if (this.#watched) this.#budget.watch(this.#watched, this);
  }

  /** Releases an answer when it has left the process, or cannot any more. */
  releaseBehind(response: ServerResponse): void {
    this.#isSending = true;
    response.once('close', () => {
      this.release();
    });
    this.releaseWhereCut();
  }

  /** Releases the bytes when the connection closes, unless the request is being worked on: then they are still in memory. */
  releaseIfIdle(): void {
    if (this.#isSending || !this.#request.complete) this.release();
  }

  /** Releases all that is held. */
  release(): void {
    if (this.#watched) this.#budget.forget(this.#watched, this);
    this.#end?.();
    this.#budget.held -= this.#bytes;
    this.#bytes = 0;
  }
}
