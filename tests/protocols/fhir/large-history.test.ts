import type { Bundle } from '@medplum/fhirtypes';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Article } from '../../../src/core/model/article.js';
import type { WrittenVersion } from '../../../src/core/model/written-store.js';
import { readWrittenDocuments } from '../../../src/protocols/fhir/writing/written-documents.js';
import { LIMITS } from '../../../src/limits.js';
import { ask } from '../../http/ask.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { replaceLimit } from '../../support/replace-limit.js';
import { TOKEN, handout, send } from './written.js';

/** A connector of its own: whoever reads its history reads megabytes. */
let connector: TestConnector;
let limit: ReturnType<typeof replaceLimit>;
beforeAll(async () => {
  limit = replaceLimit('maxHistoryBytes', MOST_BYTES);
  connector = await startConnector({ env: { WRITE_TOKENS: TOKEN } });
});
afterAll(async () => {
  limit.restore();
  await connector.stop();
});

const url = (): string => connector.url;
const ID = 'local-zebra-en';
const LARGE = { id: ID, ...handout(), author: [{ display: 'n'.repeat(240_000) }] };
/** An eighth of the real limit: fewer versions come to it. */
const MOST_BYTES = LIMITS.maxHistoryBytes / 8;
const FITTING = Math.ceil(MOST_BYTES / 240_000);

test('a page of large versions ends early, and the next goes on', async () => {
  const { url } = connector;
  for (let count = 0; count < FITTING + 1; count++) {
    const { reply } = await send(url, 'PUT', `/DocumentReference/${ID}`, LARGE, { Prefer: 'return=minimal' });
    expect([200, 201]).toContain(reply.status);
  }
  const pageAt = async (path: string) => {
    const { total, entry = [], link = [] } = JSON.parse((await ask(url, path)).text) as Bundle;
    const etags = entry.map(({ response }) => response?.etag);
    return { total, etags, next: link.find(({ relation }) => relation === 'next')?.url.slice(url.length) };
  };
  const first = await pageAt('/fhir/DocumentReference/_history?_count=200');
  expect([first.total, first.etags.length]).toEqual([FITTING + 1, FITTING]);
  expect(await pageAt(first.next ?? '')).toEqual({ total: FITTING + 1, etags: ['W/"1"'], next: undefined });
});

test('handouts that are too large together for an answer are not all read', async () => {
  const articles = Array.from({ length: 100 }, (_, at): Article => {
    const text = { language: 'en' as const, title: '', url: '', origin: '', alsoCalled: [] };
    return { id: `local-${at}`, kind: 'local', texts: { en: text } } as unknown as Article;
  });
  let read = 0;
  const findLatest = async (type: string, ids: readonly string[]): Promise<WrittenVersion[]> => {
    read += ids.length;
    const facts = { type, version: 1, method: 'PUT', writtenAt: '2026-11-24T00:00:00Z', sequence: 1 } as const;
    return ids.map((id) => ({ ...facts, id, content: JSON.stringify({ ...LARGE, id }) }));
  };
  const mostChars = 50 * 240_000;
  await expect(readWrittenDocuments({ findLatest }, articles, url(), mostChars)).rejects.toMatchObject({
    code: 'answer-too-large',
  });
  expect(read).toBe(60);
  expect((await readWrittenDocuments({ findLatest }, articles.slice(0, 40), url(), mostChars)).size).toBe(40);
});
