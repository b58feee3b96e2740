import { beforeAll, expect, test } from '@jest/globals';
import { Fonts } from '../../src/handout/fonts.js';
import { breakLines } from '../../src/handout/lines.js';
import { orderVisually } from '../../src/handout/visual-order.js';
import type { Run } from '../../src/handout/rich-text.js';

const fonts = new Fonts();

beforeAll(() => fonts.load('一二三四五六七八九。十漢字語مساعدةमदद'));

/** Lines of ten letters, each of a point's width; a part of a line by its font where that is not the usual one, and its link. */
function linesOf(runs: readonly Run[]): string[] {
  const lines = breakLines(runs, { size: 1, width: 10 }, fonts, (text) => text.length);
  return [...lines].map(({ parts }) =>
    parts
      .map(
        ({ text, font, href }) => `${text}${/^regular|noto/.test(font) ? '' : `{${font}}`}${href ? `(${href})` : ''}`,
      )
      .join('|')
      // Each slice of a fallback font is a font.
      .replace(/(?<=[\p{Script=Han}。])\|/gu, ''),
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
  ['digits are of a font whose zero has no slash', [{ text: 'a 105' }], ['a |105{otherRegular}']],
  [
    'Chinese breaks between its letters, not before a mark',
    [{ text: '一二三四五六七八九十。一二' }],
    ['一二三四五六七八九', '十。一二'],
  ],
  ['soft hyphens and joiners are not drawn', [{ text: 'a\u00adb\u200d c' }], ['ab c']],
])('%s', (_name, runs, expected) => {
  expect(linesOf(runs)).toEqual(expected);
});

test('letters that no font of the PDF has are named, each once', () => {
  expect(fonts.findUnprintable('Añade 1 pastilla ☐ → 漢字漢 مساعدة עזרה मदद 🙂 ማሳ')).toEqual(['🙂', 'ማ', 'ሳ']);
});

test('Chinese characters of a Japanese text have the shapes of another font', () => {
  const fontOf = (language: string): string => fonts.divide('語', { language })[0]?.font ?? '';
  expect([fontOf('zh-Hant'), fontOf('ja')]).toEqual([
    expect.stringContaining('noto-sans-sc'),
    expect.stringContaining('noto-sans-kr'),
  ]);
});

test.each<[string, string, boolean, readonly string[]]>([
  ['words stand from right to left, numbers from left to right', 'עזרה 711', true, ['711', 'עזרה ']],
  ['a telephone number is not turned round after Arabic', 'مدد 1-800', true, ['1', '-', '800', ' ', 'مدد']],
  ['brackets are mirrored', 'עזרה (TTY)', true, ['(', 'TTY', ')', 'עזרה ']],
  ['a word within a line from left to right', 'Call עזרה now', false, ['Call ', 'עזרה', ' ', 'now']],
])('%s', (_name, text, isTurned, expected) => {
  const measure = (one: string): number => one.length;
  const [line] = breakLines([{ text }], { size: 1, width: 99 }, fonts, measure);
  expect(orderVisually(line?.parts ?? [], isTurned, 1, measure).map((part) => part.text)).toEqual(expected);
});
