import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { DocumentReference } from '@medplum/fhirtypes';
import type { ArticleText } from '../../src/core/model/article.js';
import type { Language } from '../../src/core/model/language.js';
import { SILENT_LOG } from '../../src/import/import-source.js';
import { medlineplus } from '../../src/import/medlineplus.js';
import type { TextFacts } from '../../src/build/source.js';
import {
  countText,
  computeFernandezHuerta,
  computeFleschKincaid,
  measureReadingEase,
  countSyllables,
} from '../../src/reading-ease/reading-ease.js';
import { startConnector, type TestConnector } from '../support/connector.js';
import { MemoryLibrary, testArticle, testText } from '../support/memory-library.js';
import { SETTING } from '../import/import-place.js';
import { DATA, describeWithData } from '../support/shared-data.js';

/** Counted by hand. */
const ENGLISH = {
  html:
    '<p>High blood pressure often has no signs. Your heart pumps blood through your arteries. When the pressure is too high, ' +
    'it can hurt your heart, your brain, and your kidneys.</p><ul><li>A doctor can check it with a simple test</li>' +
    '<li>Eating less salt, walking every day, and taking your medicine can lower it</li></ul>' +
    '<p>Ask your nurse if you have questions about the pills.</p>',
  counts: { sentences: 6, words: 62, syllables: 79 },
};
const SPANISH = {
  html:
    '<p>La diabetes es una enfermedad en la que el azúcar de la sangre está muy alto. El cuerpo necesita insulina para usar ese ' +
    'azúcar. Si no hay tratamiento, la diabetes daña los ojos, los riñones y los nervios. Coma frutas y verduras, camine ' +
    'todos los días y tome sus medicinas. Hable con su médico si tiene preguntas.</p>',
  counts: { sentences: 5, words: 57, syllables: 108 },
};

const syllablesOf = (words: string): [string, number][] =>
  words.split(' ').map((word) => [word.replaceAll('·', ''), word.split('·').length]);

describe('syllables', () => {
  test.each(
    syllablesOf(
      'dia·be·tes a·zú·car ri·ño·nes cuer·po san·gre dí·as rí·o a·ho·ra al·co·hol bú·ho prohi·bir que gue·rra guí·a pin·güi·no ' +
        'ver·güen·za a·yu·da muy rey y hoy re·ír o·í·do ca·í·da ma·íz pa·ís ai·re cau·sa Eu·ro·pa cui·dar viu·da Pa·ra·guay ' +
        'ciu·dad lim·piáis ' +
        'co·ra·zón po·e·ta le·er lí·ne·a ge·o·gra·fí·a e·xa·men in·fluen·za' +
        ' neu·mo·ní·a cán·cer qui·mio·te·ra·pia',
    ),
  )('of the Spanish word %s: %d', (word, count) => {
    expect(countSyllables(word, 'es')).toBe(count);
  });

  test.each(
    syllablesOf(
      'heart blood pres·sure kid·ney med·i·cine doc·tor ar·ter·ies sim·ple walk·ing peo·ple eye used in·fec·tion health ' +
        'dis·ease chron·ic al·ler·gy vac·cine preg·nan·cy in·su·lin di·et ex·er·cise nurse ques·tions stroke',
    ),
  )('of the English word %s: %d', (word, count) => {
    expect(countSyllables(word, 'en')).toBe(count);
  });
});

describe('texts counted by hand', () => {
  test.each<[string, Language, typeof ENGLISH]>([
    ['English', 'en', ENGLISH],
    ['Spanish', 'es', SPANISH],
  ])('%s: sentences, words and syllables', (_, language, { html, counts }) => {
    expect(countText(html, language)).toEqual(counts);
  });

  test.each<[string, Language, number]>([
    ['Dr. Smith sees you at 3.5 p.m. today. Come early.', 'en', 2],
    ['Use it twice, e.g. at noon. Rest.', 'en', 2],
    ['¿Le duele? Llame a su médico. El Dr. Ruiz atiende.', 'es', 3],
    ['No heading<br>Two lines', 'en', 2],
    ['', 'en', 0],
  ])('%s has its sentences', (html, language, sentences) => {
    expect(countText(html, language).sentences).toBe(sentences);
  });

  test('the formulas as their authors give them', () => {
    // 0.39 × 62/6 + 11.8 × 79/62 − 15.59; 206.84 − 0.60 × 189.47 − 1.02 × 11.4
    expect(computeFleschKincaid(ENGLISH.counts)).toBeCloseTo(3.48, 2);
    expect(computeFernandezHuerta(SPANISH.counts)).toBeCloseTo(81.53, 2);
  });
});

const withSummary = (language: Language, summaryHtml: string | undefined): ArticleText => ({
  ...testText('topic-ease', language),
  summary: summaryHtml === undefined ? undefined : { html: summaryHtml, on: undefined },
});

describe('an article', () => {
  const article = testArticle('topic-ease');

  test('has the ease of its summary, with the grade of school', () => {
    expect(measureReadingEase(article, withSummary('en', ENGLISH.html))).toEqual({
      ...{ formula: 'flesch-kincaid', score: 3.5, grade: 3 },
    });
    expect(measureReadingEase(article, withSummary('es', SPANISH.html))).toEqual({
      ...{ formula: 'fernandez-huerta', score: 81.5, grade: 5 },
    });
  });

  test('without a summary, with a short one, or with a text that may not be reproduced has none', () => {
    expect(measureReadingEase(article, withSummary('en', undefined))).toBeUndefined();
    expect(measureReadingEase(article, withSummary('en', '<p>Acne is common.</p>'))).toBeUndefined();
    const licensed = { ...article, publisher: { ...article.publisher, licensed: true } };
    expect(measureReadingEase(licensed, withSummary('en', ENGLISH.html))).toBeUndefined();
  });
});

describe('over FHIR and on pages', () => {
  let connector: TestConnector;
  beforeAll(async () => {
    const texts = { en: withSummary('en', ENGLISH.html), es: withSummary('es', SPANISH.html) };
    const plain = { en: testText('topic-plain', 'en') };
    const library = new MemoryLibrary({
      articles: [
        { layer: 'starter', fields: { id: 'topic-ease', texts } },
        { layer: 'starter', fields: { id: 'topic-plain', texts: plain } },
      ],
      mappings: [],
      crosswalks: [],
    });
    connector = await startConnector({ library });
  });
  afterAll(() => connector.stop());

  const document = async (id: string): Promise<DocumentReference> =>
    (await (await fetch(`${connector.url}/fhir/DocumentReference/${id}`)).json()) as DocumentReference;
  const levelOf = ({ extension = [] }: DocumentReference) =>
    extension.find(({ url }) => url.endsWith('/StructureDefinition/reading-level'))?.extension;

  test('a document carries it as an extension; one without a summary does not', async () => {
    expect(levelOf(await document('topic-ease-en'))).toEqual([
      { url: 'formula', valueCode: 'flesch-kincaid' },
      { url: 'score', valueDecimal: 3.5 },
      { url: 'grade', valuePositiveInt: 3 },
    ]);
    expect(levelOf(await document('topic-ease-es'))?.[0]).toEqual({ url: 'formula', valueCode: 'fernandez-huerta' });
    expect(levelOf(await document('topic-plain-en'))).toBeUndefined();
  });

  test('the page says it in words', async () => {
    const page = async (path: string): Promise<string> => (await fetch(`${connector.url}${path}`)).text();
    expect(await page('/article/topic-ease')).toContain('easy: grade 3 of school');
    expect(await page('/article/topic-ease?lang=es')).toContain('fácil: grado 5 de la escuela');
    expect(await page('/article/topic-plain')).not.toContain('Reading level');
  });
});

describeWithData('medlineplus/2026-04', 'the reading ease of MedlinePlus’s real summaries', () => {
  test('is that of texts for patients: most between grades 6 and 11 in English, 55 and 80 in Spanish', async () => {
    const bytes = gunzipSync(readFileSync(`${DATA}/medlineplus/2026-04/topics-in-xml-form.xml.gz`));
    const file = {
      name: 'mplus_topics_2026.xml',
      label: '',
      modifiedOn: '2026-04-24',
      open: async () => Readable.from([bytes]),
    };
    const texts: TextFacts[] = [];
    for await (const portion of medlineplus.read([file], SILENT_LOG, SETTING)) {
      texts.push(...(portion.texts ?? []));
    }
    const scores = (language: Language): number[] =>
      texts
        .filter((text) => text.language === language)
        .flatMap(
          ({ summaryHtml }) =>
            measureReadingEase(testArticle('topic-ease'), withSummary(language, summaryHtml))?.score ?? [],
        )
        .sort((a, b) => a - b);
    const quantile = (all: readonly number[], share: number): number => all[Math.floor(all.length * share)] ?? NaN;
    for (const [language, least, most] of [
      ['en', 6, 11],
      ['es', 55, 80],
    ] as const) {
      const all = scores(language);
      process.stdout.write(
        `${language}: ${all.length} summaries, 10 % below ${quantile(all, 0.1)}, half below ${quantile(all, 0.5)}, 90 % below ${quantile(all, 0.9)}\n`,
      );
      expect(all.length).toBeGreaterThan(600);
      expect(quantile(all, 0.5)).toBeGreaterThan(least);
      expect(quantile(all, 0.5)).toBeLessThan(most);
    }
  });
});
