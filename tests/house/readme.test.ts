import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { startConnector } from '../support/connector.js';

test('the call in the README gets the answer of which the README shows a part', async () => {
  const readme = readFileSync('README.md', 'utf8');
  const address = /curl 'http:\/\/127\.0\.0\.1:3000(\/service\?[^']*)'/.exec(readme)?.[1] ?? '';
  const shown = /```json\n([^`]*)```/.exec(readme)?.[1] ?? '';
  const connector = await startConnector({ env: { PUBLIC_URL: 'http://127.0.0.1:3000' } });
  try {
    const answer: unknown = await (await fetch(connector.url + address)).json();
    expect(answer).toMatchObject(JSON.parse(shown) as object);
  } finally {
    await connector.stop();
  }
});
