import { afterEach, expect, test } from '@jest/globals';
import type { OpenSeed, SeededLibrary } from './seeded-library.js';
import { coding, icd10 } from './seeded-library.js';

const codes = (found: readonly { readonly code: string }[]): string[] => found.map(({ code }) => code);

/** Whole code systems, mapping files and crosswalks. */
export function terminologyContract(open: OpenSeed): void {
  let seeded: SeededLibrary | undefined;
  afterEach(async () => {
    await seeded?.remove();
    seeded = undefined;
  });

  test('the codes of a system are counted once, whatever layers describe them', async () => {
    seeded = await open(['starter', 'imported']);
    expect([...seeded.library.status().concepts]).toEqual([['icd-10-cm', 6]]);
  });

  test('a system is listed page by page, of its top layer', async () => {
    seeded = await open(['starter', 'imported']);
    const { library } = seeded;
    expect(codes(library.terminology.listConcepts('icd-10-cm', '', 4))).toEqual(['10', 'J40-J4A', 'J45', 'J45.90']);
    const rest = library.terminology.listConcepts('icd-10-cm', 'J45.90', 4);
    expect(codes(rest)).toEqual(['J45.909', 'N53.14']);
    expect(rest[0]?.title).toBe('Asthma, as an import words it');
    expect(library.terminology.listConcepts('snomed-ct', '', 4)).toEqual([]);
  });

  test('children are the codes right below, as they are known alone', async () => {
    seeded = await open(['starter', 'imported']);
    const { library } = seeded;
    expect(codes(library.terminology.findChildren(icd10('J40-J4A')))).toEqual(['J45']);
    expect(codes(library.terminology.findChildren(icd10('J45.90')))).toEqual(['J45.909']);
    expect(library.terminology.findChildren(icd10('J45.90'))).toEqual(library.findConcepts([icd10('J45.909')]));
    expect(library.terminology.findChildren(icd10('N53.14'))).toEqual([]);
  });

  test('the rows of a mapping file come in order, of each code the top layer', async () => {
    seeded = await open(['starter', 'imported']);
    const rows = seeded.library.terminology.listMappings('icd-10-cm', '', 1000);
    expect(rows.map(({ code, article, rank }) => `${code} ${article ?? 'none'} ${rank}`)).toEqual([
      'E11 topic-diabetestype2 1',
      'E11.3 topic-diabeticeyeproblems 1',
      'E11.3 topic-diabetestype2 2',
      'J45 topic-asthma 1',
      'N53.14 ency-001282 1',
      'W19 topic-falls 1',
      'Z53 none 1',
    ]);
    expect(rows[3]).toMatchObject({ relationship: 'broader', sensitivity: undefined, origin: 'curated', note: '' });
  });

  test('crosswalks are found from both ends', async () => {
    seeded = await open(['starter']);
    const { library } = seeded;
    expect(library.status().crosswalks).toContainEqual({ from: 'snomed-ct', to: 'icd-10-cm' });
    const asthma = { from: coding('snomed-ct', '195967001'), to: icd10('J45.909'), relationship: 'equivalent' };
    expect(library.terminology.findCrosswalks(asthma.from, 'from')).toEqual([asthma]);
    expect(library.terminology.findCrosswalks(asthma.to, 'to')).toContainEqual(asthma);
    expect(library.terminology.findCrosswalks(asthma.to, 'from')).toEqual([]);
    expect(library.terminology.listCrosswalks({ from: 'snomed-ct', to: 'icd-10-cm' }, '', 1000)).toHaveLength(3);
  });
}
