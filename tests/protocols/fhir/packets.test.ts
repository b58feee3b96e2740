import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseYaml } from '../../../src/core/read-data-file.js';
import type { ManagedLibrary } from '../../../src/core/model/library.js';
import { listOutcomes } from '../../support/chart-outcomes.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../../support/connector.js';

/** The day of the charts' visits. */
const VISIT = new Date('2026-12-01T12:00:00Z');
const PACKETS = parseYaml(readFileSync('tests/cases/fhir/packets.yaml', 'utf8')) as Readonly<Record<string, string>>;

const folder = temporaryFolder();
let library: ManagedLibrary;
beforeAll(async () => {
  ({ library } = await openTestLibrary(testConfig(folder.path)));
});
afterAll(async () => {
  await library.close();
  folder.remove();
});

test.each(Object.entries(PACKETS))('the packet of the chart %s', async (name, ticked) => {
  const chart = readFileSync(`tests/cases/fhir/packets/${name}.json`, 'utf8');
  expect((await listOutcomes(chart, library, VISIT)).ticked).toEqual(ticked.split(' '));
});
