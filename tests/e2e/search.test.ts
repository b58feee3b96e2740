import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { complaintsOf, describeInBrowser, takePicture, violationsOf } from './browser.js';
import { suiteWindow } from './window.js';

const EVIL = '"\'><script>alert(1)</script><img src=x onerror=alert(1)>';

const box = (page: Page) => page.locator('input[role=combobox]');
const options = (page: Page) => page.getByRole('option');
const heading = (page: Page) => page.getByRole('heading', { level: 1 });

describeInBrowser('searching in a browser', () => {
  const { open, url } = suiteWindow();

  test.each([
    ['E11.9', 'Diabetes Type 2'],
    ['250.00', 'Diabetes Type 2'],
    ['asthma', 'Asthma'],
    ['astmah', 'Asthma'],
    ['metformin', 'Metformin'],
  ])('by %s with Enter finds %s', async (query, title) => {
    await open('/', {}, async (page) => {
      await box(page).fill(query);
      await box(page).press('Enter');
      await heading(page).filter({ hasText: query }).waitFor();
      const card = page
        .getByRole('link', { name: new RegExp(`^Open at MedlinePlus \\(${title}(?:, .+)?, opens in a new tab\\)$`) })
        .first();
      expect(await card.getAttribute('href')).toMatch(/^https:\/\/medlineplus\.gov\//);
      expect(await card.getAttribute('rel')).toContain('noreferrer');
    });
  });

  test('suggests while one types, by keyboard alone', async () => {
    await open('/', {}, async (page) => {
      const complaints = complaintsOf(page);
      expect(await box(page).getAttribute('aria-expanded')).toBe('false');
      await box(page).pressSequentially('asth');
      await options(page).first().waitFor();
      expect(await box(page).getAttribute('aria-expanded')).toBe('true');
      await takePicture(page, 'suggestions-1280');
      expect(await violationsOf(page)).toEqual([]);
      await page.keyboard.press('ArrowDown');
      const active = await box(page).getAttribute('aria-activedescendant');
      expect(await page.locator(`#${String(active)}`).getAttribute('aria-selected')).toBe('true');
      expect(await box(page).inputValue()).toBe('Asthma');
      await page.keyboard.press('ArrowUp');
      expect(await box(page).inputValue()).toBe('asth');
      await page.keyboard.press('Escape');
      expect(await box(page).getAttribute('aria-expanded')).toBe('false');
      await page.keyboard.press('ArrowDown');
      await options(page).first().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await heading(page).filter({ hasText: 'Asthma' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/article/topic-asthma');
      expect(complaints).toEqual([]);
    });
  });

  test('Home, End and Tab stay what they are in a text; Tab leaves the list and takes nothing', async () => {
    await open('/', {}, async (page) => {
      await box(page).pressSequentially('asth');
      await options(page).first().waitFor();
      const caret = 'document.querySelector("#q").selectionStart';
      await page.keyboard.press('Home');
      expect(await page.evaluate(caret)).toBe(0);
      await page.keyboard.press('End');
      expect(await page.evaluate(caret)).toBe(4);
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.type')).toBe('submit');
      expect([await box(page).getAttribute('aria-expanded'), await box(page).inputValue()]).toEqual(['false', 'asth']);
    });
  });

  test('an answer that comes after Escape opens nothing', async () => {
    await open('/', {}, async (page) => {
      let answer = (): void => undefined;
      const isHeld = new Promise<void>((resolve) => (answer = resolve));
      await page.route('**/suggest*', async (route) => {
        await isHeld;
        await route.continue().catch(() => undefined);
      });
      await Promise.all([page.waitForRequest('**/suggest*'), box(page).pressSequentially('asth')]);
      await page.keyboard.press('Escape');
      answer();
      await page.unroute('**/suggest*');
      expect(await page.evaluate('fetch("/suggest?q=asth").then(({ status }) => status)')).toBe(200);
      expect(await box(page).getAttribute('aria-expanded')).toBe('false');
    });
  });

  test('what has the focus is never behind what stays in sight', async () => {
    await open('/find?q=high+blood+pressure', { viewport: { width: 390, height: 740 } }, async (page) => {
      await page.getByRole('checkbox').first().check();
      await box(page).focus();
      await page.keyboard.press('Escape');
      const isBehind = () => {
        const held = document.activeElement;
        const bar = document.querySelector('.choice');
        if (!held || !bar || bar.contains(held)) return false;
        const [at, over] = [held.getBoundingClientRect(), bar.getBoundingClientRect()];
        return at.top >= over.top && at.bottom <= over.bottom;
      };
      for (let stop = 0; stop < 40; stop += 1) {
        await page.keyboard.press('Tab');
        expect(await page.evaluate(isBehind)).toBe(false);
      }
    });
  });

  test('suggests in Spanish', async () => {
    await open('/?lang=es', { viewport: { width: 360, height: 740 } }, async (page) => {
      await box(page).pressSequentially('asma');
      await options(page).filter({ hasText: 'Asma' }).first().click();
      await heading(page).filter({ hasText: 'Asma' }).waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe('es');
    });
  });

  test('remembers searches in the browser’s session alone, until they are cleared', async () => {
    await open('/', {}, async (page) => {
      const clear = page.getByRole('button', { name: 'Clear recent searches' });
      await box(page).fill('gout');
      await box(page).press('Enter');
      await heading(page).filter({ hasText: 'gout' }).waitFor();
      await page.goto(url());
      await box(page).click();
      expect(await page.locator('.options').isVisible()).toBe(false);
      await page.keyboard.press('ArrowDown');
      expect(await options(page).allTextContents()).toEqual(['gout']);
      expect(await page.context().cookies()).toEqual([]);
      expect(await page.evaluate('localStorage.length')).toBe(0);
      await clear.click();
      expect(await options(page).count()).toBe(0);
      await page.reload();
      await box(page).press('ArrowDown');
      expect(await clear.isVisible()).toBe(false);
    });
  });

  test('counts what is chosen and takes it to the handout', async () => {
    await open('/find?q=asthma', {}, async (page) => {
      const boxes = page.getByRole('checkbox');
      await boxes.nth(0).check();
      await boxes.nth(1).check();
      expect(await page.locator('.choice-count').textContent()).toBe('Handout: 2');
      await page.getByRole('button', { name: 'Make patient handout' }).click();
      await page.waitForURL(/\/handout\?/);
      expect(new URL(page.url()).searchParams.getAll('article')).toHaveLength(2);
    });
  });

  test('copies a link', async () => {
    await open('/find?q=J45.909', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await page.locator('.row summary').first().click();
      await page
        .getByRole('button', { name: /^Copy link \(Asthma(?:, .+)?\)$/ })
        .first()
        .click();
      await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe('https://medlineplus.gov/asthma.html');
    });
  });

  test('sends a pasted list to its page, its lines apart, and what is typed with commas too; one entry is a search', async () => {
    await open('/', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await page.evaluate('navigator.clipboard.writeText("E11.9\\nI10\\n")');
      await box(page).focus();
      await Promise.all([page.waitForURL(/\/packet$/), page.keyboard.press('Control+V')]);
      expect(await page.locator('.typed').allTextContents()).toEqual(['E11.9', 'I10']);
      for (const [typed, address] of [
        ['HTN, asthma; tos', /\/packet$/],
        ['E11.9 I10', /\/packet$/],
        ['Diabetes, type 2', /\/find\?q=Diabetes%2C\+type\+2$/],
        ['nausea and vomiting', /\/find\?q=nausea\+and\+vomiting$/],
      ] as const) {
        await page.goto(`${url()}/`);
        await box(page).fill(typed);
        await Promise.all([page.waitForURL(address), page.keyboard.press('Enter')]);
      }
    });
  });

  describe('without JavaScript', () => {
    test('everything is found and chosen by plain forms', async () => {
      await open('/', { javaScriptEnabled: false, viewport: { width: 360, height: 740 } }, async (page) => {
        await page.getByLabel('Code, condition, drug or test').fill('J45.909');
        await page.getByRole('button', { name: 'Search' }).click();
        await heading(page).filter({ hasText: 'J45.909' }).waitFor();
        await takePicture(page, 'find-no-script-360');
        expect(await page.getByRole('button', { name: /Copy link/ }).count()).toBe(0);
        await page.getByRole('checkbox', { name: 'Add to handout (Asthma)' }).first().check();
        await page.getByRole('button', { name: 'Make patient handout' }).click();
        expect(new URL(page.url()).searchParams.getAll('article')).toEqual(['topic-asthma']);
      });
    });

    test('a list that is typed is in no address, and an empty search is the first page', async () => {
      await open('/?lang=es', { javaScriptEnabled: false }, async (page) => {
        const addresses: string[] = [];
        page.on('request', (request) => addresses.push(request.url()));
        await page.fill('#q', 'E11.9, I10');
        await page.getByRole('button', { name: 'Buscar' }).click();
        expect(await page.locator('.typed').allTextContents()).toEqual(['E11.9', 'I10']);
        expect(addresses.filter((address) => address.includes('E11'))).toEqual([]);
        await page.fill('#q', '');
        await page.getByRole('button', { name: 'Buscar' }).first().click();
        expect(page.url()).toBe(`${url()}/?lang=es`);
      });
    });
  });

  test('script text stays text: in the box, its suggestions, the recent searches and every address', async () => {
    await open('/', {}, async (page) => {
      const complaints = complaintsOf(page);
      await box(page).fill(EVIL);
      await page.keyboard.press('Enter');
      await heading(page).filter({ hasText: EVIL }).waitFor();
      expect(await box(page).inputValue()).toBe(EVIL);
      await box(page).fill('');
      await box(page).press('ArrowDown');
      await options(page).filter({ hasText: EVIL }).waitFor();
      const evil = encodeURIComponent(EVIL);
      for (const path of [
        `/find?q=E11.9&system=${evil}&lang=${evil}`,
        `/application?mainSearchCriteria.v.dn=${evil}`,
      ]) {
        await page.goto(url() + path);
        expect(await page.locator('img, script:not([src])').count()).toBe(0);
      }
      for (const path of [`/browse?letter=${evil}&kind=${evil}`, `/browse?system=${evil}`, `/about?x=${evil}`]) {
        await page.goto(url() + path);
        expect(await page.locator('img, script:not([src])').count()).toBe(0);
      }
      expect(complaints).toEqual([]);
    });
  });
});
