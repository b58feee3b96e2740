import { afterAll, beforeAll } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { TestConnector } from '../support/connector.js';
import { startConnector } from '../support/connector.js';
import { launchBrowser } from './browser.js';

/** Opens an address of the suite's server in a window, and looks at it. */
export type Open = (path: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>) => Promise<void>;

interface SuiteWindow {
  /** Opens in a window that tests with the same options share, one after the other: it is emptied before each look. */
  readonly open: Open;
  /** Opens in a window of the look's own, which is closed behind it: for what cannot be taken back (scripts that stay, print). */
  readonly openOwn: Open;
  /** A window that stays until the end of the suite. */
  readonly newPage: (options: BrowserContextOptions) => Promise<Page>;
  readonly url: () => string;
  readonly connector: () => TestConnector;
}

const EVENTS = ['console', 'pageerror', 'dialog', 'request', 'requestfinished', 'requestfailed'] as const;

/** Takes back what a look did to its window: what it listened to and routed, and what the browser keeps of the site. */
async function empty(
  page: Page,
  options: BrowserContextOptions,
  size: ReturnType<Page['viewportSize']>,
): Promise<void> {
  for (const event of EVENTS) page.removeAllListeners(event);
  await page.unrouteAll();
  // A page may forbid scripts of its own, not those of the debugger.
  await page.evaluate(() => {
    const { localStorage, sessionStorage } = globalThis as unknown as Record<string, { clear: () => void }>;
    localStorage?.clear();
    sessionStorage?.clear();
  });
  await page.context().clearCookies();
  const { colorScheme = 'light', reducedMotion = 'no-preference', forcedColors = 'none' } = options;
  await page.emulateMedia({ media: null, colorScheme, reducedMotion, forcedColors });
  if (size) await page.setViewportSize(size);
}

/** One browser for a suite. Called inside its `describe`. @returns the browser, once it is started */
export function suiteBrowser(): () => Browser {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  return () => browser;
}

/** One browser and one server for a suite. Called inside its `describe`. @param start the server */
export function suiteWindow(start: () => Promise<TestConnector> = startConnector): SuiteWindow {
  let browser: Browser;
  let connector: TestConnector;
  const shared = new Map<string, Page>();
  beforeAll(async () => {
    [browser, connector] = await Promise.all([launchBrowser(), start()]);
  });
  afterAll(async () => {
    await browser.close();
    await connector.stop();
  });
  const newPage = async (options: BrowserContextOptions): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    // A control that is not there fails its test, and holds no worker.
    context.setDefaultTimeout(20_000);
    return context.newPage();
  };
  return {
    url: () => connector.url,
    connector: () => connector,
    newPage,
    open: async (path, options, look) => {
      const key = JSON.stringify(options);
      const page = shared.get(key) ?? (await newPage(options));
      // Where a look fails, its window is used no more.
      shared.delete(key);
      const size = page.viewportSize();
      await page.goto(connector.url + path);
      await look(page);
      await empty(page, options, size);
      shared.set(key, page);
    },
    openOwn: async (path, options, look) => {
      const page = await newPage(options);
      await page.goto(connector.url + path);
      await look(page);
      await page.context().close();
    },
  };
}
