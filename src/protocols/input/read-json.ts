import type { RequestError } from '../../core/errors.js';
import type { Steps } from '../../core/give-way.js';
import { LIMITS } from '../../limits.js';

/** Creates the error with the reason why a text cannot be read: `it is not well-formed JSON`. */
type Refuse = (reason: string) => RequestError;

/** Characters of a text that are read in a step. */
const CHARS_A_STEP = 100_000;

/** How deeply a JSON text is nested, and how many values it may hold: one to each bracket that opens and each comma. */
function* measureJson(text: string): Steps<{ depth: number; elements: number }> {
  let [depth, deepest, elements, quoted] = [0, 0, 0, false];
  for (let i = 0, step = CHARS_A_STEP; i < text.length; i++) {
    if (i >= step) {
      yield;
      step = i + CHARS_A_STEP;
    }
    const unit = text.charCodeAt(i);
    if (quoted) {
      if (unit === 0x5c) i++;
      else if (unit === 0x22) quoted = false;
    } else if (unit === 0x22) quoted = true;
    else if (unit === 0x2c) elements++;
    else if (unit === 0x7b || unit === 0x5b) {
      elements++;
      deepest = Math.max(deepest, ++depth);
    } else if (unit === 0x7d || unit === 0x5d) depth--;
  }
  return { depth: deepest, elements };
}

/** Decodes bytes as UTF-8. @throws what `refuse` creates if they are not UTF-8 */
export function decodeText(bytes: Buffer, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refuse('it is not UTF-8');
  }
}

/** Parses JSON of a client, within the limits of depth and size. @throws what `refuse` creates */
export function* readJsonText(text: string, refuse: Refuse): Steps<unknown> {
  const { depth, elements } = yield* measureJson(text);
  if (depth > LIMITS.maxResourceDepth) {
    throw refuse(`it is nested more than ${LIMITS.maxResourceDepth} levels deep`);
  }
  if (elements > LIMITS.maxResourceElements) throw refuse(`it has more than ${LIMITS.maxResourceElements} elements`);
  yield;
  // The one step that cannot be divided: some 40 ms for the largest body, which is what limits it.
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuse('it is not well-formed JSON');
  }
}
