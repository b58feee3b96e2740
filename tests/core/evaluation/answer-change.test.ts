import { expect, test } from '@jest/globals';
import { compareLibraries } from '../../../src/core/evaluation/answer-change.js';
import type { Library } from '../../../src/core/model/library.js';
import { MemoryLibrary } from '../../support/memory-library.js';

test('answers of very many codes are compared in portions: no library is asked all of them before the other', async () => {
  const asked: string[] = [];
  const watched = (name: string): Library => {
    const library = new MemoryLibrary({ mappings: [], crosswalks: [], articles: [] });
    const findMappings = library.findMappings.bind(library);
    library.findMappings = (codings) => {
      asked.push(name);
      return findMappings(codings);
    };
    return library;
  };
  const codes = Array.from({ length: 250 }, (_, index) => ({
    coding: {
      system: 'icd-10-cm',
      systemSent: 'icd-10-cm',
      code: `Q${10 + (index % 90)}.${Math.floor(index / 90)}`,
      display: '',
      userSelected: false,
    } as const,
    name: '',
    count: 0,
    byLanguage: new Map(),
  }));
  await compareLibraries(codes, ['en'], { before: watched('before'), after: watched('after') }, 3);
  const turns = asked.filter((name, index) => name !== asked[index - 1]);
  expect(turns).toEqual(['before', 'after', 'before', 'after', 'before', 'after']);
});
