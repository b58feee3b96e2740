import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lookAtSources, watchSources, type SourceWatch } from '../../src/cli/watch-sources.js';
import type { LibraryStatus } from '../../src/core/model/library.js';
import { OFFICIAL_SOURCES } from '../../src/core/sources/official-sources.js';

let asked: string[] = [];
let server: Server;
let base: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(200, { 'Last-Modified': 'Fri, 20 Nov 2026 00:00:00 GMT' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

/** A look at two sources on a day, and what it logs. */
function watchOn(today: string, updateCheckDaily = false) {
  const logged: string[] = [];
  const take = (facts: object, words: string): void => void logged.push(`${words} ${JSON.stringify(facts)}`);
  const watch = {
    library: { status: () => ({ releases: [], texts: [] }) as unknown as LibraryStatus },
    config: { updateCheckDaily, medlinePlusXmlUrl: base },
    clock: () => new Date(`${today}T08:00:00Z`),
    log: { info: take, warn: take } as unknown as SourceWatch['log'],
    sources: OFFICIAL_SOURCES.filter(({ id }) => id === 'icd-10-cm' || id === 'cvx').map((source) => ({
      ...source,
      files: [source.find === 'file' ? `${base}/${source.id}` : `${base}/${source.id}-{year}`],
    })),
  };
  return { watch, logged };
}

test('a clock moved on past 1 October warns of ICD-10-CM, and asks nobody', async () => {
  asked = [];
  const before = watchOn('2027-09-30');
  await lookAtSources(before.watch);
  expect(before.logged.filter((line) => line.includes('icd-10-cm'))).toEqual([]);
  const after = watchOn('2027-10-01');
  await lookAtSources(after.watch);
  expect(after.logged.find((line) => line.includes('icd-10-cm'))).toMatch(/old edition.*"edition":"FY2027"/);
  expect(asked).toEqual([]);
});

test('where the setting has it so, publishers are asked and newer editions logged', async () => {
  asked = [];
  const { watch, logged } = watchOn('2026-12-01', true);
  await lookAtSources(watch);
  expect(asked).toEqual(['HEAD /icd-10-cm-2027', 'HEAD /cvx']);
  expect(logged.filter((line) => line.startsWith('a publisher has a newer edition'))).toEqual([
    expect.stringContaining('{"source":"cvx","newest":"2026-11-20"}'),
  ]);
});

test('a library that is away ends nothing', async () => {
  const { watch, logged } = watchOn('2026-12-01');
  const status = (): never => {
    throw new Error('away');
  };
  const stop = watchSources({ ...watch, library: { status } });
  await new Promise((resolve) => setImmediate(resolve));
  stop();
  expect(logged).toEqual(['official sources could not be checked now {"reason":"away"}']);
});
