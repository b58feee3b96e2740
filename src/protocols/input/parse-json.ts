import type { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';

export interface JsonLimits {
  readonly mostDepth: number;
  /** Brackets and commas: each begins one value at most. */
  readonly mostElements: number;
  /** Of one object. */
  readonly mostMembers: number;
}

/** Creates the error for a text that is larger than the limits. */
type Reject = (reason: string) => Error;

/** The place of the quotation mark that ends a text; the end of all where there is none. */
function findQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let first = at;
    while (first > from && text[first - 1] === '\\') first -= 1;
    // Each pair of backslashes stands for one; a single one escapes the mark.
    if ((at - first) % 2 === 0) return at;
  }
  return text.length;
}

/** Counts the values of a text, before any of them is made. @throws what `reject` creates */
function checkSize(text: string, { mostDepth, mostElements, mostMembers }: JsonLimits, reject: Reject): void {
  /** Members of each open object; of a list they are not counted. */
  const open: number[] = [];
  let elements = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const isBracket = unit === 0x7b || unit === 0x5b;
    if (unit === 0x22) at = findQuote(text, at + 1);
    else if (unit === 0x7d || unit === 0x5d) open.pop();
    else if (isBracket || unit === 0x2c) {
      elements += 1;
      if (elements > mostElements) throw reject(`it has more than ${mostElements} elements`);
      if (isBracket) {
        if (open.length === mostDepth) throw reject(`it is nested more than ${mostDepth} levels deep`);
        open.push(unit === 0x7b ? 1 : -Infinity);
      } else {
        const members = (open.pop() ?? 0) + 1;
        if (members > mostMembers) throw reject(`it has an object with more than ${mostMembers} members`);
        open.push(members);
      }
    }
  }
}

/**
 * Parses JSON within limits.
 * @throws SyntaxError if it is not well-formed, and what `reject` creates where it is larger than the limits
 */
export function parseJson(text: string, limits: JsonLimits, reject: Reject): unknown {
  checkSize(text, limits, reject);
  return JSON.parse(text);
}

/** Creates the error with the reason why a text cannot be read: `it is not well-formed JSON`. */
type Refuse = (reason: string) => RequestError;

/** Decodes bytes as UTF-8. @throws what `refuse` creates if they are not UTF-8 */
export function decodeText(bytes: Buffer, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('it is not UTF-8');
  }
}

/** Parses JSON of a client, within the limits of depth and size. @throws what `refuse` creates */
export function readJsonText(text: string, refuse: Refuse): unknown {
  const { maxResourceDepth: mostDepth, maxResourceElements: mostElements, maxMembers: mostMembers } = LIMITS;
  try {
    return parseJson(text, { mostDepth, mostElements, mostMembers }, refuse);
  } catch (error) {
    throw error instanceof SyntaxError ? refuse('it is not well-formed JSON') : error;
  }
}
