import { describe, expect, test } from '@jest/globals';
import type { ArticleKind } from '../../../src/core/model/article.js';
import { contextFit, findEncounter, findSubTopic, findTask } from '../../../src/core/answer/rank.js';
import { type RequestContext, ANYONE } from '../../../src/core/answer/knowledge-request.js';

const NOBODY: RequestContext = ANYONE;

const compare = (left: readonly number[], right: readonly number[]): number => {
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
};

/** Whether a kind of article suits a reader better than another kind does. */
const isBetter = (kind: ArticleKind, other: ArticleKind, reader: Partial<RequestContext>): boolean =>
  compare(contextFit(kind, { ...NOBODY, ...reader }), contextFit(other, { ...NOBODY, ...reader })) < 0;

test('without context no kind is better than another', () => {
  expect(isBetter('topic', 'ency', {})).toBe(false);
  expect(isBetter('ency', 'topic', {})).toBe(false);
});

describe('which kind of article is better', () => {
  test.each<readonly [name: string, kind: ArticleKind, other: ArticleKind, reader: Partial<RequestContext>]>([
    ['instructions for a discharge', 'encypi', 'topic', { task: 'DISCHINSTE' }],
    ["a site's own sheet for a discharge", 'local', 'topic', { task: 'DISCHINSTE' }],
    ['the plain topic for the problem list', 'topic', 'ency', { task: 'PROBLISTREV' }],
    ['the test for laboratory results', 'test', 'topic', { task: 'LABRREV' }],
    ['the drug for an order of a medicine', 'drug', 'topic', { task: 'MEDOE' }],
    ['the supplement too for a medication list', 'herb', 'topic', { task: 'MLREV' }],
    ['instructions for an inpatient', 'encypi', 'topic', { encounter: 'IMP' }],
    ['instructions in the emergency room', 'encypi', 'topic', { encounter: 'EMER' }],
    ['the drug for adverse effects', 'drug', 'topic', { subTopics: ['Q000009'] }],
    ['the test for a diagnosis', 'test', 'topic', { subTopics: ['Q000175'] }],
    ['the encyclopedia for a cause', 'ency', 'topic', { subTopics: ['Q000209'] }],
    ['the encyclopedia for a clinician', 'ency', 'topic', { recipient: 'PROV' }],
    ['the sub-topic over the task', 'drug', 'test', { subTopics: ['Q000009'], task: 'LABRREV' }],
    ['the task over the setting', 'test', 'encypi', { task: 'LABRREV', encounter: 'IMP' }],
    ['the setting over the recipient', 'encypi', 'ency', { encounter: 'IMP', recipient: 'PROV' }],
  ])('%s', (_name, kind, other, reader) => {
    expect(isBetter(kind, other, reader)).toBe(true);
    expect(isBetter(other, kind, reader)).toBe(false);
  });
});

describe('codes that have an effect', () => {
  test.each(
    (
      'LABOE MEDOE ALLERLREV CLINNOTEE DIAGLISTE DISCHSUME PATEDUE DISCHINSTE PATREPE PROBLISTE RADREPE REMLE ' +
      'WELLREMLE ALLERLE CLINNOTEREV DISCHSUMREV DIAGLISTREV IMMLE LABRREV MICRORREV MICROORGRREV MICROSENSRREV MLREV ' +
      'MARWLREV PATREPREV PROBLISTREV RADREPREV IMMLREV REMLREV WELLREMLREV RISKASSESS FALLRISK'
    ).split(' '),
  )('the task %s', (task) => {
    expect(findTask(task)).toBe(task);
    expect(findTask(` ${task.toLowerCase()} `)).toBe(task);
  });

  test("the guide's own MEDLISTREV is MLREV", () => {
    expect(findTask('MEDLISTREV')).toBe('MLREV');
  });

  test.each(
    (
      'Q000008 Q000744 Q000009 D004347 Q000145 Q000209 Q000175 Q000628 D011379 Q000627 Q000493 Q000494 Q000633 ' +
      'Q000506'
    ).split(' '),
  )('the sub-topic %s', (subTopic) => {
    expect(findSubTopic(subTopic)).toBe(subTopic);
    expect(findSubTopic(subTopic.toLowerCase())).toBe(subTopic);
  });

  test.each(['IMP', 'EMER', 'imp'])('the encounter %s', (encounter) => {
    expect(findEncounter(encounter)).toBe(encounter.toUpperCase());
  });
});

test.each(['', 'NOSUCH', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])('%j has no effect', (code) => {
  expect(findTask(code)).toBeUndefined();
  expect(findEncounter(code)).toBeUndefined();
  expect(findSubTopic(code)).toBeUndefined();
});
