import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { describeInBrowser, takePicture } from './browser.js';
import { suiteWindow } from './window.js';

describeInBrowser('a department, in a browser', () => {
  const folder = temporaryFolder();
  const { open, url } = suiteWindow(async () => {
    const site = join(folder.path, 'site');
    const file = join(folder.path, 'departments.yaml');
    mkdirSync(site);
    writeFileSync(join(site, 'lists.csv'), 'name,article\nAsthma clinic,topic-asthma\nFeet,topic-gout\n');
    const departments = ['  - { id: lung, name: Lung Clinic, name.es: Clínica del Pulmón, lists: [Asthma clinic] }'];
    writeFileSync(file, ['departments:', ...departments, ''].join('\n'));
    return startConnector({ env: { LOCAL_LIBRARY: site, SITE_NAME: 'Mercy', DEPARTMENTS_FILE: file } });
  });
  afterAll(() => {
    folder.remove();
  });

  test('is chosen on the first page, and stays through searches, lists and languages to the handout', async () => {
    await open('/', {}, async (page) => {
      expect(await page.locator('.tiles-own a').count()).toBe(2);
      await page.getByLabel('Department').selectOption('Lung Clinic');
      await page.getByRole('button', { name: 'Choose', exact: true }).click();
      expect(page.url()).toBe(`${url()}/?department=lung`);
      expect(await page.locator('.tiles-own a').allTextContents()).toEqual(['Asthma clinic (1)']);
      expect(await page.locator('header .brand').textContent()).toBe('Mercy · Lung Clinic');
      await takePicture(page, 'department-1280');

      // One entry is searched for, several are posted by a script.
      await page.locator('#q').fill('gout');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/find\?/);
      expect(new URL(page.url()).searchParams.get('department')).toBe('lung');
      await page.locator('#q').fill('gout, asthma, acne');
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/packet$/);
      expect(await page.locator('header .brand').textContent()).toBe('Mercy · Lung Clinic');
      await page.getByRole('button', { name: 'Español' }).click();
      await page.locator('header .brand', { hasText: 'Clínica del Pulmón' }).waitFor();
      await page.locator('.choice button[type=submit]').first().click();
      await page.waitForURL(/\/handout/);
      expect(await page.locator('.paper-site').textContent()).toBe('Mercy · Clínica del Pulmón');
    });
  });
});
