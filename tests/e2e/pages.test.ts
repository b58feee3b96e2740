import { expect, test } from '@jest/globals';
import { describeInBrowser, takePicture, violationsOf } from './browser.js';
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
  ['article', '/article/topic-asthma'],
  ['code', '/code/icd-10-cm/J45.90'],
  ['browse', '/browse'],
  ['browse-letter', '/browse?letter=v&lang=es'],
  ['about', '/about'],
  ['api', '/api'],
];

describeInBrowser('every page in a browser', () => {
  const { open } = suiteWindow();

  test.each(STATES)('%s is accessible in light and dark, and fits a phone of 320 px', async (name, path) => {
    await open(path, { colorScheme: 'light' }, async (page) => {
      await takePicture(page, `${name}-1280-light`);
      expect(await violationsOf(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await takePicture(page, `${name}-1280-dark`);
      expect(await violationsOf(page)).toEqual([]);
      await page.setViewportSize({ width: 360, height: 740 });
      await takePicture(page, `${name}-360-dark`);
      await page.setViewportSize({ width: 320, height: 640 });
      // Nothing to scroll sideways (WCAG 1.4.10); a desktop at 200 % zoom and more is as narrow.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    });
  });

  test('a page with a fault is told of: the measure works', async () => {
    await open('/', {}, async (page) => {
      await page.evaluate('document.querySelector("label[for=q]").remove()');
      expect((await violationsOf(page)).join()).toMatch(/^label/);
    });
  });

  test.each([
    ['/', 360],
    ['/', 1280],
    ['/find?q=asthma', 360],
    ['/find?q=E11.9', 1280],
    ['/article/topic-asthma', 360],
  ])('%s at %i px shifts nothing and asks nobody else, within 60 KB', async (path, width) => {
    const requests: string[] = [];
    let bytes = 0;
    await open('/about', { viewport: { width, height: 740 } }, async (page) => {
      // A window that holds nothing of ours yet.
      const session = await page.context().newCDPSession(page);
      await session.send('Network.enable');
      await session.send('Network.setCacheDisabled', { cacheDisabled: true });
      session.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
      page.on('request', (request) => requests.push(request.url()));
      await page.addInitScript(() => {
        const view = globalThis as unknown as { shifted: number };
        view.shifted = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) view.shifted += (entry as unknown as { value: number }).value;
        }).observe({ type: 'layout-shift', buffered: true });
      });
      const here = new URL(page.url()).origin;
      await page.goto(here + path, { waitUntil: 'networkidle' });
      expect(await page.evaluate('shifted')).toBe(0);
      expect(requests.filter((url) => !url.startsWith(`${here}/`))).toEqual([]);
      expect(requests.length).toBeGreaterThan(2);
      expect(bytes).toBeGreaterThan(1000);
      expect(bytes).toBeLessThanOrEqual(60_000);
    });
  });
});
