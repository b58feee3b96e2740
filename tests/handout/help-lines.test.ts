import { expect, test } from '@jest/globals';
import { HelpLines } from '../../src/handout/help-lines.js';

const lines = new HelpLines('resources');
const topic = { kind: 'topic', sensitivity: undefined, groups: [] } as const;

test.each([
  ['always: the emergency number', [topic], ['emergency']],
  ['a drug: poison control', [topic, { ...topic, kind: 'drug' }], ['emergency', 'poison']],
  ['mental health: 988', [{ ...topic, sensitivity: 'PSY' }], ['emergency', 'suicide']],
  ['substance use: both', [{ ...topic, sensitivity: 'ETH' }], ['emergency', 'suicide', 'poison']],
  ['a group of MedlinePlus', [{ ...topic, groups: ['Mental Health and Behavior'] }], ['emergency', 'suicide']],
  ['another mark: no more', [{ ...topic, sensitivity: 'HIV' }], ['emergency']],
] as const)('%s', (_name, articles, expected) => {
  expect(lines.choose(articles)).toEqual(expected);
});
