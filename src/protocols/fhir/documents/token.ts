import { CODE_SYSTEMS, findCodeSystem } from '../../../core/codes/code-systems.js';
import type { Coding } from '../../../core/model/library.js';
import { displayCode, normalizeCode } from '../../../core/codes/normalize-code.js';
import { divide, unescapeValue } from '../search/values.js';
import { badValue } from '../rest/bad-request.js';

/** A token value of a search (R4 search, 3.1.1.4.10). */
export interface SearchToken {
  /** Undefined: any system. Empty (`|code`): no system. */
  readonly system: string | undefined;
  /** Empty (`system|`): any code of the system. */
  readonly code: string;
  /** The value as it was sent, with its escapes. */
  readonly sent: string;
}

/** Reads one token of a value, escapes and all. @throws RequestError `bad-parameter-value` */
export function readToken(sent: string, parameter: string): SearchToken {
  const parts = divide(sent, '|').map((part) => unescapeValue(part).trim());
  const code = parts.at(-1) ?? '';
  if (parts.length > 2 || parts.every((part) => part === '')) throw badValue(parameter, 'expected system|code');
  return { system: parts.length === 2 ? parts[0] : undefined, code, sent: sent.trim() };
}

/** Whether a normalised code is spelled as it was sent: in any case of its letters, an NDC with or without its hyphens. */
const isSpelled = ({ system, code }: Coding, sent: string): boolean =>
  [code, displayCode(system, code)].some((spelling) => spelling.toLowerCase() === sent.toLowerCase());

/** A token in the code systems of ours that it may mean: in all of them where it leaves the system open. */
function findReadings({ system, code: sent }: SearchToken): Coding[] {
  const named = system === undefined ? undefined : findCodeSystem(system);
  const systems = system === undefined ? CODE_SYSTEMS : named ? [named] : [];
  return systems.flatMap(({ id }) => {
    const code = normalizeCode(id, sent);
    return code === undefined ? [] : { system: id, code };
  });
}

/**
 * The codings of ours that a token names: if it names a system, as that writes it, else one for each system that spells
 * a code exactly so. Only a system decides where a dot belongs: E851 is ICD-9-CM's poisoning by barbiturates, and not
 * ICD-10-CM's E85.1, amyloidosis.
 */
export function findCodings(token: SearchToken): Coding[] {
  const readings = findReadings(token);
  return token.system === undefined ? readings.filter((coding) => isSpelled(coding, token.code)) : readings;
}

/** Finds the hint for a code without a system that leads nowhere, and would be another one if its system were named. */
export function findSpellingHint(token: SearchToken): string | undefined {
  const isOther = token.system === undefined && findReadings(token).some((coding) => !isSpelled(coding, token.code));
  return isOther ? 'a code without a system is matched as it is spelled; name its system, as system|code' : undefined;
}
