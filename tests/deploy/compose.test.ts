import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { LIMITS } from '../../src/limits.js';
import { temporaryFolder } from '../support/connector.js';
import type { Service } from './compose.js';
import { environmentOf, readCompose } from './compose.js';

const GROUP = readCompose('docker-compose.yml');
const SINGLE = readCompose('deploy/single.yml');
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const services = [...Object.entries(GROUP.services), ...Object.entries(SINGLE.services)];
const INSTANCES = ['connector-1', 'connector-2'];
const serviceOf = (name: string): Service => GROUP.services[name] ?? {};

/** The seconds of `5s`, `1m`. */
const seconds = (text = ''): number => Number(/^(\d+)s$/.exec(text)?.[1] ?? NaN);
const nginxSetting = (pattern: RegExp): number =>
  Number(pattern.exec(readFileSync('deploy/nginx/nginx.conf', 'utf8'))?.[1]) * 1000;

describe('every service', () => {
  test.each(services)('%s is a pinned image', (_name, { image = '' }) => {
    if (image.startsWith('education-connect:')) expect(image).toBe(`education-connect:${version}`);
    else expect(image).toMatch(/^[a-z]+(\/[a-z]+)?:v?\d+\.\d+(\.\d+)?(-alpine)?(@sha256:[0-9a-f]{64})?$/);
  });

  test.each(services)(
    '%s is nobody who may do much: no root, no capability, nothing to write to but what is named',
    (_name, service) => {
      expect(service.user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect([service.cap_add, service.privileged]).toEqual([undefined, undefined]);
      expect(service.tmpfs?.some((path) => path.startsWith('/tmp'))).toBe(true);
    },
  );

  test.each(services)(
    '%s is reachable from this machine alone, unless the site says otherwise',
    (_name, { ports = [] }) => {
      for (const port of ports) expect(port).toMatch(/^(\$\{LISTEN_ON:-127\.0\.0\.1:\d+\}|127\.0\.0\.1:\d+):\d+$/);
    },
  );

  test.each(services)('%s holds no secret', (_name, service) => {
    const { environment = {} } = service;
    for (const [name, value] of Object.entries(environment)) {
      if (/PASSWORD|TOKEN|SECRET|KEY|DATABASE_URL/.test(name)) expect(value).toMatch(/^\/run\/secrets\//);
    }
    expect(JSON.stringify(service)).not.toMatch(/:\/\/[^\s/]*:[^\s/]*@/);
  });

  // The EHR's image holds nothing to run a check with, and what hands it the patients runs once.
  test.each(services.filter(([name]) => !['ehr', 'demo-patients'].includes(name)))(
    '%s is looked after',
    (_name, service) => {
      expect(service.healthcheck?.test?.[0]).toBe('CMD');
      expect(service.restart).toBe('unless-stopped');
    },
  );
});

describe('the group', () => {
  test('starts in order: the database, the instances, nginx', () => {
    for (const name of INSTANCES)
      expect(serviceOf(name).depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    expect(serviceOf('nginx').depends_on).toEqual(
      Object.fromEntries(INSTANCES.map((name) => [name, { condition: 'service_healthy' }])),
    );
  });

  test('is two instances of one image that is built once, each with a volume for var/', () => {
    const [first, second] = INSTANCES.map(serviceOf);
    expect([first?.build, second?.build, second?.pull_policy]).toEqual(['.', undefined, 'never']);
    expect(second?.image).toBe(first?.image);
    const volumes = INSTANCES.map((name) => serviceOf(name).volumes?.[0]?.split(':'));
    expect(volumes.map((volume) => volume?.[1])).toEqual(['/app/var', '/app/var']);
    expect(new Set(volumes.map((volume) => volume?.[0])).size).toBe(2);
  });

  test('gives the instances and the database no way out', () => {
    expect(GROUP.networks.inner).toEqual({ internal: true });
    for (const name of [...INSTANCES, 'postgres']) expect(serviceOf(name).networks).toEqual(['inner']);
    expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['nginx', 'ehr', 'connector']);
  });

  test('names every volume, network and secret that it uses', () => {
    for (const { volumes = [], networks = [], secrets = [] } of Object.values(GROUP.services)) {
      for (const volume of volumes) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('.')) expect(existsSync(source)).toBe(true);
        else expect(GROUP.volumes).toHaveProperty(source);
      }
      for (const network of networks) expect(GROUP.networks).toHaveProperty(network);
      for (const secret of secrets) expect(GROUP.secrets[secret]?.file).toMatch(/^\.\/deploy\/secrets\//);
    }
  });

  test.each([
    ...INSTANCES.map((name) => [name, serviceOf(name)] as const),
    ['single', SINGLE.services.connector ?? {}] as const,
  ])('configures %s with settings that it takes', (_name, service) => {
    const { DATABASE_URL_FILE: _file, ...environment } = environmentOf(service);
    const known = JSON.parse(readFileSync('resources/schemas/config.json', 'utf8')) as { properties: object };
    const settings = Object.keys(service.environment ?? {}).filter((name) => name !== 'NODE_OPTIONS');
    for (const setting of settings) expect(known.properties).toHaveProperty(setting);
    expect([service.mem_limit, service.environment?.NODE_OPTIONS]).toEqual([
      '512m',
      '--max-old-space-size=256 --max-semi-space-size=8',
    ]);
    expect(loadConfig(environment).publicUrl).toBe('http://127.0.0.1:3000');
  });

  test('stops an instance only when nginx uses it no more and has found the other again', () => {
    const { SHUTDOWN_DELAY_MS, DATABASE_URL_FILE: _file, ...environment } = environmentOf(serviceOf('connector-1'));
    const { shutdownDelayMs } = loadConfig({ SHUTDOWN_DELAY_MS, ...environment });
    // The upstream's keepalive_timeout stands first.
    expect(shutdownDelayMs).toBeGreaterThan(nginxSetting(/keepalive_timeout (\d+)s;/));
    expect(shutdownDelayMs).toBeGreaterThan(nginxSetting(/fail_timeout=(\d+)s;/));
    const graceMs = seconds(serviceOf('connector-1').stop_grace_period) * 1000;
    expect(graceMs).toBeGreaterThan(shutdownDelayMs + LIMITS.shutdownTimeoutMs);
  });

  test('holds what nginx writes of a request in memory', () => {
    const conf = readFileSync('deploy/nginx/nginx.conf', 'utf8');
    const folders = [...conf.matchAll(/^ *(?:client_body|proxy|fastcgi|uwsgi|scgi)_temp_path (\S+);/gm)];
    expect(folders).toHaveLength(5);
    const inMemory = serviceOf('nginx').tmpfs?.map((mount) => mount.split(':', 1)[0]) ?? [];
    for (const [, folder = ''] of folders) expect(inMemory).toContain(`/${folder.split('/')[1] ?? ''}`);
    expect(conf).toMatch(/^ *proxy_max_temp_file_size 0;/m);
  });

  test('is demonstrated with the EHR’s server only where that is asked for', () => {
    const inProfile = Object.entries(GROUP.services).filter(([, { profiles }]) => profiles);
    expect(inProfile.map(([name, { profiles }]) => [name, profiles])).toEqual([
      ['ehr', ['demo']],
      ['demo-patients', ['demo']],
    ]);
    expect(serviceOf('demo-patients').networks).toEqual(serviceOf('ehr').networks);
  });
});

describe('deploy/make-secrets.sh', () => {
  test('makes secrets that the containers can read and the program takes, once', () => {
    const folder = temporaryFolder();
    try {
      cpSync('deploy/make-secrets.sh', join(folder.path, 'make-secrets.sh'));
      const run = (): string => execFileSync(join(folder.path, 'make-secrets.sh'), { encoding: 'utf8' });
      const [password = '', address = ''] = [1, 2].flatMap(() => {
        run();
        return ['database-password', 'database-url'].map((name) => join(folder.path, 'secrets', name));
      });
      const modeOf = (path: string): number => statSync(path).mode & 0o777;
      expect([modeOf(join(folder.path, 'secrets')), modeOf(password), modeOf(address)]).toEqual([0o700, 0o444, 0o444]);
      const secret = readFileSync(password, 'utf8');
      expect(secret).toMatch(/^[0-9a-f]{48}$/);
      expect(run()).toContain('nothing is changed');
      expect(readFileSync(password, 'utf8')).toBe(secret);

      const { POSTGRES_USER, POSTGRES_DB } = environmentOf(serviceOf('postgres'));
      const url = new URL(loadConfig({ DATABASE_URL_FILE: address }).database?.url ?? '');
      expect([url.username, url.password, url.pathname]).toEqual([POSTGRES_USER, secret, `/${POSTGRES_DB ?? ''}`]);
      expect([url.hostname, url.port]).toEqual(['postgres', '5432']);
    } finally {
      folder.remove();
    }
  });

  test('writes where git does not look', () => {
    const ignored = execFileSync('git', ['check-ignore', 'deploy/secrets/database-url'], { encoding: 'utf8' });
    expect(ignored.trim()).toBe('deploy/secrets/database-url');
    expect(readFileSync('.dockerignore', 'utf8').split('\n')).toContain('deploy');
  });
});
