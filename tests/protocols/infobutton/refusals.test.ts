import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';

const GOOD = 'mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector({ env: { LOG_LEVEL: 'error' } });
});
afterAll(() => connector.stop());

describe('a refusal', () => {
  test('of an over-long address is told in the format that stands at its end', async () => {
    const code = 'A'.repeat(9000);
    const query = `mainSearchCriteria.v.c=${code}&knowledgeResponseType=application/json`;
    const reply = await fetch(`${connector.url}/service?${query}`);
    expect(reply.status).toBe(414);
    expect(await reply.json()).toMatchObject({ error: { code: 'address-too-long' } });
  });

  test.each(['function', 'window.delete', 'class'])(
    'of the callback %s, which no function can be',
    async (callback) => {
      const query = `${GOOD}&knowledgeResponseType=application/javascript&callback=${callback}`;
      const reply = await fetch(`${connector.url}/service?${query}`);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toMatchObject({ error: { code: 'bad-callback' } });
    },
  );

  test('of a compressed form, which would be read as nothing', async () => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'Content-Encoding': 'gzip' };
    const reply = await fetch(`${connector.url}/infobutton`, { method: 'POST', headers, body: GOOD });
    expect(reply.status).toBe(415);
  });

  test('speaks the language of a patient who works the screen', async () => {
    const query = 'mainSearchCriteria.v.c=N53.14&performer=PAT&performer.languageCode.c=es&knowledgeResponseType=json';
    const reply = await fetch(`${connector.url}/infobutton?${query}`);
    expect(((await reply.json()) as { error: { message: string } }).error.message).toContain('Falta el sistema');
  });
});

test('a second OID of a code system is given back as it was sent', async () => {
  const query = 'mainSearchCriteria.v.c=2160-0&mainSearchCriteria.v.cs=2.16.840.1.113883.11.79';
  const body = await (await fetch(`${connector.url}/infobutton?${query}`)).text();
  expect(body).toContain('<category scheme="mainSearchCriteria.v.cs" term="2.16.840.1.113883.11.79"/>');
});
