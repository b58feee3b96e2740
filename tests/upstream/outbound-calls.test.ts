import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** Patterns of code that opens a connection to another server: a call of ours, of Node.js, or of a package that has one of its own. */
const CALLS = [
  /\bfetchOutside\(/,
  /(?:await|return|[=(,!?:]|=>)\s*fetch\(/,
  /\bcreateDispatcher\(/,
  /\bnew (?:Agent|EnvHttpProxyAgent|WebSocket|EventSource)\(/,
  /\bcreateRemoteJWKSet\b/,
  /from '(?:undici|fhir-kit-client|oauth4webapi|pg)'/,
  /import\('(?:undici|fhir-kit-client|oauth4webapi|pg)'\)/,
  /\b(?:http|https|net|tls|http2|dgram)\.(?:request|get|connect|createConnection|createSocket)\(/,
  /import \{[^}]*\b(?:request|get|connect|createConnection|createSocket|lookup|resolve\w*)\b[^}]*\} from 'node:(?:https?|net|tls|http2|dgram|dns)/,
];
/** Modules that make or carry a call for those that decide on it. */
const CARRIERS: ReadonlySet<string> = new Set([
  'src/upstream/outbound.ts',
  'src/upstream/dispatcher.ts',
  'src/upstream/oauth-calls.ts',
]);

const modules = execFileSync('git', ['ls-files', 'src/*.ts', 'src/*.tsx'], { encoding: 'utf8' }).trim().split('\n');
/** Without comments and imports of types alone. */
const readCode = (path: string): string =>
  readFileSync(path, 'utf8')
    .replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
    .replace(/^import type .*$/gm, '');

const page = readFileSync('docs/operations/other-servers.md', 'utf8');
const [, section = ''] = /^## Calls to servers outside\n([^]*?)^## /m.exec(page) ?? [];
const rows = [...section.matchAll(/^\| (?!what|-)(.*) \|$/gm)].map(([, row = '']) =>
  row.split('|').map((cell) => cell.trim()),
);

test('the page lists every module that calls another server, and no other', () => {
  const calling = modules.filter(
    (path) => !CARRIERS.has(path) && CALLS.some((pattern) => pattern.test(readCode(path))),
  );
  expect(calling.length).toBeGreaterThan(5);
  const named = new Set(rows.map(([, , , by = '']) => by.replaceAll('`', '')));
  expect([...named].sort()).toEqual(calling.sort());
});

test('the settings that name a server are settings', () => {
  const { properties } = JSON.parse(readFileSync('resources/schemas/config.json', 'utf8')) as { properties: object };
  const settings = rows.flatMap(([, setting = '']) =>
    [...setting.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name),
  );
  expect(settings.length).toBeGreaterThan(5);
  for (const name of settings) expect(properties).toHaveProperty(name);
});
