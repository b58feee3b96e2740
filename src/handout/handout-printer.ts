import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { RequestError } from '../core/errors.js';
import { LIMITS } from '../limits.js';
import { OneAtATime } from '../protocols/long-work/one-at-a-time.js';
import { checkClient, type InFlight } from '../protocols/route.js';
import type { Logo } from '../read-logo.js';
import { collectText, type Handout } from './handout.js';
import type { PrintJob, PrintResult } from './print-messages.js';
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
  /** The footer of a page, with `{page}` and `{pages}` in it. */
  readonly footer: string;
}

/**
 * Creates PDFs of handouts, one at a time, each client in its turn, in a thread of its own: fonts and PDF library are loaded there on first use, and other
 * requests are answered meanwhile.
 */
export class HandoutPrinter {
  readonly #logo: Logo | undefined;
  readonly #turns = new OneAtATime();
  #thread: { readonly worker: Worker; readonly ended: AbortSignal } | undefined;
  #noticeCut: boolean | undefined;

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

  async #run(job: Pick<PrintJob, 'handout' | 'notice' | 'now' | 'footer'>, inFlight?: InFlight): Promise<PrintResult> {
    const patience = { maxWaitMs: Infinity, most: LIMITS.handoutQueue };
    const leave = await this.#turns.enter(inFlight ?? OWN, patience);
    try {
      checkClient(inFlight);
      this.#thread ??= this.#start();
      const { worker, ended } = this.#thread;
      const answered = once(worker, 'message', { signal: ended }) as Promise<[PrintResult]>;
      worker.postMessage({ ...job, logo: this.#logo } satisfies PrintJob);
      return (await answered)[0];
    } finally {
      leave();
    }
  }

  /** Whether the PDF omits lines of the site's notice because no font has their letters. */
  async cutsNotice(notice: string | undefined): Promise<boolean> {
    if (notice === undefined) return false;
    const job = { handout: undefined, notice, now: new Date(0), footer: '' };
    this.#noticeCut ??= (await this.#run(job)).cutsNotice;
    return this.#noticeCut;
  }

  /**
   * Prints a handout as a tagged PDF.
   * @throws RequestError `unprintable` if no font of ours has some of its letters, `too-costly` if its texts are too
   * long, `overloaded` if too many handouts are waiting
   */
  async print(handout: Handout, { now, inFlight, footer }: PrintRequest): Promise<Buffer> {
    const { length } = collectText(handout);
    const most = LIMITS.maxHandoutChars;
    if (length > most) throw new RequestError('too-costly', { most, unit: 'characters' });
    inFlight?.hold(length);
    const { pdf, unprintable } = await this.#run({ handout, notice: handout.notice, now, footer }, inFlight);
    if (!pdf) throw new RequestError('unprintable', { letters: unprintable.slice(0, 20).join(' ') });
    return Buffer.from(pdf);
  }
}
