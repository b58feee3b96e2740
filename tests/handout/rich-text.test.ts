import { expect, test } from '@jest/globals';
import { readBlocks } from '../../src/handout/rich-text.js';

test.each([
  [
    'paragraphs and headings',
    '<h3>What is it?</h3><p>A  <b>rash</b>.</p>',
    [
      { kind: 'heading', level: 3, runs: [{ text: 'What is it?' }] },
      { kind: 'paragraph', runs: [{ text: 'A ' }, { text: 'rash', isBold: true }, { text: '.' }] },
    ],
  ],
  [
    'text without a block, and line breaks',
    'One<br>two &amp; three',
    [{ kind: 'paragraph', runs: [{ text: 'One\ntwo & three' }] }],
  ],
  [
    'links, of which a blank stays outside',
    '<p>See <a href="https://a.example/">this page</a> now</p>',
    [
      {
        kind: 'paragraph',
        runs: [{ text: 'See ' }, { text: 'this page', href: 'https://a.example/' }, { text: ' now' }],
      },
    ],
  ],
  [
    'a list within a list',
    '<ul><li>a<ol><li>b</li></ol></li><li><p>c</p><p>d</p></li><li> </li></ul>',
    [
      {
        kind: 'list',
        isOrdered: false,
        items: [
          [
            { kind: 'paragraph', runs: [{ text: 'a' }] },
            { kind: 'list', isOrdered: true, items: [[{ kind: 'paragraph', runs: [{ text: 'b' }] }]] },
          ],
          [
            { kind: 'paragraph', runs: [{ text: 'c' }] },
            { kind: 'paragraph', runs: [{ text: 'd' }] },
          ],
        ],
      },
    ],
  ],
  [
    'a table, of which cells reach over others',
    '<table><caption>Doses</caption><tr><th colspan="2">Dose</th></tr><tr><td rowspan="900">a<br>b</td><td><ul><li>c</li></ul></td></tr></table>',
    [
      { kind: 'paragraph', runs: [{ text: 'Doses' }] },
      {
        kind: 'table',
        rows: [
          [
            {
              isHeader: true,
              columns: 2,
              rows: 1,
              blocks: [{ kind: 'paragraph', runs: [{ text: 'Dose', isBold: true }] }],
            },
          ],
          [
            { isHeader: false, columns: 1, rows: 50, blocks: [{ kind: 'paragraph', runs: [{ text: 'a\nb' }] }] },
            {
              isHeader: false,
              columns: 1,
              rows: 1,
              blocks: [{ kind: 'list', isOrdered: false, items: [[{ kind: 'paragraph', runs: [{ text: 'c' }] }]] }],
            },
          ],
        ],
      },
    ],
  ],
  [
    'tags that do not end, and items without a list',
    '<p>a<p><b><i>b</i></b><li>c',
    [
      { kind: 'paragraph', runs: [{ text: 'a' }] },
      { kind: 'paragraph', runs: [{ text: 'b', isBold: true, isItalic: true }] },
      { kind: 'paragraph', runs: [{ text: 'c' }] },
    ],
  ],
])('%s', (_name, html, expected) => {
  expect(readBlocks(html)).toEqual(expected);
});

const TABLE =
  '<table><caption>Titulus</caption><tfoot><tr><td colspan="2">finis</td></tr></tfoot>' +
  '<tbody><tr><th>a</th><td><ul><li>b</li></ul>c</td></tr></tbody></table><p>d</p>';

test('tables have rows of cells, the foot last, and blocks in their cells; captions come before', () => {
  const paragraph = (text: string) => ({ kind: 'paragraph', runs: [{ text }] });
  const heading = {
    isHeader: true,
    columns: 1,
    rows: 1,
    blocks: [{ kind: 'paragraph', runs: [{ text: 'a', isBold: true }] }],
  };
  const list = { kind: 'list', isOrdered: false, items: [[paragraph('b')]] };
  expect(readBlocks(TABLE)).toEqual([
    paragraph('Titulus'),
    {
      kind: 'table',
      rows: [
        [heading, { isHeader: false, columns: 1, rows: 1, blocks: [list, paragraph('c')] }],
        [{ isHeader: false, columns: 2, rows: 1, blocks: [paragraph('finis')] }],
      ],
    },
    paragraph('d'),
  ]);
});

test('tables that never end, within each other, keep all of their text', () => {
  const texts = JSON.stringify(readBlocks('<table><tr><td>a<table><tr><td><ul><li>b<p>c')).match(/"text":"(\w)"/g);
  expect(texts).toEqual(['"text":"a"', '"text":"b"', '"text":"c"']);
});

test('a power is no digit of its number', () => {
  expect(readBlocks('<p>10<sup>9</sup> Lorem<sup>1</sup></p>')).toEqual([
    { kind: 'paragraph', runs: [{ text: '10^9 Lorem1' }] },
  ]);
});
