import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditEvent, Communication } from '@medplum/fhirtypes';
import { EHR, given, item } from '../contract/given-entries.js';
import { ask } from '../http/ask.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { resourceComplaints } from '../support/fhir-answer.js';
import type { TokenIssuer } from '../support/token-issuer.js';
import { startTokenIssuer } from '../support/token-issuer.js';
import { READ_TOKEN, WRITE_TOKEN } from './closed-requests.js';

const RECORD_TOKEN = 'the-token-of-a-reader-of-the-record-0123456789';
const folder = temporaryFolder();
const AUDIT_LOG = join(folder.path, 'audit.ndjson');
const entry = given({ department: '5 West', items: [item('topic-asthma', { linkedIn: 'vi' })] });
let issuer: TokenIssuer;
let connector: TestConnector;
beforeAll(async () => {
  issuer = await startTokenIssuer();
  connector = await startConnector({
    env: {
      ...issuer.env,
      AUDIT_LOG,
      REQUIRE_AUTHENTICATION: 'fhir',
      HANDED_OVER_OWNER: 'Health information management',
      HANDED_OVER_RETENTION_DAYS: '3650',
      READ_TOKENS: `portal:${READ_TOKEN}`,
      WRITE_TOKENS: `librarian:${WRITE_TOKEN}`,
      RECORD_TOKENS: `archive:${RECORD_TOKEN}`,
    },
  });
  await connector.handedOver?.add(entry, new Map());
});
afterAll(async () => {
  await connector.stop();
  await issuer.close();
  folder.remove();
});

const ENTRY = `/fhir/Communication/${entry.id}`;
const get = (path: string, token: string) =>
  ask(connector.url, path, { headers: { Authorization: `Bearer ${token}` } });

const clientOf = ({ agent }: AuditEvent): string | undefined => agent[0]?.who?.identifier?.value;

/** The last events on the record, once they are of these clients; those of earlier tests may still be written. */
async function lastEvents(clients: readonly string[]): Promise<AuditEvent[]> {
  for (;;) {
    const all = readFileSync(AUDIT_LOG, 'utf8').split('\n').slice(0, -1);
    const found = all.map((line) => JSON.parse(line) as AuditEvent);
    const ofRecord = found.filter((one) => JSON.stringify(one.entity ?? []).includes('Communication'));
    const last = ofRecord.slice(-clients.length);
    if (last.map(clientOf).join() === clients.join()) return last;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the record is read by tokens that name it', () => {
  test.each(['system/Communication.rs', 'system/Communication.read', 'openid system/*.rs system/Communication.rs'])(
    'as a JWT with %s does',
    async (scope) => {
      expect((await get(ENTRY, await issuer.sign({ scope }))).status).toBe(200);
    },
  );

  test.each([
    'user/*.rs',
    'user/*.read',
    'user/Communication.rs',
    'system/*.rs',
    'system/*.cruds',
    'system/*.read',
    'patient/Communication.rs',
    'system/Communication.s',
    'system/DocumentReference.rs',
  ])('not by a JWT with %s', async (scope) => {
    expect((await get(ENTRY, await issuer.sign({ scope }))).status).toBe(403);
  });

  test.each([
    ['READ_TOKENS', READ_TOKEN],
    ['WRITE_TOKENS', WRITE_TOKEN],
  ])('not by one of %s: alone, by a search, by a form, or in a batch', async (_setting, token) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/fhir+json' };
    const form = { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await get(ENTRY, token)).status).toBe(403);
    expect((await get('/fhir/Communication', token)).status).toBe(403);
    const posted = await ask(connector.url, '/fhir/Communication/_search', { method: 'POST', headers: form, body: '' });
    expect(posted.status).toBe(403);
    const requests = ['Communication', `Communication/${entry.id}`, `Communication/${entry.id}/_history/1`];
    const body = JSON.stringify({
      resourceType: 'Bundle',
      type: 'batch',
      entry: requests.map((url) => ({ request: { method: 'GET', url } })),
    });
    const { text } = await ask(connector.url, '/fhir', { method: 'POST', headers, body });
    expect(text.match(/"status":"403/g)).toHaveLength(3);
    expect(text).not.toContain(entry.patientId);
  });

  test('a token of RECORD_TOKENS reads it, and nothing else', async () => {
    const { status, text } = await get(ENTRY, RECORD_TOKEN);
    expect(status).toBe(200);
    const facts = (JSON.parse(text) as Communication).extension?.flatMap(({ extension = [] }) => extension) ?? [];
    expect(facts).toContainEqual({ url: 'department', valueString: '5 West' });
    expect(facts).toContainEqual({ url: 'linked-in', valueString: 'topic-asthma vi' });
    expect((await get('/fhir/DocumentReference?_count=1', RECORD_TOKEN)).status).toBe(403);
  });

  test('SMART’s configuration names the scope', async () => {
    const { text } = await ask(connector.url, '/fhir/.well-known/smart-configuration');
    expect((JSON.parse(text) as { scopes_supported: string[] }).scopes_supported).toContain('system/Communication.rs');
  });
});

test('the trail tells who looked at which entry, who was refused, and who found nothing', async () => {
  const patient = (id: string): string => encodeURIComponent(`${EHR}/Patient/${id}`);
  await get(ENTRY, RECORD_TOKEN);
  await get(`/fhir/Communication?patient=${patient('p-1')}`, RECORD_TOKEN);
  await get(`/fhir/Communication?patient=${patient('p-none')}`, RECORD_TOKEN);
  await get(ENTRY, READ_TOKEN);
  const fresh = await lastEvents(['archive', 'archive', 'archive', 'portal']);
  expect(fresh.flatMap(resourceComplaints)).toEqual([]);
  const named = { reference: `Communication/${entry.id}` };
  expect(
    fresh.map(({ agent, subtype, outcome, entity }) => [
      agent[0]?.who?.identifier?.value,
      subtype?.[0]?.code,
      outcome,
      entity?.map(({ what }) => what),
    ]),
  ).toEqual([
    ['archive', 'read', '0', [named]],
    ['archive', 'search-type', '0', [named]],
    ['archive', 'search-type', '0', [{ display: 'Communication' }]],
    ['portal', 'read', '4', [{ display: 'Communication' }]],
  ]);
  expect(JSON.stringify(fresh)).not.toContain('p-1');
});
