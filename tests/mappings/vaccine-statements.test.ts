import { expect, test } from '@jest/globals';
import { describeWithData, read } from '../support/shared-data.js';
import { ENGLISH, FACTS, MAPPINGS } from './tables.js';

/** CDC's Vaccine Information Statements. */
const statements = [...FACTS.values()].filter(({ kind }) => kind === 'vis');

test('every statement has its edition and the number in its bar code', () => {
  const bare = statements.filter(({ cells }) => cells['edition_on'] === '' || cells['gdti'] === '');
  expect(bare.map(({ id }) => id)).toEqual([]);
});

/** A day as CDC writes it: `1/31/2025`. */
const toDay = (written: string): string => {
  const [month = '', day = '', year = ''] = written.split('/');
  return [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-');
};

describeWithData('vis', "beside CDC's tables of October 2025", () => {
  test('the statements in force are here, in the editions in force, and no other', () => {
    const current = read('vis/vis_documents.csv').filter(({ status }) => status === 'Current');
    const found = current.map(({ html = '', gdti = '', edition = '' }) => [html, gdti, toDay(edition)].join(' '));
    const ours = statements.map(({ id, cells }) =>
      [ENGLISH.get(id)?.cells['url'], cells['gdti'], cells['edition_on']].join(' '),
    );
    expect(ours.sort()).toEqual(found.sort());
  });

  test('every vaccine leads to the statements that CDC names for it', () => {
    const rows = read('vis/cvx_vis_current.csv');
    // The statement of a child's first vaccines is an alternative to those of each.
    const needed = rows.filter(({ html = '' }) => !html.endsWith('/childs-first.html'));
    expect(needed.length).toBeGreaterThan(80);
    const led = MAPPINGS.filter(({ system }) => system === 'cvx').map(
      ({ code, article }) => `${code} ${ENGLISH.get(article)?.cells['url'] ?? ''}`,
    );
    expect(needed.map(({ cvx = '', html = '' }) => `${cvx} ${html}`).filter((pair) => !led.includes(pair))).toEqual([]);
  });
});
