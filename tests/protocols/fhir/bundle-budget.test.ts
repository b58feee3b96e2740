import { setImmediate, setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Bundle, OperationOutcome } from '@medplum/fhirtypes';
import { createBatch } from '../../../src/protocols/fhir/rest/batch.js';
import type { FhirRequest, Interaction } from '../../../src/protocols/fhir/rest/interaction.js';
import { FhirTable } from '../../../src/protocols/fhir/rest/table.js';
import { loadTexts } from '../../../src/texts.js';
import { replaceLimit } from '../../support/replace-limit.js';
import { createTypeRows } from '../../../src/protocols/fhir/rest/type-rows.js';

/** Reads that take a tenth of a second each, of a server that begins none after a quarter of a second. */
const READ_MS = 100;
const MOST_MS = 250;

let reads = 0;
const readSlowly: Interaction = async (_request, { id = '' }) => {
  reads += 1;
  await setTimeout(READ_MS);
  return { status: 200, resource: { resourceType: 'Patient' as const, id }, facts: { outcome: 'ok' } };
};
replaceLimit('maxBatchMs', MOST_MS);
const nowhere = () => Promise.reject(new Error('nobody asks for it'));
const lookup = { byId: nowhere, byCriteria: nowhere };
const batch = createBatch(loadTexts('resources'));
const table = new FhirTable(
  { types: [], rows: createTypeRows({ type: 'Patient', interactions: { read: readSlowly }, lookup }) },
  { capabilities: nowhere, batch, isClosed: false },
);

const BATCH: FhirRequest = {
  method: 'POST',
  parameters: [],
  body: {
    resourceType: 'Bundle',
    type: 'batch',
    entry: Array.from({ length: 10 }, (_, at) => ({ request: { method: 'GET' as const, url: `Patient/${at}` } })),
  },
  headers: {},
  strict: false,
  now: new Date(),
  baseUrl: 'http://localhost',
};

test('what is left of a batch when its time is up is refused, entry by entry', async () => {
  reads = 0;
  const { resource } = await batch(BATCH, table);
  const entries = (resource as Bundle).entry ?? [];
  const given = entries.filter(({ response }) => response?.status === '200 OK').length;
  expect([given > 0, given <= Math.ceil(MOST_MS / READ_MS), reads, entries.length]).toEqual([true, true, given, 10]);
  for (const [at, { response }] of entries.entries()) {
    if (at < given) continue;
    expect(response?.status).toBe('422 Unprocessable Entity');
    expect((response?.outcome as OperationOutcome).issue[0]).toMatchObject({
      code: 'too-costly',
      details: { text: expect.stringContaining('more than 0.25 seconds for a Bundle') },
      expression: [`Bundle.entry[${at}]`],
    });
  }
});

test('other requests come between the entries of a batch', async () => {
  const readAtOnce: Interaction = async (_request, { id = '' }) => ({
    status: 200,
    resource: { resourceType: 'Patient' as const, id },
    facts: { outcome: 'ok' },
  });
  const quick = new FhirTable(
    { types: [], rows: createTypeRows({ type: 'Patient', interactions: { read: readAtOnce }, lookup }) },
    { capabilities: nowhere, batch, isClosed: false },
  );
  let turns = 0;
  let isOver = false;
  const others = async (): Promise<void> => {
    for (; !isOver; turns += 1) await setImmediate();
  };
  const waiting = others();
  await batch(BATCH, quick);
  isOver = true;
  await waiting;
  expect(turns).toBeGreaterThanOrEqual(9);
});
