import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Sensitivity } from '../../src/core/model/article.js';
import { SENSITIVITIES } from '../../src/core/model/article.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';

// Everything that is sensitive is held where the patient works the screen. One code of each, whose pages all carry the mark.
const CODES: Readonly<Record<Sensitivity, string>> = {
  HIV: 'B20',
  STD: 'A54.9',
  PSY: 'F32.9',
  ETH: 'F11.20',
  SDV: 'T74.11XA',
  SEX: 'N97.9',
  GDIS: 'Q96.9',
  TBOO: '385763009',
};
/** The systems of codes, by FHIR's address and by OID: SNOMED CT's are numbers. */
const ICD = { uri: 'http://hl7.org/fhir/sid/icd-10-cm', oid: '2.16.840.1.113883.6.90' } as const;
const SNOMED = { uri: 'http://snomed.info/sct', oid: '2.16.840.1.113883.6.96' } as const;
const systemOf = (code: string) => (/^\d+$/.test(code) ? SNOMED : ICD);

/** A code that is left without a page on purpose, and one that no row leads to. */
const NOTHING = 'Z53.9';
const unmappedOf = (code: string): string => (systemOf(code) === ICD ? 'U99.8' : '900000000000003001');
const folder = temporaryFolder();
let connector: TestConnector;
beforeAll(async () => {
  const file = join(folder.path, 'policy.csv');
  const lines = SENSITIVITIES.map((one) => `sensitivity,${one},portal,hold`);
  writeFileSync(file, ['rule,what,for,value', ...lines, ''].join('\n'));
  connector = await startConnector({ env: { SITE_POLICY: file } });
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: Record<string, string>;
}

interface Sent {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function read(path: string, sent: Sent = {}): Promise<Reply> {
  // Not packed: an answer's size decides about that.
  const reply = await fetch(connector.url + path, {
    ...sent,
    headers: { 'accept-encoding': 'identity', ...sent.headers },
  });
  const headers = Object.fromEntries(
    [...reply.headers].filter(([name]) => !/^(date|x-request-id|traceparent)$/.test(name)),
  );
  return { status: reply.status, text: await reply.text(), headers };
}

const condition = (code: string, more = {}) => ({
  ...{ resourceType: 'Condition', code: { coding: [{ system: systemOf(code).uri, code }] } },
  ...more,
});

function askChart(resources: readonly object[], format: string, performer = 'PAT'): Promise<Reply> {
  const chart = { resourceType: 'Bundle', type: 'collection', entry: resources.map((resource) => ({ resource })) };
  const body = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'resource', resource: chart },
      { name: 'performer', valueCode: performer },
      { name: 'count', valuePositiveInt: 40 },
    ],
  };
  const headers = { 'content-type': 'application/fhir+json', accept: format };
  return read('/fhir/$knowledge-request', { method: 'POST', headers, body: JSON.stringify(body) });
}

const criteria = (codes: readonly string[]): string =>
  codes
    .map((code, n) => [`mainSearchCriteria${n === 0 ? '' : n}.v`, code] as const)
    .map(([name, code]) => `${name}.c=${code}&${name}.cs=${systemOf(code).oid}`)
    .join('&');

/** Answer without its request's traces: its code, and names made of its address. */
const withoutCode = ({ status, text, headers }: Reply, code: string): unknown => [
  status,
  text.replaceAll(code, 'CODE').replace(/urn:uuid:[0-9a-f-]{36}/g, 'UUID'),
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(etag|content-length)$/.test(name))),
];

describe.each(SENSITIVITIES)('%s, held from a patient’s screen', (sensitivity) => {
  const code = CODES[sensitivity];
  const kept = [condition('I10'), condition('E11.9')];

  test('is listed to a clinician, so there is something to hold', async () => {
    const { text } = await askChart([...kept, condition(code)], 'application/fhir+json', 'PROV');
    expect(text).toContain(`"code":"${sensitivity}"`);
  });

  test.each(['application/fhir+json', 'application/fhir+xml'])(
    'a chart with and without it gives the same bytes (%s)',
    async (format) => {
      const without = await askChart(kept, format);
      expect(without.text).toContain('High Blood Pressure');
      expect(await askChart([...kept, condition(code)], format)).toEqual(without);
      const doubtful = condition(code, { verificationStatus: { coding: [{ code: 'provisional' }] } });
      expect(await askChart([...kept, doubtful], format)).toEqual(without);
    },
  );

  test('a patient’s page with and without it is the same, but for its own address', async () => {
    const page = async (...codes: string[]) => {
      const reply = await read(`/application?${criteria(codes)}&performer=PAT`);
      return reply.text.replace(/<a class="language" href="[^"]*"/, '');
    };
    const without = await page('I10', 'E11.9');
    expect(without).toContain('High Blood Pressure');
    expect(await page('I10', 'E11.9', code)).toBe(without);
    expect(await page(code)).toBe(await page(NOTHING));
  });

  test.each([
    ['/infobutton', 'text/xml'],
    ['/infobutton', 'application/json'],
    ['/service', 'application/json'],
    ['/application', 'text/html'],
  ])('%s as %s answers it as a code that has no page', async (path, type) => {
    const ask = (one: string) => read(`${path}?${criteria([one])}&performer=PAT&knowledgeResponseType=${type}`);
    const unmapped = unmappedOf(code);
    const nothing = withoutCode(await ask(unmapped), unmapped);
    expect(withoutCode(await ask(code), code)).toEqual(nothing);
    const explained = await read(
      `${path}?${criteria([code])}&performer=PAT&explain=true&knowledgeResponseType=${type}`,
    );
    expect(explained.text).not.toMatch(/held|rejected/);
  });
});

describe('a patient’s page', () => {
  const open = (query: string) => read(`/application?${query}&performer=PAT`);

  test('has no codes, no tools and no way to the clinician’s pages', async () => {
    const { text } = await open(`${criteria(['E11.9'])}&mainSearchCriteria.v.dn=Type+2+diabetes`);
    const shown = text.replace(/<a class="language" href="[^"]*"/, '');
    expect(shown).toContain('Diabetes Type 2');
    expect(shown).not.toMatch(/E11|\bICD\b/);
    expect(shown).not.toMatch(
      /mapped|packet|checkbox|\/find|\/browse|\/article\/|\/code\/|feedback|held|sensitive|clinician/i,
    );
  });

  test.each([
    ['with an article', criteria(['E11.9'])],
    ['with none', criteria(['Z53.9'])],
    ['with an error', 'mainSearchCriteria.v.c=E11.9'],
    ['with words alone', 'mainSearchCriteria.v.dn=depression'],
    ['with nothing asked', 'age.v.v=30'],
  ])('says whom to ask: %s', async (_name, query) => {
    expect((await open(query)).text).toContain('Ask your care team');
    const spanish = await open(`${query}&informationRecipient.languageCode.c=es`);
    expect(spanish.text).toContain('Pregunte a su equipo de atención médica');
  });

  test('tells a reader of another language to ask for an interpreter', async () => {
    const { text } = await open(`${criteria(['I10'])}&informationRecipient.languageCode.c=vi`);
    expect(text).toContain('These pages are not in Vietnamese. Ask your care team for an interpreter.');
  });

  test('shows each article once, however many codes lead to it', async () => {
    const { text } = await open(criteria(['I10', 'I10', 'I11.9']));
    expect(text.match(/id="title-topic-highbloodpressure"/g)).toHaveLength(1);
  });

  test('answers a drug that is sent by its name alone, and guesses at no other words', async () => {
    const rxnorm = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.88';
    expect((await open(`${rxnorm}&mainSearchCriteria.v.dn=metformin`)).text).toContain('Metformin');
    expect((await open('mainSearchCriteria.v.dn=sugar')).text).not.toContain('<article');
  });
});
