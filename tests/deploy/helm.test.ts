import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import yaml from 'js-yaml';
import { loadConfig } from '../../src/config/config.js';
import { LIMITS } from '../../src/limits.js';

const CHART = 'deploy/helm/education-connect';
const HELM =
  process.env['HELM_PATH'] ??
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'helm'))
    .find((path) => existsSync(path));
/** With a real Helm; without one it is skipped and counted, with CI=true it must run. */
const describeWithHelm = HELM !== undefined || process.env['CI'] === 'true' ? describe : describe.skip;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  readonly spec: Record<string, unknown>;
}
interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Pod {
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly secret?: object }[];
}
interface Backend {
  readonly path: string;
  readonly backend: { readonly service: { readonly name: string } };
}

const read = (path: string): string => readFileSync(path, 'utf8');
const run = (args: readonly string[], values: object) =>
  spawnSync(HELM ?? 'helm', [...args, '--values', '-'], { input: JSON.stringify(values), encoding: 'utf8' });

/** Manifests that Helm renders of the chart, with these values besides its own. */
function render(values: object = {}): Manifest[] {
  const { status, stdout, stderr } = run(['template', 'education-connect', CHART, '--namespace', 'ward'], values);
  if (status !== 0) throw new Error(stderr);
  return (yaml.loadAll(stdout) as (Manifest | null)[]).filter((one) => one !== null);
}
const find = (manifests: readonly Manifest[], kind: string, name = 'education-connect'): Manifest => {
  const found = manifests.find((one) => one.kind === kind && one.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
};
const podOf = (manifest: Manifest): Pod => (manifest.spec as { template: { spec: Pod } }).template.spec;
const environmentOf = (container: Container) =>
  Object.fromEntries(container.env.map(({ name, value }) => [name, value]));

test('the chart’s own values follow its schema, and settings with a secret are exactly those that may only be a reference', () => {
  const schema = JSON.parse(read(`${CHART}/values.schema.json`)) as {
    properties: Record<'settings' | 'secrets', { propertyNames: { not?: { enum: string[] }; enum?: string[] } }>;
  };
  const validate = new Ajv({ strict: false }).compile(schema);
  expect([validate(yaml.load(read(`${CHART}/values.yaml`))), validate.errors]).toEqual([true, null]);
  const settings = Object.keys(
    (JSON.parse(read('resources/schemas/config.json')) as { properties: object }).properties,
  );
  const files = settings.filter((name) => name.endsWith('_FILE'));
  const secrets = files.map((name) => (settings.includes(name.slice(0, -5)) ? name.slice(0, -5) : name));
  expect(schema.properties.secrets.propertyNames.enum?.toSorted()).toEqual(secrets.toSorted());
  expect(schema.properties.settings.propertyNames.not?.enum).toEqual(expect.arrayContaining([...files, ...secrets]));
});

describeWithHelm('rendered by Helm', () => {
  test('it has no fault', () => {
    execFileSync(HELM ?? 'helm', ['lint', '--strict', CHART], { stdio: 'pipe' });
  });

  test('an instance is the one of deploy/kubernetes.yml', () => {
    const plain = yaml.loadAll(read('deploy/kubernetes.yml')) as Manifest[];
    const [ours, theirs] = [find(render(), 'Deployment'), find(plain, 'Deployment')];
    expect(ours.spec['replicas']).toBe(theirs.spec['replicas']);
    expect(ours.spec['strategy']).toEqual(theirs.spec['strategy']);
    const {
      containers: [own],
      volumes,
      ...pod
    } = podOf(ours);
    const {
      containers: [other],
      volumes: _volumes,
      ...otherPod
    } = podOf(theirs);
    const place = '/run/secrets/education-connect/';
    expect(environmentOf(own)).toEqual({
      ...environmentOf(other),
      DATABASE_URL_FILE: `${place}database-url/database-url`,
    });
    const mounts = own.volumeMounts.map(({ name }) => name);
    expect(mounts).toEqual(volumes.map(({ name }) => name));
    const { env: _env, volumeMounts: _mounts, ...rest } = own;
    const { env: _otherEnv, volumeMounts: _otherMounts, ...otherRest } = other;
    expect(rest).toEqual({ imagePullPolicy: 'IfNotPresent', ...otherRest });
    const spread = { topologySpreadConstraints: expect.anything() };
    expect(pod).toEqual({ ...otherPod, ...spread });
  });

  test('services, budget and network policy are those of deploy/kubernetes.yml but for their selectors', () => {
    const plain = yaml.loadAll(read('deploy/kubernetes.yml')) as Manifest[];
    const manifests = render();
    const withoutSelector = ({ spec: { selector: _selector, podSelector: _pods, ...spec } }: Manifest) => spec;
    for (const { kind, metadata } of plain.filter(({ kind }) => kind !== 'Deployment'))
      expect(withoutSelector(find(manifests, kind, metadata.name))).toEqual(
        withoutSelector(find(plain, kind, metadata.name)),
      );
    const { metadata } = (find(manifests, 'Deployment').spec as { template: { metadata: { labels: object } } })
      .template;
    const selectors = [
      find(manifests, 'Service').spec['selector'],
      find(manifests, 'Service', 'education-connect-launches').spec['selector'],
    ];
    expect(selectors).toEqual([metadata.labels, metadata.labels]);
    expect(find(manifests, 'Service', 'education-connect-launches').spec['sessionAffinityConfig']).toEqual({
      clientIP: { timeoutSeconds: LIMITS.launchSessionMs / 1000 },
    });
  });

  test('before an upgrade a Job reads the library as the instances do, and no Service leads to it', () => {
    const manifests = render();
    const check = find(manifests, 'Job', 'education-connect-check');
    expect(check.metadata.annotations?.['helm.sh/hook']).toBe('pre-upgrade');
    const [container] = podOf(check).containers;
    const [connector] = podOf(find(manifests, 'Deployment')).containers;
    expect(container.command).toEqual(['node', 'dist/cli.js', 'verify']);
    expect(container.env).toEqual(connector.env);
    const { labels } = (check.spec as { template: { metadata: { labels: object } } }).template.metadata;
    expect(find(manifests, 'Service').spec['selector']).not.toEqual(labels);
    expect(labels).toMatchObject(
      (find(manifests, 'NetworkPolicy').spec as { podSelector: { matchLabels: object } }).podSelector.matchLabels,
    );
  });

  test('settings are those that the program accepts, and secrets are files', () => {
    const secrets = {
      WRITE_TOKENS: { secretName: 'tokens', key: 'write' },
      EHRS_FILE: { secretName: 'ehrs', key: 'ehrs.json' },
    };
    const settings = {
      MAX_ARTICLES: 2,
      CACHE_MAX_BYTES: 67_108_864,
      UPDATE_CHECK_DAILY: true,
      TRUST_PROXY: 'loopback',
    };
    const pod = podOf(find(render({ secrets, settings, shutdownDelaySeconds: 20 }), 'Deployment'));
    const { DATABASE_URL_FILE, WRITE_TOKENS_FILE, EHRS_FILE, NODE_OPTIONS, ...plain } = environmentOf(
      pod.containers[0],
    );
    const place = '/run/secrets/education-connect';
    expect([DATABASE_URL_FILE, WRITE_TOKENS_FILE, EHRS_FILE]).toEqual([
      `${place}/database-url/database-url`,
      `${place}/write-tokens/write`,
      `${place}/ehrs-file/ehrs.json`,
    ]);
    expect(NODE_OPTIONS).toContain('--max-old-space-size');
    expect(plain).toMatchObject({ CACHE_MAX_BYTES: '67108864', TRUST_PROXY: 'loopback', UPDATE_CHECK_DAILY: 'true' });
    expect(loadConfig(plain)).toMatchObject({
      shutdownDelayMs: 20_000,
      publicUrl: 'https://education.hospital.example',
    });
    expect(pod.volumes.flatMap(({ secret }) => (secret ? [secret] : []))).toHaveLength(3);
  });

  test('an Ingress keeps launches with their pod and publishes no metrics; a ServiceMonitor scrapes each pod once', () => {
    const manifests = render({
      publicUrl: 'https://pages.clinic.example:8443',
      ingress: { enabled: true, className: 'nginx', tlsSecretName: 'pages-tls' },
      serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
    });
    const [rule] = find(manifests, 'Ingress').spec['rules'] as [{ host: string; http: { paths: Backend[] } }];
    expect(rule.host).toBe('pages.clinic.example');
    expect(
      rule.http.paths.map(({ path, backend }) => [path, backend.service.name.replace('education-connect', '')]),
    ).toEqual([
      ['/metrics', '-none'],
      ['/launch', '-launches'],
      ['/callback', '-launches'],
      ['/launched', '-launches'],
      ['/', ''],
    ]);
    expect(find(manifests, 'Service', 'education-connect-none').spec).not.toHaveProperty('selector');
    const monitor = find(manifests, 'ServiceMonitor').spec as { selector: { matchLabels: Record<string, string> } };
    const matching = manifests.filter(
      ({ kind, metadata }) =>
        kind === 'Service' &&
        Object.entries(monitor.selector.matchLabels).every(
          ([name, value]) => (metadata as unknown as { labels: Record<string, string> }).labels[name] === value,
        ),
    );
    expect(matching.map(({ metadata }) => metadata.name)).toEqual(['education-connect']);
  });

  test('names are of the release, and the image is its digest where one is set', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const { stdout } = run(['template', 'ward', CHART], { image: { digest }, replicas: 1 });
    const manifests = (yaml.loadAll(stdout) as (Manifest | null)[]).filter((one) => one !== null);
    const [container] = podOf(find(manifests, 'Deployment', 'ward-education-connect')).containers;
    expect(container).toMatchObject({ image: `education-connect@${digest}` });
    // With one instance a budget would keep every node from being drained.
    expect(manifests.map(({ kind }) => kind)).not.toContain('PodDisruptionBudget');
  });

  test.each([
    ['an address that is none', { publicUrl: 'education' }],
    ['no instance', { replicas: 0 }],
    ['a secret among the settings', { settings: { WRITE_TOKENS: '0123456789abcdef' } }],
    ['a database without a reference', { secrets: { DATABASE_URL: null } }],
    ['a name that it does not have', { replicaCount: 3 }],
  ])('%s is rejected', (_name, values) => {
    const { status, stderr } = run(['template', 'education-connect', CHART], values);
    expect([status, stderr]).toEqual([1, expect.stringContaining('specifications of the schema')]);
  });
});
