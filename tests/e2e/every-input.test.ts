import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { startConnector } from '../support/connector.js';
import { complaintsOf, describeInBrowser } from './browser.js';
import { suiteWindow } from './window.js';

const EVIL = '"\'></textarea></title><script>alert(1)</script><img src=x onerror=alert(1)>';
const evil = encodeURIComponent(EVIL);
const HANDOUT = '/handout?article=topic-acne';

/** A chart whose words are a person's own. */
const CHART = JSON.stringify({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { resource: { resourceType: 'Patient', name: [{ family: 'Secretname' }], birthDate: '1950-01-01' } },
    {
      resource: {
        resourceType: 'Condition',
        subject: { display: 'Secretname' },
        code: { text: 'Secretname', coding: [{ system: 'http://hl7.org/fhir/sid/icd-10-cm', code: 'J45.909' }] },
      },
    },
  ],
});

/** Nothing that was typed has become an element: no picture but the site's, no script but ours. */
const foreignElements = (page: Page): Promise<number> =>
  page.locator('img:not([src="/site-logo"]), script:not([src^="/assets/"]), iframe, object').count();

describeInBrowser('whatever is put into a page', () => {
  const { open, url, connector } = suiteWindow(() =>
    startConnector({ env: { SITE_NAME: EVIL, CONNECTOR_NAME: EVIL, FEEDBACK_TEXT: 'true' } }),
  );

  test.each([
    ['/', '#q', '.search button'],
    ['/find?q=asthma', '#q', '.search button'],
    ['/packet', '#list', '.packet-form button'],
    ['/packet', '#age', '.packet-form button'],
    ['/feedback?article=topic-acne', '#remark', 'main form button'],
  ])('script text in %s %s stays text', async (path, input, button) => {
    await open(path, {}, async (page) => {
      const complaints = complaintsOf(page);
      if (input === '#age') {
        // Whoever posts past the form's own limit.
        await page.fill('#list', 'J45');
        await page.evaluate('document.querySelector("#age").removeAttribute("maxlength")');
      }
      if (input === '#remark') await page.check('#reason-other');
      await page.fill(input, EVIL);
      await Promise.all([page.waitForEvent('load'), page.click(button)]);
      expect(await foreignElements(page)).toBe(0);
      expect(complaints.filter((text) => !text.includes('400 (Bad Request)'))).toEqual([]);
    });
  });

  test.each([
    `/find?q=E11.9&system=${evil}&lang=${evil}`,
    `/application?mainSearchCriteria.v.dn=${evil}`,
    `/application?mainSearchCriteria.v.c=${evil}&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90`,
    `/browse?letter=${evil}&kind=${evil}`,
    `/browse?system=${evil}&group=${evil}`,
    `/about?x=${evil}`,
    `/article/${evil}`,
    `/code/icd-10-cm/${evil}`,
    `/code/${evil}/J45`,
    `/packet?code=${evil}&code=icd-10-cm%7C${evil}`,
    `/handout?article=${evil}&article=topic-acne&language=${evil}&note=${evil}`,
    `/feedback?article=topic-acne&system=${evil}&code=${evil}`,
    `/${evil}`,
  ])('script text in the address %s stays text', async (path) => {
    await open('/', {}, async (page) => {
      const complaints = complaintsOf(page);
      await page.goto(url() + path);
      expect(await foreignElements(page)).toBe(0);
      expect(complaints.filter((text) => !/status of 40[04]/.test(text))).toEqual([]);
    });
  });

  test('a chart that is pasted into the search box goes to the packet, and stands in no address and no log', async () => {
    await open('/', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      const addresses: string[] = [];
      page.on('request', (request) => addresses.push(request.url()));
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(CHART)})`);
      await page.locator('#q').focus();
      await Promise.all([page.waitForURL(/packet$/), page.keyboard.press('Control+V')]);
      expect(await page.locator('input[value=topic-asthma]').isChecked()).toBe(true);
      await page.evaluate('document.querySelector(".packet-form").remove()');
      expect(await page.content()).not.toContain('Secretname');
      expect(addresses.filter((address) => address.includes('Secretname'))).toEqual([]);
    });
    expect(JSON.stringify(connector().logLines)).not.toContain('Secretname');
  });

  test('without a script the browser does not send a chart as a search, and a server that gets one says nothing back', async () => {
    await open('/', { javaScriptEnabled: false }, async (page) => {
      await page.fill('#q', CHART);
      await page.click('.search button');
      expect(page.url()).toBe(`${url()}/`);
      await page.goto(`${url()}/find?q=${encodeURIComponent(CHART)}`);
      expect(await page.textContent('h1')).toBe('That looks like a chart');
      expect(await page.content()).not.toContain('Secretname');
      await page.click('main a');
      expect(page.url()).toBe(`${url()}/packet`);
    });
  });

  test('a note is kept through a change of the language, of the page and of the handout', async () => {
    for (const javaScriptEnabled of [true, false]) {
      await open(HANDOUT, { javaScriptEnabled }, async (page) => {
        await page.fill('#note', 'Llámenos el lunes');
        await page.selectOption('#handout-language', 'es');
        await Promise.all([page.waitForEvent('load'), page.click('button.language')]);
        expect(await page.locator('html').getAttribute('lang')).toBe('es');
        expect(await page.locator('.paper-note p').textContent()).toBe('Llámenos el lunes');
        await Promise.all([page.waitForEvent('load'), page.click('button.language')]);
        expect(await page.locator('html').getAttribute('lang')).toBe('en');
        expect(await page.locator('.paper').getAttribute('lang')).toBe('es');
        expect(await page.inputValue('#note')).toBe('Llámenos el lunes');
      });
    }
  });
});
