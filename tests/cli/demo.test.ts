import { mkdirSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { startConnector, temporaryFolder } from '../support/connector.js';
import { startDemo } from '../support/demo-process.js';
import { run } from './run-cli.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});

/** A folder of temporary files of a demo's own. */
function createTemporary(name: string): string {
  const path = join(folder.path, name);
  mkdirSync(path);
  return path;
}

/** Requests a page by a name of the machine. @returns the status */
const askBy = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const asking = request(url, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asking.on('error', reject).end();
  });

/** Whether a port of an address accepts a connection. */
const accepts = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => {
      resolve(false);
    });
  });

describe('education-connect demo', () => {
  test('serves on the loopback address alone, writes to one folder alone, and deletes it at its end', async () => {
    const temporary = createTemporary('whole');
    const demo = await startDemo(temporary);
    expect(demo.printed()).toContain(`open ${demo.url}/ehr`);
    expect(demo.printed()).toContain('not for the care of patients');
    expect(readdirSync(temporary)).toEqual([expect.stringMatching(/^education-connect-demo-/)]);
    const page = await fetch(`${demo.url}/ehr`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Synthetic data.');
    expect((await fetch(`${demo.url}/readyz`)).status).toBe(200);
    const port = Number(new URL(demo.url).port);
    const others = Object.values(networkInterfaces()).flatMap((all = []) => all.filter(({ internal }) => !internal));
    for (const { address } of others) expect(await accepts(address, port)).toBe(false);
    // Another name of the machine leads there, any other name nowhere.
    expect(await askBy(`${demo.url}/ehr`, `localhost:${port}`)).toBe(307);
    expect(await askBy(`${demo.url}/ehr`, 'ehr.example')).toBe(421);
    expect(await demo.end('SIGINT')).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  }, 120_000);

  test('leaves nothing behind if it is ended while it starts', async () => {
    const temporary = createTemporary('early');
    const demo = await startDemo(temporary, 'preparing');
    expect(await demo.end('SIGTERM')).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  }, 120_000);

  test('names a port that it cannot use in one line', async () => {
    const { code, stderr } = await run('cli', ['demo', '--port', '70000'], {});
    expect([code, stderr]).toEqual([1, 'education-connect: --port must be from 1 to 65535\n']);
  });

  test('is no part of the server: that has no such address', async () => {
    const connector = await startConnector();
    expect((await fetch(`${connector.url}/ehr`)).status).toBe(404);
    await connector.stop();
  });
});

describe("the demo's EHR", () => {
  test('opens a chart to a token alone, and to the chart of that token alone; forms of other sites are rejected', async () => {
    const temporary = createTemporary('guards');
    const demo = await startDemo(temporary);
    const iss = `${demo.url}/ehr/fhir`;
    const verifier = 'v'.repeat(43);
    // SHA-256 of the verifier, as PKCE has it.
    const { createHash } = await import('node:crypto');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const launched = await fetch(`${demo.url}/ehr/patients/demo-adult/launch`, { method: 'POST', redirect: 'manual' });
    const launch = new URL(launched.headers.get('location') ?? '').searchParams.get('launch') ?? '';
    const authorize = (changes: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(
        `${demo.url}/ehr/oauth/authorize?${new URLSearchParams({
          ...{ response_type: 'code', client_id: 'education-connect', redirect_uri: `${demo.url}/callback` },
          ...{
            scope: 'launch',
            state: 's',
            aud: iss,
            launch,
            code_challenge: challenge,
            code_challenge_method: 'S256',
          },
          ...changes,
        }).toString()}`,
        { redirect: 'manual' },
      );
    expect((await authorize({ redirect_uri: 'https://elsewhere.example/' })).status).toBe(400);
    const codeOf = ({ headers }: Response): string | null =>
      new URL(headers.get('location') ?? '').searchParams.get('code');
    expect(codeOf(await authorize({ aud: 'https://elsewhere.example/fhir' }))).toBeNull();
    const code = codeOf(await authorize({})) ?? '';
    // A launch is used once.
    expect(codeOf(await authorize({}))).toBeNull();
    const exchange = (sent: Readonly<Record<string, string>>): Promise<Response> =>
      fetch(`${demo.url}/ehr/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          ...{ grant_type: 'authorization_code', client_id: 'education-connect', code, code_verifier: verifier },
          redirect_uri: `${demo.url}/callback`,
          ...sent,
        }),
      });
    const token = (await (await exchange({})).json()) as { access_token: string; patient: string };
    expect(token.patient).toBe('demo-adult');
    expect((await exchange({})).status).toBe(400);
    const read = async (place: string, bearer?: string): Promise<number> => {
      const headers = bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` };
      return (await fetch(`${iss}/${place}`, { headers })).status;
    };
    expect(await read('Patient/demo-adult')).toBe(401);
    expect(await read('Patient/demo-adult', 'another')).toBe(401);
    expect(await read('Patient/demo-adult', token.access_token)).toBe(200);
    expect(await read('Patient/demo-older', token.access_token)).toBe(404);
    const post = (body: string): Promise<Response> => {
      const headers = { 'Content-Type': 'application/fhir+json', Authorization: `Bearer ${token.access_token}` };
      return fetch(`${iss}/DocumentReference`, { method: 'POST', headers, body });
    };
    const write = async (reference: string): Promise<number> =>
      (await post(JSON.stringify({ resourceType: 'DocumentReference', subject: { reference } }))).status;
    expect([await write('Patient/demo-older'), await write('Patient/demo-adult')]).toEqual([422, 201]);
    const malformed = await post('{');
    expect([malformed.status, await malformed.json()]).toMatchObject([400, { resourceType: 'OperationOutcome' }]);
    const foreign = { method: 'POST', headers: { Origin: 'https://elsewhere.example' } };
    expect((await fetch(`${demo.url}/ehr/patients/demo-adult/discharge`, foreign)).status).toBe(403);
    expect((await fetch(`${demo.url}/ehr/patients/nobody`)).status).toBe(404);
    expect(await demo.end('SIGTERM')).toBe(0);
  }, 120_000);
});
