import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import type { Layer, Library } from '../../src/core/model/library.js';
import type { CheckedAddress } from '../../src/library/link-checks.js';
import type { OpenSeed, SeededLibrary } from './seeded-library.js';
import { icd10, only, released } from './seeded-library.js';

const ENGLISH = {
  article: 'ency-001282',
  language: 'en',
  url: 'https://medlineplus.gov/ency/article/001282.htm',
} as const;
const SPANISH = {
  article: 'ency-001282',
  language: 'es',
  url: 'https://medlineplus.gov/spanish/ency/article/001282.htm',
} as const;
const FALLS = { article: 'topic-falls', language: 'en', url: 'https://medlineplus.gov/falls.html' } as const;
const day = '2026-03-04';

/** Contract of visits to articles' pages: confirmed, withdrawn, and only as long as the address is the same. */
export function linkChecksContract(open: OpenSeed): void {
  describe('with link checks', () => {
    let seeded: SeededLibrary | undefined;
    afterEach(async () => {
      await seeded?.remove();
    });

    async function checked(layers: readonly Layer[], ...checks: CheckedAddress[]): Promise<Library> {
      seeded = await open(layers);
      await addChecks(...checks);
      return seeded.library;
    }

    async function addChecks(...checks: CheckedAddress[]): Promise<void> {
      if (!seeded) throw new Error('no library is open');
      const { library } = seeded;
      const before = library.status().release;
      await seeded.checkLinks(checks);
      await released(library, (release) => release !== before);
    }

    beforeEach(() => {
      seeded = undefined;
    });

    test('a recalled text whose page is there is confirmed, with the day', async () => {
      const library = await checked(['starter'], { ...SPANISH, day, isGone: false });
      const { texts } = only(library, 'ency-001282');
      expect(texts.es).toMatchObject({ title: 'Eyaculación retrógrada', origin: 'confirmed', seenOn: day });
      expect(texts.en).toMatchObject({ origin: 'curated' });
      expect(texts.en?.seenOn).toBeUndefined();
    });

    test('a text from a better source keeps its origin', async () => {
      const library = await checked(['starter'], { ...ENGLISH, day, isGone: false });
      expect(only(library, 'ency-001282').texts.en).toMatchObject({ origin: 'curated', seenOn: day });
    });

    test('a text whose page is gone is not offered; the other language stands', async () => {
      const library = await checked(['starter'], { ...ENGLISH, day, isGone: true });
      expect(Object.keys(only(library, 'ency-001282').texts)).toEqual(['es']);
    });

    test('an article whose only page is gone answers no more', async () => {
      const library = await checked(['starter'], { ...FALLS, day, isGone: true });
      const criterion = { codings: [{ ...icd10('W19'), systemSent: '', display: '', userSelected: false }] };
      const { answers } = await answerRequest({ criteria: [criterion], context: ANYONE, maxArticles: 3 }, library);
      expect(answers[0]).toMatchObject({
        matches: [],
        rejections: [{ article: 'topic-falls', reason: 'not-in-library' }],
      });
    });

    test('a check says nothing of another address', async () => {
      const library = await checked(['starter', 'local'], { ...ENGLISH, day, isGone: true });
      expect(only(library, 'ency-001282').texts.en).toMatchObject({ url: 'https://clinic.example/001282' });
    });

    test('a check of an article that is not there makes none', async () => {
      const library = await checked(['starter'], { ...FALLS, article: 'topic-nowhere', day, isGone: false });
      expect(library.findArticles(['topic-nowhere']).flatMap(({ texts }) => Object.keys(texts))).toEqual([]);
    });

    test('what an earlier check said stands until the text is checked again', async () => {
      const library = await checked(['starter'], { ...ENGLISH, day, isGone: true }, { ...FALLS, day, isGone: true });
      await addChecks({ ...FALLS, day: '2026-03-05', isGone: false });
      expect(only(library, 'topic-falls').texts.en?.seenOn).toBe('2026-03-05');
      expect(only(library, 'ency-001282').texts.en).toBeUndefined();
    });
  });
}
