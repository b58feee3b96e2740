import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import type { KnowledgeRequest } from '../../src/core/answer/knowledge-request.js';
import { NO_POLICY } from '../../src/core/policy/site-policy.js';
import { readPolicy } from '../../src/build/read-policy.js';
import { writeFiles } from '../library/places.js';
import type { ImportPlace } from './import-place.js';
import { importPlace, writeZip } from './import-place.js';
import { PATIENT, PRESCRIBER, buildLabel, section, type LabelParts } from './spl/build-label.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
  cpSync('resources/drugs', join(place.folder, 'seed/resources/drugs'), { recursive: true });
});
afterEach(() => {
  place.remove();
});

const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const id = (number: number): string => `label-${uuid(number)}`;
const WORDS = 'Lorem ipsum dolor sit. '.repeat(10).trim();
const TEXT = section(PATIENT, 'Titulus', `<paragraph>${WORDS}</paragraph>`);
const WARFARIN: LabelParts = {
  generic: 'warfarin sodium',
  name: 'Warfarin Sodium',
  ingredients: [['WARFARIN SODIUM', 'WARFARIN']],
  sections: TEXT,
};
const of = (number: number, parts: LabelParts): LabelParts => ({ ...WARFARIN, setId: uuid(number), ...parts });

const importLabels = (...labels: readonly LabelParts[]) =>
  place.importTexts('drug-labels', Object.fromEntries(labels.map((parts, at) => [`${at}.xml`, buildLabel(parts)])));
const choice = (system: 'ndc' | 'rxnorm', code: string) =>
  place.look((library) => library.findLeaflets({ system, code }));
const first = async (system: 'ndc' | 'rxnorm', code: string) => (await choice(system, code))?.articles[0];

// Packages and drugs of the tables that ship.
const WARFARIN_5 = '855332';
const GENERIC = '0093-1721-01';
const JANTOVEN = '0832-1216-00';

describe('an import of drug labels', () => {
  test.each([
    ['a title and an address', section(PATIENT, 'Titulus', '<paragraph>Lorem, 1 Via, Roma</paragraph>')],
    ['pictures of pages', section(PATIENT, '', '<renderMultiMedia referencedObject="MM1"/>'.repeat(50))],
    [
      "the prescriber's text",
      section(PATIENT, 'Highlights of prescribing information', `<paragraph>${WORDS}</paragraph>`),
    ],
  ])('makes no leaflet of %s', async (_what, sections) => {
    const report = await importLabels(of(1, { ndcs: [GENERIC], sections }));
    expect(report).toMatchObject({ read: 1, rejected: 0, imported: { leaflets: 0 } });
    expect((await choice('ndc', GENERIC))?.articles).toEqual([]);
  });

  test('reads folders and zips of zips, names a bad label, and reports what changed', async () => {
    const inner = await writeZip(join(place.folder, 'a.zip'), {
      'a.xml': buildLabel(of(1, { ndcs: [GENERIC] })),
      'a.jpg': 'x',
    });
    const { readFileSync } = await import('node:fs');
    const folder = writeFiles(join(place.folder, 'zips'), {});
    const outer = join(folder, 'outer.zip');
    const packed = { 'prescription/a.zip': readFileSync(inner, 'latin1'), 'prescription/bad.zip': 'no zip' };
    await writeZip(outer, Object.fromEntries(Object.entries(packed).map(([name, text]) => [name, text])), 'latin1');
    const report = await place.importFrom('drug-labels', outer);
    expect(report).toMatchObject({ read: 2, rejected: 1, imported: { leaflets: 1 } });
    expect(report.complaints[0]?.file).toContain('bad.zip');
    const again = await importLabels(
      of(1, { ndcs: [GENERIC], version: 4, day: '20230101' }),
      of(2, { ndcs: [JANTOVEN] }),
    );
    expect(again.content?.changes.leaflets).toMatchObject({ added: 1, changed: 1, withdrawn: 0 });
  });

  test('takes the newest version of a label, whatever comes first, and leaves out labels for animals', async () => {
    const older = of(1, { ndcs: [GENERIC], version: 2, day: '20200101' });
    const newer = of(1, { ndcs: [GENERIC], version: 3, day: '20220101' });
    for (const labels of [
      [older, newer],
      [newer, older],
    ]) {
      await importLabels(...labels);
      const [article] = await place.look((library) => library.findArticles([id(1)]));
      expect(article?.leaflet).toMatchObject({ version: 3, effectiveOn: '2022-01-01' });
    }
    const animal = buildLabel(of(2, {})).replace('HUMAN PRESCRIPTION', 'PRESCRIPTION ANIMAL');
    const report = await place.importTexts('drug-labels', {
      'a.xml': animal,
      'b.xml': buildLabel(newer),
      'c.xml': buildLabel(of(3, {})),
    });
    expect(report.complaints).toMatchObject([{ reason: expect.stringContaining('for animals') }]);
  });
});

test.each([
  ["openFDA's JSON", 'drug-label-0001-of-0013.json', 'without their headings, lists and tables'],
  ['an archive of another kind', 'labels.tar.xz', 'unpack it, and import the folder'],
  ['another file', 'a.txt', 'none of the files is a label'],
])('of %s nothing is imported, with the reason', async (_name, file, reason) => {
  await expect(place.importTexts('drug-labels', { [file]: '{"results":[]}' })).rejects.toThrow(reason);
});

describe('the leaflet of a package', () => {
  test('is that of its own label; a package that no label has takes those of its drug', async () => {
    await importLabels(of(1, { ndcs: [GENERIC] }), of(2, { ndcs: [JANTOVEN], name: 'Jantoven' }));
    expect(await first('ndc', '00093172101')).toBe(id(1));
    expect(await first('ndc', '00832121600')).toBe(id(2));
    expect(await first('ndc', '00093172110')).toBe(id(1));
    expect(await choice('ndc', '99999999999')).toEqual({ articles: [], reason: 'not-imported' });
  });

  test('is none, with a reason, where the label has no section for patients or is no longer sold', async () => {
    await importLabels(
      of(1, { ndcs: [GENERIC], sections: section(PRESCRIBER, 'x', 'y') }),
      of(2, { ndcs: [JANTOVEN], status: 'completed' }),
      of(3, { ndcs: ['1-1-1'] }),
    );
    expect(await choice('ndc', '00093172101')).toEqual({ articles: [], reason: 'no-patient-section' });
    expect(await choice('rxnorm', WARFARIN_5)).toEqual({ articles: [], reason: 'no-patient-section' });
    expect(await choice('ndc', '00832121600')).toEqual({ articles: [], reason: 'not-marketed' });
    expect(await place.look((library) => library.findArticles([id(2)]))).toEqual([]);
  });
});

describe('the leaflets of a drug', () => {
  test('are those of its packages: originals before copies, and of these the newest first', async () => {
    const equivalent =
      '<asEquivalentEntity><definingMaterialKind><code code="1"/></definingMaterialKind></asEquivalentEntity>';
    await importLabels(
      of(1, { ndcs: [GENERIC], day: '20240101', equivalent }),
      of(2, { ndcs: [GENERIC], day: '20200101' }),
      of(3, { ndcs: [GENERIC], day: '20230101' }),
    );
    expect(await choice('rxnorm', WARFARIN_5)).toEqual({ articles: [id(3), id(2), id(1)], reason: undefined });
    // Its ingredient has them too: one salt, one form.
    expect(await first('rxnorm', '11289')).toBe(id(3));
    expect(await first('rxnorm', '114194')).toBe(id(3));
  });

  test('are of that brand alone, where a drug has several', async () => {
    await importLabels(of(1, { ndcs: [GENERIC] }), of(2, { ndcs: [JANTOVEN], name: 'Jantoven' }));
    expect((await choice('rxnorm', '855336'))?.articles).toEqual([id(2)]);
    expect((await choice('rxnorm', WARFARIN_5))?.articles).toEqual([id(1)]);
    expect(await choice('rxnorm', '855334')).toEqual({ articles: [], reason: 'several-products' });
  });

  test('are never those of another salt, use or device', async () => {
    const metoprolol = (salt: string): LabelParts => ({ ingredients: [[`METOPROLOL ${salt}`, 'METOPROLOL']] });
    await importLabels(
      of(1, { ndcs: ['0378-0032-01'], ...metoprolol('TARTRATE') }),
      of(2, { ndcs: ['0185-0282-01'], ...metoprolol('SUCCINATE'), form: 'TABLET, EXTENDED RELEASE' }),
    );
    expect((await choice('rxnorm', '866514'))?.articles).toEqual([id(1)]);
    expect((await choice('rxnorm', '866436'))?.articles).toEqual([id(2)]);
    expect(await choice('rxnorm', '6918')).toEqual({ articles: [], reason: 'several-products' });
  });

  test("of an injection's brand are its own, and of its generic those of generics", async () => {
    const docetaxel = { form: 'INJECTION', ingredients: [['DOCETAXEL', 'DOCETAXEL']], generic: 'docetaxel' } as const;
    const [beizray, generic] = ['2697044', '1860485'];
    await importLabels(of(1, { ndcs: ['43598-610-40'], ...docetaxel }));
    expect(await choice('rxnorm', beizray)).toEqual({ articles: [], reason: 'several-products' });
    expect(await first('rxnorm', generic)).toBe(id(1));
  });

  test('are none, with the reason, where the labels are for another form, salt or strength', async () => {
    const metoprolol = { ingredients: [['METOPROLOL TARTRATE', 'METOPROLOL']] } as const;
    await importLabels(of(1, { ndcs: ['0378-0032-01'], ...metoprolol }));
    // Metoprolol tartrate 25 mg; metoprolol succinate, extended release; injection.
    expect(await choice('rxnorm', '866924')).toEqual({ articles: [], reason: 'other-strength' });
    expect(await choice('rxnorm', '866436')).toEqual({ articles: [], reason: 'other-form' });
  });

  test('are not those of a package that the label calls a combination', async () => {
    await importLabels(
      of(1, {
        ndcs: [GENERIC],
        ingredients: [
          ['WARFARIN', 'WARFARIN'],
          ['ASPIRIN', 'ASPIRIN'],
        ],
      }),
    );
    expect(await choice('rxnorm', WARFARIN_5)).toEqual({ articles: [], reason: 'not-imported' });
  });

  test("follow the site's list of makers, and lack what the site suppresses", async () => {
    await importLabels(
      of(1, { ndcs: [GENERIC], day: '20240101' }),
      of(2, { ndcs: [GENERIC], day: '20200101', maker: 'Ipsum Pharma, Inc.' }),
    );
    const { policy } = readPolicy('rule,what,for,value\nleaflet maker,ipsum pharma,,\n');
    expect(policy).toMatchObject({ leafletMakers: ['ipsum pharma'] });
    const under = (one: typeof NO_POLICY) =>
      place.look((library) =>
        (library as unknown as { under: (of: () => typeof NO_POLICY) => typeof library })
          .under(() => one)
          .findLeaflets({ system: 'rxnorm', code: WARFARIN_5 }),
      );
    expect((await under(policy))?.articles).toEqual([id(2), id(1)]);
    expect((await under({ ...NO_POLICY, suppressed: new Set([id(1)]) }))?.articles).toEqual([id(2)]);
  });
});

describe('a leaflet', () => {
  test('is an article that states what it is, with its whole text', async () => {
    await importLabels(of(1, { ndcs: [GENERIC] }));
    const [article] = await place.look((library) => {
      const found = library.findArticles([id(1)]);
      expect(found[0]?.texts.en?.summary?.html).toBe(`<h3>Titulus</h3><p>${WORDS}</p>`);
      expect(library.findArticles([id(1)])[0]).toBe(found[0]);
      return found;
    });
    expect(article).toMatchObject({
      kind: 'label',
      publisher: { name: 'Lorem Laboratories & Co.', licensed: false },
      editionOn: '2022-03-21',
      texts: {
        en: {
          title: 'Medication Guide of Warfarin Sodium (tablet), approved by FDA; text of March 21, 2022',
          url: `https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=${uuid(1)}`,
        },
      },
    });
  });

  test('is not called approved where FDA has approved nothing', async () => {
    await importLabels(of(1, { ndcs: [GENERIC], approval: 'unapproved drug other' }));
    const [article] = await place.look((library) => library.findArticles([id(1)]));
    expect(article?.texts.en?.title).toBe('Medication Guide of Warfarin Sodium (tablet); text of March 21, 2022');
  });

  test('stands behind the page of its drug, and alone where there is none', async () => {
    await importLabels(of(1, { ndcs: [GENERIC] }));
    const ask = (system: 'ndc' | 'rxnorm', code: string): KnowledgeRequest =>
      ({
        criteria: [{ codings: [{ system, sentSystem: system, code, display: '' }] }],
        context: { recipient: 'PROV', language: 'en', ageGroups: [], sex: undefined },
        maxArticles: 3,
      }) as unknown as KnowledgeRequest;
    const answer = await place.look(
      async (library) => (await answerRequest(ask('rxnorm', WARFARIN_5), library)).answers[0],
    );
    expect(answer?.matches.map(({ article }) => article.id)).toEqual([id(1)]);
    expect(answer?.miss).toBeUndefined();
    const none = await place.look(
      async (library) => (await answerRequest({ ...ask('rxnorm', WARFARIN_5), maxArticles: 0 }, library)).answers[0],
    );
    expect(none?.matches).toEqual([]);
  });
});
