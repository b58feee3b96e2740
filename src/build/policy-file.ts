import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { LIMITS } from '../limits.js';
import type { Library } from '../core/model/library.js';
import { readPolicy, type PolicyFault, type PolicyReading } from './read-policy.js';

/** Location of a site's policy. */
export interface PolicyPlace {
  readonly path: string;
  /** The path is a default: if there is no file, there is no policy. */
  readonly isOptional: boolean;
}

/** An invalid policy: all its faults, in lines that name the file. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly lines: readonly string[];

  constructor(path: string, faults: readonly PolicyFault[]) {
    const lines = faults.map(({ line, reason }) => `${basename(path)}${line > 0 ? `, line ${line}` : ''}: ${reason}`);
    super(`${lines[0] ?? path}${lines.length > 1 ? ` (and ${lines.length - 1} more faults)` : ''}`);
    this.lines = lines;
  }
}

/** Result of a check of the file. */
export type PolicyNews =
  | { readonly kind: 'taken'; readonly reading: PolicyReading }
  | { readonly kind: 'refused'; readonly lines: readonly string[] };

const NOTHING = readPolicy('rule,what,for,value\n');

/** Reads a policy's text. @throws PolicyError */
function readText(path: string, text: string): PolicyReading {
  const reading = readPolicy(text);
  if (reading.faults.length > 0) throw new PolicyError(path, reading.faults);
  return reading;
}

function createUnreadable(path: string, reason: string): PolicyError {
  return new PolicyError(path, [{ line: 0, reason }]);
}

const readErrorCode = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown';

/** Identifies a state of the file. */
const buildStamp = ({ ino, size, mtimeMs, ctimeMs }: Awaited<ReturnType<typeof stat>>): string =>
  [ino, size, mtimeMs, ctimeMs].join(' ');

/**
 * A site's policy in its last valid version: a new version of the file is applied once it has stopped changing and has
 * no fault; until then, and if the file is gone, the last valid one stays in force.
 */
export class PolicyFile {
  readonly path: string;
  #reading: PolicyReading;
  /** The state of the file that was processed, and the state at the last check. */
  #known: string;
  #met: string;
  #isLooking = false;

  private constructor(path: string, reading: PolicyReading, stamp: string) {
    this.path = path;
    this.#reading = reading;
    this.#known = stamp;
    this.#met = stamp;
  }

  /** @throws PolicyError if a configured file does not exist, or the file cannot be read or has a fault */
  static open({ path, isOptional }: PolicyPlace): PolicyFile {
    try {
      const facts = statSync(path);
      if (!facts.isFile() || facts.size > LIMITS.maxPolicyBytes) throw createUnreadable(path, formatReason(facts));
      return new PolicyFile(path, readText(path, readFileSync(path, 'utf8')), buildStamp(facts));
    } catch (error) {
      if (error instanceof PolicyError) throw error;
      if (isOptional && readErrorCode(error) === 'ENOENT') return new PolicyFile(path, NOTHING, '');
      throw createUnreadable(path, `it cannot be read (${readErrorCode(error)})`);
    }
  }

  /** Whether it existed at the last check. */
  get exists(): boolean {
    return this.#known !== '';
  }

  /** The policy in force. */
  get reading(): PolicyReading {
    return this.#reading;
  }

  /** Checks once whether the file has changed; a change is read when two checks in a row find the same state. */
  async look(): Promise<PolicyNews | undefined> {
    const facts = await stat(this.path).catch(readErrorCode);
    const stamp = typeof facts === 'string' ? facts : buildStamp(facts);
    // A file that never existed has not changed.
    const isSame = stamp === this.#known || (this.#known === '' && stamp === 'ENOENT');
    const isAtRest = stamp === this.#met;
    this.#met = stamp;
    if (isSame || !isAtRest) return undefined;
    this.#known = stamp;
    if (typeof facts === 'string') {
      return { kind: 'refused', lines: [`${basename(this.path)}: it does not exist any more (${facts})`] };
    }
    try {
      if (!facts.isFile() || facts.size > LIMITS.maxPolicyBytes) throw createUnreadable(this.path, formatReason(facts));
      const text = await readFile(this.path, 'utf8');
      this.#reading = readText(this.path, text);
      return { kind: 'taken', reading: this.#reading };
    } catch (error) {
      if (error instanceof PolicyError) return { kind: 'refused', lines: error.lines };
      // It was deleted or locked in between: the next check decides.
      this.#known = 'unknown';
      return undefined;
    }
  }

  /** Checks periodically. @returns stops it */
  watch(everyMs: number, onNews: (news: PolicyNews) => void): () => void {
    const timer = setInterval(() => {
      if (this.#isLooking) return;
      this.#isLooking = true;
      void this.look()
        .then((news) => {
          if (news) onNews(news);
        })
        .finally(() => {
          this.#isLooking = false;
        });
    }, everyMs);
    timer.unref();
    return () => {
      clearInterval(timer);
    };
  }
}

function formatReason(facts: { isFile: () => boolean }): string {
  return facts.isFile() ? `it is larger than ${LIMITS.maxPolicyBytes} bytes` : 'it is not a file';
}

/** The articles in a policy that the library lacks (not yet imported, or misspelt), each with its lines. */
export function findUnknownArticles(
  { articles }: PolicyReading,
  library: Library,
): { article: string; lines: readonly number[] }[] {
  const known = [...library.findArticles([...articles.keys()]), ...library.findSuppressed()];
  const held = new Set(known.map(({ id }) => id));
  return [...articles].filter(([id]) => !held.has(id)).map(([article, lines]) => ({ article, lines }));
}
