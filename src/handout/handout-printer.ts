import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';
import { OneAtATime } from '../protocols/long-work/one-at-a-time.js';
import { checkClient, type InFlight } from '../protocols/route.js';
import type { Logo } from '../core/model/department.js';
import { collectText, type Handout, type PrintJob, type PrintResult } from './handout.js';
import { startPrintWorker } from './start-print-worker.js';

/** Offset of a PNG's width and height (ISO/IEC 15948, IHDR). */
const PNG_SIZE_AT = 16;

/**
 * A logo that a PDF can contain: a JPEG, or a PNG small enough to be decoded for every handout. Pages show every logo; the
 * PDF shows the hospital's name instead of others.
 */
function readableLogo(logo: Logo | undefined): Logo | undefined {
  if (logo?.contentType === 'image/jpeg') return logo;
  if (logo?.contentType !== 'image/png' || logo.bytes.length < PNG_SIZE_AT + 8) return undefined;
  const pixels = logo.bytes.readUInt32BE(PNG_SIZE_AT) * logo.bytes.readUInt32BE(PNG_SIZE_AT + 4);
  return pixels <= LIMITS.maxLogoPixels ? logo : undefined;
}

/** Handouts for charts are printed by us. */
const OWN = { client: '', isAbandoned: (): boolean => false };

interface PrintRequest {
  readonly now: Date;
  readonly inFlight: InFlight | undefined;
  /** A department's logo; undefined: the hospital's. */
  readonly logo?: Logo | undefined;
}

/** Jobs that may wait while a page still states how many sheets its handout has. */
const MOST_WAITING = 4;

/**
 * Creates PDFs of handouts, one at a time, each client in its turn, in a thread of its own: fonts and PDF library are loaded there on first use, and other
 * requests are answered meanwhile.
 */
export class HandoutPrinter {
  readonly #logo: Logo | undefined;
  readonly #turns = new OneAtATime();
  #thread: { readonly worker: Worker; readonly ended: AbortSignal } | undefined;

  /** @param logo the hospital's; left out if a PDF cannot contain it */
  constructor(logo: Logo | undefined) {
    this.#logo = readableLogo(logo);
  }

  /** Starts a thread. One that fails is dropped at once: jobs posted to it before it ends would never be answered. */
  #start() {
    const ended = new AbortController();
    const thread = { worker: startPrintWorker(), ended: ended.signal };
    const forget = (): void => {
      if (this.#thread === thread) this.#thread = undefined;
    };
    thread.worker.unref();
    thread.worker.once('error', forget);
    thread.worker.once('exit', () => {
      forget();
      ended.abort();
    });
    return thread;
  }

  async #run(handout: Handout, { now, inFlight, logo: own }: PrintRequest): Promise<PrintResult> {
    const { length } = collectText(handout);
    const most = LIMITS.maxHandoutChars;
    if (length > most) throw new RequestError('too-costly', { most, unit: 'characters' });
    inFlight?.hold(length);
    const patience = { maxWaitMs: Infinity, most: LIMITS.handoutQueue };
    const leave = await this.#turns.enter(inFlight ?? OWN, patience);
    try {
      checkClient(inFlight);
      this.#thread ??= this.#start();
      const { worker, ended } = this.#thread;
      const answered = once(worker, 'message', { signal: ended }) as Promise<[PrintResult]>;
      const logo = own ? readableLogo(own) : this.#logo;
      worker.postMessage({ handout, now, logo } satisfies PrintJob);
      return (await answered)[0];
    } finally {
      leave();
    }
  }

  /** Describes the PDF of a handout. Undefined if its texts are too long, or the thread has too much to do. */
  async preview(handout: Handout, request: PrintRequest): Promise<Omit<PrintResult, 'pdf'> | undefined> {
    if (this.#turns.waiting > MOST_WAITING) return undefined;
    try {
      return await this.#run(handout, request);
    } catch (error) {
      if (error instanceof RequestError) return undefined;
      throw error;
    }
  }

  /**
   * Prints a handout as a tagged PDF.
   * @throws RequestError `unprintable` if no font of ours has some of its letters, `too-costly` if its texts are too
   * long, `overloaded` if too many handouts are waiting
   */
  async print(handout: Handout, request: PrintRequest): Promise<Buffer> {
    const { pdf, unprintable } = await this.#run(handout, request);
    if (!pdf) throw new RequestError('unprintable', { letters: unprintable.slice(0, 20).join(' ') });
    return Buffer.from(pdf);
  }
}
