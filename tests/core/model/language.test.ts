import { expect, test } from '@jest/globals';
import { chooseLanguage, languagesFrom } from '../../../src/core/model/language.js';

test.each([
  'es',
  'ES',
  ' es ',
  'es-MX',
  'es_MX',
  'es-419',
  'es-Latn-MX',
  'sp',
  'SP',
  'spa',
  'Spanish',
  'español',
  'Español',
])('%j is Spanish', (sent) => {
  expect(chooseLanguage(sent)).toBe('es');
});

test.each(['en', 'EN', 'en-US', 'en_GB', 'eng', 'English'])('%j is English', (sent) => {
  expect(chooseLanguage(sent)).toBe('en');
});

test.each(['', '  ', 'fr', 'est', 'esp-x', 'enm', 'sp an', 'e', '-es', 'constructor', '__proto__', 'toString'])(
  '%j is none of our languages',
  (sent) => {
    expect(chooseLanguage(sent)).toBeUndefined();
  },
);

test('the asked language comes first, then the other', () => {
  expect(languagesFrom('es')).toEqual(['es', 'en']);
  expect(languagesFrom('en')).toEqual(['en', 'es']);
});
