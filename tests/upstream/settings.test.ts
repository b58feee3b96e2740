import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { temporaryFolder } from '../support/connector.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});
const file = (name: string, text: string): string => {
  writeFileSync(join(folder.path, name), text);
  return join(folder.path, name);
};
const TERMINOLOGY_SERVER = 'https://tx.example.org/r4/';

test('none is asked unless one is named', () => {
  expect(loadConfig({}).terminologyServer).toBeUndefined();
});

test('a server outside, its token in a file', () => {
  const TERMINOLOGY_TOKEN_FILE = file('token', 'secret-1\n');
  expect(loadConfig({ TERMINOLOGY_SERVER, TERMINOLOGY_TOKEN_FILE }).terminologyServer).toEqual({
    url: 'https://tx.example.org/r4',
    token: 'secret-1',
    timeoutMs: 1000,
    isLocal: false,
  });
});

test.each<[string, Record<string, string>, RegExp]>([
  ['no address', { TERMINOLOGY_SERVER: 'tx.example.org' }, /^TERMINOLOGY_SERVER must be an http/],
  ['a password in the address', { TERMINOLOGY_SERVER: 'https://a:b@tx.example.org/r4' }, /^TERMINOLOGY_SERVER must be/],
  ['a query', { TERMINOLOGY_SERVER: 'https://tx.example.org/r4?a=b' }, /^TERMINOLOGY_SERVER must be/],
  ['a token without a server', { TERMINOLOGY_TOKEN: 'x' }, /^TERMINOLOGY_TOKEN has no effect/],
  ['two tokens', { TERMINOLOGY_SERVER, TERMINOLOGY_TOKEN: 'x', TERMINOLOGY_TOKEN_FILE: 'y' }, /exclude each other/],
  [
    'a token file that is not there',
    { TERMINOLOGY_SERVER, TERMINOLOGY_TOKEN_FILE: 'no/such' },
    /must be a readable file/,
  ],
  [
    'a token file of several words',
    { TERMINOLOGY_SERVER, TERMINOLOGY_TOKEN_FILE: file('words', 'one two') },
    /must contain one token, without spaces, and nothing else/,
  ],
  [
    'a token in the open, out of the house',
    { TERMINOLOGY_SERVER: 'http://tx.example.org/r4', TERMINOLOGY_TOKEN: 'x' },
    /must be https, or within your network/,
  ],
  ['no time at all', { TERMINOLOGY_SERVER, UPSTREAM_TIMEOUT_MS: '99' }, /^UPSTREAM_TIMEOUT_MS must be a whole number/],
  ['too much time', { TERMINOLOGY_SERVER, UPSTREAM_TIMEOUT_MS: '60001' }, /^UPSTREAM_TIMEOUT_MS must be/],
])('%s is refused', (_name, env, says) => {
  expect(() => loadConfig(env)).toThrow(says);
});
