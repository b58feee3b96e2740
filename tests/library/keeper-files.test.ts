import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseKeeperFile } from '../../src/build/keeper-files.js';
import { ask } from '../http/ask.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { beLongSuffering } from '../support/patience.js';
import { writeFiles } from './places.js';

beLongSuffering();

describe('The file beside a handout', () => {
  test.each([
    ['owner: Ann\nstatus: in review\nnext review: 2027-06-30', 'in-review'],
    ['Second-Reader: Ben\nchange note: new dose', 'approved'],
    ['status: retired', 'retired'],
    ['status: ', 'approved'],
  ])('%j is %s', (text, state) => {
    expect(parseKeeperFile(text)).toMatchObject({ state });
  });
  test.each([
    ['status: perhaps'],
    ['next review: soon'],
    ['next review: 2027-02-30'],
    ['owner: [a, b]'],
    ['owner: 7'],
    ['mood: good'],
    ['- owner'],
    ['owner: {{'],
    [''],
  ])('%j has a fault', (text) => {
    expect(parseKeeperFile(text)).toEqual(expect.any(String));
  });
});

const page = (title: string): string =>
  `<!doctype html><html><head><title>${title}</title></head><body>x</body></html>`;
const CODES = { approved: 'N53.14', draft: 'J45.901', retired: 'L70.0', broken: 'I10' } as const;
const find = (url: string, code: string) =>
  ask(url, `/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=${code}`);

describe('A folder of handouts', () => {
  async function start(policy: string, clock: () => Date) {
    const folder = temporaryFolder();
    const files = Object.entries(CODES).flatMap(([name, code]) => [
      [`handouts/icd10_${code}_en.html`, page(`House page ${name}`)] as const,
    ]);
    writeFiles(folder.path, {
      ...Object.fromEntries(files),
      'handouts/icd10_N53.14_en.yaml': 'owner: Ann\ndepartment: Urology\nnext review: 2026-12-01\n',
      'handouts/icd10_J45.901_en.yaml': 'status: draft\n',
      'handouts/icd10_L70.0_en.yml': 'status: retired\n',
      'handouts/icd10_I10_en.yaml': 'status: nearly\n',
      'policy.csv': `rule,what,for,value,note\n${policy}`,
    });
    const env = { LOCAL_LIBRARY: folder.path, SITE_POLICY: join(folder.path, 'policy.csv') };
    const connector = await startConnector({ env, clock });
    return { connector, stop: () => connector.stop().then(folder.remove) };
  }

  test('answers with what is approved alone, also where a file is asked for by its name', async () => {
    const { connector, stop } = await start('', () => new Date('2026-11-24T12:00:00Z'));
    const { url } = connector;
    for (const [name, code] of Object.entries(CODES)) {
      const isGiven = name === 'approved';
      expect([name, (await find(url, code)).text.includes('House page')]).toEqual([name, isGiven]);
      expect([name, (await ask(url, `/handouts/icd10_${code}_en.html`)).status]).toEqual([name, isGiven ? 200 : 404]);
    }
    expect((await ask(url, '/search?q=house+page')).text).not.toMatch(/House page (draft|retired|broken)/);
    await stop();
  });

  test('an overdue handout is marked, or hidden from the day after on, as policy says', async () => {
    for (const [policy, isShown, isMarked] of [
      ['', true, true],
      ['overdue,,,show,\n', true, false],
      ['overdue,,,mark,\n', true, true],
      ['overdue,,,hide,\n', false, false],
    ] as const) {
      let now = '2026-12-01T23:59:00Z';
      const { connector, stop } = await start(policy, () => new Date(now));
      const { url } = connector;
      const look = async () => {
        const { text, status } = await ask(url, '/article/local-icd-10-cm-n53.14');
        const isGiven = (await find(url, CODES.approved)).text.includes('House page');
        const file = (await ask(url, '/handouts/icd10_N53.14_en.html')).status;
        return { isGiven, status, file, isMarked: text.includes('December 1, 2026') };
      };
      expect([policy, await look()]).toEqual([policy, { isGiven: true, status: 200, file: 200, isMarked: false }]);
      now = '2026-12-02T00:00:00Z';
      const status = isShown ? 200 : 404;
      expect([policy, await look()]).toEqual([policy, { isGiven: isShown, status, file: status, isMarked }]);
      await stop();
    }
  });
});

test('A file of mappings has a keeper beside it: rows of one that is not approved answer nothing, and curators see all', async () => {
  const folder = temporaryFolder();
  const rows = (code: string) =>
    `code,article,relationship,rank,sensitivity,origin,note\n${code},topic-acne,equivalent,1,,curated,\n`;
  writeFiles(folder.path, {
    'mappings/icd-10-cm.csv': rows('J45.901'),
    'mappings/icd-10-cm.yaml': 'owner: Ann\nsecond reader: Ben\nnext review: 2026-12-01\n',
    'mappings/snomed-ct.csv': rows('195967001'),
    'mappings/snomed-ct.yaml': 'status: draft\n',
    'mappings/loinc.csv': rows('2345-7'),
    'mappings/loinc.yaml': 'status: nearly\n',
  });
  const WRITE_TOKENS = 'the-token-of-a-curator-0123456789';
  const env = { LOCAL_LIBRARY: folder.path, WRITE_TOKENS };
  const connector = await startConnector({ env, clock: () => new Date('2026-12-02T12:00:00Z') });
  const shows = async (oid: string, code: string) => {
    const path = `/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.${oid}&mainSearchCriteria.v.c=${code}`;
    return (await ask(connector.url, path)).text.includes('acne.html');
  };
  expect([await shows('90', 'J45.901'), await shows('96', '195967001'), await shows('1', '2345-7')]).toEqual([
    true,
    false,
    false,
  ]);
  const headers = { Authorization: `Bearer ${WRITE_TOKENS}` };
  const { text } = await ask(connector.url, '/keeper.json?list=all', { headers });
  const { items } = JSON.parse(text) as { items: object[] };
  const common = { origin: 'folder', type: 'ConceptMap' };
  expect(items).toEqual([
    expect.objectContaining({ ...common, id: 'icd-10-cm', state: 'approved', owner: 'Ann', review: 'overdue' }),
    expect.objectContaining({ ...common, id: 'loinc', state: 'draft', isServed: false }),
    expect.objectContaining({ ...common, id: 'snomed-ct', state: 'draft', isServed: false }),
  ]);
  await connector.stop();
  folder.remove();
});
