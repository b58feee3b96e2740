import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { clinicalDocument, drug, icd, problem, section, substance } from '../protocols/ccda/document.js';
import { complaintsOf, describeInBrowser } from './browser.js';
import { suiteWindow } from './window.js';

/** A nurse's note: a line of each kind. */
const LIST = [
  'N53.14',
  'metformin 500 mg tablet',
  'HTN',
  'diabtes type 2',
  '195967001',
  'E11.9, I10; J45.909',
  'nonsense xyzzy',
  'tos y fiebre',
  'denies chest pain',
  'lisinopril 10 mg PO daily',
  '4548-4',
  '140',
].join('\n');
const CHART = clinicalDocument({
  sections: [
    section('11450-4', problem({ value: icd('I10') }) + problem({ value: icd('J45.909'), high: '20260101' })),
    section('10160-0', substance({ material: drug('860975') })),
  ],
});

const send = async (page: Page, list: string): Promise<void> => {
  await page.fill('#list', list);
  await page.locator('.packet-form [type=submit]').click();
  await page.locator('.entries').first().waitFor();
};

describeInBrowser('the list page, in a browser', () => {
  const { open, openOwn } = suiteWindow();

  test('says on top what was not found, leads to its row and opens it, by the keyboard', async () => {
    await open('/packet', {}, async (page) => {
      await send(page, LIST);
      expect(await page.locator('.entry').count()).toBe(15);
      expect(await page.locator('.lead').textContent()).toContain('1 of 15 not found.');
      await page.locator('.look-at a', { hasText: 'nonsense xyzzy' }).focus();
      await page.keyboard.press('Enter');
      const row = page.locator('.entry-none');
      expect(await row.locator('details').getAttribute('open')).not.toBeNull();
      expect(await row.getByLabel('Search with other words').inputValue()).toBe('nonsense xyzzy');
    });
  });

  test.each([true, false])(
    'a code of two systems is chosen by one press; with a script: %s',
    async (javaScriptEnabled) => {
      await open('/packet', { javaScriptEnabled }, async (page) => {
        await send(page, 'asthma\n140');
        await page.locator('.entry-choose button', { hasText: 'CVX 140' }).click();
        await page.locator('.entry-choose').waitFor({ state: 'detached' });
        expect(await page.locator('.typed').allTextContents()).toEqual(['asthma', 'CVX 140']);
      });
    },
  );

  test('a file that is chosen or dropped is read and answered; what is too large is told', async () => {
    const complaints: string[] = [];
    await openOwn('/packet', {}, async (page) => {
      complaints.push(...complaintsOf(page));
      const file = { name: 'chart.xml', mimeType: 'text/xml', buffer: Buffer.from(CHART) };
      await page.setInputFiles('#file', { ...file, buffer: Buffer.alloc(4_200_000, '<') });
      await page.locator('#file-note', { hasText: 'too large' }).waitFor();
      await page.setInputFiles('#file', file);
      await page.locator('.entries').first().waitFor();
      expect(await page.locator('input[value=topic-highbloodpressure]').isChecked()).toBe(true);
      expect(await page.locator('input[value=topic-asthma]').count()).toBe(0);
      await page.locator('.extras summary').first().click();
      await page.evaluate(`(() => {
        const data = new DataTransfer();
        data.items.add(new File(['gout\\nasthma'], 'list.txt'));
        document.querySelector('.drop').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      })()`);
      await page.locator('.typed', { hasText: 'gout' }).waitFor();
      expect(await page.locator('.typed').allTextContents()).toEqual(['gout', 'asthma']);
    });
    expect(complaints).toEqual([]);
  });

  test.each([
    ['that names UTF-16 and is UTF-8', (text: string) => Buffer.from(text)],
    ['that is UTF-16 with its mark', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['that is UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
  ])('a file %s is read', async (_name, encode) => {
    const text = `<?xml version="1.0" encoding="UTF-16"?>${CHART.replace(/^\s*<\?xml[^>]*>/, '')}`;
    await openOwn('/packet', {}, async (page) => {
      await page.setInputFiles('#file', { name: 'chart.xml', mimeType: 'text/xml', buffer: encode(text) });
      await page.locator('.entries').first().waitFor();
      expect(await page.locator('input[value=topic-highbloodpressure]').isChecked()).toBe(true);
    });
  });

  test('one press ticks all drugs of an unknown status and leaves the other boxes as they are', async () => {
    const unclear = substance({ material: drug('860975'), statusCode: 'completed' });
    const chart = clinicalDocument({
      sections: [section('11450-4', problem({ value: icd('I10') })), section('10160-0', unclear)],
    });
    await openOwn('/packet', {}, async (page) => {
      await send(page, chart);
      await page.locator('input[value=topic-highbloodpressure]').uncheck();
      await page.locator('.unclear button[name=unclear]').click();
      expect(await page.locator('input[value=drug-a696005]').isChecked()).toBe(true);
      expect(await page.locator('input[value=topic-highbloodpressure]').isChecked()).toBe(false);
    });
  });

  test('is printed as rows of what was read and found', async () => {
    await openOwn('/packet', {}, async (page) => {
      await send(page, LIST);
      await page.emulateMedia({ media: 'print' });
      expect(await page.locator('.row-change').first().isVisible()).toBe(false);
      const pdf = (await page.pdf({ format: 'Letter' })).toString('latin1');
      expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeLessThanOrEqual(3);
    });
  });
});
