import { existsSync, mkdirSync } from 'node:fs';
import { describe } from '@jest/globals';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

/** The shell comes first: the same engine without a browser's windows, for two thirds of the CPU time. */
const USUAL_PLACES = [
  ...['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
];
const CHROME = process.env.CHROME_PATH ?? USUAL_PLACES.find((path) => existsSync(path));

/** Where the browser's suites leave what a person is to look at; git does not keep it. */
const SCREENSHOTS = 'tests/e2e/screenshots';

/**
 * A suite in a real browser: found by CHROME_PATH or in the usual places. Where there is none the suite is skipped and
 * counted as such; with CI=true it runs, and fails where there is none.
 */
export const describeInBrowser = CHROME !== undefined || process.env.CI === 'true' ? describe : describe.skip;

/**
 * Features that are turned off: those that Playwright turns off, whose list this one replaces, and two that start a process for each
 * window: the popup of the address bar, in which no test types, and a renderer in reserve.
 */
const FEATURES_OFF = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'LensOverlay'],
  ...['HttpsFirstBalancedModeAutoEnable', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints', 'NetworkTimeServiceQuerying', 'AimEnabled'],
  ...['PreconnectToSearch', 'WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'SpareRendererForSitePerProcess'],
];

/** Starts the browser: one is enough for a suite, each test takes a context of its own. */
export async function launchBrowser(): Promise<Browser> {
  if (CHROME === undefined) throw new Error('no Chromium found: set CHROME_PATH, or install the package chromium');
  // A container's root has no sandbox to run it in; what is opened is our own server.
  const args = [
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--in-process-gpu',
    `--disable-features=${FEATURES_OFF.join()}`,
  ];
  return chromium.launch({ executablePath: CHROME, args, timeout: 0 });
}

/** Violations that axe-core finds on a page, a line for each rule: its id and the first element. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Evaluated by the browser's debugger, which the page's Content-Security-Policy does not bind.
  if (await page.evaluate('!("axe" in globalThis)')) await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { axe: here } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await here.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
  });
}

/** Takes a picture of a page for a person to look at, where pictures are asked for: no test needs them. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (process.env.E2E_PICTURES !== 'true') return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
}

/** Complaints of the browser while a page is used: a script's error, a block by the policy, an alert. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('dialog', (dialog) => {
    complaints.push('an alert');
    void dialog.dismiss();
  });
  return complaints;
}
