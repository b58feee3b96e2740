import { setTimeout } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, violationsOf } from './browser.js';
import { suiteWindow } from './window.js';

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';

/** Every page in its main states. */
const STATES: readonly [name: string, path: string][] = [
  ['home', '/'],
  ['home-es', '/?lang=es'],
  ['find-code', '/find?q=E11.9'],
  ['find-ambiguous', '/find?q=V90'],
  ['find-words-es', '/find?q=presi%C3%B3n+alta&lang=es'],
  ['find-misspelt', '/find?q=astmah'],
  ['find-nothing', '/find?q=zzqqxx'],
  ['application', `/application?${CS}&mainSearchCriteria.v.c=N53.14`],
  ['application-miss', `/application?${CS}&mainSearchCriteria.v.c=Z53.20`],
  ['application-error', '/application?mainSearchCriteria.v.c=N53.14'],
  ['patient', `/application?${CS}&mainSearchCriteria.v.c=E11.9&performer=PAT&informationRecipient.languageCode.c=es`],
  ['article', '/article/topic-asthma'],
  ['code', '/code/icd-10-cm/J45.90'],
  ['browse', '/browse'],
  ['browse-letter', '/browse?letter=v&lang=es'],
  ['about', '/about'],
  ['source-attributes', '/source-attributes'],
  ['errors', '/errors'],
  ['packet', '/packet?code=icd-10-cm%7CE11.9&code=icd-10-cm%7CB20&code=icd-10-cm%7CZ53.20'],
  ['handout', '/handout?article=topic-asthma&article=ency-001282&article=drug-a692051&language=es'],
  ['nowhere', '/nowhere'],
];

describeInBrowser('every page in a browser', () => {
  const { open, newPage, url } = suiteWindow();

  test('nothing moves, not even the colour under the pointer', async () => {
    await open('/', {}, async (page) => {
      await page.locator('button').first().hover();
      const moving =
        '[...document.querySelectorAll("*")].filter((one) => getComputedStyle(one).transitionDuration !== "0s")';
      expect(await page.evaluate(`${moving}.length`)).toBe(0);
    });
  });

  test('the head of a Spanish page takes two lines on a phone of 320 px, and its links do not overlap', async () => {
    await open('/about?lang=es', { viewport: { width: 320, height: 640 } }, async (page) => {
      const boxes = await page.locator('.top-row a').evaluateAll((links) =>
        links.map((link) => {
          const { left, right, top, bottom } = link.getBoundingClientRect();
          return { left, right, top, bottom };
        }),
      );
      expect(boxes).toHaveLength(5);
      const [brand, several, , about, language] = boxes;
      expect(several?.top).toBe(about?.top);
      expect(language?.bottom).toBeLessThanOrEqual(several?.top ?? 0);
      expect(language?.left).toBeGreaterThanOrEqual(brand?.right ?? 320);
      // The whole table is seen.
      const sides = 'document.querySelector("table").scrollWidth - document.querySelector("main").clientWidth';
      expect(await page.evaluate(sides)).toBeLessThanOrEqual(0);
    });
  });

  test('where one stands is seen in forced colours too', async () => {
    await open('/browse?letter=v', { forcedColors: 'active' }, async (page) => {
      const style = 'getComputedStyle(document.querySelector(".letters a[aria-current]")).outlineStyle';
      expect(await page.evaluate(style)).toBe('solid');
    });
  });

  test('a page with a fault is told of: the measure works', async () => {
    await open('/', {}, async (page) => {
      await page.evaluate('document.querySelector("label[for=q]").remove()');
      expect((await violationsOf(page)).join()).toMatch(/^label/);
    });
  });

  describe.each([360, 1280])('at %i px', (width) => {
    let page: Page;
    let requests: string[] = [];
    let underWay = 0;
    let bytes = 0;
    beforeAll(async () => {
      page = await newPage({ viewport: { width, height: 740 } });
      // A window that holds nothing of ours.
      const session = await page.context().newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.setCacheDisabled', { cacheDisabled: true });
      session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
      page.on('request', (request) => {
        requests.push(request.url());
        underWay += 1;
      });
      page.on('requestfinished', () => (underWay -= 1));
      page.on('requestfailed', () => (underWay -= 1));
      await page.addInitScript(() => {
        const view = globalThis as unknown as { shifted: number };
        view.shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) view.shifted += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
    });

    test.each(STATES)('%s shifts nothing and asks nobody else, within 60 KB', async (_name, path) => {
      [requests, bytes] = [[], 0];
      await page.goto(url() + path);
      // Twice: what its scripts ask for once they have a moment, and what comes of that.
      for (const _turn of [1, 2]) {
        await page.evaluate('new Promise((resolve) => requestIdleCallback(resolve))');
        while (underWay > 0) await setTimeout(10);
      }
      expect(await page.evaluate('shifted')).toBe(0);
      expect(requests.filter((address) => !address.startsWith(`${url()}/`))).toEqual([]);
      expect(requests.length).toBeGreaterThan(2);
      expect(bytes).toBeGreaterThan(1000);
      expect(bytes).toBeLessThanOrEqual(60_000);
    });
  });
});
