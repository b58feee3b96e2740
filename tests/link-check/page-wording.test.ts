import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isHome, isNotFoundTitle, isNotFoundPage } from '../../src/link-check/visit-page.js';
import { parseRecords } from '../../src/build/read-rows.js';

describe('the title of a page that is not there', () => {
  test.each([
    'Page Not Found',
    'Page not found: MedlinePlus',
    '404 - File or directory not found.',
    '404',
    'Error 404 | Example Health',
    'Example Health: Error 404 not found',
    'The page you requested could not be found',
    "Sorry, this page can't be found",
    'Sorry, this page can’t be found',
    'This article is no longer available',
    'This page doesn&#39;t exist',
    'The page you are looking for does not exist',
    'Not Found',
    'Página no encontrada',
    'P&aacute;gina no encontrada | Ejemplo',
    'No se encontró la página',
    'La página no existe',
    'Esta página ya no está disponible',
  ])('%s', (title) => {
    expect(isNotFoundTitle(title)).toBe(true);
  });

  test('is no title of any article of ours', () => {
    const folder = 'resources/articles';
    const titles = readdirSync(folder)
      .filter((name) => /\.(en|es)\.csv$/.test(name))
      .flatMap((name) => parseRecords(readFileSync(`${folder}/${name}`, 'utf8')))
      .map(({ record }) => record.title ?? '');
    expect(titles.length).toBeGreaterThan(1000);
    expect(titles.filter(isNotFoundTitle)).toEqual([]);
  });
});

test.each([
  ['the title', '<title>Page not found</title><h1>Welcome</h1>', true],
  ['the first heading', '<TITLE>Our Clinic</TITLE>\n<H1 class="a">\n<span>Page</span>\nnot found</H1>', true],
  ['neither', '<title>Asthma</title><h1>Asthma</h1><p>Page not found</p>', false],
  ['no title at all', '<p>x', false],
  ['an endless title', `<title>${'x'.repeat(100_000)}`, false],
])('%s tells', (_where, html, told) => {
  expect(isNotFoundPage(html)).toBe(told);
});

test.each([
  ['https://medlineplus.gov/', true],
  ['https://medlineplus.gov/spanish/', true],
  ['https://medlineplus.gov/spanish', true],
  ['https://clinic.example/index.html', true],
  ['https://clinic.example/es/default.aspx', true],
  ['https://clinic.example/asthma.html', false],
  ['https://clinic.example/?page=7', false],
  ['https://medlineplus.gov/spanish/asthma.html', false],
])('%s is a home page: %s', (address, home) => {
  expect(isHome(new URL(address))).toBe(home);
});
