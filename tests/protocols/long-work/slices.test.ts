import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LibraryRows } from '../../../src/build/source.js';
import { NO_ROWS } from '../../../src/build/source.js';
import { createWholeTerminology } from '../../../src/protocols/fhir/terminology/systems/whole-terminology.js';
import { filterInSlices, mapInSlices } from '../../../src/protocols/long-work/slices.js';
import { openSeedLayers, putSeedFile } from '../../contract/seed-layers.js';
import type { SeededLibrary } from '../../contract/seeded-library.js';
import { released } from '../../contract/seeded-library.js';
import { seedPlaces } from '../../library/places.js';
import { temporaryFolder } from '../../support/connector.js';

/** As many codes as ICD-10-CM has. */
const CODES = 95_000;
/** Rows of a library, and things in memory, that are looked at before others have the process. */
const MOST_ROWS = 500;
const MOST_THINGS = 2000;

/** Counts how much is done before others have the process, in each turn that they wait for: what comes first may end the turn before. */
function countTurns() {
  const turns = [0];
  let isOver = false;
  const wait = async (): Promise<void> => {
    while (!isOver) {
      await setImmediate();
      turns.push(0);
    }
  };
  const waiting = wait();
  return {
    add: (count: number): void => {
      turns[turns.length - 1] = (turns.at(-1) ?? 0) + count;
    },
    end: async (): Promise<readonly number[]> => {
      isOver = true;
      await waiting;
      return turns;
    },
  };
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

describe('a long list', () => {
  const items = Array.from({ length: CODES }, (_, index) => index);

  test.each([
    ['at once', (count: () => void) => filterInSlices(items, (item) => (count(), item % 2 === 0))],
    [
      'by a test that answers later',
      (count: () => void) => filterInSlices(items, async (item) => (count(), item % 2 === 0)),
    ],
  ])('is sifted %s, and others come between', async (_name, sift) => {
    const turns = countTurns();
    const found = await sift(() => {
      turns.add(1);
    });
    expect(found).toEqual(items.filter((item) => item % 2 === 0));
    const done = await turns.end();
    expect(sumOf(done)).toBe(CODES);
    expect(Math.max(...done.slice(1))).toBeLessThanOrEqual(MOST_THINGS);
  });

  test('is made into another, and others come between', async () => {
    const turns = countTurns();
    const made = await mapInSlices(items, (item) => {
      turns.add(1);
      return item + 1;
    });
    expect([made.length, made[0], made.at(-1)]).toEqual([CODES, 1, CODES]);
    expect(Math.max(...(await turns.end()).slice(1))).toBeLessThanOrEqual(MOST_THINGS);
  });
});

describe('a code system of 95,000 codes', () => {
  let seeded: SeededLibrary;
  /** Codes between which those of the starter lie. */
  const codes = Array.from({ length: CODES }, (_, index) => {
    return `${String.fromCharCode(65 + (index % 26))}${String(index).padStart(5, '0')}`;
  });
  let described: string[];
  beforeAll(async () => {
    const folder = temporaryFolder();
    const places = seedPlaces(folder.path);
    await putSeedFile(places, ['starter']);
    seeded = await openSeedLayers(places, ['starter'], async () => {
      folder.remove();
    });
    const { release } = seeded.library.status();
    described = seeded.library.listConcepts('icd-10-cm', '', CODES).map(({ code }) => code);
    const common = { system: 'icd-10-cm', parent: undefined, billable: undefined, active: true, names: [] } as const;
    const concepts: LibraryRows['concepts'] = codes.map((code) => ({ ...common, code, title: `Concept ${code}` }));
    await seeded.importRows({ ...NO_ROWS, concepts });
    await released(seeded.library, (now) => now !== release);
  });
  afterAll(() => seeded.remove());

  test('is gathered a piece at a time, once for all who wait, and others come between', async () => {
    const turns = countTurns();
    const { library } = seeded;
    const watched = new Proxy(library, {
      get: (_inner, name) => {
        const value: unknown = Reflect.get(library, name);
        if (name === 'listConcepts') {
          return (...asked: Parameters<typeof library.listConcepts>) => {
            const page = library.listConcepts(...asked);
            turns.add(page.length);
            return page;
          };
        }
        return typeof value === 'function' ? (value.bind(library) as unknown) : value;
      },
    });
    const whole = createWholeTerminology(watched);
    const [first, second] = await Promise.all([whole.readConcepts('icd-10-cm'), whole.readConcepts('icd-10-cm')]);
    const done = await turns.end();
    const all = [...new Set([...described, ...codes])].sort();
    // Beside them stand codes that are only mapped, without a name.
    expect(first.filter(({ display }) => display !== undefined).map(({ code }) => code)).toEqual(all);
    expect(second).toBe(first);
    expect(sumOf(done)).toBe(all.length);
    expect(Math.max(...done)).toBeLessThanOrEqual(MOST_ROWS);
  });

  test('has as many codes as its releases describe, each counted once', async () => {
    expect(described.length).toBeGreaterThan(3);
    const counts = seeded.library.countConcepts();
    expect(counts.get('icd-10-cm')).toBe(new Set([...described, ...codes]).size);
  });
});
