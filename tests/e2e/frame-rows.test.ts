import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { CHART, NAME, PATIENT_ID, condition } from '../launch/chart.js';
import { send } from '../launch/fhir-stand-in.js';
import type { SmartEhr } from '../launch/smart-ehr.js';
import { CLIENT_ID, startSmartEhr } from '../launch/smart-ehr.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { describeInBrowser, takePicture, violationsOf } from './browser.js';
import { suiteWindow } from './window.js';

/** A frame as EHRs have it. */
const FRAME = { width: 1000, height: 700 };

describeInBrowser('a launched list in the frame of an EHR', () => {
  const folder = temporaryFolder();
  let ehr: SmartEhr;
  const { newPage, connector } = suiteWindow(async () => {
    const more = ['E11.9', 'K21.9'].map((code, at) => condition(`more-${at}`, code, 'problem-list-item'));
    ehr = await startSmartEhr([...CHART, ...more], PATIENT_ID);
    ehr.behaviour.fhirUser = 'Practitioner/dr-1';
    const file = join(folder.path, 'ehrs.json');
    writeFileSync(file, JSON.stringify({ ehrs: [{ iss: ehr.iss, clientId: CLIENT_ID }] }));
    const started = await startConnector({ env: { EHRS_FILE: file }, clock: () => new Date() });
    ehr.register(started.url);
    return started;
  });
  afterAll(async () => {
    await ehr.stop();
    folder.remove();
  });

  test('a chart that hangs shows so after two seconds, and the list comes by itself', async () => {
    let letGo: (() => void) | undefined;
    ehr.fhir.answerBy = (_request, response, place) => {
      if (!place.startsWith('/MedicationRequest')) return false;
      letGo = () => {
        send(response, 200, { resourceType: 'Bundle', type: 'searchset' });
      };
      return true;
    };
    const page = await newPage({ viewport: FRAME });
    const launch = `${connector().url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`;
    await page.goto(launch);
    expect(await page.textContent('[role=status]')).toContain('The health record is slow');
    expect(await page.textContent('.patient-banner')).toContain(NAME);
    expect(await violationsOf(page)).toEqual([]);
    await takePicture(page, 'launch-slow');
    letGo?.();
    await page.locator('input[value=topic-asthma]').waitFor();
    ehr.fhir.answerBy = undefined;
    await page.context().close();
  });

  test('five of five articles are seen without scrolling', async () => {
    const page = await newPage({ viewport: FRAME });
    await page.goto(`${connector().url}/launch?iss=${encodeURIComponent(ehr.iss)}&launch=x`);
    await takePicture(page, 'launch-frame');
    const rows = page.locator('.entries').first().locator('.entry-found');
    const boxes = await Promise.all((await rows.all()).map((row) => row.boundingBox()));
    // The bar at the foot of the page stands over what is behind it.
    const bar = await page.locator('.choice').first().boundingBox();
    const end = bar?.y ?? FRAME.height;
    expect(boxes).toHaveLength(5);
    for (const box of boxes) expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(end);
    await page.context().close();
  });
});
