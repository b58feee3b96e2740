import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import yaml from 'js-yaml';
import { loadConfig } from '../../src/config/config.js';
import { operationsRoutes } from '../../src/edge/operations.js';
import { LIMITS } from '../../src/limits.js';
import { environmentOf, readCompose } from './compose.js';

interface Labels {
  readonly matchLabels: Readonly<Record<string, string>>;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly periodSeconds: number;
  readonly failureThreshold: number;
}

interface Container {
  readonly image: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly resources: Readonly<Record<'requests' | 'limits', { readonly memory: string }>>;
  readonly securityContext: object;
  readonly startupProbe: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: object;
  readonly containers: readonly [Container];
  readonly volumes: readonly { readonly name: string; readonly emptyDir?: object; readonly secret?: object }[];
}

interface Manifest {
  readonly Deployment: {
    readonly replicas: number;
    readonly selector: Labels;
    readonly strategy: { readonly rollingUpdate: object };
    readonly template: { readonly metadata: { readonly labels: Labels['matchLabels'] }; readonly spec: PodSpec };
  };
  readonly Service: {
    readonly selector: Labels['matchLabels'];
    readonly ports: readonly { readonly targetPort: string }[];
    readonly sessionAffinity?: string;
    readonly sessionAffinityConfig?: { readonly clientIP: { readonly timeoutSeconds: number } };
  };
  readonly PodDisruptionBudget: { readonly minAvailable: number; readonly selector: Labels };
  readonly NetworkPolicy: {
    readonly podSelector: Labels;
    readonly policyTypes: readonly string[];
    readonly ingress: readonly {
      readonly from: readonly { readonly namespaceSelector: Labels }[];
      readonly ports: readonly { readonly port: string }[];
    }[];
    readonly egress: readonly {
      readonly to: readonly object[];
      readonly ports: readonly { readonly port: number }[];
    }[];
  };
}

const documents = yaml.loadAll(readFileSync('deploy/kubernetes.yml', 'utf8')) as {
  kind: keyof Manifest;
  apiVersion: string;
  spec: object;
}[];
const manifest = Object.fromEntries(documents.map(({ kind, spec }) => [kind, spec])) as unknown as Manifest;
const services = documents.flatMap(({ kind, spec }) => (kind === 'Service' ? [spec as Manifest['Service']] : []));
const { template, replicas, strategy } = manifest.Deployment;
const { spec } = template;
const [container] = spec.containers;
const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
const composed = readCompose('docker-compose.yml').services['connector-1'] ?? {};

test('the manifest holds what a group needs, and a secret only by its name', () => {
  expect(documents.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
    'apps/v1 Deployment',
    'v1 Service',
    'v1 Service',
    'policy/v1 PodDisruptionBudget',
    'networking.k8s.io/v1 NetworkPolicy',
  ]);
  const { labels } = template.metadata;
  const { Deployment, PodDisruptionBudget, NetworkPolicy } = manifest;
  expect([Deployment.selector, PodDisruptionBudget.selector, NetworkPolicy.podSelector]).toEqual(
    Array(3).fill({ matchLabels: labels }),
  );
  for (const { selector, ports } of services) {
    expect(selector).toEqual(labels);
    expect(ports.map(({ targetPort }) => targetPort)).toEqual(container.ports.map(({ name }) => name));
  }
  expect(replicas).toBeGreaterThan(PodDisruptionBudget.minAvailable);
  expect(strategy.rollingUpdate).toMatchObject({ maxUnavailable: 0 });
  expect(JSON.stringify(documents)).not.toMatch(/:\/\/[^\s/]*:[^\s/]*@/);
});

test('an instance is the one of the compose file: its image, memory and settings', () => {
  expect(container.image).toBe(composed.image);
  const { memory } = container.resources.limits;
  expect([memory, container.resources.requests.memory]).toEqual(['512Mi', '512Mi']);
  expect(composed.mem_limit).toBe('512m');
  const { NODE_OPTIONS, DATABASE_URL_FILE, ...settings } = environment;
  const { NODE_OPTIONS: composedOptions, ...composedSettings } = environmentOf(composed);
  expect(NODE_OPTIONS).toBe(composedOptions);
  const { properties } = JSON.parse(readFileSync('resources/schemas/config.json', 'utf8')) as { properties: object };
  for (const name of [...Object.keys(settings), 'DATABASE_URL_FILE']) expect(properties).toHaveProperty(name);
  for (const name of Object.keys(settings)) expect(composedSettings).toHaveProperty(name);
  expect(loadConfig(settings).publicUrl).toBe('https://education.hospital.example');
  const secret = container.volumeMounts.find(({ name }) => name === 'database');
  expect(DATABASE_URL_FILE).toBe(`${secret?.mountPath ?? ''}/database-url`);
});

test('it may do no more than the image’s own user, and writes where a volume is', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  const [, user, group] = /^USER (\d+):(\d+)$/m.exec(dockerfile) ?? [];
  expect(spec.securityContext).toMatchObject({
    runAsNonRoot: true,
    runAsUser: Number(user),
    runAsGroup: Number(group),
    fsGroup: Number(group),
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  expect(container.volumeMounts.map(({ name }) => name)).toEqual(spec.volumes.map(({ name }) => name));
  const places = container.volumeMounts.filter(({ name }) =>
    spec.volumes.some((one) => one.name === name && one.emptyDir),
  );
  const [, volume] = /^VOLUME (\S+)$/m.exec(dockerfile) ?? [];
  expect(places.map(({ mountPath }) => mountPath)).toEqual([volume, '/tmp']);
});

test('its probes ask what is answered, and it stops when nobody sends it anything any more', () => {
  const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
  const routes = operationsRoutes({} as never, {} as never, () => false);
  expect(probes.map(({ httpGet }) => httpGet)).toEqual(
    ['/healthz', '/readyz', '/healthz'].map((path) => ({ path, port: container.ports[0]?.name })),
  );
  for (const { httpGet } of probes) expect(routes.map(({ path }) => path)).toContain(httpGet.path);
  expect(container.ports[0]?.containerPort).toBe(loadConfig({}).port);
  const { shutdownDelayMs } = loadConfig({ SHUTDOWN_DELAY_MS: environment.SHUTDOWN_DELAY_MS });
  const { periodSeconds, failureThreshold } = container.readinessProbe;
  expect(shutdownDelayMs).toBeGreaterThan(periodSeconds * failureThreshold * 1000);
  expect(spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(shutdownDelayMs + LIMITS.shutdownTimeoutMs);
});

test('launches stay with one instance for as long as a session lasts, and all else goes to each', () => {
  expect(services.map(({ sessionAffinity }) => sessionAffinity)).toEqual([undefined, 'ClientIP']);
  const seconds = services[1]?.sessionAffinityConfig?.clientIP.timeoutSeconds ?? 0;
  expect(seconds * 1000).toBe(LIMITS.launchSessionMs);
});

test('it is reached by what is named, at its one port', () => {
  const { policyTypes, ingress } = manifest.NetworkPolicy;
  expect(policyTypes).toEqual(['Ingress', 'Egress']);
  expect(ingress.flatMap(({ ports }) => ports.map(({ port }) => port))).toEqual([container.ports[0]?.name]);
  for (const { namespaceSelector } of ingress.flatMap(({ from }) => from))
    expect(Object.keys(namespaceSelector.matchLabels)).toEqual(['kubernetes.io/metadata.name']);
});

test('it reaches the database and the names of the cluster, and nothing else', () => {
  const { egress } = manifest.NetworkPolicy;
  expect(egress.map(({ ports }) => [...new Set(ports.map(({ port }) => port))])).toEqual([[5432], [53]]);
  for (const { to } of egress) expect(to).toHaveLength(1);
});
