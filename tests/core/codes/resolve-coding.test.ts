import { describe, expect, test } from '@jest/globals';
import type { RequestCoding } from '../../../src/core/answer/knowledge-request.js';
import { resolveCodings } from '../../../src/core/codes/resolve-coding.js';
import type { Coding } from '../../../src/core/model/library.js';
import { MemoryLibrary } from '../../support/memory-library.js';

// tests/cases has the articles of codes; these are the queries of the library.

const coding = (more: Partial<RequestCoding>): RequestCoding => ({
  system: 'rxnorm',
  systemSent: 'rxnorm',
  code: '861007',
  display: '',
  userSelected: false,
  ...more,
});

const ROW = {
  layer: 'starter',
  article: 'topic-a',
  relationship: 'equivalent',
  rank: 1,
  sensitivity: undefined,
  origin: 'curated',
  note: '',
} as const;

describe('what the library is asked', () => {
  test.each<readonly [name: string, coding: Partial<RequestCoding>, asks: string[]]>([
    ['the code as its system writes it', { system: 'icd-10-cm', code: ' n5314' }, ['icd-10-cm|N53.14']],
    ['a diagnosis by its code alone', { system: 'icd-10-cm', code: 'I10', display: 'aspirin' }, ['icd-10-cm|I10']],
    ['a test by its code alone', { system: 'loinc', code: '4548-4', display: 'aspirin' }, ['loinc|4548-4']],
    ['a drug by its code, then its name', { display: 'Aspirin' }, ['rxnorm|861007', 'drug-name|aspirin']],
    ['a drug by its name alone', { code: '', display: 'Aspirin' }, ['drug-name|aspirin']],
    ['a name in place of the code', { code: 'Aspirin' }, ['drug-name|aspirin']],
    ['an NDC in eleven digits', { system: 'ndc', code: '0310-0751-39' }, ['ndc|00310075139']],
    ['nothing for an unknown system', { system: undefined, display: 'Aspirin' }, []],
    ['nothing for an impossible code', { system: 'loinc', code: 'BRCA1' }, []],
    ['nothing for a missing code', { system: 'icd-10-cm', code: '  ' }, []],
  ])('%s', (_name, sent, asks) => {
    const asked: Coding[] = [];
    const library = Object.assign(new MemoryLibrary({ articles: [], crosswalks: [], mappings: [] }), {
      findMappings: (codings: readonly Coding[]) => {
        asked.push(...codings);
        return [];
      },
    });
    resolveCodings([coding(sent)], library);
    expect(asked.map(({ system, code }) => `${system}|${code}`)).toEqual(asks);
  });

  test('not the names of a drug whose code has rows', () => {
    const asked: Coding[] = [];
    const library = Object.assign(new MemoryLibrary({ articles: [], crosswalks: [], mappings: [] }), {
      findMappings: (codings: readonly Coding[]) => {
        asked.push(...codings);
        return codings.map((one, input) => ({ ...ROW, ...one, input, levels: 0, crossings: 0, path: [] }));
      },
    });
    resolveCodings([coding({ display: 'Aspirin' })], library);
    expect(asked).toEqual([{ system: 'rxnorm', code: '861007' }]);
  });
});

describe('how far an answer lies', () => {
  const rows = new MemoryLibrary({
    articles: [],
    crosswalks: [{ from: { system: 'rxnorm', code: '3' }, to: { system: 'rxnorm', code: '1' } }],
    mappings: [
      { system: 'rxnorm', code: '1' },
      { system: 'icd-10-cm', code: 'E11' },
      { system: 'drug-name', code: 'aspirin' },
    ].map((key) => ({
      ...(key as { system: 'rxnorm'; code: string }),
      ...ROW,
    })),
  });

  const distanceOf = (sent: Partial<RequestCoding>): number | undefined =>
    resolveCodings([coding(sent)], rows)[0]?.distance;

  test('rises from the own row over ancestors, crosswalks and names to nowhere', () => {
    const distances = [
      distanceOf({ code: '1' }),
      distanceOf({ system: 'icd-10-cm', code: 'E11.9' }),
      distanceOf({ system: 'icd-10-cm', code: 'E11.3211' }),
      distanceOf({ code: '3' }),
      distanceOf({ code: '2', display: 'aspirin' }),
      distanceOf({ code: '2' }),
    ];
    expect(distances[0]).toBe(0);
    expect(distances.at(-1)).toBe(Infinity);
    expect(distances).toEqual([...new Set(distances)].sort((a = 0, b = 0) => a - b));
  });
});
