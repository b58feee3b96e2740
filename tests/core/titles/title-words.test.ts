import { expect, test } from '@jest/globals';
import { titleTerms } from '../../../src/core/titles/title-words.js';

test.each([
  ['Metformin 500 MG Oral Tablet', ['metformin']],
  ['Disorder of nasal cavity', ['nasal', 'cavity']],
  ['Oral cavities', ['oral', 'cavity']],
  ['Rectal cancer', ['rectal', 'cancer']],
  ['Triamcinolone topical cream', ['triamcinolon']],
])('a route is a part of the body, unless a form or strength of a drug is beside it: %s', (title, terms) => {
  expect(titleTerms(title)).toEqual(terms);
});
