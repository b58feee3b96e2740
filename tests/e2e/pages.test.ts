import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { describeInBrowser, launchBrowser, takePicture, violationsOf } from './browser.js';

const CS = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90';

/** Every page in its main states. */
const STATES: readonly [name: string, path: string][] = [
  ['home', '/'],
  ['home-es', '/?lang=es'],
  ['find-code', '/find?q=E11.9'],
  ['find-words', '/find?q=asthma'],
  ['find-words-es', '/find?q=presi%C3%B3n+alta&lang=es'],
  ['find-misspelt', '/find?q=astmah'],
  ['find-nothing', '/find?q=zzqqxx'],
  ['application', `/application?${CS}&mainSearchCriteria.v.c=N53.14`],
  ['application-miss', `/application?${CS}&mainSearchCriteria.v.c=Z53.20`],
  ['application-error', '/application?mainSearchCriteria.v.c=N53.14'],
];

describeInBrowser('the pages in a browser', () => {
  let browser: Browser;
  let connector: TestConnector;
  beforeAll(async () => {
    [browser, connector] = await Promise.all([launchBrowser(), startConnector()]);
  });
  afterAll(async () => {
    await browser.close();
    await connector.stop();
  });

  /** Opens an address in a window of its own. */
  async function open(
    path: string,
    options: Parameters<Browser['newContext']>[0],
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    await page.goto(connector.url + path);
    await look(page);
    await context.close();
  }

  test.each(STATES)('%s is accessible in light and dark, and fits a phone of 320 px', async (name, path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      await open(path, { colorScheme }, async (page) => {
        await takePicture(page, `${name}-1280-${colorScheme}`);
        expect(await violationsOf(page)).toEqual([]);
      });
    }
    await open(path, { viewport: { width: 320, height: 640 } }, async (page) => {
      await takePicture(page, `${name}-320`);
      // Nothing to scroll sideways (WCAG 1.4.10).
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    });
  });
});
