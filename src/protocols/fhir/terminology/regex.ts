import { RequestError } from '../../../core/errors.js';

const MOST_CHARS = 200;
/** Texts that are longer are not looked at beyond this: codes and values of properties are short. */
const MOST_TEXT = 200;
/** How often a pattern may repeat without a bound: the time grows with the text's length to this power. */
const MOST_REPEATS = 2;
const MOST_TIMES = 100;

/** Why a pattern is not run; undefined for one whose time is bounded. */
function refusal(pattern: string): string | undefined {
  if (pattern.length > MOST_CHARS) return `longer than ${MOST_CHARS} characters`;
  const plain = pattern.replace(/\\[^]/g, (escape) => (/\\[1-9k]/.test(escape) ? 'BACKREFERENCE' : 'e'));
  if (plain.includes('BACKREFERENCE')) return 'back references are not supported';
  if (/\(\?[^:]/.test(plain)) return 'look-around is not supported';
  const flat = plain.replace(/\[[^\]]*\]/g, 'c');
  if (/\)[*+{]/.test(flat)) return 'repeated groups are not supported';
  const times = [...flat.matchAll(/\{(\d+)(?:,(\d*))?\}/g)];
  if (times.some(([, least = '0', most = '0']) => Number(least) > MOST_TIMES || Number(most) > MOST_TIMES)) {
    return `no more than ${MOST_TIMES} repetitions`;
  }
  const open = (flat.match(/[*+]|\{\d+,\d*\}/g) ?? []).length;
  return open > MOST_REPEATS ? `no more than ${MOST_REPEATS} open repetitions` : undefined;
}

/**
 * A test of whole texts by a regular expression (R4 filter operator `regex`). Patterns whose time could grow without bound
 * are refused.
 * @throws RequestError `bad-value-set`
 */
export function compileRegex(pattern: string): (text: string) => boolean {
  const reason = refusal(pattern);
  if (reason !== undefined)
    throw new RequestError('bad-value-set', { reason: `regular expression refused: ${reason}` });
  let expression: RegExp;
  try {
    expression = new RegExp(`^(?:${pattern})$`, 'u');
  } catch {
    throw new RequestError('bad-value-set', { reason: 'the regular expression cannot be read' });
  }
  return (text) => expression.test(text.slice(0, MOST_TEXT));
}
