import { describe, expect, test } from '@jest/globals';
import { CONCERNS, findAgeConcerns, findConcerns, type Concern } from '../../../src/core/leaflets/concerns.js';
import { readLeafletLines } from '../../../src/core/leaflets/leaflet-lines.js';
import { arrangeLeaflet, readParts } from '../../../src/core/leaflets/leaflet-parts.js';
import { readLeaflets } from '../../import/spl/read-labels.js';
import { describeWithData } from '../../support/shared-data.js';

const nameAll = (...concerns: readonly Concern[]) => ({
  names: new Map(concerns.map((one) => [one, `§${one}`] as const)),
  language: 'en' as const,
});
const headingsOf = (html: string): string[] =>
  readLeafletLines(html).flatMap(({ text, isHeading }) => (isHeading ? text : []));

describe('a heading of a leaflet', () => {
  test.each([
    ['a title of a section', '<h3>LOREM</h3>ipsum', ['LOREM']],
    ['a paragraph in bold', '<p><strong>Lorem</strong> <em></em></p><p>ipsum</p>', ['Lorem']],
    ['a line in bold within a paragraph', '<p><strong>Lorem</strong><br />ipsum <strong>dolor</strong></p>', ['Lorem']],
    [
      'a question in plain print',
      '<p>Who should not take Loremol?</p><p>Is it so</p>',
      ['Who should not take Loremol?'],
    ],
    ['a question of a Spanish leaflet', '<p>¿Qué es Loremol?</p>', ['¿Qué es Loremol?']],
    ['a cell that is a row of its own', '<table><tr><td><strong>Lorem</strong></td></tr></table>', ['Lorem']],
    ['no cell beside another', '<table><tr><td><strong>Lorem</strong></td><td>ipsum</td></tr></table>', []],
    ['no item of a list', '<ul><li><strong>Lorem</strong></li></ul>', []],
    ['no line behind a bullet', '<p><strong>• Lorem</strong></p>', []],
    ['no sentence that is partly bold', '<p><strong>Lorem</strong> ipsum</p>', []],
    ['no long sentence', `<p><strong>${'Lorem '.repeat(40)}</strong></p>`, []],
  ])('is %s', (_name, html, headings) => {
    expect(headingsOf(html)).toEqual(headings);
  });
});

test.each([
  ['Tell your doctor if you are pregnant or plan to become pregnant.', ['pregnancy']],
  ['Women may harm an unborn baby.', ['pregnancy']],
  ['are breastfeeding or plan to breast-feed', ['breastfeeding']],
  ['Nursing mothers', ['breastfeeding']],
  ['have liver or kidney problems', ['kidney', 'liver']],
  ['It is not known if it is safe in children under 18 years of age.', ['child']],
  ['Keep out of the reach of children.', []],
  ['This bottle has a child-resistant cap.', []],
  ['People 65 years of age and older', ['older-adult']],
  ['if you are over 60', ['older-adult']],
  ['adrenal glands, breast cancer, delivery, 65 mg', []],
  ['si está embarazada o amamantando', ['pregnancy', 'breastfeeding']],
  ['si tiene problemas de los riñones o del hígado', ['kidney', 'liver']],
  ['los niños menores de 12 años y los adultos mayores', ['child', 'older-adult']],
  ['Manténgalo fuera del alcance de los niños.', []],
])('of a line are found the situations that it names: %s', (line, concerns) => {
  expect(findConcerns(line)).toEqual(concerns);
});

test.each([
  [{ ageGroups: ['child'] as const, leastAgeMonths: 100 }, ['child']],
  [{ ageGroups: ['adolescent'] as const, leastAgeMonths: 210 }, ['child']],
  [{ ageGroups: ['young-adult', 'adult'] as const, leastAgeMonths: 240 }, []],
  [{ ageGroups: ['aged', 'aged-80'] as const }, ['older-adult']],
  [{ ageGroups: ['middle-aged', 'aged'] as const }, []],
  [{ ageGroups: [] as const }, []],
])('of the age %j are found the situations %j', (context, concerns) => {
  expect(findAgeConcerns(context)).toEqual(concerns);
});

const LEAFLET =
  '<h3>Medication Guide</h3><p>Lorem</p>' +
  '<p><strong>What is Loremol?</strong></p><p>ipsum &amp; children</p>' +
  '<p><strong>Who should not take Loremol?</strong></p><ul><li>kidney dolor</li></ul>' +
  '<p><strong>How should I take Loremol?</strong></p><p>sit</p>' +
  '<p><strong>Pregnancy</strong></p><p>amet</p>';

test("the contents list the parts about the patient's situations first, named ones before others, and the text is whole", () => {
  const { html, contents } = arrangeLeaflet(LEAFLET, nameAll('kidney', 'pregnancy'), 'p');
  expect(contents.map(({ heading, mark }) => [heading, mark])).toEqual([
    ['Pregnancy', '§pregnancy'],
    ['Who should not take Loremol?', '§kidney'],
    ['What is Loremol?', ''],
    ['How should I take Loremol?', ''],
  ]);
  expect(html).toContain(
    '<p><strong><mark id="p-3" lang="en">§kidney</mark> Who should not take Loremol?</strong></p>',
  );
  expect(withoutMarks(html)).toBe(LEAFLET);
  expect(arrangeLeaflet(LEAFLET, nameAll(), 'p').contents.map(({ mark }) => mark)).toEqual(['', '', '', '']);
});

test('a leaflet without a heading is one part, named by its own first words', () => {
  const text = `${'lorem '.repeat(30)}liver`;
  expect(arrangeLeaflet(`<p>${text}</p>`, nameAll('liver'), 'p').contents).toEqual([
    { heading: `${'lorem '.repeat(19)}lorem …`, anchor: 'p-1', mark: '§liver' },
  ]);
});

/** The leaflet as it was before its parts were marked. */
const withoutMarks = (html: string): string =>
  html.replace(/<span id="p-\d+"><\/span>|<mark id="p-\d+" lang="en">[^<]*<\/mark> /g, '');

/** Words by which a reader would look for each situation, apart from the patterns of the program. */
const SOUGHT: Readonly<Partial<Record<Concern, RegExp>>> = {
  pregnancy: /pregnan|unborn/i,
  breastfeeding: /breast ?-?feed|breast milk/i,
  kidney: /kidney/i,
  liver: /\blivers?\b/i,
  'older-adult': /elderly|\bolder adults\b/i,
};

describeWithData('spl', 'the leaflets of 206 labels', () => {
  test('are the same but for the marks whatever the patient has, and marks for each situation that they name', async () => {
    const leaflets = await readLeaflets();
    expect(leaflets.length).toBe(201);
    for (const [name, html] of leaflets) {
      const parts = readParts(html);
      for (const concerns of [[], CONCERNS]) {
        const { html: arranged, contents } = arrangeLeaflet(html, nameAll(...concerns), 'p');
        expect([name, withoutMarks(arranged) === html]).toEqual([name, true]);
        // Each entry leads to one place, marked ones come first, and each heading is the leaflet's own.
        const ids = contents.map(({ anchor }) => anchor);
        expect([name, ids.map((id) => arranged.split(` id="${id}"`).length)]).toEqual([name, ids.map(() => 2)]);
        const marks = contents.map(({ mark }) => mark !== '');
        expect([name, marks]).toEqual([name, [...marks].sort((a, b) => Number(b) - Number(a))]);
        expect(parts.map(({ heading }) => heading)).toEqual(
          expect.arrayContaining(contents.map(({ heading }) => heading)),
        );
      }
      for (const [concern, sought] of Object.entries(SOUGHT)) {
        const { contents } = arrangeLeaflet(html, nameAll(concern as Concern), 'p');
        const isNamed = readLeafletLines(html).some(({ text }) => sought.test(text));
        if (isNamed) expect([name, concern, contents[0]?.mark]).toEqual([name, concern, `§${concern}`]);
      }
    }
  });
});
