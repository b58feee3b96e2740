import { expect, test } from '@jest/globals';
import type { CodeSystemId } from '../../../src/core/codes/code-systems.js';
import type { PathStep } from '../../../src/core/answer/knowledge-response.js';
import type { Finding } from '../../../src/core/codes/resolve-coding.js';
import { mergeSameThings } from '../../../src/core/answer/same-thing.js';

interface Sketch {
  readonly system: CodeSystemId;
  readonly code: string;
  readonly article?: string;
  readonly display?: string;
  readonly through?: readonly PathStep[];
}

const finding = ({ system, code, article, display = '', through = [] }: Sketch): Finding => {
  const path: PathStep[] = [{ kind: 'asked', system, code }, ...through];
  const row = {
    system,
    code,
    input: 0,
    layer: 'starter',
    levels: 0,
    crossings: through.length,
    path,
    article: article ?? '',
    relationship: 'equivalent',
    stated: 'equivalent',
    rank: 1,
    sensitivity: undefined,
    origin: 'curated',
    note: '',
  } as const;
  return {
    best: {
      coding: { system, systemSent: system, code, display, userSelected: false },
      code,
      selection: article === undefined ? undefined : { rows: [row], noneNote: undefined, suppressed: [] },
      distance: article === undefined ? Infinity : through.length * 100,
      miss: undefined,
    },
    siblings: [],
  };
};

const describeFindings = (findings: readonly Finding[]): string[] =>
  findings.map(({ best, siblings }) => [best.coding, ...siblings].map(({ code }) => code).join(' + '));

const merge = (...sketches: Sketch[]): string[] => describeFindings(mergeSameThings(sketches.map(finding)));

const icd10 = { system: 'icd-10-cm', code: 'E11.9', article: 'topic-dm' } as const;
const toIcd10: PathStep = { kind: 'crosswalk', system: 'icd-10-cm', code: 'E11.9' };
const snomed = { system: 'snomed-ct', code: '44054006', article: 'topic-dm', through: [toIcd10] } as const;
const icd9 = { system: 'icd-9-cm', code: '250.00', article: 'topic-dm', through: [toIcd10] } as const;

test('nothing stays nothing', () => {
  expect(mergeSameThings([])).toEqual([]);
});

test('things apart keep their order', () => {
  expect(merge(icd10, { system: 'snomed-ct', code: '195967001', article: 'topic-asthma' })).toEqual([
    'E11.9',
    '195967001',
  ]);
});

test('one thing in two systems is answered by the closer one, whichever came first', () => {
  expect(merge(icd10, snomed)).toEqual(['E11.9 + 44054006']);
  expect(merge(snomed, icd10)).toEqual(['E11.9 + 44054006']);
});

test('the answer stands at the place of the first', () => {
  expect(merge(snomed, { system: 'icd-10-cm', code: 'I10', article: 'topic-hbp' }, icd10)).toEqual([
    'E11.9 + 44054006',
    'I10',
  ]);
});

test('one thing in three systems gives one answer in whichever order they come', () => {
  const orders = [
    [icd10, snomed, icd9],
    [snomed, icd10, icd9],
    [snomed, icd9, icd10],
    [icd9, snomed, icd10],
  ];
  for (const order of orders) expect(merge(...order)).toHaveLength(1);
});

test('a title joins systems whatever its case, and an empty one never does', () => {
  const titled = { system: 'icd-10-cm', code: 'J45', display: 'Asthma' } as const;
  expect(merge(titled, { system: 'snomed-ct', code: '195967001', display: ' ASTHMA ' })).toHaveLength(1);
  expect(merge({ ...titled, display: '' }, { system: 'snomed-ct', code: '195967001' })).toHaveLength(2);
});

test('two codes of one system are never joined', () => {
  const one = { ...icd10, display: 'Diabetes' };
  expect(merge(one, { ...one, code: 'E11.65' })).toHaveLength(2);
});

test('no coding is lost or doubled', () => {
  const codes = merge(snomed, icd10, icd9, { system: 'icd-10-cm', code: 'I10', article: 'topic-hbp' });
  expect(codes.join(' + ').split(' + ').sort()).toEqual(['250.00', '44054006', 'E11.9', 'I10']);
});
