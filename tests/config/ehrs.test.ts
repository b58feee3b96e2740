import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { listPublicKeys } from '../../src/config/client-authentication.js';
import { loadConfig } from '../../src/config/config.js';
import { listAddresses } from '../../src/config/ehrs.js';
import { temporaryFolder } from '../support/connector.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});
const file = join(folder.path, 'ehrs.json');
const put = (name: string, text: string | Buffer): void => {
  writeFileSync(join(folder.path, name), text);
};
const load = (content: unknown, env: Record<string, string> = {}) => {
  put('ehrs.json', typeof content === 'string' ? content : JSON.stringify(content));
  return loadConfig({ EHRS_FILE: file, ...env }).ehrs;
};
const EHR = { iss: 'https://ehr.example/fhir/', clientId: 'us' };
const one = (fields: object = {}) => ({ ehrs: [{ ...EHR, ...fields }] });

const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
put('ec.pem', ec.export({ format: 'pem', type: 'pkcs8' }));
put('ec.jwk', JSON.stringify(ec.export({ format: 'jwk' })));
put('rsa.pem', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
put('p256.pem', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }));
put('public.pem', generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'pem', type: 'spki' }));
put('secret', 'a secret\n');

test('without the file no EHR may launch us', () => {
  expect(loadConfig({}).ehrs).toEqual([]);
});

test.each(['epic', 'oracle-health', 'medplum', 'openemr', 'hapi'])('the file on the page of %s is accepted', (name) => {
  put('ehr-key.pem', ec.export({ format: 'pem', type: 'pkcs8' }));
  put('ehr-secret.txt', 'a secret\n');
  const page = readFileSync(`docs/ehr/${name}.md`, 'utf8');
  const [, example = ''] = /```json\n([^`]*)```/.exec(page) ?? [];
  expect(load(example).length).toBeGreaterThan(0);
  expect(page).toContain('**not tried**');
});

test('entries of one hospital are one server at several addresses', () => {
  const entry = (host: string, hospital?: string) => ({
    iss: `https://${host}.example/fhir/`,
    clientId: host,
    ...(hospital ? { hospital } : {}),
  });
  const found = load({ ehrs: [entry('a', 'St. Mary'), entry('b'), entry('c', 'St. Mary')] });
  const address = (host: string): string => `https://${host}.example/fhir`;
  expect(found.map((one) => listAddresses(one))).toEqual([
    [address('a'), address('c')],
    [address('b')],
    [address('c'), address('a')],
  ]);
});

test('an EHR with nothing but its address and our id: a public client that writes nothing back', () => {
  expect(load(one())).toEqual([
    {
      iss: 'https://ehr.example/fhir',
      name: 'ehr.example',
      clientId: 'us',
      authentication: { method: 'none' },
      scopeVersion: undefined,
      optionalTypes: [],
      writeBack: [],
      isWriteBackFixed: false,
      writesSensitive: false,
      assumesClinician: false,
    },
  ]);
});

test('keys are read beside the file, as PEM or JWK, with one id', () => {
  const authentication = 'private_key_jwt';
  const [pem] = load(one({ authentication, keyFile: 'ec.pem' }));
  const [jwk] = load(one({ authentication, keyFile: 'ec.jwk' }));
  const [rsa] = load(one({ authentication, keyFile: 'rsa.pem' }));
  expect(pem?.authentication).toMatchObject({ method: 'private_key_jwt', algorithm: 'ES384' });
  expect(jwk?.authentication).toMatchObject({ keyId: (pem?.authentication as { keyId: string }).keyId });
  expect(rsa?.authentication).toMatchObject({ algorithm: 'RS384' });
  const [basic] = load(one({ authentication: 'client_secret_basic', secretFile: 'secret' }));
  expect(basic?.authentication).toEqual({ method: 'client_secret_basic', secret: 'a secret' });
});

test('further keys are published beside the one that signs: a change of keys takes no downtime', () => {
  const publishedKeyFiles = ['rsa.pem', 'public.pem', 'ec.jwk'];
  const ehrs = load(one({ authentication: 'private_key_jwt', keyFile: 'ec.pem', publishedKeyFiles }));
  const [own] = ehrs;
  const { keys } = listPublicKeys(ehrs);
  expect(keys.map(({ alg }) => alg)).toEqual(['ES384', 'RS384', 'ES384']);
  expect(keys[0]?.kid).toBe((own?.authentication as { keyId: string }).keyId);
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(3);
  for (const key of keys) expect(key).not.toHaveProperty('d');
});

test('write-back is negotiated, or fixed in the site’s order', () => {
  const [auto] = load(one({ writeBack: 'auto' }));
  expect([auto?.writeBack.length, auto?.isWriteBackFixed]).toEqual([3, false]);
  const [procedure] = load(one({ writeBack: ['Procedure', 'Communication'] }));
  expect([procedure?.writeBack, procedure?.isWriteBackFixed]).toEqual([['Procedure', 'Communication'], true]);
});

test.each([
  ['{', 'EHRS_FILE must be JSON'],
  [{}, "EHRS_FILE: the file must have required property 'ehrs'"],
  [{ ehrs: [{ iss: 'https://ehr.example' }] }, "EHRS_FILE: ehrs/0 must have required property 'clientId'"],
  [one({ colour: 'red' }), 'EHRS_FILE: ehrs/0 must NOT have additional properties'],
  [one({ iss: 'http://ehr.example/fhir' }), 'EHRS_FILE: ehrs[0].iss must be https, or in the house, without query'],
  [one({ authentication: 'private_key_jwt' }), 'EHRS_FILE: ehrs[0] must have keyFile, for private_key_jwt'],
  [one({ authentication: 'private_key_jwt', keyFile: 'secret' }), 'EHRS_FILE: ehrs[0].keyFile must hold a private key'],
  [
    one({ authentication: 'private_key_jwt', keyFile: 'public.pem' }),
    'EHRS_FILE: ehrs[0].keyFile must hold a private key',
  ],
  [
    one({ authentication: 'private_key_jwt', keyFile: 'ec.pem', publishedKeyFiles: ['p256.pem'] }),
    'EHRS_FILE: ehrs[0].publishedKeyFiles[0] must hold a public key',
  ],
  [
    one({ authentication: 'private_key_jwt', keyFile: 'p256.pem' }),
    'EHRS_FILE: ehrs[0].keyFile must hold a private key',
  ],
  [
    one({ authentication: 'client_secret_basic', secretFile: 'gone' }),
    'EHRS_FILE: ehrs[0].secretFile must be a readable file',
  ],
  [{ ehrs: [EHR, { ...EHR, iss: 'https://ehr.example/fhir' }] }, 'EHRS_FILE must not name an iss twice'],
])('%j is refused in one line, without a secret in it', (content, reason) => {
  expect(() => load(content)).toThrow(reason);
});

test('the EHR sends users back to one address', () => {
  expect(() => load(one(), { HOST: '0.0.0.0' })).toThrow('EHRS_FILE must go with PUBLIC_URL');
  expect(load(one(), { HOST: '0.0.0.0', PUBLIC_URL: 'https://education.example' })).toHaveLength(1);
});

test('a record has an owner and a retention, and a library to stand in', () => {
  const both = { HANDED_OVER_OWNER: 'HIM', HANDED_OVER_RETENTION_DAYS: '3650' };
  expect(loadConfig(both).recordKeeping).toEqual({ owner: 'HIM', retentionDays: 3650 });
  expect(loadConfig({}).recordKeeping).toBeUndefined();
  expect(() => loadConfig({ HANDED_OVER_OWNER: 'HIM' })).toThrow('must be set together');
  expect(() => loadConfig({ ...both, LIBRARY_READ_ONLY: 'true' })).toThrow('must not go with LIBRARY_READ_ONLY');
  expect(() => loadConfig({ ...both, HANDED_OVER_RETENTION_DAYS: '0' })).toThrow('HANDED_OVER_RETENTION_DAYS must be');
});
