import type { Out } from './command.js';

const BAR_WIDTH = 30;
/** Minimum time between updates of the bar. */
const BAR_EVERY_MS = 100;
/** Minimum time between progress lines. */
const LINE_EVERY_MS = 10_000;

/**
 * Shows a command's progress by the bytes that it has read: a progress bar on stderr in a terminal, or occasional
 * lines.
 */
export class Progress {
  readonly #label: string;
  readonly #out: Out;
  readonly #clock: () => number;
  #totalBytes = 0;
  #bytes = 0;
  #rows = 0;
  #shownAt: number;

  /** @param clock milliseconds from any origin */
  constructor(label: string, out: Out, clock: () => number) {
    this.#label = label;
    this.#out = out;
    this.#clock = clock;
    this.#shownAt = clock();
  }

  total(bytes: number): void {
    this.#totalBytes = bytes;
  }

  bytes(count: number): void {
    this.#bytes += count;
    this.#show();
  }

  rows(count: number): void {
    this.#rows += count;
    this.#show();
  }

  /** Removes the bar before the report. */
  end(): void {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K');
  }

  #show(): void {
    const now = this.#clock();
    if (now - this.#shownAt < (this.#out.isTTY ? BAR_EVERY_MS : LINE_EVERY_MS)) return;
    this.#shownAt = now;
    // A file that is read twice counts twice.
    const share = this.#totalBytes === 0 ? 0 : Math.min(1, this.#bytes / this.#totalBytes);
    const percent = `${Math.round(share * 100)} %`.padStart(5);
    const rows = `${this.#rows.toLocaleString('en-US')} rows`;
    if (!this.#out.isTTY) {
      this.#out.write(`${this.#label}: ${percent.trim()}, ${rows}\n`);
      return;
    }
    const done = Math.round(share * BAR_WIDTH);
    this.#out.write(`\r${this.#label} [${'#'.repeat(done)}${'.'.repeat(BAR_WIDTH - done)}] ${percent} ${rows}\u001b[K`);
  }
}
