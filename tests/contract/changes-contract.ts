import { codesOf } from '../support/codes-of.js';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LibraryRows, MappingFacts } from '../../src/build/source.js';
import { NO_ROWS } from '../../src/build/source.js';
import type { OpenSeed, SeededLibrary } from './seeded-library.js';
import { released } from './seeded-library.js';

const text = (article: string, title = article) =>
  ({ article, language: 'en', title, url: `https://paper.example/${article}` }) as const;

const row = (code: string, article: string | undefined): MappingFacts => ({
  ...({
    system: 'icd-10-cm',
    code,
    article,
    rank: 1,
    sensitivity: undefined,
    origin: 'curated',
    note: 'x',
    line: 0,
  } as const),
  relationship: article === undefined ? 'none' : 'equivalent',
});

const concept = (code: string, title = code): LibraryRows['concepts'][number] => ({
  ...({ system: 'icd-10-cm', code, title, parent: undefined, billable: undefined, active: true, names: [] } as const),
});

/** Contract of the changes that a swap reports to caches of a library's content. */
export function changesContract(open: OpenSeed): void {
  describe('what a swap changed', () => {
    let seeded: SeededLibrary | undefined;
    afterEach(async () => {
      await seeded?.remove();
      seeded = undefined;
    });

    const opened = async (...layers: Parameters<OpenSeed>[0]): Promise<SeededLibrary> => (seeded = await open(layers));

    async function after({ library }: SeededLibrary, change: () => Promise<void>): Promise<void> {
      const { release } = library.status();
      await change();
      await released(library, (now) => now !== release);
    }

    const THINGS = [
      { concepts: 'icd-10-cm' },
      { concepts: 'cvx' },
      { mappings: 'icd-10-cm' },
      { mappings: 'rxnorm' },
      { crosswalks: true },
    ] as const;

    /** Content that differs after a swap: articles by id, and things. */
    async function told(place: SeededLibrary, change: () => Promise<void>): Promise<unknown[]> {
      const { library } = place;
      const now = () => ({
        articles: new Map(library.findArticles(library.findArticleIds({ prefix: '' })).map((one) => [one.id, one])),
        revisions: THINGS.map((thing) => library.findRevision(thing)),
      });
      const before = now();
      await after(place, change);
      const { articles, revisions } = now();
      const ids = [...new Set([...before.articles.keys(), ...articles.keys()])];
      return [
        ...ids.filter((id) => articles.get(id) !== before.articles.get(id)).sort(),
        ...THINGS.filter((_thing, index) => revisions[index] !== before.revisions[index]),
      ];
    }

    test('codes that come touch their system and no article', async () => {
      const place = await opened('starter');
      const rows = { ...NO_ROWS, concepts: [concept('J45.2'), concept('J45.3')] };
      expect(await told(place, () => place.importRows(rows))).toEqual([{ concepts: 'icd-10-cm' }]);
    });

    test('of a source’s articles those alone that are not what they were, and those that are gone', async () => {
      const place = await opened('starter');
      const articles = ['topic-one', 'topic-two', 'topic-three'];
      await after(place, () => place.importRows({ ...NO_ROWS, texts: articles.map((id) => text(id)) }));
      const next = [text('topic-one'), text('topic-two', 'Another title'), text('topic-four')];
      expect(await told(place, () => place.importRows({ ...NO_ROWS, texts: next }))).toEqual([
        ...['topic-four', 'topic-three', 'topic-two'],
      ]);
    });

    test('a row in a higher layer touches its system’s rows, and leads away from what was there', async () => {
      const place = await opened('starter');
      const rows = { ...NO_ROWS, mappings: [row('J45', 'topic-falls')] };
      const ofAsthma = () =>
        codesOf(place.library, ['topic-asthma', 'topic-falls']).filter(({ code }) => code === 'J45');
      expect(ofAsthma().map(({ article }) => article)).toEqual(['topic-asthma']);
      expect(await told(place, () => place.importRows(rows))).toEqual([{ mappings: 'icd-10-cm' }]);
      expect(ofAsthma().map(({ article }) => article)).toEqual(['topic-falls']);
    });

    test('a row whose article is gone says nothing of its code, until the article comes again', async () => {
      const place = await opened('starter');
      const { library } = place;
      const coding = { system: 'icd-10-cm', code: 'J45' } as const;
      const leadsTo = (): (string | undefined)[] => {
        const found = library.findMappings([coding]).filter(({ levels }) => levels === 0);
        const listed = library.terminology.listMappings('icd-10-cm', '', 1000).filter(({ code }) => code === 'J45');
        const articles = found.map(({ article }) => article).sort();
        expect(listed.map(({ article }) => article).sort()).toEqual(articles);
        const of = codesOf(library, ['topic-asthma', 'topic-one']).filter(({ code }) => code === 'J45');
        expect(of.map(({ article }) => article)).toEqual(
          articles.filter((id) => id === 'topic-asthma' || id === 'topic-one'),
        );
        return articles;
      };
      const shipped = leadsTo();
      expect(shipped).toContain('topic-asthma');
      const papers = { ...NO_ROWS, texts: [text('topic-one')] };
      await after(place, () => place.importRows(papers, 'papers'));
      await after(place, () => place.importRows({ ...NO_ROWS, mappings: [row('J45', 'topic-one')] }, 'rows'));
      expect(leadsTo()).toEqual(['topic-one']);
      await after(place, () => place.importRows({ ...NO_ROWS, texts: [text('topic-two')] }, 'papers'));
      expect(leadsTo()).toEqual(shipped);
      // A visit to its page does not make an article be there.
      const visited = { article: 'topic-one', language: 'en', url: 'https://paper.example/topic-one' } as const;
      await after(place, () => place.checkLinks([{ ...visited, day: '2026-03-04', isGone: false }]));
      expect(leadsTo()).toEqual(shipped);
      await after(place, () => place.importRows(papers, 'papers'));
      expect(leadsTo()).toEqual(['topic-one']);
    });

    test('a publisher that comes under a known id is that of the articles that were there', async () => {
      const place = await opened('starter');
      const publishers = [{ id: 'nlm', name: 'Another name', url: '', licensed: false, texts: {} }];
      expect(await told(place, () => place.importRows({ ...NO_ROWS, publishers }))).toContain('topic-falls');
      expect(place.library.findArticles(['topic-falls'])[0]?.publisher.name).toBe('Another name');
    });

    test('of two sources of a layer the later import counts', async () => {
      const place = await opened('starter');
      const title = () => place.library.findArticles(['topic-falls'])[0]?.texts.en?.title;
      const papers = (of: string) => ({ ...NO_ROWS, texts: [text('topic-falls', of)] });
      await after(place, () => place.importRows(papers('Of one'), 'one'));
      await after(place, () => place.importRows(papers('Of two'), 'two'));
      expect(title()).toBe('Of two');
      expect(await told(place, () => place.importRows(papers('Of one'), 'one'))).toEqual(['topic-falls']);
      expect(title()).toBe('Of one');
    });

    test('an article is of the day of the release that it or a row of it comes from, whatever else is imported', async () => {
      const place = await opened('starter');
      const { library, importRows } = place;
      const dates = () => ['topic-falls', 'topic-asthma'].map((id) => library.findReleaseDate(id));
      const [shipped] = dates();
      expect(shipped).toBe(library.status().date);
      const codes = { ...NO_ROWS, concepts: [concept('J45.2')] };
      await after(place, () => importRows(codes, 'codes', '2100-01-01'));
      expect(library.status().date).toBe('2100-01-01');
      expect(dates()).toEqual([shipped, shipped]);
      await after(place, () => importRows({ ...NO_ROWS, texts: [text('topic-falls')] }, 'texts', '2100-01-02'));
      await after(place, () =>
        importRows({ ...NO_ROWS, mappings: [row('J45', 'topic-asthma')] }, 'rows', '2100-01-03'),
      );
      expect(dates()).toEqual(['2100-01-02', '2100-01-03']);
      await after(place, () => place.relay(['starter', 'written']));
      expect(dates()).toEqual(['2100-01-02', '2100-01-03']);
    });

    test('a layer that goes touches what it said', async () => {
      const place = await opened('starter', 'written');
      const changes = await told(place, () => place.relay(['starter']));
      expect(changes).toEqual(expect.arrayContaining(['ency-001282', { mappings: 'icd-10-cm' }]));
    });
  });
}
