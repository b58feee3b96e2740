import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Bundle, OperationOutcome, Parameters, ParametersParameter, Resource, ValueSet } from '@medplum/fhirtypes';
import { parseYaml } from '../../../src/core/read-data-file.js';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { outputComplaints } from '../../support/fhir-operations.js';
import { askFhir } from './fhir-server.js';

type Value = string | number | boolean;
interface TerminologyCase {
  readonly name: string;
  readonly at: string;
  readonly ask?: Record<string, Value | Value[]>;
  readonly post?: ParametersParameter[];
  readonly status?: number;
  readonly issue?: string;
  readonly gives?: Record<string, Value>;
  readonly issues?: string[];
  readonly matches?: string[];
  readonly designations?: Record<string, Value>[];
  readonly codes?: string[];
  readonly total?: number;
}

const file = join(import.meta.dirname, '../../cases/fhir/terminology.yaml');
const { cases } = parseYaml(readFileSync(file, 'utf8')) as { cases: TerminologyCase[] };

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const valueOf = (part: object | undefined): unknown =>
  Object.entries(part ?? {}).find(([key]) => key.startsWith('value'))?.[1];

const pairsOf = ({ ask = {} }: TerminologyCase): [string, Value][] =>
  Object.entries(ask).flatMap(([name, value]) => [value].flat().map((one): [string, Value] => [name, one]));

/** Text may come as any kind of text; the definition says which it is. */
function posted(one: TerminologyCase): Parameters {
  const simple = pairsOf(one).map(([name, value]): ParametersParameter => {
    if (typeof value === 'boolean') return { name, valueBoolean: value };
    return typeof value === 'number' ? { name, valueInteger: value } : { name, valueString: value };
  });
  return { resourceType: 'Parameters', parameter: [...simple, ...(one.post ?? [])] };
}

interface Answer {
  readonly status: number;
  readonly resource: Resource;
}

/** The same question by GET, as Parameters and within a batch; what a query cannot say, by the last two. */
async function askEveryWay(one: TerminologyCase): Promise<Answer[]> {
  const query = new URLSearchParams(pairsOf(one).map(([name, value]) => [name, String(value)])).toString();
  const address = query === '' ? one.at : `${one.at}?${query}`;
  const body = posted(one);
  const post = (path: string, resource: Resource) =>
    askFhir(connector.url, path, {
      method: 'POST',
      body: JSON.stringify(resource),
      headers: { 'Content-Type': 'application/fhir+json' },
    });
  const isSimple = one.post === undefined;
  const batch: Bundle = {
    resourceType: 'Bundle',
    type: 'batch',
    entry: [
      { request: { method: 'POST', url: one.at.slice(1) }, resource: body },
      ...(isSimple ? [{ request: { method: 'GET' as const, url: address.slice(1) } }] : []),
    ],
  };
  const single = [await post(one.at, body), ...(isSimple ? [await askFhir(connector.url, address)] : [])];
  const { resource } = await post('', batch);
  return [
    ...single.map(({ reply, resource: own }) => ({ status: reply.status, resource: own })),
    ...((resource as Bundle).entry ?? []).map(({ response, resource: own }) => ({
      status: Number(response?.status.slice(0, 3)),
      resource: own ?? (response?.outcome as Resource),
    })),
  ];
}

/** Each expansion has an identifier and a time of its own. */
const withoutMoment = (resource: Resource): unknown =>
  JSON.parse(JSON.stringify(resource).replace(/"(identifier|timestamp)":"[^"]*"/g, '"$1":""'));

const issuesOf = ({ issue }: OperationOutcome): string[] => issue.map(({ severity, code }) => `${severity} ${code}`);

function expectParameters({ parameter = [] }: Parameters, one: TerminologyCase): void {
  const [, type, code = ''] = /^\/(?:(\w+)\/)?(?:[\w-]+\/)?\$([\w-]+)$/.exec(one.at) ?? [];
  expect(outputComplaints({ type, code }, parameter)).toEqual([]);
  const find = (name: string) => parameter.find((found) => found.name === name);
  for (const [name, value] of Object.entries(one.gives ?? {}))
    expect([name, valueOf(find(name))]).toEqual([name, value]);
  if (one.issues) {
    const outcome = find('issues')?.resource as OperationOutcome | undefined;
    expect(outcome ? issuesOf(outcome) : []).toEqual(one.issues);
  }
  if (one.designations) {
    const designations = parameter
      .filter(({ name }) => name === 'designation')
      .map(({ part = [] }) => Object.fromEntries(part.map((each) => [each.name, valueOf(each)])));
    expect(designations).toEqual(one.designations);
  }
  if (!one.matches) return;
  const matches = parameter
    .filter(({ name }) => name === 'match')
    .map(({ part = [] }) => {
      const [equivalence, concept] = ['equivalence', 'concept'].map((name) =>
        valueOf(part.find((p) => p.name === name)),
      );
      return `${String(equivalence)} ${(concept as { code?: string } | undefined)?.code ?? '-'}`;
    });
  expect(matches).toEqual(expect.arrayContaining(one.matches));
}

function expectValueSet({ expansion }: ValueSet, one: TerminologyCase): void {
  const codes = (expansion?.contains ?? []).map(({ code = '' }) => code);
  if (one.codes) expect([...codes].sort()).toEqual([...one.codes].sort());
  if (one.total !== undefined) expect(expansion?.total).toBe(one.total);
}

describe('terminology.yaml', () => {
  test('no two cases have the same name', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });

  test.each(cases.map((one): [string, TerminologyCase] => [one.name, one]))('%s', async (_name, one) => {
    const answers = await askEveryWay(one);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => one.status ?? 200));
    const [first, ...others] = answers.map(({ resource }) => resource);
    if (!first) throw new Error('no answer');
    if (first.resourceType === 'OperationOutcome') {
      expect(issuesOf(first)).toEqual([`error ${one.issue ?? ''}`]);
      return;
    }
    for (const other of others) expect(withoutMoment(other)).toEqual(withoutMoment(first));
    if (first.resourceType === 'Parameters') expectParameters(first, one);
    else expectValueSet(first as ValueSet, one);
  });
});
