import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Library } from '../../src/core/model/library.js';
import type { WrittenStore } from '../../src/core/model/written-store.js';
import { NOTHING_WRITTEN } from '../../src/core/model/written-store.js';
import { searchLibrary } from '../../src/core/search/text-search.js';
import { icd10 } from './seeded-library.js';
import { NOW, handoutRows, put, remove } from './written-rows.js';

/** A store over the seed library, for as long as a test needs it. */
export interface OpenedStore {
  readonly store: WrittenStore;
  readonly library: Library;
  /** Another process's view of the same database. */
  readonly another: () => Promise<{ readonly store: WrittenStore; readonly library: Library }>;
  readonly remove: () => Promise<void>;
}

/** Contract of every store of written resources. */
export function writtenContract(name: string, open: () => Promise<OpenedStore>): void {
  describe(name, () => {
    let opened: OpenedStore;
    let store: WrittenStore;
    let library: Library;
    beforeEach(async () => {
      opened = await open();
      ({ store, library } = opened);
    });
    afterEach(() => opened.remove());

    const articlesOf = (code: string): string[] => library.findArticleIds(icd10(code));
    const codeOf = (promise: Promise<unknown>): Promise<string> =>
      promise.then(
        () => 'written',
        (error: unknown) => (error as { code: string }).code,
      );

    test('a write counts once it is told, and replaces the rows of its codes', async () => {
      expect(articlesOf('W19')).toEqual(['topic-falls']);
      const before = library.status();
      const [version] = await store.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
      expect(version).toMatchObject({
        type: 'Document',
        id: 'a',
        version: 1,
        writtenAt: NOW.toISOString(),
        isMade: true,
      });
      expect(articlesOf('W19')).toEqual(['local-a']);
      expect(library.findArticles(['local-a'])[0]?.texts.en?.title).toBe('A handout');
      expect(library.status().release).not.toBe(before.release);
      expect(library.status().date).toBe(before.date);
      await store.apply([remove('a')], NOW);
      expect(articlesOf('W19')).toEqual(['topic-falls']);
      // The answer from before the write is no longer returned: the written resource has been deleted.
      expect(library.status().release).not.toBe(before.release);
    });

    test('a write makes another object of its articles, and leaves all others; another resource of the same rows does too', async () => {
      const touched = async (...changes: Parameters<WrittenStore['apply']>[0]): Promise<string[]> => {
        const articles = () =>
          new Map(library.findArticles(library.findArticleIds({ prefix: '' })).map((one) => [one.id, one]));
        const before = articles();
        await store.apply(changes, NOW);
        const after = articles();
        const ids = [...new Set([...before.keys(), ...after.keys()])];
        return ids.filter((id) => before.get(id) !== after.get(id)).sort();
      };
      const rows = handoutRows('local-a', 'W19');
      expect(await touched(put('a', rows))).toEqual(['local-a']);
      expect(await touched(put('a', rows, { content: '{"id":"a","date":"2026-11-25"}' }))).toEqual(['local-a']);
      expect(await touched(remove('a'))).toEqual(['local-a']);
    });

    test('versions are counted and kept, deletions among them', async () => {
      await store.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
      await store.apply([put('a', handoutRows('local-a', 'W20'), { content: '{"second":1}' })], NOW);
      expect(await store.apply([remove('a')], NOW)).toMatchObject([{ version: 3, isMade: true }]);
      expect(await store.apply([remove('a'), remove('never')], NOW)).toMatchObject([
        { version: 3, isMade: false },
        undefined,
      ]);
      expect(await store.findLatest('Document', ['a', 'never'])).toMatchObject([{ version: 3, content: undefined }]);
      expect(await store.list('Document')).toEqual([]);
      const versions = await store.listVersions(0, 9);
      expect(versions.map(({ version, method, content }) => [version, method, content])).toEqual([
        [1, 'PUT', expect.any(String)],
        [2, 'PUT', '{"second":1}'],
        [3, 'DELETE', undefined],
      ]);
      expect(await store.listVersions(0, 1)).toEqual(versions.slice(0, 1));
      expect(await store.listVersions(versions[0]?.sequence ?? 0, 1)).toEqual(versions.slice(1, 2));
    });

    test('the version that is expected is looked at in the same step', async () => {
      await store.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
      const change = (expected: number | 'absent', method: 'PUT' | 'POST' = 'PUT') =>
        codeOf(store.apply([put('a', handoutRows('local-a', 'W19'), { expected, method })], NOW));
      expect(await change(2)).toBe('version-conflict');
      expect(await change('absent')).toBe('version-conflict');
      expect(await change('absent', 'POST')).toBe('resource-exists');
      expect(await change(1)).toBe('written');
      // Of many that replace the same version one does.
      const races = await Promise.all(Array.from({ length: 5 }, () => change(2)));
      expect(races.sort()).toEqual([
        'version-conflict',
        'version-conflict',
        'version-conflict',
        'version-conflict',
        'written',
      ]);
    });

    test('all changes are made, or none', async () => {
      const changes = [
        put('a', handoutRows('local-a', 'W19')),
        put('b', handoutRows('local-b', 'W20'), { expected: 7 }),
      ];
      const { release } = library.status();
      expect(await codeOf(store.apply(changes, NOW))).toBe('version-conflict');
      expect(await store.findLatest('Document', ['a', 'b'])).toEqual([]);
      expect(await store.listVersions(0, 9)).toEqual([]);
      expect([library.status().release, articlesOf('W19')]).toEqual([release, ['topic-falls']]);
    });

    test('an article that rows lead to stays, and no code has an article and none', async () => {
      await store.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
      const leading = { ...NOTHING_WRITTEN, mappings: handoutRows('local-a', 'W20').mappings };
      await store.apply([put('m', leading, { type: 'Map' })], NOW);
      expect(await codeOf(store.apply([remove('a')], NOW))).toBe('resource-in-use');
      const none = leading.mappings.map((row) => ({ ...row, article: undefined, relationship: 'none' as const }));
      expect(await codeOf(store.apply([put('n', { ...leading, mappings: none })], NOW))).toBe('contradicting-rows');
      expect(await codeOf(store.apply([{ ...remove('m'), type: 'Map' }, remove('a')], NOW))).toBe('written');
    });

    test('a code and an article are named by one map; a handout may name them too', async () => {
      const { mappings } = handoutRows('local-a', 'W19');
      const leading = { ...NOTHING_WRITTEN, mappings };
      await store.apply([put('a', handoutRows('local-a', 'W19')), put('m', leading, { type: 'Map' })], NOW);
      expect(await codeOf(store.apply([put('m', leading, { type: 'Map' })], NOW))).toBe('written');
      expect(await codeOf(store.apply([put('n', leading, { type: 'Map' })], NOW))).toBe('row-in-another-map');
      const moved = [{ ...remove('m'), type: 'Map' }, put('n', leading, { type: 'Map' })];
      expect(await codeOf(store.apply(moved, NOW))).toBe('written');
      expect(articlesOf('W19')).toEqual(['local-a']);
    });

    test('what is written is found by its words', async () => {
      await store.apply([put('a', handoutRows('local-a', 'W19', 'Zebra crossing'))], NOW);
      const request = { query: 'zebra', language: 'en', kind: undefined, count: 5 } as const;
      const found = await searchLibrary(request, library);
      expect(found.map((hit) => (hit.kind === 'article' ? hit.article.id : ''))).toEqual(['local-a']);
      await store.apply([put('a', handoutRows('local-a', 'W19', 'Lion crossing'))], NOW);
      expect(await searchLibrary(request, library)).toEqual([]);
    });

    test('another process sees it, and writes on', async () => {
      await store.apply([put('a', handoutRows('local-a', 'W19'))], NOW);
      const other = await opened.another();
      expect(other.library.findArticleIds(icd10('W19'))).toEqual(['local-a']);
      const [version] = await other.store.apply([put('a', handoutRows('local-a', 'W20'), { expected: 1 })], NOW);
      expect(version?.version).toBe(2);
      while (articlesOf('W20').length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(articlesOf('W20')).toEqual(['local-a']);
      expect(await codeOf(store.apply([put('a', handoutRows('local-a', 'W19'), { expected: 1 })], NOW))).toBe(
        'version-conflict',
      );
    });
  });
}
