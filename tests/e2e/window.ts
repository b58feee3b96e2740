import { afterAll, beforeAll } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { launchBrowser } from './browser.js';

/** Opens an address of the suite's server in a window of its own, and closes it behind the look. */
export type Open = (path: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>) => Promise<void>;

interface SuiteWindow {
  readonly open: Open;
  readonly url: () => string;
  readonly connector: () => TestConnector;
}

/** One browser and one server for a suite. Called inside its `describe`. @param env of the server */
export function suiteWindow(env: Record<string, string> = {}): SuiteWindow {
  let browser: Browser;
  let connector: TestConnector;
  beforeAll(async () => {
    [browser, connector] = await Promise.all([launchBrowser(), startConnector({ env })]);
  });
  afterAll(async () => {
    await browser.close();
    await connector.stop();
  });
  return {
    url: () => connector.url,
    connector: () => connector,
    open: async (path, options, look) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      await page.goto(connector.url + path);
      await look(page);
      await context.close();
    },
  };
}
