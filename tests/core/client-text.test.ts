import { describe, expect, test } from '@jest/globals';
import { MAX_TEXT_CHARS, capText, isCutText } from '../../src/core/client-text.js';
import { dropBetween } from '../../src/core/drop-between.js';
import { normalizeCode } from '../../src/core/codes/normalize-code.js';

describe('a text of a client', () => {
  test.each([
    ['a short one', ' Asthma ', ' Asthma '],
    ['the longest', 'a'.repeat(MAX_TEXT_CHARS), 'a'.repeat(MAX_TEXT_CHARS)],
    ['a short one between many blanks', `${' '.repeat(5000)}Asthma${'\u2028'.repeat(5000)}`, 'Asthma'],
  ])('%s stays', (_name, sent, read) => {
    expect(capText(sent)).toBe(read);
    expect(isCutText(read)).toBe(false);
  });

  test.each(['a', ' b', '😀', 'x😀'])('of many %j is cut, within no character, and cut once', (part) => {
    const read = capText(`x${part.repeat(MAX_TEXT_CHARS)}x`);
    expect(read.length).toBe(MAX_TEXT_CHARS);
    expect(() => encodeURIComponent(read)).not.toThrow();
    expect([isCutText(read), capText(read)]).toEqual([true, read]);
  });

  test('that begins with a code is not that code', () => {
    const sent = `E11.9${' '.repeat(MAX_TEXT_CHARS)}x`;
    expect(normalizeCode('icd-10-cm', sent.slice(0, MAX_TEXT_CHARS).trim())).toBeDefined();
    expect(normalizeCode('icd-10-cm', capText(sent))).toBeUndefined();
  });
});

test('parts are dropped up to their ends; one without an end stays', () => {
  const drop = (text: string): string => dropBetween(text, /<!--/g, /-->/g);
  expect(drop('a<!-- b -->c<!-- <!-- -->-->d<!-- e')).toBe('ac-->d<!-- e');
  expect(drop('-->a')).toBe('-->a');
});
