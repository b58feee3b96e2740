import { afterEach, describe, expect, test } from '@jest/globals';
import type { Library } from '../../src/core/model/library.js';
import type { LibraryRows } from '../../src/build/source.js';
import { NO_ROWS } from '../../src/build/source.js';
import type { OpenSeed, SeededLibrary } from './seeded-library.js';
import { only, released } from './seeded-library.js';

const GONE = 'genetics-titled-only';
const FALLS = { article: 'topic-falls', language: 'en', url: 'https://medlineplus.gov/falls.html' } as const;

/** An import of articles in languages, and of nothing else: `en:ency-1`. */
const rowsOf = (version: string, ...texts: string[]): LibraryRows => ({
  ...NO_ROWS,
  publishers:
    texts.length === 0 ? [] : [{ id: 'paper', name: `Paper ${version}`, url: '', licensed: false, texts: {} }],
  articles: texts.map((text) => ({ id: text.slice(3), publisher: 'paper', sex: 'male' })),
  texts: texts.map((text) => {
    const [language, article] = [text.slice(0, 2) as 'en' | 'es', text.slice(3)];
    return { article, language, title: `${text} ${version}`, url: `https://paper.example/${version}/${text.slice(3)}` };
  }),
});

/** Contract of articles that are no longer offered. */
export function withdrawnContract(open: OpenSeed): void {
  describe('with what was withdrawn', () => {
    let seeded: SeededLibrary | undefined;
    afterEach(async () => {
      await seeded?.remove();
      seeded = undefined;
    });

    async function swap(library: Library, change: () => Promise<void>): Promise<void> {
      const before = library.status().release;
      await change();
      await released(library, (release) => release !== before);
    }

    function withdrawnIn(library: Library, id: string) {
      const [found] = library.findWithdrawn([id]);
      return found && { languages: [...found.languages].sort(), texts: found.article.texts };
    }

    test('nothing is, while every release is in use that ever was', async () => {
      seeded = await open(['starter', 'imported', 'local']);
      expect(seeded.library.findWithdrawn({ prefix: '' }).map(({ article }) => article.id)).toEqual([]);
      expect(seeded.library.findWithdrawn(['topic-falls', GONE, 'topic-nowhere'])).toEqual([]);
    });

    test('a site’s folder taken away: its own articles are, what it said of others is not', async () => {
      seeded = await open(['starter', 'local']);
      const { library } = seeded;
      const plan = only(library, 'local-asthmaplan');
      await swap(library, () => seeded?.relay(['starter']) ?? Promise.resolve());
      expect(library.findArticles(['local-asthmaplan'])).toEqual([]);
      expect(library.findWithdrawn({ prefix: '' }).map(({ article }) => article.id)).toContain('local-asthmaplan');
      const [found] = library.findWithdrawn(['local-asthmaplan']);
      expect(found).toMatchObject({ article: plan, languages: Object.keys(plan.texts) });
      expect(library.findWithdrawn(['ency-001282'])).toEqual([]);
      await swap(library, () => seeded?.relay(['starter', 'local']) ?? Promise.resolve());
      expect(library.findWithdrawn({ prefix: '' }).map(({ article }) => article.id)).toEqual([]);
    });

    test('what a site has written and deleted is not among them', async () => {
      seeded = await open(['starter', 'written']);
      await swap(seeded.library, () => seeded?.relay(['starter']) ?? Promise.resolve());
      expect(seeded.library.findWithdrawn({ prefix: '' }).map(({ article }) => article.id)).toEqual([]);
    });

    test('a page that is gone: the text as it was last known', async () => {
      seeded = await open(['starter']);
      const { library } = seeded;
      const before = only(library, 'topic-falls');
      await swap(
        library,
        () => seeded?.checkLinks([{ ...FALLS, day: '2026-03-04', isGone: true }]) ?? Promise.resolve(),
      );
      expect(library.findWithdrawn({ prefix: '' }).map(({ article }) => article.id)).toEqual(['topic-falls']);
      expect(library.findWithdrawn(['topic-falls'])).toMatchObject([{ article: before, languages: ['en'] }]);
    });

    test('a visit to an address that is no longer the text’s says nothing', async () => {
      seeded = await open(['starter', 'local']);
      const { library } = seeded;
      const gone = {
        article: 'ency-001282',
        language: 'en',
        url: 'https://medlineplus.gov/ency/article/001282.htm',
      } as const;
      await swap(
        library,
        () => seeded?.checkLinks([{ ...gone, day: '2026-03-04', isGone: true }]) ?? Promise.resolve(),
      );
      expect(library.findWithdrawn(['ency-001282'])).toEqual([]);
    });

    test('a source’s releases: told of for good, as last known, until it is offered again', async () => {
      seeded = await open(['starter']);
      const { library, importRows } = seeded;
      await swap(library, () => importRows(rowsOf('1', 'en:ency-1', 'es:ency-1', 'en:ency-2', 'en:ency-3')));
      await swap(library, () => importRows(rowsOf('2', 'en:ency-1', 'en:ency-2')));
      expect(library.findWithdrawn({ prefix: '' }).map(({ article }) => article.id)).toEqual(['ency-1', 'ency-3']);
      expect(withdrawnIn(library, 'ency-1')).toMatchObject({
        languages: ['es'],
        texts: { en: { title: 'en:ency-1 2' }, es: { title: 'es:ency-1 1', url: 'https://paper.example/1/ency-1' } },
      });
      // Long after the rows that a rollback needs are cleared away.
      for (const version of ['3', '4', '5']) await swap(library, () => importRows(rowsOf(version, 'en:ency-2')));
      expect(library.findWithdrawn({ prefix: '' }).map(({ article }) => article.id)).toEqual(['ency-1', 'ency-3']);
      expect(withdrawnIn(library, 'ency-1')).toMatchObject({
        languages: ['en', 'es'],
        texts: { en: { title: 'en:ency-1 2' }, es: { title: 'es:ency-1 1' } },
      });
      const [third] = library.findWithdrawn(['ency-3']);
      expect(third?.date).toBe('2026-01-02');
      expect(third?.article).toMatchObject({
        sex: 'male',
        publisher: { name: 'Paper 5' },
        texts: { en: { title: 'en:ency-3 1' } },
      });
      expect(library.findWithdrawn(['ency-2'])).toEqual([]);
      await swap(library, () => importRows(rowsOf('6', 'en:ency-2', 'en:ency-3', 'en:ency-1')));
      expect(withdrawnIn(library, 'ency-1')).toMatchObject({ languages: ['es'] });
      expect(library.findWithdrawn(['ency-3'])).toEqual([]);
    });
  });
}
