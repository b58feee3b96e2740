import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { describeInBrowser, takePicture, violationsOf } from '../e2e/browser.js';
import { suiteBrowser } from '../e2e/window.js';

const PROXY = { addresses: ['127.0.0.1'], userHeader: 'X-Remote-User', groupsHeader: 'X-Remote-Groups' };
const ROLES = { reader: ['nurses'], curator: ['education'], 'privacy-officer': ['privacy'], administrator: ['it'] };

/** Writes the file of a sign-in by a proxy into a folder; returns its path. */
export function writeSignInFile(folder: string): string {
  const file = join(folder, 'sign-in.json');
  writeFileSync(file, JSON.stringify({ proxy: PROXY, roles: ROLES }));
  return file;
}

const headersOf = (group: string) => ({ 'X-Remote-User': 'pat', 'X-Remote-Groups': group });

/** Opens a page as a person of a group. */
export async function openAs(group: string, address: string) {
  const answer = await fetch(address, { headers: headersOf(group) });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** Tests of a report's page in a browser, at the width of a desktop and of a phone. @param urlOf the server's, once it is started */
export function describePageInBrowser(name: string, group: string, urlOf: () => string): void {
  describeInBrowser('in a browser', () => {
    const browser = suiteBrowser();

    test.each([
      ['desktop', 1280],
      ['phone', 390],
    ])('on a %s it is accessible and no wider than the screen', async (screen, width) => {
      const viewport = { width, height: 900 };
      const context = await browser().newContext({ viewport, extraHTTPHeaders: headersOf(group) });
      const page = await context.newPage();
      await page.goto(`${urlOf()}/${name}`);
      expect(await violationsOf(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await takePicture(page, `${name}-${screen}`);
      await context.close();
    });
  });
}
