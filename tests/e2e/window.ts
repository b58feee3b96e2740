import { afterAll, beforeAll } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { launchBrowser } from './browser.js';

/** Opens an address of the suite's server in a window of its own, and closes it behind the look. */
export type Open = (path: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>) => Promise<void>;

/** One browser and one server for a suite. Called inside its `describe`. */
export function suiteWindow(): { readonly open: Open; readonly url: () => string } {
  let browser: Browser;
  let connector: TestConnector;
  beforeAll(async () => {
    [browser, connector] = await Promise.all([launchBrowser(), startConnector()]);
  });
  afterAll(async () => {
    await browser.close();
    await connector.stop();
  });
  return {
    url: () => connector.url,
    open: async (path, options, look) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      await page.goto(connector.url + path);
      await look(page);
      await context.close();
    },
  };
}
