import { afterEach, expect, jest, test } from '@jest/globals';
import { openHandedOver } from '../../src/library/open-records.js';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { suitePostgres } from '../support/suite-postgres.js';
import { fillRecord, handedOverContract, runStatement, type OpenedRecord } from './handed-over-contract.js';

const server = suitePostgres();

async function open(): Promise<OpenedRecord> {
  const folder = temporaryFolder();
  const options = { ...seedPlaces(folder.path), database: { url: await server().createDatabase(), maxConnections: 4 } };
  const record = openHandedOver(options);
  return {
    record,
    again: () => openHandedOver(options),
    run: (sql, ...values) => runStatement(options, sql, ...values),
    fill: (entries) => fillRecord(options, entries),
    remove: async () => {
      await record.close();
      folder.remove();
    },
  };
}

handedOverContract('in PostgreSQL', open);

afterEach(() => {
  jest.useRealTimers();
});

test('the time is the database’s, whatever the server’s clock says', async () => {
  const { record, remove } = await open();
  await record.now();
  const timers = [
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'setImmediate',
    'clearImmediate',
  ] as const;
  const start = new Date();
  jest.useFakeTimers({
    now: start.getTime() + 4000 * 86_400_000,
    doNotFake: [...timers, 'hrtime', 'nextTick', 'performance', 'queueMicrotask'],
  });
  expect((await record.now()).getTime() - start.getTime()).toBeLessThan(3_600_000);
  await remove();
});
