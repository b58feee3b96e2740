import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseYaml } from '../../../src/core/read-data-file.js';
import type { ManagedLibrary } from '../../../src/core/model/library.js';
import { listOutcomes } from '../../support/chart-outcomes.js';
import { TEST_TIME, openTestLibrary, temporaryFolder, testConfig } from '../../support/connector.js';

const SAMPLES = '../shared/samples/ips';
const CASES = parseYaml(readFileSync('tests/cases/fhir/patient-summaries.yaml', 'utf8')) as Readonly<
  Record<string, { readonly ticked: string; readonly entries: readonly string[] }>
>;

const folder = temporaryFolder();
let library: ManagedLibrary;
beforeAll(async () => {
  ({ library } = await openTestLibrary(testConfig(folder.path)));
});
afterAll(async () => {
  await library.close();
  folder.remove();
});

/** A summary of the project's own, or a sample that lies beside it on some machines. */
function readSummary(name: string): string | undefined {
  const own = `tests/cases/fhir/summaries/${name}.json`;
  if (existsSync(own)) return readFileSync(own, 'utf8');
  const sample = `${SAMPLES}/${name}.json.gz`;
  return existsSync(sample) ? gunzipSync(readFileSync(sample)).toString() : undefined;
}

describe('International Patient Summaries as they come', () => {
  test.each(Object.entries(CASES))('%s', async (name, { ticked, entries }) => {
    const text = readSummary(name);
    if (text === undefined) {
      process.stdout.write(`skipped, for there is no folder ${SAMPLES}: ${name}\n`);
      return;
    }
    const outcomes = await listOutcomes(text, library, TEST_TIME);
    expect(outcomes.entries).toEqual(entries);
    expect(outcomes.ticked).toEqual(ticked.split(' '));
  });

  test('a document that has no entries but reasons why has no page and no error', async () => {
    const empty = { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/list-empty-reason', code: 'nilknown' }] };
    const composition = { resourceType: 'Composition', section: [{ title: 'Problems', emptyReason: empty }] };
    const bundle = { resourceType: 'Bundle', type: 'document', entry: [{ resource: composition }] };
    expect(await listOutcomes(JSON.stringify(bundle), library, TEST_TIME)).toEqual({ ticked: [], entries: [] });
  });

  test('a problem without a status that the document lists as past illness is past', async () => {
    const of = (reference: string, code: string) => ({
      code: { coding: [{ code }] },
      entry: [{ reference }],
    });
    const condition = (code: string) => ({
      resourceType: 'Condition',
      code: { coding: [{ system: 'http://snomed.info/sct', code }] },
    });
    const section = [of('urn:uuid:1', '11348-0'), of('urn:uuid:2', '11450-4')];
    const resources = [{ resourceType: 'Composition', section }, condition('44054006'), condition('38341003')];
    const entry = resources.map((resource, index) => ({ fullUrl: `urn:uuid:${index}`, resource }));
    const { entries } = await listOutcomes(
      JSON.stringify({ resourceType: 'Bundle', type: 'document', entry }),
      library,
      TEST_TIME,
    );
    expect(entries).toEqual([
      'Condition 44054006: left out, past',
      'Condition 38341003: ticked topic-highbloodpressure',
    ]);
  });
});
