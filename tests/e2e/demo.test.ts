import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { temporaryFolder } from '../support/connector.js';
import { startDemo, type DemoProcess } from '../support/demo-process.js';
import { complaintsOf, describeInBrowser, launchBrowser, takePicture, violationsOf } from './browser.js';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const START_MS = 120_000;

describeInBrowser('the demo, in a browser', () => {
  const folder = temporaryFolder();
  let demo: DemoProcess;
  let browser: Browser;
  beforeAll(async () => {
    demo = await startDemo(folder.path);
    browser = await launchBrowser();
  }, START_MS);
  afterAll(async () => {
    await browser.close();
    demo.child.kill('SIGKILL');
    folder.remove();
  });

  const open = async (path: string, options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ viewport: DESKTOP, locale: 'en-US', ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    await page.goto(`${demo.url}/ehr${path}`);
    return page;
  };

  /** Does what opens a page of ours in a tab of its own. */
  const openTab = async (page: Page, act: () => Promise<void>, address: RegExp): Promise<Page> => {
    const [tab] = await Promise.all([page.context().waitForEvent('page'), act()]);
    await tab.waitForURL(address);
    return tab;
  };

  /** Looks at a page of the EHR at both widths: it says that it is synthetic, is accessible, and fits. */
  const look = async (page: Page, name: string): Promise<void> => {
    expect(await page.textContent('.synthetic')).toMatch(/no patient is real/);
    for (const [kind, size] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      await page.setViewportSize(size);
      expect([name, kind, await violationsOf(page)]).toEqual([name, kind, []]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(size.width);
      await takePicture(page, `demo-${name}-${kind}`);
    }
    await page.setViewportSize(DESKTOP);
  };

  test(
    'a chart, an infobutton, a launch, "Given": the document is in the list of the EHR',
    async () => {
      const page = await open('');
      const complaints = complaintsOf(page);
      await look(page, 'start');
      expect(await page.locator('.patients li').count()).toBe(5);
      await page.click('text=Anna Sample');
      await look(page, 'chart');
      const button = page.getByRole('link', { name: 'Information on Essential (primary) hypertension' });
      const information = await openTab(page, () => button.click(), /\/infobutton\?/);
      expect(await information.textContent('main')).toContain('High Blood Pressure');
      expect(await information.textContent('header')).toContain('synthetic patients');
      await information.close();
      const list = await openTab(page, () => page.click('text=Patient education'), /\/launched\//);
      expect(await list.textContent('.patient-banner')).toContain('Anna Sample');
      expect(await list.locator('input[value=topic-diabetestype2]').isChecked()).toBe(true);
      await list.locator('.choice button[type=submit]').first().click();
      await list.click('.given button');
      expect(await list.textContent('[role=status]')).toContain('It is in the chart.');
      expect(await list.textContent('header')).toContain('synthetic patients');
      await list.close();
      await page.reload();
      const [document] = await page.locator('#documents li').allTextContents();
      expect(document).toContain('Diabetes Type 2');
      expect(document).toContain('DocumentReference');
      await page.locator('#documents a').click();
      await look(page, 'document');
      const pdf = await page.context().request.get(`${page.url()}/pdf`);
      expect([pdf.headers()['content-type'], (await pdf.body()).subarray(0, 5).toString()]).toEqual([
        'application/pdf',
        '%PDF-',
      ]);
      expect(complaints).toEqual([]);
      await page.context().close();
    },
    START_MS,
  );

  test('a card comes with an order, and stays until it is answered', async () => {
    const page = await open('/patients/demo-adult');
    await page.selectOption('#drug', { label: 'atorvastatin' });
    await page.locator('.order-form button').click();
    expect(await page.textContent('.card h3')).toContain('Atorvastatin');
    await look(page, 'order');
    await page.click('main button:has-text("Sign")');
    expect(await page.textContent('.card h3')).toContain('Atorvastatin');
    await page.selectOption('.card select', 'declined');
    await page.click('text=Dismiss');
    expect(await page.locator('.card').count()).toBe(0);
    // The signed order is a drug of the chart from now on.
    await page.click('text=Back to the chart');
    expect(await page.textContent('#drugs')).toContain('atorvastatin');
    await page.selectOption('#drug', { label: 'atorvastatin' });
    await page.locator('.order-form button').click();
    expect(await page.textContent('main')).toContain('No card');
    await page.context().close();
  });

  test('a card comes at a discharge, links pages and launches their list', async () => {
    const page = await open('/patients/demo-older');
    await page.click('text=Discharge');
    expect(await page.locator('.card-links li').count()).toBe(3);
    await page.click('summary');
    expect(await page.textContent('.exchange')).toContain('"hook": "encounter-discharge"');
    await look(page, 'discharge');
    const list = await openTab(page, () => page.locator('.card .primary').click(), /\/launched\//);
    expect(await list.textContent('.patient-banner')).toContain('Walter Sample');
    await page.context().close();
  });

  test('a reader of Spanish gets Spanish pages, one of Chinese gets links to Chinese ones', async () => {
    const page = await open('');
    const spanish = await openTab(page, () => page.click('text=Launch for Lucía'), /\/launched\//);
    expect(await spanish.textContent('main')).toContain('Cuidado prenatal');
    const chinese = await openTab(page, () => page.click('text=Launch for Mei'), /\/launched\//);
    expect(await chinese.textContent('main')).toContain('reads Chinese');
    await page.context().close();
  });

  test("a FHIR client's calls are made and answered, and the tour is done", async () => {
    const page = await open('/client');
    for (const [call, shown] of [
      ['search', '"resourceType": "DocumentReference"'],
      ['chart', '"resourceType": "Bundle"'],
      ['service', '"feed"'],
      ['services', '"hook": "order-sign"'],
    ] as const) {
      await page.check(`#${call}`);
      await page.click('text=Make the call');
      expect(await page.locator('.exchange h2').last().textContent()).toContain('200');
      expect(await page.locator('.exchange pre').last().textContent()).toContain(shown);
    }
    await look(page, 'client');
    await page.goto(`${demo.url}/ehr`);
    expect(await page.locator('.tour .done').count()).toBe(8);
    await page.context().close();
  });

  test('all of it is in Spanish for a browser that prefers it, and by the button', async () => {
    const page = await open('', { locale: 'es-MX' });
    expect(await page.textContent('h1')).toBe('Education Connect dentro de una historia clínica');
    expect(await page.textContent('.synthetic')).toContain('ningún paciente es real');
    expect(await page.textContent('main')).not.toContain('demo.');
    await page.context().close();
    const other = await open('/patients/demo-child');
    await other.click('text=Español');
    await other.goto(`${demo.url}/ehr/patients/demo-child`);
    expect(await other.textContent('#problems h2')).toBe('Problemas');
    expect(await violationsOf(other)).toEqual([]);
    await other.context().close();
  });

  test('it ends without a trace', async () => {
    expect(readdirSync(folder.path)).toHaveLength(1);
    expect(await demo.end('SIGINT')).toBe(0);
    expect(readdirSync(folder.path)).toEqual([]);
  });
});
