import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { CHART, NAME, OTHER_ID, OTHER_NAME, PATIENT_ID } from '../launch/chart.js';
import type { SmartEhr } from '../launch/smart-ehr.js';
import { CLIENT_ID, startSmartEhr } from '../launch/smart-ehr.js';
import type { Card } from '../../src/protocols/cds-hooks/card.js';
import { DRUGS, draft, newUser, signing } from '../protocols/cds-hooks/hook-calls.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { complaintsOf, describeInBrowser, takePicture } from './browser.js';
import { suiteWindow } from './window.js';

/** Answer of a service, of any kind. */
interface Reply {
  readonly services?: readonly object[];
  readonly cards?: readonly Card[];
  readonly error?: { readonly code: string };
}

describeInBrowser('a launch from an EHR, in a browser', () => {
  const folder = temporaryFolder();
  let ehr: SmartEhr;
  const { newPage, connector } = suiteWindow(async () => {
    ehr = await startSmartEhr(CHART, PATIENT_ID);
    ehr.behaviour.fhirUser = 'Practitioner/dr-1';
    ehr.fhir.abilities = [
      { type: 'DocumentReference', interactions: ['create', 'read', 'update'], conditionalCreate: true },
    ];
    const file = join(folder.path, 'ehrs.json');
    writeFileSync(file, JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID, writeBack: 'auto' }] }));
    const started = await startConnector({
      env: { EHRS_FILE: file, HANDED_OVER_OWNER: 'HIM', HANDED_OVER_RETENTION_DAYS: '3650' },
      clock: () => new Date(),
    });
    ehr.register(started.url);
    return started;
  });
  afterAll(async () => {
    await ehr.stop();
    folder.remove();
  });
  const launchAddress = () => `${connector().url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`;
  const contextOf = (patient: string) => ({ patient, need_patient_banner: true });

  test('launch, list, handout, "Given": it is recorded and in the chart', async () => {
    const page = await newPage({ viewport: { width: 320, height: 640 } });
    const complaints = complaintsOf(page);
    await page.goto(launchAddress());
    expect(await page.textContent('.patient-banner')).toContain(NAME);
    await takePicture(page, 'launch-list');
    expect(await page.locator('input[value=topic-asthma]').isChecked()).toBe(true);
    await page.click('.choice button[type=submit]');
    expect(await page.textContent('.patient-banner')).toContain(NAME);
    await page.selectOption('#given-teachBack', 'understood');
    await page.fill('#note', 'Call us');
    await takePicture(page, 'launch-handout');
    await page.click('.given button');
    expect(await page.textContent('[role=status]')).toContain('It is in the chart.');
    await takePicture(page, 'launch-given');
    const [recorded] = (await connector().handedOver?.list({}, 5)) ?? [];
    expect(recorded?.entry).toMatchObject({ patientId: PATIENT_ID, teachBack: 'understood', hasNote: true });
    expect(recorded?.entry.items.map(({ article }) => article)).toContain('topic-asthma');
    // Reloading it gives nothing once more.
    await page.reload();
    expect(await connector().handedOver?.list({}, 5)).toHaveLength(1);
    await page.click('.done-form button');
    expect(await page.textContent('h1')).toBe('Closed');
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('two patients in two tabs: neither list nor basket nor record mixes', async () => {
    const first = await newPage({});
    await first.goto(launchAddress());
    // An article given before is not ticked.
    await first.locator('input[type=checkbox][name=article]:not([value=topic-asthma])').first().check();
    await first.uncheck('input[value=topic-asthma]');
    ehr.behaviour.context = contextOf(OTHER_ID);
    const second = await first.context().newPage();
    await second.goto(launchAddress());
    expect(await second.textContent('.patient-banner')).toContain(OTHER_NAME);
    // In one tab after another too: what was chosen for the first patient is not there.
    await first.reload();
    expect(await first.textContent('.patient-banner')).toContain(NAME);
    const other = await first.context().newPage();
    await other.goto(first.url());
    await other.goto(launchAddress());
    expect(await other.locator('.choice input:checked').count()).toBe(0);
    await first.click('.choice button[type=submit]');
    await first.click('.given button');
    const [recorded] = (await connector().handedOver?.list({}, 1)) ?? [];
    expect(recorded?.entry.patientId).toBe(PATIENT_ID);
    expect(recorded?.entry.items.map(({ article }) => article)).not.toContain('topic-asthma');
    ehr.behaviour.context = contextOf(PATIENT_ID);
    await first.context().close();
  });

  test('words and codes are added: what is not ticked stays so, and what is added is given', async () => {
    const page = await newPage({ viewport: { width: 320, height: 640 } });
    const complaints = complaintsOf(page);
    await page.goto(launchAddress());
    await page.uncheck('input[value=topic-asthma]');
    await page.fill('#list', 'acne, E11.9');
    await page.click('text=Add to the list');
    expect(await page.locator('input[value=topic-asthma]').isChecked()).toBe(false);
    expect(await page.locator('input[value=topic-acne]').isChecked()).toBe(true);
    // In the other language all of it is still there.
    await page.click('button.language');
    expect(await page.locator('input[value=topic-asthma]').isChecked()).toBe(false);
    expect(await page.inputValue('#list')).toBe('acne, E11.9');
    await page.locator('.choice button[type=submit]').last().click();
    await page.click('.given button');
    const [recorded] = (await connector().handedOver?.list({}, 1)) ?? [];
    const given = recorded?.entry.items.map(({ article }) => article) ?? [];
    expect([given.includes('topic-acne'), given.includes('topic-asthma')]).toEqual([true, false]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('without a script: launch, list, handout, "Given"', async () => {
    const page = await newPage({ javaScriptEnabled: false });
    await page.goto(launchAddress());
    await page.uncheck('input[value=topic-asthma]');
    await page.fill('#list', 'acne');
    await page.click('text=Add to the list');
    expect(await page.locator('input[value=topic-asthma]').isChecked()).toBe(false);
    expect(await page.locator('input[value=topic-acne]').isChecked()).toBe(true);
    await page.click('.choice button[type=submit]');
    await page.click('.given button');
    expect(await page.textContent('[role=status]')).toContain('It is in the chart.');
    await page.context().close();
  });

  test('a page of another origin calls as the sandbox of CDS Hooks does', async () => {
    const page = await newPage({});
    const complaints = complaintsOf(page);
    await page.goto(`${ehr.iss}/metadata`);
    /** Calls with the sandbox's headers: its own token, which is sent whether or not the server asks for one. */
    const call = (path: string, body?: object) =>
      page.evaluate(
        async ([url, sent]): Promise<[number, Reply]> => {
          const headers = {
            Accept: 'application/json',
            Authorization: 'Bearer a.b.c',
            'Content-Type': 'application/json',
          };
          const answer = await fetch(url, { headers, ...(sent === '' ? {} : { method: 'POST', body: sent }) });
          return [answer.status, (await answer.json()) as Reply];
        },
        [`${connector().url}${path}`, body === undefined ? '' : JSON.stringify(body)] as const,
      );
    const [, { services }] = await call('/cds-services');
    expect(services).toHaveLength(2);
    const order = draft(DRUGS.metformin, {
      id: 'request-123',
      // The sandbox sends one category in place of a list.
      category: { coding: [{ code: 'community' }] },
      dispenseRequest: { expectedSupplyDuration: { value: 30, unit: 'days' } },
    });
    const userId = newUser();
    const signed = { ...signing([order], [], { userId }), fhirServer: ehr.iss };
    const [status, { cards }] = await call('/cds-services/order-sign', signed);
    expect([status, cards?.[0]?.links[0]?.label]).toEqual([200, 'Metformin']);
    // Why there is no answer can be read there too.
    const [failed, { error }] = await call('/cds-services/order-sign', { ...signed, prefetch: {} });
    expect([failed, error?.code]).toEqual([412, 'data-not-available']);
    const feedback = [{ card: cards?.[0]?.uuid, outcome: 'overridden', outcomeTimestamp: '2026-11-29T06:00:00.000Z' }];
    expect(await call('/cds-services/order-sign/feedback', { feedback })).toEqual([200, { received: 1 }]);
    // An override is about the pages of its card alone.
    expect(await call('/cds-services/order-sign', signed)).toEqual([200, { cards: [] }]);
    const other = signing([draft(DRUGS.lisinopril)], [], { userId });
    const [, { cards: next }] = await call('/cds-services/order-sign', other);
    expect(next?.[0]?.links[0]?.label).toBe('Lisinopril');
    // The browser itself tells of answers that are errors.
    expect(complaints.filter((one) => !one.startsWith('Failed to load resource'))).toEqual([]);
    await page.context().close();
  });

  test('a launch that fails says what to do', async () => {
    const page = await newPage({});
    await page.goto(`${connector().url}/launch?iss=https://nowhere.example/fhir&launch=x`);
    expect(await page.textContent('[role=alert]')).toContain('is not on this hospital');
    await page.context().close();
  });
});
