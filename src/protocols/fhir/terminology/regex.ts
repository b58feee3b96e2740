import { RE2JS } from 're2js';
import { RequestError } from '../../../core/errors.js';
import type { Effort } from './effort.js';

const MOST_CHARS = 200;
/** Texts that are longer are not looked at beyond this: codes and values of properties are short. */
const MOST_TEXT = 200;
/** A repetition is written out when a pattern is made ready: more of them are not even tried. */
const MOST_TIMES = 100;
/** Steps that a pattern may take at each character of a text. */
const MOST_INSTRUCTIONS = 500;
/** What reading a pattern takes at most, and one instruction at one character: several times what was ever measured. */
const READ_MS = 500;
const INSTRUCTION_MS = 0.0002;

function refuse(reason: string): never {
  throw new RequestError('bad-value-set', { reason: `regular expression refused: ${reason}` });
}

/** What can be said of a pattern before it is read. Nested repetitions multiply; `re2js` itself refuses more than 1000. */
function checkPattern(pattern: string): void {
  if (pattern.length > MOST_CHARS) refuse(`longer than ${MOST_CHARS} characters`);
  const plain = pattern.replace(/\\[^]/g, (escape) => (/\\[1-9k]/.test(escape) ? 'BACKREFERENCE' : 'e'));
  if (plain.includes('BACKREFERENCE')) refuse('back references are not supported');
  if (/\(\?<?[=!]/.test(plain)) refuse('look-around is not supported');
  const times = [...plain.matchAll(/\{(\d*)(?:,(\d*))?\}/g)].flatMap(([, least, most]) => [least, most].map(Number));
  if (times.some((count) => count > MOST_TIMES)) refuse(`no more than ${MOST_TIMES} repetitions`);
}

function read(pattern: string): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(pattern));
  } catch {
    throw new RequestError('bad-value-set', { reason: 'the regular expression cannot be read' });
  }
}

/**
 * A test of whole texts by a regular expression (R4 filter operator `regex`). RE2's way of matching takes a time that grows with
 * pattern times text and no faster, whatever the pattern; it knows no back references and no look-around.
 * @throws RequestError `bad-value-set`
 */
export function compileRegex(pattern: string, effort: Effort): (text: string) => boolean {
  checkPattern(pattern);
  const expression = effort.runRegex(READ_MS, () => read(pattern));
  const size = expression.programSize();
  if (size > MOST_INSTRUCTIONS) refuse('it repeats too much');
  return (text) => {
    const seen = text.slice(0, MOST_TEXT);
    return effort.runRegex(size * (seen.length + 1) * INSTRUCTION_MS, () => expression.testExact(seen));
  };
}
