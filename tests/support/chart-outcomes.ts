import { answerChart } from '../../src/core/charts/answer-chart.js';
import type { ChartSetting } from '../../src/core/charts/chart-settings.js';
import { isChosen, type ChartResponse } from '../../src/core/charts/chart-response.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import type { Library } from '../../src/core/model/library.js';
import { createChartReader } from '../../src/create-chart-reader.js';
import type { WholeChart } from '../../src/protocols/fhir/knowledge-request/read-whole-chart.js';
import { DEFAULT_THRESHOLDS } from './chart-thresholds.js';

type Input = WholeChart['inputs'][number];

const nameInput = ({ type, coding }: Input, texts: readonly string[]): string => {
  const [text = ''] = texts;
  const code = coding?.code ?? '';
  return `${type} ${(coding?.originalText ?? '') || coding?.display || text || code}`.trim().slice(0, 80);
};

function tellOutcome(input: Input, at: number, { articles, misses }: ChartResponse): string {
  const { reading } = input;
  const found = articles.filter(({ reasons }) => reasons.some(({ question }) => question.input === at));
  const first = found.find(isChosen) ?? found[0];
  if (first)
    return first.notChosen === undefined ? `ticked ${first.article.id}` : `${first.notChosen} ${first.article.id}`;
  if (reading.state !== 'take') return `left out, ${reading.reason}`;
  const miss = misses.find(({ question }) => question.input === at);
  return `none, ${miss?.hold ?? miss?.reason ?? miss?.answer.miss?.reason ?? ''}`;
}

/** Outcome of each entry of a chart on the packet page, each kind of line once: its meaning, and its page with the verdict on it. */
export async function listOutcomes(
  text: string,
  library: Library,
  now: Date,
  setting?: ChartSetting,
): Promise<{ ticked: string[]; entries: string[] }> {
  const chart = await createChartReader('UTC')(text, { includeInactive: false, now });
  const { patient, questions, inputs } = chart;
  const context = { ...ANYONE, ...patient, performer: 'PROV', language: 'en', listsHeld: true } as const;
  const situation = {
    ...{ now: now.getTime(), setting: setting ?? chart.setting, thresholds: DEFAULT_THRESHOLDS, perQuestion: 3 },
    ...{ isDeceased: patient.isDeceased === true, sheet: { room: 20 } },
  };
  const answer = await answerChart(questions, context, situation, library);
  const entries = inputs.map((input, at) => {
    const texts = questions.flatMap(({ input: of, codings }) =>
      of === at ? codings.map(({ display }) => display) : [],
    );
    return `${nameInput(input, texts)}: ${tellOutcome(input, at, answer)}`;
  });
  return { ticked: answer.articles.filter(isChosen).map(({ article }) => article.id), entries: [...new Set(entries)] };
}
