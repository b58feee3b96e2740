import { afterEach, describe, expect, test } from '@jest/globals';
import type { LibraryChanges, LibraryStatus } from '../../src/core/library.js';
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

/** What is told of a swap to whoever keeps much of what the library said. */
export function changesContract(open: OpenSeed): void {
  describe('what a swap changed', () => {
    let seeded: SeededLibrary | undefined;
    afterEach(async () => {
      await seeded?.remove();
      seeded = undefined;
    });

    const opened = async (...layers: Parameters<OpenSeed>[0]): Promise<SeededLibrary> => (seeded = await open(layers));

    async function after(
      { library }: SeededLibrary,
      change: () => Promise<void>,
      since = library.status(),
    ): Promise<LibraryChanges | undefined> {
      const { release } = library.status();
      await change();
      await released(library, (now) => now !== release);
      return library.findChanges(since);
    }

    const told = (changes: LibraryChanges | undefined) =>
      changes && {
        articles: [...changes.articles].sort(),
        concepts: [...changes.concepts],
        mappings: [...changes.mappings],
        crosswalks: changes.crosswalks,
      };
    const NOTHING = { articles: [], concepts: [], mappings: [], crosswalks: false };

    test('nothing, while none came; of a status that is not the library’s own nobody can tell', async () => {
      const { library } = await opened('starter');
      expect(told(await library.findChanges(library.status()))).toEqual(NOTHING);
      const other: LibraryStatus = { ...library.status() };
      expect(await library.findChanges(other)).toBeUndefined();
    });

    test('codes that come touch their system and no article', async () => {
      const place = await opened('starter');
      const rows = { ...NO_ROWS, concepts: [concept('J45.2'), concept('J45.3')] };
      expect(told(await after(place, () => place.importRows(rows)))).toEqual({ ...NOTHING, concepts: ['icd-10-cm'] });
    });

    test('of a source’s articles those alone that are not what they were, and those that are gone', async () => {
      const place = await opened('starter');
      const articles = ['topic-one', 'topic-two', 'topic-three'];
      await after(place, () => place.importRows({ ...NO_ROWS, texts: articles.map((id) => text(id)) }));
      const next = [text('topic-one'), text('topic-two', 'Another title'), text('topic-four')];
      expect(told(await after(place, () => place.importRows({ ...NO_ROWS, texts: next })))).toEqual({
        ...NOTHING,
        articles: ['topic-four', 'topic-three', 'topic-two'],
      });
    });

    test('of a source of thousands of articles they are found in their parts', async () => {
      const place = await opened('starter');
      const ids = Array.from({ length: 2500 }, (_, index) => `topic-many${String(index).padStart(4, '0')}`);
      const rowsWith = (title: string, mapped: readonly string[]): LibraryRows => ({
        ...NO_ROWS,
        texts: ids.map((id, index) => text(id, index % 1249 === 0 ? title : id)),
        mappings: mapped.map((id) => row(`Q${id.slice(-4, -2)}.${id.slice(-2)}`, id)),
      });
      await after(place, () => place.importRows(rowsWith('A title', ids)));
      const next = rowsWith('Another title', [...ids.slice(0, 700), ...ids.slice(701)]);
      const changes = await after(place, () => place.importRows(next));
      const changed = [0, 700, 1249, 2498].map((index) => ids[index]);
      expect(told(changes)).toEqual({ ...NOTHING, articles: changed, mappings: ['icd-10-cm'] });
    });

    test('several swaps are told as one', async () => {
      const place = await opened('starter');
      const { library } = place;
      const first = library.status();
      await after(place, () => place.importRows({ ...NO_ROWS, texts: [text('topic-one')] }));
      const changes = await after(place, () => place.importRows({ ...NO_ROWS, texts: [text('topic-two')] }), first);
      expect(told(changes)).toEqual({ ...NOTHING, articles: ['topic-two'] });
    });

    test('of a release that was cleared away since nobody can tell', async () => {
      const place = await opened('starter');
      const importText = (id: string) => after(place, () => place.importRows({ ...NO_ROWS, texts: [text(id)] }));
      await importText('topic-one');
      const first = place.library.status();
      await importText('topic-two');
      await importText('topic-three');
      expect(await place.library.findChanges(first)).toBeUndefined();
    });

    test('a row in a higher layer touches the articles that it leads away from, and `none` does too', async () => {
      const place = await opened('starter');
      const rows = { ...NO_ROWS, mappings: [row('J45', 'topic-falls')] };
      const mapped = { ...NOTHING, mappings: ['icd-10-cm'] };
      expect(told(await after(place, () => place.importRows(rows)))).toEqual({
        ...mapped,
        articles: ['topic-asthma', 'topic-asthmainchildren', 'topic-falls'],
      });
      const none = { ...NO_ROWS, mappings: [row('E11', undefined)] };
      const changes = told(await after(place, () => place.importRows(none)));
      expect(changes?.articles).toContain('topic-diabetestype2');
      expect(changes?.mappings).toEqual(['icd-10-cm']);
    });

    test('a row whose article is gone says nothing of its code, until the article comes again', async () => {
      const place = await opened('starter');
      const { library } = place;
      const coding = { system: 'icd-10-cm', code: 'J45' } as const;
      const leadsTo = (): (string | undefined)[] => {
        const found = library.findMappings([coding]).filter(({ levels }) => levels === 0);
        const listed = library.listMappings('icd-10-cm', '', 1000).filter(({ code }) => code === 'J45');
        const articles = found.map(({ article }) => article).sort();
        expect(listed.map(({ article }) => article).sort()).toEqual(articles);
        const of = library.findCodes(['topic-asthma', 'topic-one']).filter(({ code }) => code === 'J45');
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
      const touched = { ...NOTHING, articles: [...shipped, 'topic-one'].sort(), mappings: ['icd-10-cm'] };
      const gone = await after(place, () => place.importRows({ ...NO_ROWS, texts: [text('topic-two')] }, 'papers'));
      expect([told(gone), leadsTo()]).toEqual([{ ...touched, articles: [...touched.articles, 'topic-two'] }, shipped]);
      // That its page was visited does not make it be there.
      const visited = { article: 'topic-one', language: 'en', url: 'https://paper.example/topic-one' } as const;
      await after(place, () => place.checkLinks([{ ...visited, day: '2026-03-04', isGone: false }]));
      expect(leadsTo()).toEqual(shipped);
      const come = await after(place, () => place.importRows(papers, 'papers'));
      expect([told(come)?.articles, leadsTo()]).toEqual([expect.arrayContaining(touched.articles), ['topic-one']]);
    });

    test('a publisher that comes may be any article’s: all may be others', async () => {
      const place = await opened('starter');
      const publishers = [{ id: 'nlm', name: 'Another name', url: '', licensed: false, texts: {} }];
      expect(await after(place, () => place.importRows({ ...NO_ROWS, publishers }))).toBeUndefined();
    });

    test('of two sources of a layer the later import counts: to import one again touches what both have', async () => {
      const place = await opened('starter');
      const both = { ...NO_ROWS, texts: [text('topic-falls', 'Of the paper')] };
      await after(place, () => place.importRows(both));
      const visited = { article: 'topic-falls', language: 'en', url: 'https://paper.example/topic-falls' } as const;
      await after(place, () => place.checkLinks([{ ...visited, day: '2026-03-04', isGone: false }]));
      expect(told(await after(place, () => place.importRows(both)))).toEqual({ ...NOTHING, articles: ['topic-falls'] });
    });

    test('a layer that goes touches what it said', async () => {
      const place = await opened('starter', 'written');
      const changes = await after(place, () => place.relay(['starter']));
      expect([...(changes?.articles ?? [])]).toContain('ency-001282');
      expect([...(changes?.mappings ?? [])]).toEqual(['icd-10-cm']);
    });
  });
}
