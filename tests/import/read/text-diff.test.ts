import { describe, expect, test } from '@jest/globals';
import { TextComparison, formatDiff } from '../../../src/import/read/text-diff.js';
import type { TextFacts } from '../../../src/build/source.js';
import { NO_ROWS } from '../../../src/build/source.js';

const text = (article: string, facts: Partial<TextFacts> = {}): TextFacts => ({
  ...{ article, language: 'en', title: article, url: `https://medlineplus.gov/${article}.html` },
  ...facts,
});

function compare(before: readonly TextFacts[], after: readonly TextFacts[], replacesAll = true) {
  const comparison = new TextComparison(before, replacesAll);
  comparison.take({ ...NO_ROWS, texts: [...after] });
  return comparison.diff();
}

describe('what an import changes of texts', () => {
  test('is nothing where they are the same, whatever their markup', () => {
    const before = text('acne', { summaryHtml: '<p>Acne is common. It passes.</p>' });
    const after = text('acne', { summaryHtml: '<p>Acne is  common.</p><p>It passes.</p>' });
    expect(compare([before], [after])).toEqual({ added: 0, changed: 0, withdrawn: 0, entries: [] });
  });

  test('is told by sentences that go and come', () => {
    const before = text('acne', { summaryHtml: '<p>Acne is common. It is caused by chocolate.</p>' });
    const after = text('acne', {
      title: 'Acne!',
      summaryHtml: '<p>Acne is common. ¿Es grave? It has many causes.</p>',
    });
    expect(compare([before], [after]).entries).toEqual([
      [
        '~ acne (en) Acne!',
        '    title: acne → Acne!',
        '    summary:',
        '    - It is caused by chocolate.',
        '    + ¿Es grave?',
        '    + It has many causes.',
      ].join('\n'),
    ]);
  });

  test('tells the two languages of an article apart', () => {
    const { added, changed } = compare([text('acne')], [text('acne'), text('acne', { language: 'es' })]);
    expect([added, changed]).toEqual([1, 0]);
  });

  test('withdraws what is lacking, but not from the shipped files', () => {
    expect(compare([text('acne'), text('gout')], [text('acne')])).toMatchObject({
      withdrawn: 1,
      entries: ['- gout (en) gout'],
    });
    expect(compare([text('acne'), text('gout')], [text('acne')], false)).toMatchObject({ withdrawn: 0, entries: [] });
  });

  test('is cut on a screen and whole in a file', () => {
    const many = Array.from({ length: 130 }, (_, index) => text(`topic-${index}`));
    const diff = compare([], many);
    expect(formatDiff(diff, false).split('\n').at(-2)).toBe('… and 30 more; --diff <file> lists all');
    expect(formatDiff(diff, true).split('\n')).toHaveLength(132);
  });
});
