import { expect, test } from '@jest/globals';
import { Fonts } from '../../src/handout/fonts.js';
import { breakLines } from '../../src/handout/lines.js';
import type { Run } from '../../src/handout/rich-text.js';

const fonts = new Fonts();

/** Lines of ten letters, each of a point's width; a part of a line by its font where that is not the usual one, and its link. */
function linesOf(runs: readonly Run[]): string[] {
  const lines = breakLines(runs, { size: 1, width: 10 }, fonts, (text) => text.length);
  return [...lines].map(({ parts }) =>
    parts
      .map(({ text, font, href }) => `${text}${font === 'regular' ? '' : `{${font}}`}${href ? `(${href})` : ''}`)
      .join('|'),
  );
}

test.each<[string, readonly Run[], readonly string[]]>([
  ['breaks at blanks', [{ text: 'one two three  four' }], ['one two', 'three four']],
  [
    'keeps a word of several looks together',
    [{ text: 'one two' }, { text: 'three', isBold: true }, { text: '.' }],
    ['one', 'two|three{bold}|.'],
  ],
  ['breaks where the text says so', [{ text: 'one\n\ntwo' }], ['one', '', 'two']],
  ['breaks an address at its slashes', [{ text: 'abcdef/\u200bghijkl' }], ['abcdef/', 'ghijkl']],
  ['divides a word that is wider than a line', [{ text: 'a bcdefghijklmnop' }], ['a', 'bcdefghijk', 'lmnop']],
  ['a link has its own blanks alone', [{ text: 'a ' }, { text: 'b c', href: 'x' }, { text: ' d' }], ['a |b c(x)| d']],
  ['other letters are of another font', [{ text: 'a α→ñ' }], ['a |α→{otherRegular}|ñ']],
  ['check boxes are drawn as squares and ticks', [{ text: '☐☑✓' }], ['□{otherRegular}|√√']],
  ['Vietnamese and Russian are of another font', [{ text: 'Việt Дом' }], ['Vi|ệ{otherRegular}|t |Дом{otherRegular}']],
  ['soft hyphens and joiners are not drawn', [{ text: 'a\u00adb\u200d c' }], ['ab c']],
])('%s', (_name, runs, expected) => {
  expect(linesOf(runs)).toEqual(expected);
});

test('letters that no font of the PDF has are named, each once', () => {
  expect(fonts.findUnprintable('Añade 1 pastilla ☐ → 漢字漢 🙂')).toEqual(['漢', '字', '🙂']);
});

test('letters that are written from right to left are named: lines are drawn from left to right', () => {
  expect(fonts.findUnprintable('Help: مساعدة, עזרה')).toEqual([...new Set('مساعدةעזרה')]);
});
