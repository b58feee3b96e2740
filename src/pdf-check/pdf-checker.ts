import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { LRUCache } from 'lru-cache';
import type { PdfReading } from '../core/keeping/pdf-facts.js';
import { LIMITS } from '../limits.js';
import { startPdfProcess } from './start-pdf-process.js';

/** Bounds of a check: see `LIMITS`. */
export type PdfLimits = Readonly<Record<'pdfCheckMs' | 'pdfProcessMb', number>>;

const KB_A_MB = 1024;

/** Memory of a process in MiB; undefined on another system than Linux, where its heap alone is bounded. */
async function readMemory({ pid = 0 }: ChildProcess): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
  const [, resident] = /^VmRSS:\s{1,20}(\d{1,15}) kB/m.exec(status) ?? [];
  return resident === undefined ? undefined : Number(resident) / KB_A_MB;
}

/**
 * Checks PDFs, one at a time, each in a process of its own: a file is a stranger's, and may never end, be damaged, or unfold to any size. A
 * process that is late or too large is ended. Results are cached until their file changes.
 */
export class PdfChecker {
  readonly #limits: PdfLimits;
  readonly #known = new LRUCache<string, PdfReading>({ max: LIMITS.pdfsRemembered });
  readonly #underWay = new Map<string, Promise<PdfReading>>();
  #last: Promise<unknown> = Promise.resolve();
  #child: ChildProcess | undefined;
  #isClosed = false;

  constructor(limits: PdfLimits = LIMITS) {
    this.#limits = limits;
  }

  /** Checks a file, after those that wait. @param path of a file that the site has put there */
  async check(path: string): Promise<PdfReading> {
    const facts = await stat(path).catch(() => undefined);
    if (!facts?.isFile()) return 'missing';
    const key = [path, facts.ino, facts.size, facts.mtimeMs].join(' ');
    const known = this.#known.get(key) ?? this.#underWay.get(key);
    if (known !== undefined) return known;
    const reading = this.#last.then(() => (this.#isClosed ? 'too-costly' : this.#run(path)));
    this.#underWay.set(key, reading);
    this.#last = reading.then((result) => {
      this.#known.set(key, result);
      this.#underWay.delete(key);
    });
    return reading;
  }

  /** As `check`; undefined where it takes longer than so many milliseconds. It goes on meanwhile. */
  async checkWithin(path: string, patienceMs: number): Promise<PdfReading | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, patienceMs, undefined);
    });
    try {
      return await Promise.race([this.check(path), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads a file in a process of its own; never rejects. */
  async #run(path: string): Promise<PdfReading> {
    const child = startPdfProcess();
    this.#child = child;
    const ended = new AbortController();
    const end = (): void => {
      child.kill('SIGKILL');
    };
    child.once('error', () => {
      ended.abort();
    });
    child.once('exit', () => {
      ended.abort();
    });
    const late = setTimeout(end, this.#limits.pdfCheckMs);
    const watch = setInterval(() => {
      void readMemory(child).then((used = 0) => {
        if (used > this.#limits.pdfProcessMb) end();
      });
    }, LIMITS.pdfMemoryEveryMs);
    try {
      const answered = once(child, 'message', { signal: ended.signal }) as Promise<[PdfReading]>;
      child.send(path, (error) => {
        if (error) end();
      });
      return (await answered)[0];
    } catch {
      return 'too-costly';
    } finally {
      clearTimeout(late);
      clearInterval(watch);
      end();
    }
  }

  /** Ends the check that is under way, and starts no other. */
  close(): void {
    this.#isClosed = true;
    this.#child?.kill('SIGKILL');
  }
}
