import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerChart } from '../../../src/core/charts/answer-chart.js';
import type { ChartKind, ChartQuestion } from '../../../src/core/charts/chart-question.js';
import type { ChartResponse } from '../../../src/core/charts/chart-response.js';
import { isChosen } from '../../../src/core/charts/chart-response.js';
import type { ChartSituation, TickedKind } from '../../../src/core/charts/chart-settings.js';
import { findChartSetting } from '../../../src/core/charts/chart-settings.js';
import { DEFAULT_THRESHOLDS } from '../../support/chart-thresholds.js';
import { findCodeSystem } from '../../../src/core/codes/code-systems.js';
import type { RequestContext } from '../../../src/core/answer/knowledge-request.js';
import { ANYONE } from '../../../src/core/answer/knowledge-request.js';
import type { ManagedLibrary } from '../../../src/core/model/library.js';
import { TEST_TIME, openTestLibrary, temporaryFolder, testConfig } from '../../support/connector.js';

const folder = temporaryFolder();
let library: ManagedLibrary;
beforeAll(async () => {
  ({ library } = await openTestLibrary(testConfig(folder.path)));
});
afterAll(async () => {
  await library.close();
  folder.remove();
});

const NOW = TEST_TIME.getTime();
const DAY_MS = 24 * 3_600_000;
const daysAgo = (days: number): number => NOW - days * DAY_MS;

/** A fact: its kind, `system|code`, and what the chart says of it. */
type Fact = readonly [kind: ChartKind, code: string, more?: Partial<ChartQuestion>];

const toQuestion = ([kind, code, more]: Fact, input: number): ChartQuestion => {
  const [systemSent = '', value = ''] = code.split('|');
  const system = findCodeSystem(systemSent)?.id;
  return {
    ...{ input, kind, notedAt: undefined },
    codings: [{ system, systemSent, code: value, display: '', userSelected: false }],
    ...more,
  };
};

interface Around {
  readonly context?: Partial<RequestContext>;
  readonly situation?: Partial<ChartSituation>;
}

function ask(facts: readonly Fact[], { context, situation }: Around = {}): Promise<ChartResponse> {
  const standard = { now: NOW, setting: 'ambulatory', thresholds: DEFAULT_THRESHOLDS, perQuestion: 3 } as const;
  return answerChart(facts.map(toQuestion), { ...ANYONE, ...context }, { ...standard, ...situation }, library);
}

const chosenOf = ({ articles }: ChartResponse): string[] => articles.filter(isChosen).map(({ article }) => article.id);
const verdictOn = ({ articles }: ChartResponse, id: string): string | undefined =>
  articles.find(({ article }) => article.id === id)?.notChosen;

const NAMED = (display: string) =>
  ({ system: 'rxnorm', systemSent: '', code: '', display, userSelected: false }) as const;
const NOW_OF = { isOfEncounter: true } as const;
const BEFORE = { isOfEncounter: false, notedAt: daysAgo(400) } as const;
const CLINICIAN = { performer: 'PROV', listsHeld: true } as const;
const ADULT = { ageGroups: ['adult'], leastAgeMonths: 40 * 12 } as const;
const TEENAGER = { ageGroups: ['adolescent'], leastAgeMonths: 15 * 12 } as const;

const DIABETES: Fact = ['problem', 'icd-10-cm|E11.9', BEFORE];
const PRESSURE: Fact = ['problem', 'icd-10-cm|I10', BEFORE];
const OTHERS: readonly Fact[] = ['J45.909', 'M17.9', 'K21.9', 'G43.909', 'E03.9', 'H40.9'].map((code) => [
  'problem',
  `icd-10-cm|${code}`,
  BEFORE,
]);

describe('the order', () => {
  test('this encounter first, then new drugs, then what is to come, then the others', async () => {
    const chart = await ask([
      DIABETES,
      ['medication', 'rxnorm|29046', BEFORE],
      ['test', 'loinc|4548-4', { isToCome: true, notedAt: daysAgo(1) }],
      ['medication', 'rxnorm|6809', NOW_OF],
      ['problem', 'icd-10-cm|J18.9', NOW_OF],
    ]);
    expect(chosenOf(chart)).toEqual([
      'topic-pneumonia',
      'drug-a696005',
      'test-hemoglobin-a1c-hba1c-test',
      'topic-diabetestype2',
      'drug-a692051',
    ]);
    expect(chart.articles.map(({ place }) => place).slice(0, 5)).toEqual([
      ...['encounter', 'new-drug', 'to-come', 'ongoing', 'ongoing'],
    ]);
  });

  test('without encounters the days before the request say what is of this visit', async () => {
    const of = async (days: number) =>
      (await ask([['problem', 'icd-10-cm|J18.9', { notedAt: daysAgo(days) }]])).articles[0]?.place;
    expect([await of(7), await of(8)]).toEqual(['encounter', 'ongoing']);
  });

  test('a renewed drug is no new one', async () => {
    const chart = await ask([['medication', 'rxnorm|6809', { ...NOW_OF, isRenewal: true }]]);
    expect(chart.articles[0]?.place).toBe('ongoing');
  });
});

describe('the number', () => {
  test.each([
    ['ambulatory', 5],
    ['emergency', 3],
    ['discharge', 10],
    ['portal', 0],
  ] as const)('%s: %d pages are chosen', async (setting, most) => {
    const more: readonly Fact[] = ['N20.0', 'L40.9', 'M10.9', 'D50.9'].map((code) => ['problem', `icd-10-cm|${code}`]);
    const chart = await ask([DIABETES, PRESSURE, ...OTHERS, ...more], { situation: { setting } });
    expect(chosenOf(chart)).toHaveLength(most);
    expect(chart.articles.some(({ notChosen }) => notChosen === 'beyond-most')).toBe(setting !== 'portal');
  });

  test('never cuts a new drug, but at a portal', async () => {
    const drugs: readonly Fact[] = ['6809', '29046', '36567', '1364430'].map((code) => [
      'medication',
      `rxnorm|${code}`,
      NOW_OF,
    ]);
    const facts = [['problem', 'icd-10-cm|J18.9', NOW_OF] as const, ...OTHERS, ...drugs];
    const chart = await ask(facts, { situation: { setting: 'emergency' } });
    const kinds = chart.articles.filter(isChosen).map(({ article }) => article.kind);
    expect(kinds).toEqual(['topic', 'drug', 'drug', 'drug', 'drug']);
    expect(chosenOf(await ask(facts, { situation: { setting: 'portal' } }))).toEqual([]);
  });

  describe('high-risk drugs', () => {
    const OLD = { isOfEncounter: false, notedAt: daysAgo(2000) } as const;
    // Warfarin, digoxin, insulin glargine, oxycodone, methotrexate, lithium, levetiracetam, amiodarone.
    const codes = ['11289', '3407', '274783', '7804', '105585', '6448', '114477', '703'];
    const drugs: readonly Fact[] = codes.map((code) => ['medication', `rxnorm|${code}`, OLD]);

    test.each(['ambulatory', 'emergency', 'discharge'] as const)(
      '%s: none is cut by a number or unticked for its age or a mark; they stand before problems of years ago',
      async (setting) => {
        const situation = { setting, sheet: { room: 20 } };
        const chart = await ask([...OTHERS, ...drugs], { context: { ...CLINICIAN, ...ADULT }, situation });
        const ticked = chart.articles.filter(isChosen);
        expect(ticked.filter(({ isHighRisk }) => isHighRisk)).toHaveLength(codes.length);
        expect(ticked.slice(0, codes.length).every(({ place }) => place === 'high-risk-drug')).toBe(true);
      },
    );

    test('a problem of this encounter comes before them, and a portal has none', async () => {
      const facts = [...drugs, ['problem', 'icd-10-cm|J18.9', NOW_OF] as const];
      expect(chosenOf(await ask(facts))[0]).toBe('topic-pneumonia');
      expect(chosenOf(await ask(facts, { situation: { setting: 'portal' } }))).toEqual([]);
    });

    test('a form that is applied outside is none', async () => {
      const cream: Fact = ['medication', 'rxnorm|', { ...OLD, codings: [NAMED('tacrolimus 0.1 % topical ointment')] }];
      expect((await ask([cream])).articles.map(({ isHighRisk }) => isHighRisk)).not.toContain(true);
    });
  });

  test('problems and drugs of no encounter take turns; self-care before, lesser problems after them', async () => {
    const drug = (code: string): Fact => ['medication', `rxnorm|${code}`, BEFORE];
    const problem = (code: string): Fact => ['problem', `icd-10-cm|${code}`, BEFORE];
    const facts = [problem('E66.9'), problem('H40.9'), problem('L40.9'), problem('I50.9'), drug('4603'), drug('6918')];
    expect(chosenOf(await ask(facts, { situation: { setting: 'discharge' } }))).toEqual([
      'topic-heartfailure',
      expect.stringMatching(/^topic-/),
      expect.stringMatching(/^drug-/),
      expect.stringMatching(/^topic-/),
      expect.stringMatching(/^drug-/),
      'topic-obesity',
    ]);
  });

  test('does not bound what was asked by itself, but by the room on a sheet', async () => {
    const asked = [DIABETES, PRESSURE, ...OTHERS].map(([kind, code]): Fact => [kind, code, { isAsked: true }]);
    expect(chosenOf(await ask(asked))).toHaveLength(8);
    expect(chosenOf(await ask(asked, { situation: { sheet: { room: 3 } } }))).toHaveLength(3);
  });

  test.each([
    ['EMER', undefined, undefined, 'emergency'],
    ['IMP', undefined, undefined, 'discharge'],
    ['amb', undefined, undefined, 'ambulatory'],
    [undefined, undefined, undefined, 'ambulatory'],
    ['EMER', 'DISCHINSTE', undefined, 'discharge'],
    ['IMP', 'DISCHINSTE', 'PAT', 'portal'],
  ] as const)('class %s, task %s, performer %s: %s', (encounterClass, task, performer, setting) => {
    expect(findChartSetting(encounterClass, { task, performer })).toBe(setting);
  });
});

describe('one page for one thing', () => {
  test.each<[string, Fact[], string, string]>([
    ['a forerunner', [DIABETES, ['problem', 'icd-10-cm|R73.03', NOW_OF]], 'topic-prediabetes', 'topic-diabetestype2'],
    [
      'a finding and a family',
      [
        ['problem', 'icd-10-cm|C50.911'],
        ['problem', 'icd-10-cm|N63.0'],
      ],
      'ency-003155',
      'topic-breastcancer',
    ],
    [
      'the broader page of the same fact',
      [DIABETES, ['problem', 'snomed-ct|73211009', NOW_OF]],
      'topic-diabetes',
      'topic-diabetestype2',
    ],
  ])('%s is covered by the near page, which takes its place', async (_name, facts, noise, near) => {
    const chart = await ask(facts);
    expect(chosenOf(chart)).toEqual([near]);
    expect(chart.articles.find(({ article }) => article.id === noise)).toMatchObject({
      notChosen: 'covered',
      coveredBy: near,
    });
  });

  test('no page stands for a drug’s, nor does a drug’s for another of its name', async () => {
    const chart = await ask([
      ['medication', 'rxnorm|4511', NOW_OF],
      ['test', 'loinc|2284-8', { isToCome: true }],
      ['problem', 'icd-10-cm|D52.9', NOW_OF],
    ]);
    expect(chosenOf(chart)).toEqual(expect.arrayContaining(['drug-a682591']));
    expect(chart.articles.filter(({ notChosen }) => notChosen === 'covered')).toEqual([]);
  });

  test('a second page on the same fact is not chosen', async () => {
    const chart = await ask([PRESSURE]);
    expect(chosenOf(chart)).toEqual(['topic-highbloodpressure']);
    expect(chart.articles.slice(1).map(({ notChosen }) => notChosen)).toEqual(['further', 'further']);
  });

  test('a panel stands for its parts, whether it is there itself or three of them are', async () => {
    const ids = async (...codes: string[]) =>
      (await ask(codes.map((code): Fact => ['test', `loinc|${code}`]))).articles.map(({ article }) => article.id);
    expect(await ids('787-2', '788-0', '777-3')).toEqual(['test-complete-blood-count-cbc']);
    expect(await ids('58410-2', '787-2')).toContain('test-complete-blood-count-cbc');
    expect(await ids('58410-2', '788-0')).not.toContain('test-rdw-red-cell-distribution-width');
    expect(await ids('788-0')).toContain('test-rdw-red-cell-distribution-width');
  });

  test('results are listed and not chosen, unless the task is about them', async () => {
    const facts: Fact[] = [['test', 'loinc|4548-4', NOW_OF]];
    expect(verdictOn(await ask(facts), 'test-hemoglobin-a1c-hba1c-test')).toBe('test-result');
    const reviewing = await ask(facts, { context: { task: 'LABRREV' } });
    expect(chosenOf(reviewing)).toEqual(['test-hemoglobin-a1c-hba1c-test']);
  });

  test('stopping to smoke is offered and not chosen, whatever tells of tobacco', async () => {
    const smokes: Fact = ['problem', 'icd-10-cm|Z71.6', { ...NOW_OF, isSubject: true, isOptional: true }];
    const chart = await ask([smokes, ['problem', 'icd-10-cm|Z87.891', NOW_OF], PRESSURE]);
    expect(chosenOf(chart)).toEqual(['topic-highbloodpressure']);
    expect(verdictOn(chart, 'topic-quittingsmoking')).toBe('optional');
  });

  test('one page an allergy, and never the drug’s own', async () => {
    const asked = (code: string): Fact => ['allergy', `icd-10-cm|${code}`, { isSubject: true }];
    const questions = [asked('Z88.9'), asked('T78.40')].map((fact) => toQuestion(fact, 0));
    const situation = { now: NOW, setting: 'ambulatory', thresholds: DEFAULT_THRESHOLDS, perQuestion: 3 } as const;
    const { articles } = await answerChart(questions, ANYONE, situation, library);
    expect(articles.map(({ article }) => article.id)).toEqual(['ency-000819']);
  });

  test('each part of a combined vaccine has its page', async () => {
    const chart = await ask([['immunization', 'cvx|110', { isToCome: true }]]);
    expect(chosenOf(chart).sort()).toEqual(['vis-dtap', 'vis-hepatitis-b', 'vis-polio']);
  });
});

describe('windows, from the request’s date', () => {
  const bronchitis = (days: number): Fact => [
    'problem',
    'icd-10-cm|J20.9',
    { isOfEncounter: false, notedAt: daysAgo(days) },
  ];
  const amoxicillin = (days: number): Fact => [
    'medication',
    'rxnorm|723',
    { isOfEncounter: false, notedAt: daysAgo(days) },
  ];

  test.each([
    ['an acute illness', bronchitis, 'topic-acutebronchitis'],
    ['a course of an antibiotic', amoxicillin, 'drug-a685001'],
  ] as const)('%s is past after 90 days', async (_name, make, id) => {
    expect(chosenOf(await ask([make(90)]))).toEqual([id]);
    expect(verdictOn(await ask([make(91)]), id)).toBe('short-illness');
  });

  const named = (code: string, display: string): Fact => [
    'problem',
    code,
    {
      isOfEncounter: false,
      notedAt: daysAgo(400),
      codings: [
        {
          system: code.startsWith('icd') ? 'icd-10-cm' : 'snomed-ct',
          systemSent: '',
          code: code.split('|')[1] ?? '',
          display,
          userSelected: false,
        },
      ],
    },
  ];

  test.each([
    [
      'a fracture by its code, on the page of a part of the body',
      named('icd-10-cm|S72.001A', ''),
      'topic-hipinjuriesanddisorders',
      'short-illness',
    ],
    [
      'a fracture by its title',
      named('snomedct|5913000', 'Fracture of neck of femur'),
      'topic-hipinjuriesanddisorders',
      'short-illness',
    ],
    ['the sequela of a fracture', named('icd-10-cm|S72.001S', ''), 'topic-hipinjuriesanddisorders', undefined],
    ['a disorder of the same part', named('icd-10-cm|M25.551', ''), 'topic-hipinjuriesanddisorders', 'further'],
  ] as const)('%s, of a year ago: %#', async (_name, fact, id, verdict) => {
    const answer = await ask([fact]);
    expect(answer.articles.map(({ article }) => article.id)).toContain(id);
    expect(verdictOn(answer, id)).toBe(verdict);
  });

  test('a vaccine of last month needs no sheet; one of today and one that is due do', async () => {
    const given = (days: number): Fact => ['immunization', 'cvx|10', { notedAt: daysAgo(days) }];
    const past = await ask([given(30)]);
    expect([past.articles, past.misses.map(({ reason }) => reason)]).toEqual([[], ['vaccine-given']]);
    expect(chosenOf(await ask([given(0)]))).toEqual(['vis-polio']);
    expect(chosenOf(await ask([['immunization', 'cvx|10', { isToCome: true, notedAt: daysAgo(30) }]]))).toEqual([
      'vis-polio',
    ]);
  });

  test.each([
    ['an arrest', 'I46.9', 'topic-suddencardiacarrest'],
    ['a stroke', 'I63.9', 'topic-ischemicstroke'],
    ['a miscarriage', 'O03.9', 'topic-miscarriage'],
  ])('%s of years ago is history, unless this encounter is about it', async (_name, code, id) => {
    const fact = (more: Partial<ChartQuestion>): Fact => ['problem', `icd-10-cm|${code}`, more];
    const past = await ask([fact({ isOfEncounter: false, notedAt: daysAgo(800) }), PRESSURE]);
    expect(chosenOf(past)).toEqual(['topic-highbloodpressure']);
    expect(chosenOf(await ask([fact({ isOfEncounter: true, notedAt: daysAgo(1) })]))).toContain(id);
  });

  test.each([
    ['preeclampsia', 'O14.90'],
    ['placenta previa', 'O44.00'],
    ['hyperemesis', 'O21.0'],
    ['gestational diabetes', 'O24.419'],
    ['Rh incompatibility', 'O36.0110'],
  ])('after a loss no page on %s of the pregnancy is left', async (_name, code) => {
    const loss: Fact = ['problem', 'icd-10-cm|O03.9', { isOfEncounter: true, notedAt: daysAgo(1) }];
    const before: Fact = ['problem', `icd-10-cm|${code}`, { isOfEncounter: true, notedAt: daysAgo(20) }];
    const context = { ...CLINICIAN, ...ADULT };
    const alone = (await ask([before], { context })).articles.map(({ article }) => article.id);
    expect(alone).not.toEqual([]);
    const after = await ask([loss, before], { context });
    const held = after.articles.filter(({ hold }) => hold === 'pregnancy-loss').map(({ article }) => article.id);
    expect(held.sort()).toEqual(alone.sort());
    expect(chosenOf(after)).toEqual(['topic-miscarriage']);
  });

  test.each([
    ['icd-10-cm|O08.9', []],
    ['icd-9-cm|639.0', ['topic-pelvicinflammatorydisease']],
    ['snomed-ct|2989004', []],
  ])('%s tells of a loss, though no page on it', async (code, chosen) => {
    const loss: Fact = ['problem', code, { isOfEncounter: true, notedAt: daysAgo(1) }];
    const before: Fact = ['problem', 'icd-10-cm|Z34.01', { isOfEncounter: true, notedAt: daysAgo(20) }];
    expect(chosenOf(await ask([loss, before], { context: { ...CLINICIAN, ...ADULT } }))).toEqual(chosen);
  });

  test('marked pages are the last of those that are not chosen, and a past loss after them', async () => {
    const loss: Fact = ['problem', 'icd-10-cm|O03.9', { isOfEncounter: false, notedAt: daysAgo(9000) }];
    const sad: Fact = ['problem', 'icd-10-cm|F32.9', BEFORE];
    const { articles } = await ask([loss, sad, PRESSURE, ['test', 'loinc|4548-4', BEFORE]], {
      context: { ...CLINICIAN, ...ADULT },
      situation: { sheet: { room: 20 } },
    });
    const verdicts = articles.flatMap(({ notChosen }) => notChosen ?? []);
    expect(verdicts.slice(verdicts.indexOf('sensitive'))).toEqual(
      expect.arrayContaining([...verdicts.filter((one) => one === 'sensitive' || one === 'past-loss')]),
    );
    expect(verdicts.at(-1)).toBe('past-loss');
    expect(verdicts.indexOf('sensitive')).toBeGreaterThan(verdicts.indexOf('test-result'));
  });

  test('an allergy of years ago is explained beside an injector against anaphylaxis', async () => {
    const peanut: Fact = ['allergy', 'icd-10-cm|Z91.010', { isOfEncounter: false, notedAt: daysAgo(3000) }];
    const injector: Fact = [
      'medication',
      'rxnorm|',
      { ...BEFORE, codings: [NAMED('epinephrine 0.3 mg auto-injector')] },
    ];
    expect(chosenOf(await ask([peanut, ...OTHERS]))).not.toContain('topic-foodallergy');
    expect(chosenOf(await ask([peanut, injector, ...OTHERS]))).toContain('topic-foodallergy');
  });

  test('an image that was taken in this encounter is a result', async () => {
    const chart = await ask([['procedure', 'snomed-ct|399208008', NOW_OF], PRESSURE]);
    expect(chosenOf(chart)).toEqual(['topic-highbloodpressure']);
    expect(verdictOn(chart, 'ency-003804')).toBe('test-result');
  });

  test('an earlier procedure is listed and not chosen', async () => {
    const chart = await ask([['procedure', 'snomed-ct|73761001', BEFORE]]);
    expect(verdictOn(chart, 'topic-colonoscopy')).toBe('earlier');
    expect(chosenOf(await ask([['procedure', 'snomed-ct|73761001', NOW_OF]]))).toEqual(['topic-colonoscopy']);
  });

  test('a pregnancy that is over has no pages and tests, and the weeks after it have theirs', async () => {
    const pregnancy: Fact = ['problem', 'icd-10-cm|Z33.1', { notedAt: daysAgo(60) }];
    const birth: Fact = ['problem', 'icd-10-cm|Z39.2', { notedAt: daysAgo(10) }];
    expect(verdictOn(await ask([pregnancy]), 'topic-pregnancy')).toBeUndefined();
    const after = await ask([pregnancy, birth]);
    expect(after.articles.map(({ article }) => article.id)).toContain('topic-postpartumcare');
    expect(after.articles.map(({ article }) => article.id)).not.toContain('topic-pregnancy');
    expect(after.misses.map(({ reason }) => reason)).toEqual(['pregnancy-over']);
    const longAgo = await ask([['problem', 'icd-10-cm|Z33.1', { notedAt: daysAgo(301) }]]);
    expect(longAgo.articles).toEqual([]);
  });

  test('what is in remission has pages on recovery and living with it alone', async () => {
    const chart = await ask([['problem', 'icd-10-cm|I63.9', { isInRemission: true }]]);
    expect(chart.articles.map(({ article }) => article.id)).not.toContain('topic-ischemicstroke');
    expect(chart.articles.map(({ article }) => article.id)).not.toContain('topic-stroke');
  });

  test('a patient who has died is asked nothing', async () => {
    const chart = await ask([DIABETES], { situation: { isDeceased: true } });
    expect([chart.articles, chart.isForDeceased]).toEqual([[], true]);
  });
});

describe('what is held', () => {
  const ABUSE: Fact = ['problem', 'icd-10-cm|T74.11XA', NOW_OF];
  const DEPRESSION: Fact = ['problem', 'icd-10-cm|F32.9', NOW_OF];
  const holdsOf = ({ articles }: ChartResponse) => articles.flatMap(({ hold }) => hold ?? []);

  test('abuse, from everybody but a clinician, who gets it last and not chosen', async () => {
    const plain = await ask([ABUSE, PRESSURE]);
    expect(holdsOf(plain)).toEqual([]);
    expect(plain.articles.every(({ sensitivities }) => !sensitivities.includes('SDV'))).toBe(true);
    expect(plain.misses.map(({ hold }) => hold)).toEqual(['abuse']);
    const listed = await ask([ABUSE, PRESSURE], { context: CLINICIAN });
    expect(listed.articles.at(-1)).toMatchObject({ hold: 'abuse', notChosen: 'held', treatment: 'hold' });
    expect(chosenOf(listed)).toEqual(['topic-highbloodpressure']);
  });

  test('whatever is marked, where the patient is under 18', async () => {
    expect(chosenOf(await ask([DEPRESSION], { context: { ...CLINICIAN, ...ADULT } }))).toEqual(['topic-depression']);
    const teenager = await ask([DEPRESSION], { context: { ...CLINICIAN, ...TEENAGER } });
    expect(new Set(holdsOf(teenager))).toEqual(new Set(['minor']));
    const proxy = await ask([DEPRESSION], { context: { ...TEENAGER, performer: 'PAT' } });
    expect(proxy.articles).toEqual([]);
  });

  test('but not ADHD and its tablets, which a parent hands out; at a portal they are', async () => {
    const facts: Fact[] = [
      ['problem', 'icd-10-cm|F90.2', NOW_OF],
      ['medication', 'rxnorm|1091145', NOW_OF],
    ];
    const situation = { sheet: { room: 20 } };
    const chart = await ask(facts, { context: { ...CLINICIAN, ...TEENAGER }, situation });
    expect(chosenOf(chart)).toEqual(['topic-attentiondeficithyperactivitydisorder', 'drug-a682188']);
    const portal = await ask(facts, { context: { ...TEENAGER, performer: 'PAT' }, situation: { setting: 'portal' } });
    expect(portal.articles).toEqual([]);
  });

  test('a fact in doubt, for a clinician to decide by one page; a confirmed fact leads to it without doubt', async () => {
    const doubtful: Fact = ['problem', 'icd-10-cm|C34.90', { doubt: 'unconfirmed' }];
    const chart = await ask([doubtful], { context: CLINICIAN });
    expect(chart.articles.map(({ article, hold }) => [article.id, hold])).toEqual([
      ['topic-lungcancer', 'unconfirmed'],
    ]);
    const both = await ask([doubtful, ['problem', 'icd-10-cm|C34.11', NOW_OF]], { context: CLINICIAN });
    expect(chosenOf(both)).toEqual(['topic-lungcancer']);
  });

  test('on a sheet a mark unticks a problem’s page and never a drug that an adult takes', async () => {
    const sertraline: Fact = ['medication', 'rxnorm|36437', BEFORE];
    const chart = await ask([DEPRESSION, sertraline], {
      context: { ...CLINICIAN, ...ADULT },
      situation: { sheet: { room: 20 } },
    });
    expect(chosenOf(chart)).toEqual(['drug-a697048']);
    expect(verdictOn(chart, 'topic-depression')).toBe('sensitive');
  });

  test('on a sheet in another language English is chosen by a clinician alone', async () => {
    const reading = (readIn: 'es' | 'other') => ({ situation: { sheet: { room: 20, readIn } } });
    expect(verdictOn(await ask([PRESSURE], reading('other')), 'topic-highbloodpressure')).toBe('language');
    expect(verdictOn(await ask([PRESSURE], reading('es')), 'topic-highbloodpressure')).toBeUndefined();
    const polio: Fact = ['immunization', 'cvx|10', { isToCome: true }];
    expect(verdictOn(await ask([polio], reading('es')), 'vis-polio')).toBe('language');
  });
});

describe('a department’s kinds', () => {
  const METFORMIN: Fact = ['medication', 'rxnorm|6809', BEFORE];
  const NEW_STATIN: Fact = ['medication', 'rxnorm|83367', NOW_OF];
  const WARFARIN: Fact = ['medication', 'rxnorm|11289', BEFORE];
  const LISINOPRIL: Fact = ['medication', 'rxnorm|29046', BEFORE];
  const CHART = [PRESSURE, METFORMIN, NEW_STATIN, WARFARIN, LISINOPRIL];
  const tick = (ticked: readonly TickedKind[] | undefined): Around => ({
    situation: { thresholds: { ...DEFAULT_THRESHOLDS, ticked } },
  });
  const names = new Map([
    ['topic-highbloodpressure', 'pressure'],
    ['drug-a600045', 'statin'],
    ['drug-a682277', 'warfarin'],
    ['drug-a696005', 'metformin'],
    ['drug-a692051', 'lisinopril'],
  ]);
  const read = (chart: ChartResponse): string[] => chosenOf(chart).map((id) => names.get(id) ?? id);

  test.each<[readonly TickedKind[] | undefined, string[]]>([
    [undefined, ['statin', 'metformin', 'warfarin', 'pressure', 'lisinopril']],
    [['problem'], ['warfarin', 'pressure']],
    [['high-risk-medication'], ['warfarin']],
    [[], ['warfarin']],
    [['new-medication'], ['statin', 'warfarin']],
    [['medication'], ['statin', 'metformin', 'warfarin', 'lisinopril']],
  ])('are ticked, and high-risk drugs with them: %j', async (ticked, expected) => {
    const chart = await ask(CHART, tick(ticked));
    expect(read(chart).sort()).toEqual([...expected].sort());
    // Nothing is lost: the others are listed.
    expect(chart.articles.length).toBe((await ask(CHART)).articles.length);
  });

  test('the others are named as such, and leave their places to those that are ticked', async () => {
    const chart = await ask([LISINOPRIL, ...OTHERS], tick(['problem']));
    expect(verdictOn(chart, 'drug-a692051')).toBe('department');
    expect(chosenOf(chart)).toHaveLength(5);
  });

  test('a question that is put by itself is chosen whatever its kind', async () => {
    const chart = await ask([['problem', 'icd-10-cm|I10', { isAsked: true }]], tick(['medication']));
    expect(chosenOf(chart)).toEqual(['topic-highbloodpressure']);
  });
});

describe('a drug whose code and title tell no form has the pages of the route by which it is taken', () => {
  test.each<[code: string, display: string, route: string, pages: string[]]>([
    ['6851', '', 'injection', ['drug-a682018']],
    ['6851', 'methotrexate', 'injection', ['drug-a682018']],
    ['6851', '', 'oral', ['drug-a682019']],
    ['8638', '', 'ophthalmic', ['drug-a682794']],
    ['4603', '', 'oral', ['drug-a682858']],
    // No page is about what is injected.
    ['4603', '', 'injection', []],
    ['4603', 'Lasix', 'injection', []],
    // A form that the title or the code tells goes before the route.
    ['105585', '', 'injection', ['drug-a682019']],
    ['6851', 'methotrexate 2.5 MG Oral Tablet', 'injection', ['drug-a682019']],
    ['', 'furosemide', 'injection', []],
    ['', 'timolol', 'ophthalmic', ['drug-a682043']],
  ])('%s %s %s', async (code, display, route, pages) => {
    const codings = [{ ...NAMED(display), code, route }];
    const { articles } = await ask([['medication', '', { codings }]]);
    expect(articles.map(({ article }) => article.id)).toEqual(pages);
  });
});
