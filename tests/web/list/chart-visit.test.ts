import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Reply } from '../../http/ask.js';
import { ask } from '../../http/ask.js';
import { bundle, concept, condition, medication } from '../../protocols/fhir/charts.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { attributesOf, elementsOf, textOf } from '../read-html.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(async () => {
  await connector.stop();
});

const post = (form: Record<string, string>): Promise<Reply> =>
  ask(connector.url, '/packet', {
    method: 'POST',
    body: new URLSearchParams(form).toString(),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
const read = ({ text }: Reply): string => textOf(text).replace(/\s+/g, ' ');
const countTicked = ({ text }: Reply): number =>
  elementsOf(text, 'input')
    .map(attributesOf)
    .filter(({ name, checked }) => name === 'article' && checked !== undefined).length;

const PATIENT = {
  resourceType: 'Patient',
  gender: 'female',
  birthDate: '1943-03-01',
  communication: [{ language: { coding: [{ code: 'es' }] }, preferred: true }],
};
const EMERGENCY = { resourceType: 'Encounter', id: 'e1', status: 'in-progress', class: { code: 'EMER' } };
const problems = ['I10', 'J45.909', 'M17.9', 'K21.9', 'G43.909', 'H40.9'].map((code) =>
  condition(concept('icd', code)),
);
const unclear = ['metformin 500 mg tablet', 'lisinopril 10 mg tablet'].map((text) =>
  medication({ text }, { status: 'unknown' }),
);
const CHART = JSON.stringify(bundle(PATIENT, EMERGENCY, ...problems, ...unclear));

describe('a chart', () => {
  test('says how it was read and what is ticked, and what the number cut, with its codes', async () => {
    const page = read(await post({ list: CHART }));
    expect(page).toContain('Emergency visit, reads Spanish, 83 years: 3 pages ticked. Clinic visit: 5 Discharge: 10');
    expect(page).toMatch(/Not ticked, for the number of pages: [^.]+ \([^)]*ICD-10-CM [A-Z0-9.]+\); /);
    const spanish = read(await post({ list: CHART, lang: 'es' }));
    expect(spanish).toContain('Visita a urgencias, lee español, 83 años: 3 páginas marcadas.');
  });

  test('is read for another setting by one press, which the form sends with the chart', async () => {
    const { text } = await post({ list: CHART });
    const buttons = elementsOf(text, 'button').map(attributesOf);
    expect(buttons).toContainEqual(expect.objectContaining({ form: 'packet', name: 'setting', value: 'discharge' }));
    // The button's value comes before that of the form's own list.
    const discharge = await post({ list: CHART, setting: 'discharge' });
    expect(read(discharge)).toContain('Hospital discharge, reads Spanish, 83 years: 6 pages ticked.');
    expect(text.indexOf('name="setting" value="discharge"')).toBeLessThan(text.indexOf('<select id="setting"'));
  });

  test('has drugs of an unknown status in one group, which one press ticks', async () => {
    const reply = await post({ list: CHART });
    expect(read(reply)).toContain('2 drugs whose status the document does not tell Tick all');
    const all = await post({ list: CHART, unclear: 'true' });
    expect(read(all)).not.toContain('whose status the document does not tell');
    expect(countTicked(all)).toBe(countTicked(reply) + 2);
    // Another setting keeps the choice.
    const hidden = elementsOf(all.text, 'input').map(attributesOf);
    expect(hidden).toContainEqual(expect.objectContaining({ type: 'hidden', name: 'unclear', value: 'true' }));
  });
});

test('a C-CDA that names UTF-16 is read where it is pasted', async () => {
  const text = readFileSync(new URL('../../protocols/ccda/vendors/nextgen.xml', import.meta.url), 'utf8');
  expect(text).toMatch(/encoding="UTF-16"/i);
  expect(read(await post({ list: text }))).toContain('High Blood Pressure');
});
