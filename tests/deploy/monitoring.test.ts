import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import yaml from 'js-yaml';
import { readExposition, type Family } from '../edge/exposition.js';
import type { TestConnector } from '../support/connector.js';
import { startConnector, temporaryFolder } from '../support/connector.js';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<'summary' | 'runbook_url', string>>;
}
interface Dashboard {
  readonly uid: string;
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const read = (path: string): string => readFileSync(path, 'utf8');
const ALERTS = 'deploy/monitoring/alerts.yml';
const { groups } = yaml.load(read(ALERTS)) as { groups: readonly { rules: readonly Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('deploy/monitoring/dashboard.json')) as Dashboard;
const queries = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];
const declared = yaml.load(read('resources/metrics.yaml')) as Record<string, { labels?: string }>;
/** Labels that Prometheus itself adds, and the one of a histogram's buckets. */
const OTHER_LABELS = ['instance', 'job', 'le'];

const namesIn = (text = ''): string[] => text.match(/[a-z_]\w*/gi) ?? [];

/** Metrics and labels that a query of PromQL names. */
function readQuery(expr: string): { metrics: string[]; labels: string[] } {
  const bare = expr.replace(/"[^"]*"/g, '""');
  const grouped = [...bare.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => namesIn(list));
  const matched = [...bare.matchAll(/\{([^}]*)\}/g)].flatMap(([, list]) => namesIn(list));
  const rest = bare.replace(/\bby \([^)]*\)|\{[^}]*\}|\[[^\]]*\]/g, ' ');
  const metrics = [...rest.matchAll(/\b([a-z_]\w*)\b(?!\s*\()/gi)].map(([, name = '']) => name);
  return { metrics: metrics.filter((name) => !['by', 'or', 'and'].includes(name)), labels: [...grouped, ...matched] };
}

const folder = temporaryFolder();
let connector: TestConnector;
let families: Map<string, Family>;
beforeAll(async () => {
  const env = { AUDIT_LOG: join(folder.path, 'audit.ndjson'), TERMINOLOGY_SERVER: 'http://127.0.0.1:1/fhir' };
  connector = await startConnector({ env });
  for (const code of ['N53.14', 'ZZZ'])
    await fetch(
      `${connector.url}/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=${code}`,
    );
  families = readExposition(await (await fetch(`${connector.url}/metrics`)).text());
});
afterAll(async () => {
  await connector.stop();
  folder.remove();
});

test.each(queries)('%s queries metrics that the server has, with their labels', (_name, expr) => {
  const { metrics, labels } = readQuery(expr);
  expect(metrics).not.toEqual([]);
  const known = new Set(OTHER_LABELS);
  for (const metric of metrics) {
    const family = families.get(metric) ?? families.get(metric.replace(/_(bucket|count|sum)$/, ''));
    expect([metric, family?.type]).toEqual([metric, expect.any(String)]);
    for (const { labels: given } of family?.samples ?? []) for (const label of Object.keys(given)) known.add(label);
    for (const label of namesIn(declared[metric]?.labels)) known.add(label);
    // A rate is of a counter or a histogram.
    if (new RegExp(`(rate|increase)\\(${metric}\\b`).test(expr)) expect(family?.type).toMatch(/^(counter|histogram)$/);
  }
  expect(labels.filter((label) => !known.has(label))).toEqual([]);
});

test('a query with a name that is none would be found', () => {
  expect(readQuery('sum by (kind) (rate(matches{lang="x"}[5m])) / up > 1')).toEqual({
    metrics: ['matches', 'up'],
    labels: ['kind', 'lang'],
  });
});

test('every alert has a severity, a sentence, and a heading in docs/operations/watch.md that says what to do', () => {
  const headings = [...read('docs/operations/watch.md').matchAll(/^#+ (\w+)$/gm)].map(([, name = '']) => name);
  expect(headings.filter((name) => name.startsWith('EducationConnect'))).toEqual(rules.map(({ alert }) => alert));
  for (const { alert, labels, annotations } of rules) {
    expect(['page', 'ticket']).toContain(labels.severity);
    expect(annotations.summary.length).toBeGreaterThan(10);
    expect(annotations.runbook_url).toBe(`docs/operations/watch.md#${alert.toLowerCase()}`);
  }
  expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
});

test('panels of the dashboard have ids and titles of their own', () => {
  for (const values of [dashboard.panels.map(({ id }) => id), dashboard.panels.map(({ title }) => title)])
    expect(new Set<unknown>(values).size).toBe(dashboard.panels.length);
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
(hasPromtool ? test : test.skip)('promtool accepts the rules', () => {
  expect(spawnSync('promtool', ['check', 'rules', ALERTS], { encoding: 'utf8' }).stderr).toBe('');
});
