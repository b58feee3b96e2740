import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { loadConfig } from '../../src/config/config.js';
import type { Config } from '../../src/config/config.js';
import { LIMITS } from '../../src/limits.js';
import { temporaryFolder } from '../support/connector.js';
import { refusal } from './refusal.js';

describe('an empty environment', () => {
  test('gives a server of its own machine that needs nothing', () => {
    expect(loadConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: undefined,
      libraryPath: resolve('var/library.db'),
      libraryReadOnly: false,
      localLibrary: undefined,
      maxArticles: 3,
      rateLimitPerMinute: 0,
      trustedProxies: [],
      frameAncestors: "'none'",
      logLevel: 'info',
    });
  });

  test('names the version of the package', () => {
    expect(loadConfig({}).version).toMatch(/^\d+\.\d+\.\d+/);
  });

  test('is what variables set to nothing give too, as compose files write them', () => {
    const names = ['HOST', 'PORT', 'PUBLIC_URL', 'LIBRARY_PATH', 'LOCAL_LIBRARY', 'TRUST_PROXY', 'LOG_LEVEL'];
    expect(loadConfig(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(loadConfig({}));
  });

  test('gives a configuration that nobody can change', () => {
    const config = loadConfig({}) as { port: number };
    expect(() => {
      config.port = 1;
    }).toThrow(TypeError);
  });

  test('is not troubled by variables of others', () => {
    expect(loadConfig({ PATH: '/bin', NODE_ENV: 'production', port: 'x' })).toEqual(loadConfig({}));
  });
});

describe('each variable is taken up to its limit', () => {
  test.each<[string, string, keyof Config, unknown]>([
    ['HOST', '0.0.0.0', 'host', '0.0.0.0'],
    ['HOST', '::1', 'host', '::1'],
    ['PORT', '0', 'port', 0],
    ['PORT', '65535', 'port', 65535],
    ['PUBLIC_URL', 'https://edu.hospital.example', 'publicUrl', 'https://edu.hospital.example'],
    ['PUBLIC_URL', 'http://edu.hospital.example:8080/edu//', 'publicUrl', 'http://edu.hospital.example:8080/edu'],
    ['CANONICAL_BASE', 'https://edu.hospital.example/fhir', 'canonicalBase', 'https://edu.hospital.example/fhir'],
    ['LIBRARY_PATH', '/srv/library.db', 'libraryPath', '/srv/library.db'],
    ['LIBRARY_READ_ONLY', 'true', 'libraryReadOnly', true],
    ['LIBRARY_READ_ONLY', 'false', 'libraryReadOnly', false],
    ['LOCAL_LIBRARY', 'tests', 'localLibrary', resolve('tests')],
    ['OMIT_CODE_SYSTEMS', 'snomed-ct, loinc', 'omitCodeSystems', ['snomed-ct', 'loinc']],
    ['CDS_HOOKS', 'none', 'cdsHooks', { hooks: [], fhirServers: [], clients: [] }],
    [
      'CDS_HOOKS',
      'patient-view order-sign',
      'cdsHooks',
      { hooks: ['order-sign', 'patient-view'], fhirServers: [], clients: [] },
    ],
    [
      'CDS_FHIR_SERVERS',
      'https://EHR.example/r4/, http://127.0.0.1:8090/fhir',
      'cdsHooks',
      {
        hooks: ['encounter-discharge', 'order-sign'],
        fhirServers: ['https://ehr.example/r4', 'http://127.0.0.1:8090/fhir'],
        clients: [],
      },
    ],
    [
      'CDS_CLIENTS',
      'https://ehr.example|https://ehr.example/jwks',
      'cdsHooks',
      {
        hooks: ['encounter-discharge', 'order-sign'],
        fhirServers: [],
        clients: [{ issuer: 'https://ehr.example', jwksUrl: 'https://ehr.example/jwks' }],
      },
    ],
    ['CONNECTOR_NAME', 'x', 'connectorName', 'x'],
    ['CONNECTOR_NAME', 'n'.repeat(80), 'connectorName', 'n'.repeat(80)],
    ['CONNECTOR_URL', 'https://hospital.example/education', 'connectorUrl', 'https://hospital.example/education'],
    ['MAX_ARTICLES', '1', 'maxArticles', 1],
    ['MAX_ARTICLES', '6', 'maxArticles', 6],
    ['CACHE_MAX_BYTES', '0', 'cacheMaxBytes', 0],
    ['CACHE_MAX_BYTES', '4294967296', 'cacheMaxBytes', 4294967296],
    ['RATE_LIMIT_PER_MINUTE', '0', 'rateLimitPerMinute', 0],
    ['RATE_LIMIT_PER_MINUTE', '1000000', 'rateLimitPerMinute', 1000000],
    ['TRUST_PROXY', 'loopback, 10.0.0.0/8 192.168.1.1', 'trustedProxies', ['loopback', '10.0.0.0/8', '192.168.1.1']],
    ['TRUST_PROXY', '::1,fd00::/8', 'trustedProxies', ['::1', 'fd00::/8']],
    ['FRAME_ANCESTORS', "'self'", 'frameAncestors', "'self'"],
    ['FRAME_ANCESTORS', "'self' https://ehr.example", 'frameAncestors', "'self' https://ehr.example"],
    ['SHUTDOWN_DELAY_MS', '0', 'shutdownDelayMs', 0],
    ['SHUTDOWN_DELAY_MS', '60000', 'shutdownDelayMs', 60_000],
    ['LOG_LEVEL', 'trace', 'logLevel', 'trace'],
    ['LOG_LEVEL', 'silent', 'logLevel', 'silent'],
  ])('%s=%s', (name, value, member, expected) => {
    expect(loadConfig({ [name]: value })[member]).toEqual(expected);
  });
});

describe('each variable past its limit is refused in one line that names it', () => {
  test.each([
    ['PORT', '-1'],
    ['PORT', '65536'],
    ['PORT', '80.5'],
    ['PORT', 'http'],
    ['PORT', ' '],
    ['PORT', '0x10'],
    ['PORT', '1e3'],
    ['PORT', '3000;4000'],
    ['HOST', ' '],
    ['PUBLIC_URL', 'edu.hospital.example'],
    ['PUBLIC_URL', 'ftp://edu.hospital.example'],
    ['PUBLIC_URL', 'https://edu.hospital.example/?a=b'],
    ['PUBLIC_URL', 'https://edu.hospital.example/#top'],
    ['PUBLIC_URL', 'https://edu hospital.example'],
    ['CANONICAL_BASE', 'https://edu.hospital.example/fhir/'],
    ['CANONICAL_BASE', 'edu/fhir'],
    ['LIBRARY_READ_ONLY', 'yes'],
    ['LOCAL_LIBRARY', 'tests/no-such-folder'],
    ['LOCAL_LIBRARY', 'package.json'],
    ['OMIT_CODE_SYSTEMS', 'snomed-ct, icd-11'],
    ['CDS_HOOKS', 'order-sign, order-dispatch'],
    ['CDS_HOOKS', 'none, order-sign'],
    ['CDS_FHIR_SERVERS', 'ehr.example/r4'],
    ['CDS_FHIR_SERVERS', 'http://ehr.example/r4'],
    ['CDS_FHIR_SERVERS', 'https://user@ehr.example/r4'],
    ['CDS_FHIR_SERVERS', 'https://ehr.example/r4?x=1'],
    ['CDS_CLIENTS', 'https://ehr.example'],
    ['CDS_CLIENTS', 'https://ehr.example|http://ehr.example/jwks'],
    ['CDS_CLIENTS', 'a|https://ehr.example/jwks|b'],
    ['CDS_CLIENTS', 'a|https://ehr.example/1 a|https://ehr.example/2'],
    ['CONNECTOR_NAME', 'n'.repeat(81)],
    ['CONNECTOR_URL', 'javascript:alert(1)'],
    ['MAX_ARTICLES', '0'],
    ['MAX_ARTICLES', '7'],
    ['CHART_PAGES_DISCHARGE', '21'],
    ['CHART_PAGES_PORTAL', '-1'],
    ['CHART_SHORT_ILLNESS_DAYS', '0'],
    ['CACHE_MAX_BYTES', '-1'],
    ['CACHE_MAX_BYTES', '4294967297'],
    ['RATE_LIMIT_PER_MINUTE', '-1'],
    ['RATE_LIMIT_PER_MINUTE', '1000001'],
    ['TRUST_PROXY', 'the proxy'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TIME_ZONE', 'Mars/Olympus'],
    ['HTTP_PROXY', 'proxy:3128'],
    ['TRUST_PROXY', '300.1.1.1'],
    ['WRITE_TOKENS_FILE', 'tests/no-such-file'],
    ['JWT_ISSUER', 'issuer.example'],
    ['JWT_JWKS_URL', 'file:///keys.json'],
    ['JWT_TOKEN_URL', 'javascript:alert(1)'],
    ['FRAME_ANCESTORS', '*; script-src *'],
    ['FRAME_ANCESTORS', 'ehr.example'],
    ['FRAME_ANCESTORS', 'https://ehr.example\r\nset-cookie: a=b'],
    ['FRAME_ANCESTORS', "'none' https://ehr.example"],
    ['SHUTDOWN_DELAY_MS', '-1'],
    ['SHUTDOWN_DELAY_MS', '60001'],
    ['SHUTDOWN_DELAY_MS', '5s'],
    ['DATABASE_URL_FILE', 'tests/no-such-file'],
    ['DATABASE_URL_FILE', 'package.json'],
    ['LOG_LEVEL', 'verbose'],
    ['LOG_LEVEL', 'INFO'],
  ])('%s=%j', (name, value) => {
    const line = refusal({ [name]: value });
    expect(line).toMatch(new RegExp(`^${name} must `));
    expect(line).not.toMatch(/[\r\n]/);
  });

  test.each([
    ['PORT', '65536', '65535'],
    ['MAX_ARTICLES', '7', '6'],
    ['CONNECTOR_NAME', 'n'.repeat(81), '80'],
    ['PUBLIC_URL', 'https://edu.example/?a=b', 'an http or https address without query'],
    ['LOG_LEVEL', 'verbose', 'trace, debug, info, warn, error, fatal, silent'],
  ])('%s=%s says what is allowed', (name, value, allowed) => {
    expect(refusal({ [name]: value })).toContain(allowed);
  });

  test.each(['PUBLIC_URL', 'CANONICAL_BASE', 'CONNECTOR_URL', 'FRAME_ANCESTORS'])(
    '%s is refused in words and not by a regular expression',
    (name) => {
      expect(refusal({ [name]: 'nonsense' })).not.toMatch(/\^|\\s|\[\^/);
    },
  );
});

describe('the names of the server', () => {
  const namesIn = (env: Record<string, string>) => loadConfig(env).hostNames;

  test('are any, where neither an address nor names are set', () => {
    expect(namesIn({ HOST: '0.0.0.0', ALLOWED_HOSTS: '' })).toBeUndefined();
  });

  test('are those that are allowed and the one that is listened on, where no address is set', () => {
    expect(namesIn({ HOST: 'Edu.example', ALLOWED_HOSTS: 'connector-1' })).toEqual(
      new Set(['edu.example', 'connector-1']),
    );
    expect(namesIn({ HOST: '::', ALLOWED_HOSTS: 'connector-1' })).toEqual(new Set(['::', 'connector-1']));
  });

  test('are that of the address and those that are allowed beside it, without ports', () => {
    const PUBLIC_URL = 'https://Edu.Hospital.example:8443/edu';
    expect(namesIn({ PUBLIC_URL })).toEqual(new Set(['edu.hospital.example']));
    const names = namesIn({ PUBLIC_URL, ALLOWED_HOSTS: 'Connector-1:3000, edu., [FD00::1]' });
    expect(names).toEqual(new Set(['edu.hospital.example', 'connector-1', 'edu', 'fd00::1']));
  });

  test.each(['https://edu.example', 'edu/connect', '[edu'])('%s is refused as one', (ALLOWED_HOSTS) => {
    expect(refusal({ PUBLIC_URL: 'https://edu.example', ALLOWED_HOSTS })).toMatch(/^ALLOWED_HOSTS must /);
  });
});

describe('who may write', () => {
  const jwt = {
    JWT_ISSUER: 'https://issuer.example',
    JWT_AUDIENCE: 'education',
    JWT_JWKS_URL: 'https://issuer.example/keys',
  };
  const TOKENS = ['a'.repeat(16), `Zz09-._~+/${'b'.repeat(6)}==`];

  test('nobody, where nothing is set', () => {
    expect(loadConfig({}).authorization).toBeUndefined();
    const names = ['WRITE_TOKENS', 'WRITE_TOKENS_FILE', 'JWT_ISSUER', 'JWT_AUDIENCE', 'JWT_JWKS_URL', 'JWT_TOKEN_URL'];
    expect(loadConfig(Object.fromEntries(names.map((name) => [name, '']))).authorization).toBeUndefined();
  });

  test('tokens stand in a variable, a file or both', () => {
    const folder = temporaryFolder();
    const file = join(folder.path, 'tokens');
    writeFileSync(file, `${TOKENS[1] ?? ''}\n`);
    const written = (env: Record<string, string>) => loadConfig(env).authorization?.tokens.map(({ token }) => token);
    expect(loadConfig({ WRITE_TOKENS: TOKENS.join(', ') }).authorization).toEqual({
      tokens: TOKENS.map((token, index) => ({ client: `token-${index + 1}`, token, scopes: ['system/*.cruds'] })),
      jwt: undefined,
      closed: new Set(),
      allowsWriting: true,
    });
    expect(written({ WRITE_TOKENS_FILE: file })).toEqual([TOKENS[1]]);
    expect(written({ WRITE_TOKENS: TOKENS[0] ?? '', WRITE_TOKENS_FILE: file })).toEqual(TOKENS);
    writeFileSync(file, '\n');
    expect(refusal({ WRITE_TOKENS_FILE: file })).toBe('WRITE_TOKENS_FILE contains no token');
    rmSync(file);
    folder.remove();
  });

  test.each([
    ['a token that could be guessed', { WRITE_TOKENS: 'a'.repeat(15) }, /at least 16 characters/],
    ['a token that no header can carry', { WRITE_TOKENS: `${'a'.repeat(16)}é` }, /letters, digits/],
    ['an issuer alone', { JWT_ISSUER: jwt.JWT_ISSUER }, /must be set together/],
    ['keys alone', { JWT_JWKS_URL: jwt.JWT_JWKS_URL }, /must be set together/],
    ['a token address alone', { JWT_TOKEN_URL: 'https://issuer.example/token' }, /must be set together/],
    ['no audience', { ...jwt, JWT_AUDIENCE: '' }, /must be set together/],
    ['keys at no address', { ...jwt, JWT_JWKS_URL: 'https://[' }, /^JWT_JWKS_URL must be/],
    ['a library that is read-only', { ...jwt, LIBRARY_READ_ONLY: 'true' }, /^LIBRARY_READ_ONLY must be false/],
  ])('%s is refused in one line, which tells no token', (_name, env: Record<string, string>, line) => {
    expect(refusal(env)).toMatch(line);
    expect(refusal(env)).not.toMatch(/[\r\n]|aaaa/);
  });

  test.each<[string, Record<string, string>, Partial<Config['authorization']>]>([
    [
      'a name before each token',
      { REQUIRE_AUTHENTICATION: 'fhir', READ_TOKENS: `ward-3:${TOKENS[0] ?? ''} ${TOKENS[1] ?? ''}` },
      {
        tokens: [
          { client: 'ward-3', token: TOKENS[0] ?? '', scopes: ['system/*.rs'] },
          { client: 'read-token-2', token: TOKENS[1] ?? '', scopes: ['system/*.rs'] },
        ],
        closed: new Set(['fhir'] as const),
        allowsWriting: false,
      },
    ],
    [
      'readers of a library that is read-only',
      { ...jwt, REQUIRE_AUTHENTICATION: 'fhir,page', LIBRARY_READ_ONLY: 'true' },
      { tokens: [], closed: new Set(['fhir', 'page'] as const), allowsWriting: false },
    ],
    ['an issuer whose clients read and write', { ...jwt, REQUIRE_AUTHENTICATION: 'search' }, { allowsWriting: true }],
  ])('%s', (_name, env, expected) => {
    expect(loadConfig(env).authorization).toMatchObject(expected ?? {});
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['closed to everyone', { REQUIRE_AUTHENTICATION: 'all' }, /^REQUIRE_AUTHENTICATION must go with READ_TOKENS/],
    ['an unknown area', { ...jwt, REQUIRE_AUTHENTICATION: 'fhir, soap' }, /must be all, or among fhir, infobutton/],
    ['all and more', { ...jwt, REQUIRE_AUTHENTICATION: 'all, fhir' }, /must be all, or among/],
    ['readers who need no token', { READ_TOKENS: 'a'.repeat(16) }, /^READ_TOKENS has no effect without/],
    ['a short read token', { REQUIRE_AUTHENTICATION: 'all', READ_TOKENS: 'a'.repeat(15) }, /^each of READ_TOKENS must/],
    ['a name and no token', { REQUIRE_AUTHENTICATION: 'all', READ_TOKENS: `${'a'.repeat(30)}:` }, /at least 16/],
    [
      'one token for two',
      { REQUIRE_AUTHENTICATION: 'all', READ_TOKENS: 'a'.repeat(16), WRITE_TOKENS: 'a'.repeat(16) },
      /must not contain a token twice/,
    ],
    [
      'a password in an address that is told',
      { ...jwt, JWT_JWKS_URL: 'https://a:aaaa@issuer.example/' },
      /without a user/,
    ],
  ])('%s is refused', (_name, env, line) => {
    expect(refusal(env)).toMatch(line);
    expect(refusal(env)).not.toMatch(/[\r\n]|aaaa/);
  });

  test('an issuer of JWTs is taken whole', () => {
    expect(loadConfig({ ...jwt, JWT_TOKEN_URL: 'https://issuer.example/token' }).authorization).toEqual({
      tokens: [],
      jwt: {
        issuer: 'https://issuer.example',
        audience: 'education',
        jwksUrl: 'https://issuer.example/keys',
        tokenUrl: 'https://issuer.example/token',
      },
      closed: new Set(),
      allowsWriting: true,
    });
  });
});

test('EHRs are named where the address of the server is known', () => {
  const env = { HOST: '0.0.0.0', CDS_CLIENTS: 'https://ehr.example|https://ehr.example/jwks' };
  expect(refusal(env)).toBe('CDS_CLIENTS must go with PUBLIC_URL, or with a HOST that is one address');
  expect(refusal({ ...env, PUBLIC_URL: 'https://edu.example' })).toBe('');
});

test('the limits leave the headers more room than the address', () => {
  expect(LIMITS.maxHeaderBytes).toBeGreaterThan(LIMITS.maxAddressChars);
  expect(Object.values(LIMITS).every((limit) => Number.isInteger(limit) && limit > 0)).toBe(true);
});

test('the address of the database may stand in a file, and in one place only', () => {
  const folder = temporaryFolder();
  try {
    const DATABASE_URL_FILE = join(folder.path, 'database-url');
    const DATABASE_URL = 'postgres://user:secret@db:5432/library';
    writeFileSync(DATABASE_URL_FILE, `${DATABASE_URL}\n`);
    const expected = { url: DATABASE_URL, maxConnections: 10 };
    expect(loadConfig({ DATABASE_URL_FILE }).database).toEqual(expected);
    expect(loadConfig({ DATABASE_URL }).database).toEqual(expected);
    expect(refusal({ DATABASE_URL, DATABASE_URL_FILE })).toMatch(/exclude each other/);
    writeFileSync(DATABASE_URL_FILE, 'user:secret@db');
    const line = refusal({ DATABASE_URL_FILE });
    expect(line).toMatch(/^DATABASE_URL_FILE must contain an address/);
    expect(line).not.toContain('secret');
  } finally {
    folder.remove();
  }
});

test.each([
  'postgres://h/d',
  'postgres://a:p%23%3F%2F%40@h:5432/d',
  'postgres://a:p,q@[::1]:5432/d',
  'postgres://a@server:p@h/d',
  'postgres://a:p@/d?host=/run/postgresql',
  'postgresql://a:p@h/d?sslmode=verify-full&sslrootcert=/etc/ca.pem&options=-c%20geqo=off,x',
])('%s is the address of a database', (url) => {
  expect(loadConfig({ DATABASE_URL: url }).database?.url).toBe(url);
});

test.each([
  'postgres://a:p@h1,h2/d',
  'postgres://a:p@h1:5432,h2:5432/d',
  'postgres://h1,h2/d',
  'postgres://a:p@h/d?host=h1,h2',
  'postgres://a:p@/d?sslmode=require&host=h1%2Ch2',
])('%s names several hosts, and one is taken', (url) => {
  expect(refusal({ DATABASE_URL: url })).toMatch(/^DATABASE_URL must be an address like .*, with one host /);
});

test.each(readdirSync('resources/schemas'))(
  '%s is a JSON schema: the program itself does not check it again',
  (name) => {
    const schema = JSON.parse(readFileSync(join('resources/schemas', name), 'utf8')) as object;
    expect(new Ajv({ strict: false }).validateSchema(schema)).toBe(true);
  },
);
