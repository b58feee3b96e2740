import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { startConnector, type TestConnector } from '../support/connector.js';
import { MOST_GROWTH, growthOf } from '../support/growth.js';
import { allergy, clinicalDocument, icd, problem, section, substance } from '../protocols/ccda/document.js';
import { callHook, chart, condition, discharge, order, searchset } from '../protocols/cds-hooks/hook-calls.js';
import { ask, type Reply } from './ask.js';

/**
 * A text that begins and ends as others do, of one sign in between: what a pattern may read again and again. Blanks of several
 * kinds, words, one letter that becomes eighteen when it is folded, and a strength. Each pattern is checked by itself (tools/patterns).
 */
const FILLINGS = [' ', '\u00a0', 'a/', '\ufdfa', '10 mg '];

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { CDS_HOOKS: 'encounter-discharge' } });
});
afterAll(() => connector.stop());

const FHIR = { 'Content-Type': 'application/fhir+json' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const ICD = 'http://hl7.org/fhir/sid/icd-10-cm';

/** A chart with a text in each place that is matched. */
function chartWith(text: string): Bundle {
  const reference = `Encounter/1${text}x`;
  const fields = { encounter: { reference }, subject: { reference: `Patient/p${text}` } };
  const resources = [
    { resourceType: 'Encounter', id: text, status: 'in-progress', class: { code: text } },
    { ...condition('E11.9', fields), code: { coding: [{ system: ICD, code: 'E11.9', display: `a${text}b` }], text } },
    { ...condition('Q99.8', fields), code: { coding: [{ system: ICD, code: 'Q99.8' }], text: `a${text}(disorder)x` } },
    { ...condition('Q99.8', fields), code: { coding: [{ system: text, code: `E11.9${text}x`, display: text }] } },
    { ...condition('Q99.8', fields), clinicalStatus: { coding: [{ code: text }] } },
    { ...order('1', fields), medicationCodeableConcept: { text: `metformin ${text}b` } },
    { ...order('1', fields), medicationReference: { reference: `Medication/${text}x`, display: text } },
    {
      resourceType: 'AllergyIntolerance',
      clinicalStatus: { coding: [{ code: 'active' }] },
      code: { text: `a${text}` },
    },
  ];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ fullUrl: `http://ehr.test/${text}x`, resource })),
  } as Bundle;
}

const post = (path: string, headers: Record<string, string>, body: string): Promise<Reply> =>
  ask(connector.url, path, { method: 'POST', headers, body });
const field = (text: string): string => encodeURIComponent(text);
const attribute = (text: string): string => text.replaceAll('<', '&lt;');

/** Each way in, with a text in all places that it has for one. */
const DOORS: Readonly<Record<string, (text: string) => Promise<{ readonly status: number }>>> = {
  '$knowledge-request': (text) => post('/fhir/$knowledge-request', FHIR, JSON.stringify(chartWith(text))),
  'a pasted FHIR chart': (text) => post('/packet', FORM, `list=${field(JSON.stringify(chartWith(text)))}`),
  'a pasted C-CDA document': (text) => {
    const name = attribute(`a${text}b`);
    const document = clinicalDocument({
      sections: [
        section('11450-4', problem({ value: icd('Q99.8', name) }) + problem({ value: icd(name, name) })),
        section('10160-0', substance({ material: `<code nullFlavor="UNK"/><name>metformin ${name}</name>` })),
        section('48765-2', allergy(name, `<name>${name}</name>`)),
      ],
    });
    return post('/packet', FORM, `list=${field(document)}`);
  },
  'a pasted list': (text) =>
    post('/packet', FORM, `list=${field(`E11.9 a${text}b\nmetformin ${text}b\na${text}E11.9`)}`),
  'CDS Hooks': (text) => {
    const named = { code: { coding: [{ system: ICD, code: 'Q99.8', display: `a${text}b` }] } };
    const drug = { medicationCodeableConcept: { text: `metformin ${text}b` } };
    const sent = chart([condition('Q99.8', named)], [order('1', drug)]);
    return callHook(connector.url, discharge({ ...sent, further: searchset([]) }));
  },
  '/infobutton': (text) => {
    const sent = field(text)
      .slice(0, 12_000)
      .replace(/%[\dA-F]?$/, '');
    const names = [
      'mainSearchCriteria.v.dn',
      'mainSearchCriteria.v.ot',
      'age.v.v',
      'informationRecipient.languageCode.c',
    ];
    const fields = names.map((name) => `${name}=a${sent}b`).join('&');
    return post(
      '/infobutton',
      FORM,
      `mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=Q99.8&${fields}`,
    );
  },
  'operations of terminology': (text) =>
    post(
      '/fhir/ConceptMap/$translate',
      FHIR,
      JSON.stringify({
        resourceType: 'Parameters',
        parameter: [
          { name: 'coding', valueCoding: { system: ICD, code: `E11.9${text}x`, display: `a${text}b` } },
          { name: 'target', valueUri: ICD },
        ],
      }),
    ),
};

describe.each(Object.entries(DOORS))('a text of 40,000 characters by %s', (name, send) => {
  test.each(FILLINGS)('of many %j costs what its length does', async (sign) => {
    const growth = await growthOf(40_000, (chars) => send(sign.repeat(chars / sign.length)));
    expect(growth).toBeLessThan(MOST_GROWTH);
    if (name.startsWith('operations')) return;
    // No text is a fault of a chart.
    const { status } = await send(sign.repeat(2000));
    expect(status).toBe(200);
  });
});

describe('a text that was cut', () => {
  const LONG = `Type 2 diabetes ${'mellitus '.repeat(200)}`;

  test('is said in the explanation of an infobutton answer', async () => {
    const ofTitle = (title: string): Promise<Reply> =>
      ask(
        connector.url,
        `/infobutton?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=E11.9&explain=true&mainSearchCriteria.v.dn=${field(title)}`,
      );
    expect((await ofTitle(LONG)).text).toContain('of a longer text the first 1000 characters count');
    expect((await ofTitle(LONG.slice(0, 900))).text).not.toContain('of a longer text');
  });

  test('is said in a remark on a chart, whose other facts are answered', async () => {
    const sent = { ...chartWith('x'), entry: [] as { resource: object }[] };
    sent.entry = [condition('I10', { code: { coding: [{ system: ICD, code: 'I10', display: LONG }] } })].map(
      (resource) => ({ resource }),
    );
    const reply = await post('/fhir/$knowledge-request', FHIR, JSON.stringify(sent));
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('Texts of more than 1000 characters were matched by their beginning');
  });

  test('is no other code: what stands behind many blanks counts', async () => {
    const coding = { system: ICD, code: `I10${' '.repeat(2000)}x` };
    const body = JSON.stringify(condition('I10', { code: { coding: [coding] } }));
    const reply = await post('/fhir/$knowledge-request', FHIR, body);
    expect((JSON.parse(reply.text) as Bundle).entry?.filter(({ search }) => search?.mode === 'match')).toEqual([]);
  });
});
