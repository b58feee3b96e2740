import type { Logo } from '../read-logo.js';
import type { Handout } from './handout.js';

/** A job of the printing thread: to print a handout, or to check a site's notice. */
export interface PrintJob {
  /** Undefined: only the notice is checked. */
  readonly handout: Handout | undefined;
  readonly notice: string | undefined;
  readonly logo: Logo | undefined;
  readonly now: Date;
  /** The footer of a page, with `{page}` and `{pages}` in it. */
  readonly footer: string;
}

/** The result of a job. */
export interface PrintResult {
  /** Undefined if some letters cannot be printed, or nothing was to be. */
  readonly pdf: Uint8Array | undefined;
  /** Letters of the handout that no font of ours has. */
  readonly unprintable: readonly string[];
  /** The PDF omits lines of the notice because no font has their letters. */
  readonly cutsNotice: boolean;
}
