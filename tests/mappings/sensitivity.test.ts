import { expect, test } from '@jest/globals';
import { ENGLISH, FACTS, titleOf } from './tables.js';

/** The end of the rules of choosing a page: which pages carry a mark, by what their titles speak of. */
const sensitivityOfPage = (id: string): string => FACTS.get(id)?.cells['sensitivity'] ?? '';
const ABOUT_READERS = /^(topic|ency|encypi|test)-/;

test.each([
  ['HIV', /\bHIV\b/],
  ['SEX', /stillb|teen sexual/i],
  ['PSY', /suicid|self-harm|\bmental health/i],
  ['ETH', /(?<!control pill )overdose|opioid|fetal alcohol|heroin|cocaine|methamphetamine|toxicology screen/i],
  ['TBOO', /hospice|end of life|resuscitate/i],
  ['SDV', /domestic violence|intimate partner/i],
])('every page marked %s by its title carries the mark, or a stricter one', (sensitivity, title) => {
  const pages = [...ENGLISH.keys()].filter((id) => ABOUT_READERS.test(id) && title.test(titleOf(id)));
  expect(pages.length).toBeGreaterThan(0);
  // Abuse is held where others are marked.
  const bare = pages.filter((id) => ![sensitivity, 'SDV'].includes(sensitivityOfPage(id)));
  expect(bare.map((id) => `${id} ${titleOf(id)}`)).toEqual([]);
});

test.each([
  ['topic-hivinwomen', 'HIV'],
  ['topic-hivandinfections', 'HIV'],
  ['topic-stillbirth', 'SEX'],
  ['encypi-000626', 'SEX'],
  ['test-suicide-risk-screening', 'PSY'],
  ['topic-teenmentalhealth', 'PSY'],
  ['topic-teensexualhealth', 'SEX'],
  ['topic-safeopioiduse', 'ETH'],
  ['topic-pregnancyandopioids', 'ETH'],
  ['ency-002598', 'ETH'],
  ['test-fetal-alcohol-spectrum-disorders-fasd-screening', 'ETH'],
  ['topic-hospicecare', 'TBOO'],
  ['topic-endoflifeissues', 'TBOO'],
])('%s is marked %s', (id, sensitivity) => {
  expect(sensitivityOfPage(id)).toBe(sensitivity);
});
