import type { CodeSystem } from '../../core/code-systems.js';
import { CODE_SYSTEMS, findCodeSystem } from '../../core/code-systems.js';
import { RequestError } from '../../core/errors.js';
import type { Coding } from '../../core/library.js';
import { normalizeCode } from '../../core/normalize-code.js';

/** A token value of a search (R4 search, 3.1.1.4.10). */
export interface Token {
  /** Undefined: any system. Empty (`|code`): no system. */
  readonly system: string | undefined;
  readonly code: string;
  /** The value as it was sent, with its escapes. */
  readonly sent: string;
}

/** Divides a value at each mark that no backslash escapes; escapes stay as they are. */
function divide(value: string, mark: ',' | '|'): string[] {
  const parts: string[] = [];
  let part = '';
  for (const piece of value.match(/\\?[^]/g) ?? []) {
    if (piece === mark) {
      parts.push(part);
      part = '';
    } else part += piece;
  }
  return [...parts, part];
}

function readToken(sent: string, parameter: string): Token {
  const parts = divide(sent, '|').map((part) => part.replace(/\\([\\,|$])/g, '$1').trim());
  const code = parts.at(-1) ?? '';
  if (parts.length > 2 || code === '') {
    throw new RequestError('bad-parameter-value', { parameter, expected: 'expected system|code' });
  }
  return { system: parts.length === 2 ? parts[0] : undefined, code, sent: sent.trim() };
}

/**
 * Reads the tokens of a value: a comma between them means or.
 * @throws RequestError `bad-parameter-value`
 */
export function readTokens(value: string, parameter: string): Token[] {
  return divide(value, ',')
    .filter((part) => part.trim() !== '')
    .map((part) => readToken(part, parameter));
}

/** The code systems of ours that a token may mean: all of them where it leaves the system open. */
function systemsOf({ system }: Token): readonly CodeSystem[] {
  if (system === undefined) return CODE_SYSTEMS;
  const found = findCodeSystem(system);
  return found ? [found] : [];
}

/** The codings of ours that a token names: one for each system it may mean whose codes can look so. */
export function codingsOf(token: Token): Coding[] {
  return systemsOf(token).flatMap(({ id }) => {
    const code = normalizeCode(id, token.code);
    return code === undefined ? [] : [{ system: id, code }];
  });
}
