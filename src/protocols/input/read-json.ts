import type { RequestError } from '../../core/errors.js';
import { LIMITS } from '../../limits.js';
import { parseJson } from './parse-json.js';

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
