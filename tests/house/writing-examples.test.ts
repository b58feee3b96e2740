import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { ask } from '../http/ask.js';
import { startConnector } from '../support/connector.js';

const TOKEN = 'a-token-of-the-examples';
const CALL = /curl -X (PUT|POST|DELETE) http:\/\/127\.0\.0\.1:3000(\S+) \\\n((?:[^'\n]|'[^']*')*)/g;

test('the calls of docs/operations/your-content.md that write do what it says', async () => {
  const calls = [...readFileSync('docs/operations/your-content.md', 'utf8').matchAll(CALL)];
  expect(calls.map(([, method, path]) => `${method ?? ''} ${path ?? ''}`)).toEqual([
    'PUT /fhir/DocumentReference/local-asthma-plan-en',
    'PUT /fhir/ConceptMap/our-asthma',
  ]);
  const connector = await startConnector({ env: { WRITE_TOKENS: TOKEN } });
  try {
    for (const [, method = '', path = '', rest = ''] of calls) {
      const [type = '', body = ''] = [...rest.matchAll(/'([^']*)'/g)].map(([, quoted]) => quoted);
      expect(type).toBe('Content-Type: application/fhir+json');
      const headers = { Authorization: `Bearer ${TOKEN}`, 'Content-Type': 'application/fhir+json' };
      const reply = await ask(connector.url, path, { method, headers, body });
      expect([path, reply.status]).toEqual([path, 201]);
    }
    const asked = await ask(
      connector.url,
      '/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=J45.901&knowledgeResponseType=application/json',
    );
    const { feed } = JSON.parse(asked.text) as { feed: { entry: { title: { _value: string } }[] } };
    expect(feed.entry.map(({ title }) => title._value)).toEqual(['Your asthma action plan', 'Asthma']);
    expect(asked.headers['x-library-release']).toMatch(/^written-\d+\+/);
  } finally {
    await connector.stop();
  }
});
