import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { importSummary } from '../support/import-summary.js';
import { complaintsOf, describeInBrowser, takePicture, violationsOf } from './browser.js';
import { suiteWindow } from './window.js';

const LIST = 'E11.9 Diabetes, type 2\nI10\nB20\n<script>document.title="x"</script>';
const HANDOUT = '/handout?article=topic-acne&article=ency-001282';

describeInBrowser('what is handed over, in a browser', () => {
  const folder = temporaryFolder();
  const { open, openOwn, url } = suiteWindow(async () => {
    const site = join(folder.path, 'site');
    mkdirSync(join(site, 'articles'), { recursive: true });
    writeFileSync(join(site, 'articles', 'local.csv'), 'id,publisher\nlocal-long,site\n');
    const long = `id,title,url\nlocal-long,${'A_title_'.repeat(20)},https://clinic.example/${'long_'.repeat(40)}.pdf\n`;
    writeFileSync(join(site, 'articles', 'local.en.csv'), long);
    const connector = await startConnector({ env: { SITE_NAME: 'Mercy', LOCAL_LIBRARY: site } });
    await importSummary(connector, folder.path);
    return connector;
  });
  afterAll(() => {
    folder.remove();
  });

  test('without a script: a list becomes a packet, its ticks a handout, a note stands on it', async () => {
    await open('/packet', { javaScriptEnabled: false }, async (page) => {
      await page.fill('#list', LIST);
      await page.click('.packet-form button');
      await takePicture(page, 'packet-1280');
      expect(await page.locator('input[value=topic-hiv]').isChecked()).toBe(false);
      expect(await page.title()).not.toBe('x');
      await page.click('.choice > button');
      expect(await page.locator('.paper-entry').count()).toBe(2);
      await page.fill('#note', '<script>x</script> Call us');
      await page.click('.handout-form button[type=submit]');
      expect(await page.locator('.paper-note p').textContent()).toBe('<script>x</script> Call us');
      expect(page.url()).toBe(`${url()}/handout`);
    });
  });

  test('the paper follows the form: a note as it is typed, other choices without a new page; printing waits for them', async () => {
    await openOwn(HANDOUT, {}, async (page) => {
      await page.evaluate('window.printed = []; window.print = () => { window.printed.push(document.title); }');
      expect(await page.locator('.paper-note').isVisible()).toBe(false);
      await page.fill('#note', '<b>Call</b> us');
      expect(await page.locator('.paper-note p').innerHTML()).toBe('&lt;b&gt;Call&lt;/b&gt; us');
      expect(await page.locator('.sheets').textContent()).toBe(
        'Prints on 1 sheet as PDF. Printed as a link only: 1 of 2.',
      );
      await page.selectOption('#handout-language', 'es');
      await page.uncheck('#on-ency-001282');
      await page.check('#paper-large');
      await page.click('[data-print]');
      while ((await page.evaluate('window.printed.length')) === 0) await page.waitForTimeout(50);
      expect(await page.evaluate('window.printed[0]')).toContain('Información de salud para usted');
      expect(await page.locator('.paper-large').getAttribute('lang')).toBe('es');
      expect(await page.locator('.paper-entry').count()).toBe(1);
      expect(await page.locator('.paper-note p').textContent()).toBe('<b>Call</b> us');
      expect(page.url()).toBe(url() + HANDOUT);
    });
  });

  test('an address that ends in #note leads to the note, in sight and ready to type in; nothing of it is sent', async () => {
    await openOwn(`${HANDOUT}#note`, { viewport: { width: 390, height: 740 } }, async (page) => {
      expect(await page.evaluate('document.activeElement.id')).toBe('note');
      const isInSight = () => {
        const { top, bottom } = document.querySelector('#note')?.getBoundingClientRect() ?? { top: -1, bottom: -1 };
        return top >= 0 && bottom <= innerHeight;
      };
      expect(await page.evaluate(isInSight)).toBe(true);
      const requests: string[] = [];
      page.on('request', (request) => requests.push(`${request.url()} ${request.postData() ?? ''}`));
      await page.keyboard.type('Call us on Monday');
      expect(await page.locator('.paper-note p').textContent()).toBe('Call us on Monday');
      expect([page.url(), requests]).toEqual([`${url()}${HANDOUT}#note`, []]);
    });
  });

  test('an answer that takes longer than a second is announced as under way, and then no more', async () => {
    await openOwn(HANDOUT, {}, async (page) => {
      let answer = (): void => undefined;
      const isHeld = new Promise<void>((resolve) => (answer = resolve));
      await page.route('**/handout', async (route) => {
        await isHeld;
        await route.continue();
      });
      await page.check('#paper-large');
      expect(await page.locator('.progress').textContent()).toBe('');
      await page.locator('.progress', { hasText: 'Working on it' }).waitFor();
      answer();
      await page.locator('.paper-large').waitFor();
      await page.locator('.progress').waitFor({ state: 'hidden' });
    });
  });

  test('the sheet is beside its controls where there is room, and below them on a phone', async () => {
    for (const [width, isBeside] of [
      [1280, true],
      [1000, true],
      [390, false],
    ] as const) {
      await open(HANDOUT, { viewport: { width, height: 700 } }, async (page) => {
        const sheet = await page.locator('.paper').boundingBox();
        const side = await page.locator('.handout-side').boundingBox();
        expect([width, (side?.x ?? 0) >= (sheet?.x ?? 0) + (sheet?.width ?? 0)]).toEqual([width, isBeside]);
        expect((side?.y ?? 0) + (side?.height ?? 0) <= (sheet?.y ?? 0)).toBe(!isBeside);
        expect(await page.getByRole('button', { name: /update/i }).count()).toBe(0);
      });
    }
  });

  test('as one file it is read without a network, and is accessible', async () => {
    await openOwn(HANDOUT, { acceptDownloads: true }, async (page) => {
      await page.fill('#note', 'Call us');
      const [download] = await Promise.all([page.waitForEvent('download'), page.click('text=Save as one file')]);
      const file = join(folder.path, download.suggestedFilename());
      await download.saveAs(file);
      const complaints = complaintsOf(page);
      await page.context().setOffline(true);
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      expect(requests.filter((address) => !/^(?:file|data):/.test(address))).toEqual([]);
      expect(await page.locator('.paper-note p').textContent()).toBe('Call us');
      expect(await page.locator('.qr').first().isVisible()).toBe(true);
      expect(await violationsOf(page)).toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
      expect(complaints).toEqual([]);
    });
  });

  test('the address to print again makes the same handout without the note', async () => {
    await open(`${HANDOUT}&language=es,en`, {}, async (page) => {
      await page.fill('#note', 'Call us');
      await page.click('summary:has-text("Print again")');
      const again = await page.locator('[data-live=more] .given-sentence').first().textContent();
      await page.goto(again ?? '');
      expect(await page.locator('.paper-entry h2').allTextContents()).toEqual([
        'Acné',
        'Acne',
        'Eyaculación retrógrada',
        'Retrograde ejaculation',
      ]);
      expect(await page.locator('.paper-note').isVisible()).toBe(false);
    });
  });

  test('a name label is printed on every sheet', async () => {
    await open(`${HANDOUT}&set=true&labels=true&teachBack=true&large=true`, {}, async (page) => {
      expect(await page.locator('.name-label:visible').count()).toBe(1);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.paper-sheet-head').evaluate((one) => getComputedStyle(one).display)).toBe(
        'table-header-group',
      );
      expect(await page.locator('.name-label:visible').count()).toBe(1);
    });
  });

  test('only the handout is printed, and becomes a PDF', async () => {
    await open(HANDOUT, {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      await takePicture(page, 'handout-print');
      expect(await page.locator('.paper .summary').textContent()).toContain('Acne is a common skin condition.');
      expect(await page.locator('.handout-form').isVisible()).toBe(false);
      expect(await page.locator('.paper').isVisible()).toBe(true);
      const pdf = (await page.pdf({ format: 'Letter' })).toString('latin1');
      expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(0);
    });
  });

  test('nothing on the handout is wider than its paper, or a browser would print all of it smaller', async () => {
    await open('/handout?article=local-long&article=topic-acne', {}, async (page) => {
      await page.fill('#note', `https://clinic.example/${'x'.repeat(300)}`);
      await page.emulateMedia({ media: 'print' });
      // A5 within its margins, in CSS pixels.
      await page.setViewportSize({ width: 439, height: 673 });
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(439);
      expect(await page.locator('.paper-entry').count()).toBe(2);
    });
  });

  test('who wrote an article is printed on the page of its address', async () => {
    await open(HANDOUT, {}, async (page) => {
      await page.emulateMedia({ media: 'print' });
      const ends = page.locator('.paper-end');
      expect(await ends.count()).toBe(2);
      for (const end of await ends.all()) {
        expect([await end.locator('.paper-address').count(), await end.locator('.paper-source').count()]).toEqual([
          1, 1,
        ]);
        expect(await end.evaluate((element) => getComputedStyle(element).breakInside)).toBe('avoid');
      }
    });
  });

  test('"Wrong page?" is taken from our own page', async () => {
    await open('/feedback?article=topic-acne', {}, async (page) => {
      await page.check('#reason-wrong-age');
      await page.click('main button');
      expect(await page.textContent('h1')).toBe('Thank you');
    });
  });
});
