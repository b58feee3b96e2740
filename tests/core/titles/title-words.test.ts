import { expect, test } from '@jest/globals';
import { titleTerms } from '../../../src/core/titles/title-words.js';

test.each([
  ['Metformin 500 MG Oral Tablet', ['metformin']],
  ['Disorder of nasal cavity', ['nasal', 'cavity']],
  ['Oral cavities', ['oral', 'cavity']],
])('a route is no subject, but beside a cavity: %s', (title, terms) => {
  expect(titleTerms(title)).toEqual(terms);
});
