import { expect, test } from '@jest/globals';
import { estimateSheets } from '../../src/handout/estimate-sheets.js';

const sentence = 'Drink water and rest, and call your care team if you feel worse. ';

test.each([
  ['', 1],
  ['<p>Short.</p>', 1],
  [`<p>${sentence.repeat(20)}</p>`, 1],
  [`<p>${sentence.repeat(60)}</p>`, 2],
  [`<h3>Head</h3><ul>${`<li>${sentence}</li>`.repeat(90)}</ul>`, 4],
])('a text of its length is printed on so many sheets (%#)', (html, sheets) => {
  expect(estimateSheets(html)).toBe(sheets);
});
