import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answerChart } from '../../../src/core/charts/answer-chart.js';
import type { ChartResponse } from '../../../src/core/charts/chart-response.js';
import { isChosen } from '../../../src/core/charts/chart-response.js';
import { DEFAULT_THRESHOLDS } from '../../support/chart-thresholds.js';
import { ANYONE } from '../../../src/core/answer/knowledge-request.js';
import type { ManagedLibrary } from '../../../src/core/model/library.js';
import type { WholeChart } from '../../../src/protocols/fhir/knowledge-request/read-whole-chart.js';
import { readPastedChart } from '../../../src/protocols/fhir/knowledge-request/read-whole-chart.js';
import { TEST_TIME, openTestLibrary, temporaryFolder, testConfig } from '../../support/connector.js';
import { describeWithData } from '../../support/shared-data.js';
import { readSyntheticCharts } from '../../support/synthetic-charts.js';

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

describeWithData('sample-codes', 'charts of a synthetic hospital', () => {
  const folder = temporaryFolder();
  let library: ManagedLibrary;
  let charts: { read: WholeChart; answer: ChartResponse }[];
  beforeAll(async () => {
    ({ library } = await openTestLibrary(testConfig(folder.path)));
    charts = await Promise.all(
      readSyntheticCharts().map(async (text) => {
        const read = readPastedChart(text, { includeInactive: false, now: TEST_TIME }, 'UTC');
        const context = { ...ANYONE, ...read.patient, language: 'en' as const, listsHeld: true };
        const fixed = { setting: 'discharge', thresholds: DEFAULT_THRESHOLDS, perQuestion: 3 } as const;
        const situation = { now: TEST_TIME.getTime(), ...fixed, sheet: { room: 20, readIn: 'en' as const } };
        return { read, answer: await answerChart(read.questions, context, situation, library) };
      }),
    );
  });
  afterAll(async () => {
    await library.close();
    folder.remove();
  });

  const chosen = ({ articles }: ChartResponse) => articles.filter(isChosen);

  test('give a packet that somebody can hand over', () => {
    const sizes = charts.map(({ answer }) => chosen(answer).length);
    process.stdout.write(`pages of ${sizes.length} packets: median ${median(sizes)}, most ${Math.max(...sizes)}\n`);
    expect(median(sizes)).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(10);
  });

  test('hold each page and each title once', () => {
    for (const { answer } of charts) {
      const ids = answer.articles.map(({ article }) => article.id);
      expect(ids).toEqual([...new Set(ids)]);
      const titles = chosen(answer).map(({ text }) => text.title);
      expect(titles).toEqual([...new Set(titles)]);
    }
  });

  test('choose nothing for a measure of the body, pain, a test result or what is over', () => {
    const faults = charts.flatMap(({ read, answer }) =>
      chosen(answer).flatMap(({ text, reasons }) => {
        const inputs = reasons.flatMap(({ question }) => read.inputs[question.input] ?? []);
        const isWorth = inputs.some(({ type, reading }) => type !== 'Observation' && reading.state === 'take');
        return isWorth ? [] : [text.title];
      }),
    );
    expect(faults).toEqual([]);
    const titles = charts.flatMap(({ answer }) => answer.articles.map(({ text }) => text.title));
    expect(titles.filter((title) => /^(Body Weight|Vital Signs|Pain|Growth Disorders)$/.test(title))).toEqual([]);
  });

  test('never choose a page on abuse', () => {
    const held = charts.flatMap(({ answer }) =>
      answer.articles.filter(({ sensitivities }) => sensitivities.includes('SDV')),
    );
    expect(held.length).toBeGreaterThan(0);
    expect(held.map(({ notChosen }) => notChosen)).toEqual(held.map(() => 'held'));
  });
});
