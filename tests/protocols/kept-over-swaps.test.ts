import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Library } from '../../src/core/model/library.js';
import type { SitePolicy } from '../../src/core/policy/site-policy.js';
import { NO_POLICY } from '../../src/core/policy/site-policy.js';
import { openLibrary } from '../../src/library/open.js';
import type { LibraryRows } from '../../src/build/source.js';
import { NO_ROWS } from '../../src/build/source.js';
import { DocumentIndex } from '../../src/protocols/fhir/search/document-facts.js';
import { createWholeTerminology } from '../../src/protocols/fhir/terminology/systems/whole-terminology.js';
import { createCatalogue } from '../../src/web/catalogue.js';
import { openSeedLayers, putSeedFile } from '../contract/seed-layers.js';
import type { SeededLibrary } from '../contract/seeded-library.js';
import { released } from '../contract/seeded-library.js';
import { NOW, handoutRows, put } from '../contract/written-rows.js';
import { seedPlaces } from '../library/places.js';
import { temporaryFolder } from '../support/connector.js';
import { watchLibrary } from '../support/watched-library.js';

let folder: ReturnType<typeof temporaryFolder>;
let seeded: SeededLibrary;
beforeEach(async () => {
  folder = temporaryFolder();
  const places = seedPlaces(folder.path);
  await putSeedFile(places, ['starter', 'imported']);
  seeded = await openSeedLayers(places, ['starter', 'imported'], async () => {
    folder.remove();
  });
});
afterEach(() => seeded.remove());

const HANDOUTS = Array.from({ length: 120 }, (_, index) => `topic-paper${index}`);

/** A release of many articles, one of which has a title of its own, each with a code. */
function paper(title: string, ids: readonly string[] = HANDOUTS): LibraryRows {
  return {
    ...NO_ROWS,
    texts: ids.map((article, index) => {
      const url = `https://paper.example/${article}`;
      return { article, language: 'en', title: index === 7 ? title : `Paper ${article}`, url };
    }),
    mappings: ids.map((article, index) => {
      const code = `J${String(10 + (index % 80))}.${Math.floor(index / 80)}`;
      const said = { relationship: 'equivalent', rank: 1, origin: 'curated', note: '' } as const;
      return { system: 'icd-10-cm', code, article, ...said, sensitivity: undefined, line: 0 };
    }),
  };
}

/** A row of an article that another source brings. */
const rowOf = (code: string, article: string): LibraryRows => {
  const said = { relationship: 'equivalent', rank: 1, origin: 'curated', note: '', sensitivity: undefined } as const;
  return { ...NO_ROWS, mappings: [{ system: 'icd-10-cm', code, article, ...said, line: 0 }] };
};

const concepts = (count: number): LibraryRows => ({
  ...NO_ROWS,
  concepts: Array.from({ length: count }, (_, index) => {
    const code = `A${String(index).padStart(5, '0')}`;
    return { system: 'snomed-ct', code, title: `Concept ${code}`, active: true, names: [] } as const;
  }).map((one) => ({ ...one, parent: undefined, billable: undefined })),
});

async function swap(change: () => Promise<void>): Promise<void> {
  const before = seeded.library.status().release;
  await change();
  await released(seeded.library, (release) => release !== before);
}

/** All that is gathered of a whole library and kept over swaps. */
function gatheredOf(library: Library) {
  const [documents, catalogue, whole] = [
    new DocumentIndex(library),
    createCatalogue(library),
    createWholeTerminology(library),
  ];
  return async () => ({
    documents: await documents.all(),
    catalogue: await catalogue.read(),
    articles: await whole.articles(),
    concepts: await whole.readConcepts('icd-9-cm'),
    mappings: await whole.readMappings('icd-10-cm'),
    crosswalks: await whole.readCrosswalks({ from: 'snomed-ct', to: 'icd-10-cm' }),
  });
}

async function gatheredAnew() {
  const { library } = await openLibrary(seedPlaces(folder.path));
  try {
    return await gatheredOf(library)();
  } finally {
    await library.close();
  }
}

describe('what is gathered of a whole library', () => {
  test('is after each swap what it is of a library that was opened then', async () => {
    const gather = gatheredOf(seeded.library);
    expect(await gather()).toEqual(await gatheredAnew());
    const steps: (() => Promise<void>)[] = [
      () => seeded.importRows(paper('A title')),
      () => seeded.importRows(paper('Another title', HANDOUTS.slice(3))),
      () => seeded.importRows(rowOf('W19', 'topic-paper1'), 'rows'),
      () => seeded.importRows(paper('A title', HANDOUTS.slice(3))),
      () => seeded.importRows(paper('A title')),
      () => seeded.importRows(concepts(600)),
      () => seeded.relay(['starter', 'imported', 'written']),
      () => seeded.importRows(paper('A title', HANDOUTS.slice(0, 9))),
      () => seeded.relay(['starter']),
    ];
    for (const step of steps) {
      await swap(step);
      expect(await gather()).toEqual(await gatheredAnew());
    }
  });

  test('is after a swap the same, but for what the swap changed', async () => {
    await swap(() => seeded.importRows(paper('A title')));
    const gather = gatheredOf(seeded.library);
    const before = await gather();
    await swap(() => seeded.importRows(paper('Another title')));
    const after = await gather();
    const [changed = ''] = HANDOUTS.slice(7);
    for (const kind of ['documents', 'articles'] as const) {
      const others = after[kind].filter((one, index) => one !== before[kind][index]);
      expect(others).toHaveLength(1);
    }
    expect(after.documents.find(({ article }) => article === changed)?.title).toBe('Another title');
    expect(after.concepts).toBe(before.concepts);
    expect(after.crosswalks).toBe(before.crosswalks);
  });

  test('is read after a swap of codes for these codes alone', async () => {
    const watched = watchLibrary(seeded.library);
    const gather = gatheredOf(watched.library);
    const before = await gather();
    watched.calls.length = 0;
    await swap(() => seeded.importRows(concepts(600)));
    const after = await gather();
    for (const kind of ['documents', 'articles', 'crosswalks'] as const) expect(after[kind]).toBe(before[kind]);
    const asked = new Set(watched.calls.map(({ name }) => name));
    for (const name of ['listConcepts', 'listCrosswalks']) expect(asked).not.toContain(name);
    expect(after.catalogue.systems.find(({ system }) => system === 'snomed-ct')?.described).toBe(600);
    expect(after.documents).toBe(before.documents);
  });

  test('is gathered once, however many ask for it at once, and again after a failure', async () => {
    const watched = watchLibrary(seeded.library);
    const index = new DocumentIndex(watched.library);
    const [first, second] = await Promise.all([index.all(), index.all()]);
    expect(first).toBe(second);
    expect(watched.calls.filter(({ name }) => name === 'findArticleIds')).toHaveLength(1);
    const closed = new DocumentIndex(
      new Proxy(seeded.library, {
        get: (inner, name) => {
          if (name === 'findArticles' && watched.calls.length > 0)
            return () => {
              throw new Error('gone');
            };
          const value: unknown = Reflect.get(inner, name);
          return typeof value === 'function' ? (value.bind(inner) as unknown) : value;
        },
      }),
    );
    await expect(closed.all()).rejects.toThrow('gone');
    watched.calls.length = 0;
    expect(await closed.all()).toEqual(first);
  });
});

test('all documents are found while a site writes without a pause, and what it wrote last once it has ended', async () => {
  const { library, written } = await openLibrary(seedPlaces(folder.path));
  try {
    const index = new DocumentIndex(library, written);
    let isOver = false;
    const write = async (): Promise<number> => {
      for (let version = 1; ; version += 1) {
        await written.apply([put('a', handoutRows('local-a', 'W19', `Version ${version}`))], NOW);
        if (isOver && version > 30) return version;
      }
    };
    const writing = write();
    for (let times = 0; times < 5; times += 1) {
      expect((await index.all()).map(({ article }) => article)).toContain('topic-falls');
    }
    isOver = true;
    const last = await writing;
    const found = (await index.all()).find(({ article }) => article === 'local-a');
    expect(found?.title).toBe(`Version ${last}`);
  } finally {
    await written.close();
    await library.close();
  }
});

describe('a policy that changes', () => {
  const suppressing = (...ids: string[]): SitePolicy => ({
    ...NO_POLICY,
    version: ids.join('-'),
    suppressed: new Set(ids),
  });

  test('is followed at once by all that is kept over swaps, there and back', async () => {
    let policy = NO_POLICY;
    const gather = gatheredOf(seeded.library.under(() => policy));
    const whole = await gather();
    const idsIn = async () => {
      const { documents, catalogue, articles, mappings } = await gather();
      return {
        documents: new Set(documents.map(({ article }) => article)),
        catalogue: new Set(catalogue.articles.map(({ id }) => id)),
        chapters: new Set([...catalogue.byChapter.values()].flatMap((ids) => [...ids])),
        articles: new Set(articles.map(({ code }) => code)),
        mappings: new Set(mappings.flatMap(({ target = [] }) => target.map(({ code }) => code))),
      };
    };
    for (const ids of Object.values(await idsIn())) expect(ids).toContain('topic-asthma');
    policy = suppressing('topic-asthma');
    for (const ids of Object.values(await idsIn())) expect(ids).not.toContain('topic-asthma');
    // Another policy and a swap at once.
    policy = suppressing('topic-falls');
    await swap(() => seeded.importRows(paper('A title')));
    for (const ids of Object.values(await idsIn())) {
      expect(ids).toContain('topic-asthma');
      expect(ids).not.toContain('topic-falls');
    }
    policy = NO_POLICY;
    await swap(() => seeded.importRows(NO_ROWS));
    expect(await gather()).toEqual(whole);
  });
});
