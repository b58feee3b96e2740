import { afterEach, expect, test } from '@jest/globals';
import type { OpenSeed, SeededLibrary } from './seeded-library.js';
import { icd10 } from './seeded-library.js';

/** Concepts: titles and places of codes, of the highest layer that has them; and the history of releases. */
export function conceptsContract(open: OpenSeed): void {
  let seeded: SeededLibrary | undefined;
  afterEach(async () => {
    await seeded?.remove();
    seeded = undefined;
  });

  test('a concept comes as it was written, a heading too', async () => {
    seeded = await open(['starter']);
    const { library } = seeded;
    const { release } = library.status();
    const rest = { system: 'icd-10-cm', active: true, release };
    expect(library.findConcepts([icd10('J45'), icd10('J40-J4A'), icd10('10'), icd10('N53.14')])).toEqual([
      {
        ...rest,
        code: 'J45',
        title: 'Asthma',
        parent: 'J40-J4A',
        billable: false,
        names: ['bronchial asthma', 'allergic asthma'],
      },
      {
        ...rest,
        code: 'J40-J4A',
        title: 'Chronic lower respiratory diseases',
        parent: '10',
        billable: undefined,
        names: [],
      },
      {
        ...rest,
        code: '10',
        title: 'Diseases of the respiratory system',
        parent: undefined,
        billable: undefined,
        names: [],
      },
      { ...rest, code: 'N53.14', title: 'Retrograde ejaculation', parent: 'N53.1', billable: true, names: [] },
    ]);
  });

  test('codes of which nothing is known are left out, and nothing is asked for nothing', async () => {
    seeded = await open(['starter']);
    expect(seeded.library.findConcepts([icd10('Q99.9')])).toEqual([]);
    expect(seeded.library.findConcepts([])).toEqual([]);
  });

  test('an import goes before the starter, code by code', async () => {
    seeded = await open(['starter', 'imported']);
    const found = seeded.library.findConcepts([icd10('J45.909'), icd10('J45.90'), icd10('J45')]);
    expect(found.map(({ code, title, release }) => `${code} ${title} (${release.split('-')[0] ?? ''})`)).toEqual([
      'J45.909 Asthma, as an import words it (imported)',
      'J45.90 Unspecified asthma (imported)',
      'J45 Asthma (starter)',
    ]);
  });

  test('a starter holds no system whole', async () => {
    seeded = await open(['starter']);
    expect(seeded.library.status().completeSystems.size).toBe(0);
  });

  test('the history tells what each release added, the latest first', async () => {
    seeded = await open(['starter', 'imported']);
    const [latest, first, ...others] = seeded.library.findReleases(10);
    expect(others).toEqual([]);
    expect(latest).toMatchObject({ layer: 'imported', isActive: true, changes: { concepts: { added: 2 } } });
    expect(first).toMatchObject({ layer: 'starter', isActive: true, changes: { concepts: { added: 5 } } });
    expect(first?.activatedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(seeded.library.findReleases(1)).toHaveLength(1);
  });
}
