import { describe, expect, test } from '@jest/globals';
import { exchangeMark, findOtherMarks, isLikeMark, readMarks } from '../../../src/core/titles/title-marks.js';

const read = (text: string): Record<string, string> =>
  Object.fromEntries([...readMarks(text)].map(([label, values]) => [label, [...values].join(' ')]));

describe('numbers, letters and types are read from a title', () => {
  test.each<[string, Record<string, string>]>([
    ['Type 2 diabetes mellitus', { type: '2' }],
    ['DM type II', { type: '2' }],
    ['DM2', { type: '2' }],
    ['T1DM', { type: '1' }],
    ['Diabetes mellitus tipo 1', { type: '1' }],
    ['Type 1 and type 2', { type: '1 2' }],
    ['Neurofibromatosis-1', { type: '1' }],
    ['MEN2A', { type: '2a' }],
    ['Type IIa hyperlipoproteinemia', { type: '2a' }],
    ['CKD stage 3 or 4', { stage: '3 4' }],
    ['stages 1 through 4', { stage: '1 2 3 4' }],
    ['Enfermedad renal en estadio III', { stage: '3' }],
    ['ESRD', { stage: '5' }],
    ['Second-degree burn', { degree: '2' }],
    ['quemadura de tercer grado', { degree: '3' }],
    ['CIN III', { grade: '3' }],
    ['First trimester', { trimester: '1' }],
    ['tercer trimestre', { trimester: '3' }],
    ['Trisomy 18', { trisomy: '18' }],
    ['Hep C', { hepatitis: 'c' }],
    ['Hepatitis A and B vaccine', { hepatitis: 'a b' }],
    ['HBV', { hepatitis: 'b' }],
    ['Vitamin B-12', { vitamin: 'b12' }],
    ['Thiamine deficiency', { vitamin: 'b1' }],
    ['Factor VIII deficiency', { factor: '8' }],
    ['Hemofilia B', { factor: '9' }],
    ['Free T3', { 'thyroid hormone': '3' }],
    ['CA 19-9', { 'tumour marker': '199' }],
    ['Interferon beta-1a', { interferon: 'beta1a' }],
    ['PPSV23', { 'pneumococcal vaccine': 'polysaccharide' }],
    ['Chronic hepatitis, agudizada', { course: 'chronic' }],
    ['Acute on chronic pancreatitis', { course: 'acute chronic' }],
    ['Nonmalignant tumor', {}],
    ['Acute exacerbation of COPD', {}],
    ['Metastasis of unknown primary', { order: 'secondary' }],
    ['metformin 500 mg tablet', {}],
    ['36 weeks gestation', {}],
    ['left knee pain for 2 days', {}],
    ['Proteína C reactiva', {}],
    ['COVID-19', {}],
  ])('%s', (text, marks) => {
    expect(read(text)).toEqual(marks);
  });

  test('a part of a value may mean the same, another number does not', () => {
    expect(isLikeMark('b', 'b12')).toBe(true);
    expect(isLikeMark('2a', '2')).toBe(true);
    expect(isLikeMark('1', '12')).toBe(false);
    expect(isLikeMark('b1', 'b12')).toBe(false);
    expect(isLikeMark('2a', '2b')).toBe(false);
  });
});

describe('a mark is another', () => {
  const none = { telling: undefined, names: [] };
  const page = (title: string, ...alsoCalled: string[]) => ({
    texts: { en: { language: 'en' as const, title, alsoCalled, url: '', summary: undefined, origin: '' } },
  });

  test('where an article names one value and the title another', () => {
    const found = findOtherMarks('Type 1 diabetes mellitus', {
      ...none,
      pages: [page('Diabetes Type 2'), page('Diabetic Diet')],
    });
    expect(found).toEqual([{ label: 'type', values: new Set(['1']) }]);
    expect(
      findOtherMarks('Type 1 diabetes mellitus', { ...none, pages: [page('Diabetes'), page('Diabetic Diet')] }),
    ).toEqual([]);
  });

  test('not where the code has it, whatever its articles are called', () => {
    const pages = [page('Diabetes Type 2')];
    expect(findOtherMarks('Diabetes type 1', { telling: undefined, names: ['Type 1 diabetes'], pages })).toEqual([]);
    const telling = new Map([['type', new Set(['1', '2'])]]);
    expect(findOtherMarks('Diabetes type 1', { telling, names: [], pages })).toEqual([]);
  });

  test('where only some values are known to lead to the articles', () => {
    const known = {
      telling: new Map([['stage', new Set(['1', '2'])]]),
      names: [],
      pages: [page('Chronic Kidney Disease')],
    };
    expect(findOtherMarks('CKD 4', known)).toHaveLength(1);
    expect(findOtherMarks('CKD 2', known)).toEqual([]);
  });

  test('a benign code is not a malignant one, whatever its articles are called', () => {
    const names = ['Benign neoplasm of colon'];
    const found = findOtherMarks('Colon cancer', { telling: undefined, names, pages: [page('Colonic Polyps')] });
    expect(found.map(({ label }) => label)).toEqual(['behaviour']);
  });

  test('not where only another name of the article has an adjective by the way', () => {
    const pages = [page('High Blood Pressure', 'Benign essential hypertension')];
    expect(findOtherMarks('Malignant hypertension', { ...none, pages })).toEqual([]);
    expect(findOtherMarks('Chronic pancreatitis', { ...none, pages: [page('Acute pancreatitis')] })).toHaveLength(1);
    const numbered = [page('Down Syndrome', 'Trisomy 21')];
    expect(findOtherMarks('Trisomy 13 syndrome', { ...none, pages: numbered })).toHaveLength(1);
  });

  test('the other article is named like the code\u2019s own', () => {
    const names = exchangeMark(['Diabetes Type 2', 'Diabetic Diet'], { label: 'type', values: new Set(['1']) });
    expect(names).toContain('diabetes type 1');
    expect(names).toContain('diabetes type i');
    expect(names.some((name) => name.includes('diet'))).toBe(false);
  });
});

test('a list that ends in nothing is read at once, however long it is', () => {
  for (const joint of [' ,', ' , ', ' and/or', ' a', ' o ']) {
    const marks = readMarks(`type 1${joint.repeat(100)} x`);
    expect([...(marks.get('type') ?? [])]).toContain('1');
  }
});
