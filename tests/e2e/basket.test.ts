import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { describeInBrowser, takePicture } from './browser.js';
import { suiteWindow } from './window.js';

const add = (page: Page, title: string): Promise<void> =>
  page
    .getByRole('checkbox', { name: new RegExp(`^Add to handout \\(${title}(?:, .+)?\\)$`) })
    .first()
    .check();
const countOf = (page: Page): Promise<string | null> => page.locator('.choice-count').textContent();
const articlesOf = (page: Page, name = 'article'): string[] => new URL(page.url()).searchParams.getAll(name);
const entries = (page: Page): Promise<string[]> => page.locator('.paper-entry h2').allTextContents();

describeInBrowser('the basket, in a browser', () => {
  const folder = temporaryFolder();
  const { open, openOwn, url } = suiteWindow(async () => {
    const site = join(folder.path, 'site');
    mkdirSync(site);
    const rows = [
      'Asthma clinic,Clínica de asma,topic-asthma',
      'Asthma clinic,,topic-gout',
      'Asthma clinic,,topic-none',
    ];
    writeFileSync(join(site, 'lists.csv'), ['name,name.es,article', ...rows, ''].join('\n'));
    const env = { LOCAL_LIBRARY: site, SITE_NAME: 'Mercy General Hospital', FRAME_ANCESTORS: 'http://127.0.0.1:*' };
    return startConnector({ env });
  });
  afterAll(() => {
    folder.remove();
  });

  test('survives searches and languages, is seen on every page, and ends with the session', async () => {
    await openOwn('/find?q=asthma', {}, async (page) => {
      await add(page, 'Asthma');
      await page.goto(`${url()}/find?q=gota&lang=es`);
      expect(await countOf(page)).toBe('Hoja: 1');
      await page
        .getByRole('checkbox', { name: /^Agregar a la hoja \(Gota/ })
        .first()
        .check();
      for (const path of ['/', '/browse', '/about', '/article/topic-acne', '/packet', '/nowhere']) {
        await page.goto(url() + path);
        expect([path, await countOf(page), await page.locator('.choice').isVisible()]).toEqual([
          path,
          'Handout: 2',
          true,
        ]);
      }
      await page.locator('.basket > summary').click();
      expect(await page.locator('.basket li > span').allTextContents()).toEqual(['Asthma', 'Gota']);
      await takePicture(page, 'basket-1280');
      await page.getByRole('button', { name: 'Remove (Asthma)' }).click();
      expect(await countOf(page)).toBe('Handout: 1');
      expect(await page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
      await page.getByRole('button', { name: 'Clear', exact: true }).click();
      expect(await page.locator('.choice').isVisible()).toBe(false);
      await page.reload();
      expect(await page.locator('.choice').isVisible()).toBe(false);
    });
  });

  test('a page that is come back to shows what is in it; a packet adds what it ticks, once', async () => {
    await openOwn('/find?q=gout', {}, async (page) => {
      await add(page, 'Gout');
      await page.goto(`${url()}/packet?code=icd-10-cm%7CI10`);
      expect(await countOf(page)).toBe('Handout: 2');
      await page.getByRole('checkbox', { name: 'Add to handout (High Blood Pressure)' }).uncheck();
      await page.goto(`${url()}/about`);
      await page.goBack();
      expect(await countOf(page)).toBe('Handout: 1');
      expect(await page.getByRole('checkbox', { name: 'Add to handout (High Blood Pressure)' }).isChecked()).toBe(
        false,
      );
    });
  });

  test('is put in order on the handout, which is what is in it', async () => {
    await openOwn('/find?q=asthma', {}, async (page) => {
      await add(page, 'Asthma');
      await add(page, 'Asthma in Children');
      await page.getByRole('button', { name: 'Make patient handout' }).click();
      await page.waitForURL(/\/handout\?/);
      await page.getByRole('button', { name: 'Move up (Asthma in Children)' }).click();
      await page.waitForFunction('document.querySelector(".paper-entry h2").textContent === "Asthma in Children"');
      expect(await entries(page)).toEqual(['Asthma in Children', 'Asthma']);
      await page.getByRole('checkbox', { name: /^Asthma MedlinePlus/ }).uncheck();
      await page.goto(`${url()}/find?q=asthma`);
      expect(await countOf(page)).toBe('Handout: 1');
      expect(
        await page
          .getByRole('checkbox', { name: /^Add to handout \(Asthma(?:, .+)?\)$/ })
          .first()
          .isChecked(),
      ).toBe(false);
      await page.getByRole('button', { name: 'Make patient handout' }).click();
      await page.getByRole('button', { name: 'New handout' }).click();
      await page.waitForURL(`${url()}/`);
      expect(await page.locator('.choice').isVisible()).toBe(false);
    });
  });

  test("a ward's list is on the first page, and is added to what is there", async () => {
    await openOwn('/find?q=acne', {}, async (page) => {
      await page.locator('#choose-hit-topic-acne').check();
      await page.goto(`${url()}/?lang=es`);
      await page.getByRole('link', { name: 'Clínica de asma (2)' }).click();
      expect(articlesOf(page)).toEqual(['topic-acne', 'topic-asthma', 'topic-gout']);
    });
  });

  test('without a script the form carries it through searches and languages', async () => {
    await open('/find?q=asthma', { javaScriptEnabled: false }, async (page) => {
      await add(page, 'Asthma');
      await page.getByRole('button', { name: 'Search for more' }).click();
      await page.fill('#q', 'gout');
      await page.getByRole('button', { name: 'Search', exact: true }).click();
      await add(page, 'Gout');
      await page.getByRole('button', { name: 'Search for more' }).click();
      await page.getByRole('link', { name: 'Español' }).click();
      expect(await countOf(page)).toBe('Hoja: 2');
      expect(await page.locator('noscript label, .choice .choice-line label').allTextContents()).toEqual([
        'Asma',
        'Gota',
      ]);
      await page.getByRole('link', { name: 'Lista o expediente', exact: true }).click();
      await page.fill('#list', 'I10');
      await page.locator('.packet-form button').click();
      await page.getByRole('button', { name: 'Preparar la hoja para el paciente' }).click();
      expect(articlesOf(page, 'basket')).toEqual(['topic-asthma', 'topic-gout']);
      expect(await entries(page)).toEqual(['Asma', 'Gota', 'Presión arterial alta']);
      await page.getByRole('link', { name: 'Explorar' }).click();
      await page.getByRole('link', { name: 'Vaciar' }).click();
      expect(await page.locator('.choice').isVisible()).toBe(false);
    });
  });

  test('a result has four stops: its title, add, details, open; opened, it shows the rest', async () => {
    await open('/find?q=asthma', {}, async (page) => {
      await page.locator('.card h3 a').first().focus();
      const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent');
      expect(await focused()).toBe('Asthma');
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.labels[0].textContent')).toMatch(
        /^Add to handout \(Asthma.*Add/,
      );
      await page.keyboard.press('Tab');
      expect(await focused()).toMatch(/^Details \(Asthma/);
      await page.keyboard.press('Tab');
      expect(await focused()).toMatch(/^Open at MedlinePlus \(Asthma, .*opens in a new tab\)$/);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.parentElement.tagName')).toBe('H3');
      await page.locator('.row summary').first().click();
      expect(await page.locator('.row-details').first().isVisible()).toBe(true);
    });
  });

  test('printed results carry their addresses', async () => {
    await open('/find?q=gout', {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      const printed = 'getComputedStyle(document.querySelector(".card .open-at"), "::after").content';
      expect(await page.evaluate(printed)).toBe('"https://medlineplus.gov/gout.html"');
      await takePicture(page, 'results-print');
    });
  });

  test('the first page has the search box in focus, and the hospital’s name in its head', async () => {
    await openOwn('/', {}, async (page) => {
      expect(await page.evaluate('document.activeElement.id')).toBe('q');
      expect(await page.locator('.brand').textContent()).toBe('Mercy General Hospital');
    });
  });

  test.each([320, 400, 1000])('the head is under 60 px in an EHR’s frame of %i px', async (width) => {
    const framing = createServer((_request, response) => {
      const frame = `<iframe name="ours" width="${width}" height="600" src="${url()}/find?q=E11.9"></iframe>`;
      response.setHeader('Content-Type', 'text/html').end(`<!DOCTYPE html><title>EHR</title>${frame}`);
    });
    await new Promise<void>((resolve) => framing.listen(0, '127.0.0.1', resolve));
    try {
      await openOwn('/about', {}, async (page) => {
        await page.goto(`http://127.0.0.1:${(framing.address() as AddressInfo).port}/`);
        const frame = page.frame('ours');
        await frame?.locator('html.framed').waitFor();
        const height = await frame?.evaluate('document.querySelector(".top").getBoundingClientRect().height');
        expect(height).toBeLessThan(60);
        expect(await frame?.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        expect(await frame?.locator('#q').isVisible()).toBe(true);
      });
    } finally {
      await new Promise((resolve) => framing.close(resolve));
    }
  });
});
