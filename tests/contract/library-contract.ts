import { codesOf } from '../support/codes-of.js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Library } from '../../src/core/model/library.js';
import { articlesContract } from './articles-contract.js';
import { changesContract } from './changes-contract.js';
import { conceptsContract } from './concepts-contract.js';
import { linkChecksContract } from './link-checks-contract.js';
import { mappingsContract } from './mappings-contract.js';
import { searchContract } from './search-contract.js';
import { terminologyContract } from './terminology-contract.js';
import { withdrawnContract } from './withdrawn-contract.js';
import type { OpenSeed, SeededLibrary } from './seeded-library.js';
import { icd10, only, released } from './seeded-library.js';

/** Describes what every implementation of the port core/library.ts does, on the files of tests/contract/seed. */
export function libraryContract(name: string, open: OpenSeed): void {
  describe(`${name}: the library's contract`, () => {
    mappingsContract(open);
    articlesContract(open);
    conceptsContract(open);
    searchContract(open);
    terminologyContract(open);
    layerContract(open);
    linkChecksContract(open);
    withdrawnContract(open);
    changesContract(open);
    swapContract(open);
  });
}

function layerContract(open: OpenSeed): void {
  describe('with layers', () => {
    let seeded: SeededLibrary;
    let library: Library;
    beforeAll(async () => {
      seeded = await open(['starter', 'imported', 'local']);
      ({ library } = seeded);
    });
    afterAll(() => seeded.remove());

    test("the highest layer replaces all rows of its code and no other code's", () => {
      const rows = library.findMappings([icd10('J45.909'), icd10('N53.14')]);
      expect(rows.map(({ input, layer, article }) => `${input} ${layer} ${article ?? 'none'}`)).toEqual([
        '0 local local-asthmaplan',
        '1 starter ency-001282',
      ]);
    });

    test('a replaced row no longer leads to its article, from either side', () => {
      expect(library.findArticleIds(icd10('J45'))).toEqual(['local-asthmaplan']);
      const codes = codesOf(library, ['local-asthmaplan', 'topic-asthma', 'topic-asthmainchildren']);
      expect(codes.map(({ code, article }) => `${article} ${code}`).sort()).toEqual([
        'local-asthmaplan J45',
        'topic-asthma 195967001',
      ]);
    });

    test('an article is merged field by field: what a higher layer leaves unsaid stands', () => {
      const article = only(library, 'ency-001282');
      expect(article).toMatchObject({
        publisher: { id: 'adam' },
        sex: 'male',
        reviewedOn: '2024-05-06',
        seenOn: '2024-05-07',
        referenceCount: 0,
        reviewers: ['A. Reader, MD', 'B. Writer, MD'],
      });
      expect(article.texts.en).toMatchObject({
        title: 'Retrograde ejaculation at our clinic',
        url: 'https://clinic.example/001282',
        summary: { html: '<p>An imported summary</p>', on: '2026-01-02' },
      });
      expect(article.texts.es?.title).toBe('Eyaculación retrógrada');
    });

    test('other names that a higher layer leaves unsaid stand too', () => {
      const { texts } = only(library, 'ency-001282');
      expect(texts.en?.alsoCalled).toEqual(['Ejaculation retrograde', 'Dry climax']);
    });

    test('an article of which a layer holds a text alone is found by the beginning of its id too', () => {
      expect(only(library, 'genetics-titled-only').texts.en?.title).toMatch('only a text');
      expect(library.findArticleIds({ prefix: 'genetics-titled' })).toEqual(['genetics-titled-only']);
    });

    test('a publisher is named as the highest layer names it', () => {
      const [asthma, plan] = library.findArticles(['topic-asthma', 'local-asthmaplan']);
      expect(asthma?.publisher.name).toBe('NLM as the site names it');
      expect(plan?.publisher.name).toBe('Our Clinic');
    });

    test('the release names every layer, the highest first', () => {
      const names = library.status().release.split('+');
      expect(names.map((part) => /local|imported|starter/.exec(part)?.[0])).toEqual(['local', 'imported', 'starter']);
    });
  });
}

function swapContract(open: OpenSeed): void {
  describe('when another process changes the database', () => {
    let seeded: SeededLibrary;
    let library: Library;
    beforeAll(async () => {
      seeded = await open(['starter']);
      ({ library } = seeded);
    });
    afterAll(() => seeded.remove());

    test('the swap is noticed, in its rows, its articles and its release, and so is the way back', async () => {
      const first = library.status();
      const before = first.release;
      expect(only(library, 'ency-001282').sensitivity).toBe('SEX');
      await seeded.relay(['starter', 'written'], 'another process');
      expect(await released(library, (release) => release !== before)).toContain('written');
      const second = library.status();
      expect(second).not.toBe(first);
      const [row] = library.findMappings([icd10('J45.1')]);
      expect(row).toMatchObject({ layer: 'written', article: undefined, note: 'withdrawn by the editor' });
      expect(only(library, 'ency-001282')).toMatchObject({ sensitivity: 'STD', reviewers: ['C. Editor, RN'] });
      await seeded.relay(['starter'], 'another process');
      expect(await released(library, (release) => release === before)).toBe(before);
      // The name is the one of before, but nothing that was kept under it then is taken for what is there now.
      expect(library.status()).not.toBe(first);
      expect(only(library, 'ency-001282').sensitivity).toBe('SEX');
      expect(library.findArticleIds(icd10('J45'))).toEqual(['topic-asthma', 'topic-asthmainchildren']);
    });

    test('it is ready while it is open, and refuses as unavailable when it is closed', async () => {
      const closing = await open(['starter']);
      expect(await closing.library.ready()).toBe(true);
      await closing.library.close();
      expect(await closing.library.ready()).toBe(false);
      const unavailable = expect.objectContaining({ code: 'library-unavailable' });
      expect(() => closing.library.findMappings([icd10('N53.14')])).toThrow(unavailable);
      expect(() => closing.library.findArticles(['topic-falls'])).toThrow(unavailable);
      await closing.remove();
    });
  });
}
