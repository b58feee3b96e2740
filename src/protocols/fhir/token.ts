import type { CodeSystem } from '../../core/code-systems.js';
import { CODE_SYSTEMS, findCodeSystem } from '../../core/code-systems.js';
import type { Coding } from '../../core/library.js';
import { normalizeCode } from '../../core/normalize-code.js';
import { badValue, divide, unescapeValue } from './search/values.js';

/** A token value of a search (R4 search, 3.1.1.4.10). */
export interface Token {
  /** Undefined: any system. Empty (`|code`): no system. */
  readonly system: string | undefined;
  /** Empty (`system|`): any code of the system. */
  readonly code: string;
  /** The value as it was sent, with its escapes. */
  readonly sent: string;
}

/** Reads one token of a value, escapes and all. @throws RequestError `bad-parameter-value` */
export function readToken(sent: string, parameter: string): Token {
  const parts = divide(sent, '|').map((part) => unescapeValue(part).trim());
  const code = parts.at(-1) ?? '';
  if (parts.length > 2 || parts.every((part) => part === '')) throw badValue(parameter, 'expected system|code');
  return { system: parts.length === 2 ? parts[0] : undefined, code, sent: sent.trim() };
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
