import { afterAll, describe, expect, test } from '@jest/globals';
import { ask } from '../../http/ask.js';
import { formatOf } from '../../http/decent.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { openCounted } from '../counted-library.js';

const PATH = '/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';

// One library for all the servers: it outlives each of them.
const counted = await openCounted();
const library = { ...counted.library, close: () => Promise.resolve() };
afterAll(async () => {
  await counted.library.close();
  counted.remove();
});

async function withConnector(
  env: Record<string, string>,
  use: (connector: TestConnector) => Promise<void>,
): Promise<void> {
  const connector = await startConnector({ library, env: { LOG_LEVEL: 'error', ...env } });
  try {
    await use(connector);
  } finally {
    await connector.stop();
  }
}

const statuses = async ({ url }: TestConnector, clients: readonly string[]): Promise<number[]> => {
  const seen: number[] = [];
  for (const client of clients)
    seen.push((await ask(url, PATH, { headers: client ? { 'X-Forwarded-For': client } : {} })).status);
  return seen;
};

describe('the rate limit', () => {
  test('is off by default', () =>
    withConnector({}, async (connector) => {
      expect(new Set(await statuses(connector, Array<string>(150).fill('')))).toEqual(new Set([200]));
    }));

  test('counts kept answers too, and says when to come back', () =>
    withConnector({ RATE_LIMIT_PER_MINUTE: '3' }, async (connector) => {
      expect(await statuses(connector, ['', '', '', ''])).toEqual([200, 200, 200, 429]);
      const reply = await ask(connector.url, PATH);
      const seconds = Number(reply.headers['retry-after']);
      expect(seconds >= 1 && seconds <= 60).toBe(true);
    }));

  test('tells nobody to come back in days, where the clock is set back', () =>
    withConnector({ RATE_LIMIT_PER_MINUTE: '1' }, async (connector) => {
      await ask(connector.url, PATH);
      const realNow = Date.now;
      Date.now = () => realNow() - 86_400_000;
      try {
        const reply = await ask(connector.url, PATH);
        expect([reply.status, reply.headers['retry-after']]).toEqual([429, '60']);
      } finally {
        Date.now = realNow;
      }
    }));

  test('does not count what a page is drawn with: it would stand there bare', () =>
    withConnector({ RATE_LIMIT_PER_MINUTE: '1' }, async ({ url }) => {
      await ask(url, PATH);
      const { status, text } = await ask(url, '/', { headers: { Accept: 'text/html' } });
      const [, style = ''] = /<link rel="stylesheet" href="([^"]*)"/.exec(text) ?? [];
      expect([status, (await ask(url, style)).status]).toEqual([429, 200]);
    }));

  test.each([
    [`${PATH}&knowledgeResponseType=application/json`, 'json'],
    [PATH, 'xml'],
    ['/application', 'html'],
    ['/fhir/metadata', 'operation-outcome'],
  ])('refuses %s in the asked format', (path, format) =>
    withConnector({ RATE_LIMIT_PER_MINUTE: '1' }, async ({ url }) => {
      await ask(url, PATH);
      const reply = await ask(url, path);
      expect([reply.status, formatOf(reply)]).toEqual([429, format]);
    }),
  );

  test.each<[string, Record<string, string>, string[], number[]]>([
    ['believes no X-Forwarded-For without TRUST_PROXY', {}, ['10.1.1.1', '10.1.1.2', '10.1.1.3'], [200, 200, 429]],
    [
      'tells clients apart behind a trusted proxy',
      { TRUST_PROXY: 'loopback' },
      ['10.1.1.1', '10.1.1.2', '10.1.1.3'],
      [200, 200, 200],
    ],
    [
      'counts one client of a trusted proxy',
      { TRUST_PROXY: '127.0.0.0/8' },
      ['10.1.1.1', '10.1.1.1', '10.1.1.1'],
      [200, 200, 429],
    ],
    [
      'is not fooled by what a client itself writes before its address',
      { TRUST_PROXY: 'loopback' },
      ['1.1.1.1, 10.1.1.1', '2.2.2.2, 10.1.1.1', '3.3.3.3, 10.1.1.1'],
      [200, 200, 429],
    ],
    [
      'skips a chain of trusted proxies',
      { TRUST_PROXY: 'loopback, 10.0.0.0/8' },
      ['1.1.1.1, 10.1.1.1', '1.1.1.1, 10.9.9.9', '1.1.1.1'],
      [200, 200, 429],
    ],
    [
      'trusts only the proxies named',
      { TRUST_PROXY: '192.0.2.1' },
      ['10.1.1.1', '10.1.1.2', '10.1.1.3'],
      [200, 200, 429],
    ],
    [
      'counts an IPv6 network as one client, and another as another',
      { TRUST_PROXY: 'loopback' },
      ['2001:db8::1', '2001:db8:0:0:ffff::2', '2001:0db8::3', '2001:db8:0:1::1'],
      [200, 200, 429, 200],
    ],
    [
      'knows an IPv4 address in IPv6’s form',
      { TRUST_PROXY: 'loopback' },
      ['7.7.7.7', '::ffff:7.7.7.7', '::ffff:707:707', '::ffff:7.7.7.8'],
      [200, 200, 429, 200],
    ],
    [
      'leaves a port out',
      { TRUST_PROXY: 'loopback' },
      ['7.7.7.7:1234', '7.7.7.7:1235', '7.7.7.7', '[2001:db8::1]:99', '[2001:db8::2]', '2001:db8::3'],
      [200, 200, 429, 200, 200, 429],
    ],
    [
      'survives an address that is none',
      { TRUST_PROXY: 'loopback' },
      ['garbage', 'garbage', "', , ,"],
      [200, 200, 200],
    ],
  ])('%s', (_name, env, clients, expected) =>
    withConnector({ RATE_LIMIT_PER_MINUTE: '2', ...env }, async (connector) => {
      expect(await statuses(connector, clients)).toEqual(expected);
    }),
  );
});
