import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { JWTPayload } from 'jose';
import { LIMITS } from '../../src/limits.js';
import { ask } from '../http/ask.js';
import { complaintsOf, describeInBrowser, launchBrowser, violationsOf } from '../e2e/browser.js';
import { Visitor, type Shown } from '../launch/visitor.js';
import { startConnector, temporaryFolder, type TestConnector } from '../support/connector.js';
import { CLIENT_ID, CLIENT_SECRET, startProvider, type StaffProvider } from './provider.js';

const folder = temporaryFolder();
const audit = join(folder.path, 'audit.ndjson');
const file = join(folder.path, 'sign-in.json');
let provider: StaffProvider;
let connector: TestConnector;
let now: () => Date = () => new Date();

const ROLES = { reader: ['nurses'], curator: ['education'], 'privacy-officer': ['privacy'], administrator: ['it'] };

async function start(settings: object, env: Record<string, string> = {}): Promise<TestConnector> {
  writeFileSync(file, JSON.stringify({ roles: ROLES, ...settings }));
  return startConnector({ env: { SIGN_IN_FILE: file, ...env }, clock: () => now() });
}
const byProvider = (more: object = {}) => ({
  provider: {
    issuer: provider.issuer,
    clientId: CLIENT_ID,
    authentication: 'client_secret_basic',
    secretFile: 'secret',
    ...more,
  },
});

beforeAll(async () => {
  writeFileSync(join(folder.path, 'secret'), CLIENT_SECRET);
  provider = await startProvider();
  connector = await start(byProvider(), { REQUIRE_AUTHENTICATION: 'page,handouts', AUDIT_LOG: audit });
  await provider.register(connector.url);
});
afterAll(async () => {
  await connector.stop();
  await provider.stop();
  folder.remove();
});
const usual = {
  account: 'subject-of-ana',
  refusal: undefined,
  change: undefined,
  signedBy: 'own',
  isAway: false,
} as const;
afterEach(() => {
  now = () => new Date();
  Object.assign(provider.behaviour, usual, { hidesGroups: false });
});
beforeAll(() => {
  provider.behaviour.claims = { preferred_username: 'ana.ruiz', groups: ['education'] };
});

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', 'Sec-Fetch-Site': 'same-origin' };
const open = (path: string, visitor = new Visitor()): Promise<Shown> => visitor.open(connector.url + path);
const post = (visitor: Visitor, path: string, body = ''): Promise<Shown> =>
  visitor.open(connector.url + path, {
    method: 'POST',
    body,
    headers: FORM,
  });

describe('a person signs in', () => {
  test('a page leads to the provider and back to what was asked for; the account page tells who it is', async () => {
    const visitor = new Visitor();
    const shown = await open('/find?q=asthma', visitor);
    expect([shown.status, shown.url]).toEqual([200, `${connector.url}/find?q=asthma`]);
    expect(shown.text).toContain('Asthma');
    const account = await open('/account', visitor);
    expect(account.text).toContain('signed in as ana.ruiz');
    expect(account.text).toContain('Curator');
    expect(account.text).not.toContain('Administrator');
    expect(account.headers.get('cache-control')).toBe('no-store');
    const line = visitor.setCookies.find((one) => one.startsWith('signed-in='));
    expect(line).toMatch(/Path=\/; .*HttpOnly; SameSite=Lax$/);
  });

  test('signing out ends the session here and at the provider', async () => {
    const visitor = new Visitor();
    await open('/account', visitor);
    const out = await visitor.open(`${connector.url}/sign-out`, { method: 'POST', body: '', headers: FORM }, (url) =>
      url.startsWith(provider.issuer),
    );
    expect(out.headers.get('refresh')).toMatch(/\/session\/end\?client_id=education-connect&post_logout_redirect_uri=/);
    const next = await visitor.open(`${connector.url}/account`, {}, (url) => url.includes('/sign-in'));
    expect(next.status).toBe(303);
  });

  test.each([['//other.example/x'], ['/\\other.example'], ['https://other.example/'], ['javascript:alert(1)']])(
    '%s leads home',
    async (to) => {
      const shown = await open(`/sign-in?to=${encodeURIComponent(to)}`);
      expect(shown.url).toBe(`${connector.url}/`);
    },
  );

  test('a form that comes after the session has ended is told how not to be lost', async () => {
    const shown = await post(new Visitor(), '/handout', 'article=topic-asthma');
    expect(shown.status).toBe(401);
    expect(shown.text).toContain('Nothing was saved');
    expect(shown.headers.get('www-authenticate')).toBeNull();
  });

  test('a session ends when nothing came for half an hour, and after eight hours', async () => {
    const visitor = new Visitor();
    const isSignedIn = async (): Promise<boolean> =>
      (await visitor.open(`${connector.url}/account`, {}, (url) => url.includes('/sign-in'))).status === 200;
    const later = (ms: number): void => {
      const at = Date.now() + ms;
      now = () => new Date(at);
    };
    await open('/account', visitor);
    const { launchIdleMs: idle, launchSessionMs: longest } = LIMITS;
    for (let at = 0; at < longest - idle; at += idle - 60_000) {
      later(at);
      expect(await isSignedIn()).toBe(true);
    }
    later(longest + 1000);
    expect(await isSignedIn()).toBe(false);
    now = () => new Date();
    await open('/account', visitor);
    later(idle + 60_000);
    expect(await isSignedIn()).toBe(false);
  });

  test('groups may be in the user information alone, or within an object', async () => {
    provider.behaviour.hidesGroups = true;
    expect((await open('/account')).text).toContain('Curator');
    const other = await start(byProvider({ groupsClaim: 'realm_access.roles', nameClaim: 'sub' }));
    await provider.register(other.url);
    provider.behaviour.hidesGroups = false;
    const { claims } = provider.behaviour;
    provider.behaviour.claims = { realm_access: { roles: ['it', 7, null] } };
    const shown = await new Visitor().open(`${other.url}/account`);
    provider.behaviour.claims = claims;
    await other.stop();
    await provider.register(connector.url);
    expect(shown.text).toContain('signed in as subject-of-ana');
    expect(shown.text).toContain('Administrator');
  });

  test('the audit trail names the person, at signing in and at each page', async () => {
    await open('/find?q=asthma');
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
    const events = readFileSync(audit, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { agent: { who: { display?: string } }[] });
    const people = events.filter((event) => JSON.stringify(event.agent).includes('user:ana.ruiz'));
    expect(people.length).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(connector.logLines)).not.toContain('subject-of-ana');
  });
});

describeInBrowser('in a browser', () => {
  test('a search after the session has ended leads through the provider, and signing out to it', async () => {
    const browser = await launchBrowser();
    const context = await browser.newContext();
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${connector.url}/`);
    await page.waitForURL(`${connector.url}/`);
    await context.clearCookies({ name: 'signed-in' });
    await page.locator('input[role=combobox]').fill('asthma');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/find\?.*q=asthma/);
    await page.goto(`${connector.url}/account`);
    expect(await violationsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL((address) => address.href.startsWith(provider.issuer));
    expect(complaints.filter((one) => one.includes('Content Security Policy'))).toEqual([]);
    await browser.close();
  });
});

describe('a person is not signed in', () => {
  const changes: readonly (readonly [string, (claims: JWTPayload) => JWTPayload, 'own' | 'another'])[] = [
    ['that has expired', (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 600 }), 'own'],
    ['for another audience', (claims) => ({ ...claims, aud: 'another' }), 'own'],
    ['of another issuer', (claims) => ({ ...claims, iss: 'https://other.example' }), 'own'],
    ['for another request', (claims) => ({ ...claims, nonce: 'another' }), 'own'],
    ['without a nonce', ({ nonce: _, ...claims }) => claims, 'own'],
    ['signed by another', (claims) => claims, 'another'],
  ];
  test.each(changes)('by an id token %s', async (_name, change, signedBy) => {
    Object.assign(provider.behaviour, { change, signedBy });
    const shown = await open('/account');
    expect([shown.status, shown.text.includes('sign-in-bad-token')]).toEqual([502, true]);
  });

  test('by a callback that comes twice, or in another browser, or without a request', async () => {
    const visitor = new Visitor();
    const back = await visitor.open(`${connector.url}/account`, {}, (url) => url.includes('/sign-in/callback'));
    const callback = back.headers.get('location') ?? '';
    expect(callback).toContain('/sign-in/callback?');
    expect((await new Visitor().open(callback)).status).toBe(400);
    expect((await visitor.open(callback)).status).toBe(200);
    expect((await visitor.open(callback)).status).toBe(400);
    expect((await open('/sign-in/callback?state=x&code=y')).status).toBe(400);
  });

  test('where the provider refuses, or is away, or gives no group that has a role', async () => {
    provider.behaviour.refusal = 'access_denied';
    expect((await open('/account')).text).toContain('sign-in-denied');
    provider.behaviour.refusal = undefined;
    provider.behaviour.claims = { preferred_username: 'new.person', groups: ['cleaners'] };
    const none = await open('/account');
    provider.behaviour.claims = { preferred_username: 'ana.ruiz', groups: ['education'] };
    expect([none.status, none.text.includes('no role here')]).toEqual([403, true]);
    const other = await start(byProvider({ issuer: 'http://127.0.0.1:9' }));
    expect((await new Visitor().open(`${other.url}/account`)).text).toContain('sign-in-unreachable');
    await other.stop();
  });
});

test('keys that the provider has rolled are read anew', async () => {
  expect((await open('/account')).status).toBe(200);
  await provider.rollKeys();
  expect((await open('/account')).status).toBe(200);
});

test('instances with one key share sessions, and a session that was ended is not taken up again', async () => {
  const env = { LAUNCH_KEY: 'a-secret-of-all-instances-that-is-long-enough' };
  const [one, two] = [await start(byProvider(), env), await start(byProvider(), env)];
  await provider.register(one.url);
  const visitor = new Visitor();
  await visitor.open(`${one.url}/account`);
  const cookie = (visitor.setCookies.findLast((line) => line.startsWith('signed-in=')) ?? '').split(';')[0] ?? '';
  const asOther = (url: string) => ask(url, '/account', { headers: { Cookie: cookie } });
  expect((await asOther(two.url)).status).toBe(200);
  expect((await asOther(connector.url)).status).toBe(303);
  await ask(one.url, '/sign-out', { method: 'POST', body: '', headers: { ...FORM, Cookie: cookie } });
  expect((await asOther(one.url)).status).toBe(303);
  await Promise.all([one.stop(), two.stop()]);
  await provider.register(connector.url);
});

test('without a closed area the pages for staff alone ask, and everything else is as it was', async () => {
  const other = await start(byProvider());
  expect((await ask(other.url, '/find?q=asthma')).status).toBe(200);
  expect((await ask(other.url, '/fhir/DocumentReference/topic-asthma-en')).status).toBe(200);
  expect((await ask(other.url, '/account')).status).toBe(303);
  await other.stop();
});

describe('a proxy names people in headers', () => {
  const HEADERS = { 'X-Remote-User': 'ana ruiz', 'X-Remote-Groups': 'nurses, education' };
  const startBehind = (addresses: readonly string[]): Promise<TestConnector> =>
    start({ proxy: { addresses, userHeader: 'X-Remote-User', groupsHeader: 'X-Remote-Groups' } });

  test('from its own address they count', async () => {
    const other = await startBehind(['127.0.0.1']);
    const { status, text } = await ask(other.url, '/account', { headers: HEADERS });
    const without = await ask(other.url, '/account');
    const signIn = await ask(other.url, '/sign-in');
    await other.stop();
    expect([status, text.includes('signed in as ana_ruiz')]).toEqual([200, true]);
    expect(without.status).toBe(303);
    expect([signIn.status, signIn.text.includes('sign-in-by-proxy')]).toEqual([403, true]);
  });

  test('from another address they do not', async () => {
    const other = await startBehind(['10.0.0.0/8']);
    expect((await ask(other.url, '/account', { headers: HEADERS })).status).toBe(303);
    await other.stop();
  });
});

describe('the file', () => {
  test.each([
    [{ provider: { issuer: 'http://sso.example', clientId: 'x' } }, 'provider.issuer must be https'],
    [{}, 'the file must'],
    [{ proxy: { addresses: ['nowhere'], userHeader: 'X-U', groupsHeader: 'X-G' } }, 'proxy.addresses must be'],
    [
      { provider: { issuer: 'https://sso.example', clientId: 'x', authentication: 'client_secret_basic' } },
      'provider must have secretFile',
    ],
    [{ proxy: { addresses: ['::1'], userHeader: 'X-U', groupsHeader: 'X-G' }, roles: { boss: ['a'] } }, 'roles must'],
  ])('%j is rejected: %s', async (settings, message) => {
    await expect(start(settings)).rejects.toThrow(message);
  });
});
