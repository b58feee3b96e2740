import { expect, test } from '@jest/globals';
import { attributeLeaflet, titleLeaflet } from '../../../src/core/leaflets/leaflet-words.js';
import { isOldLeaflet, type LeafletFacts } from '../../../src/core/leaflets/leaflet.js';
import { DEFAULT_FACTS, DEFAULT_TEXT_FACTS, type Article, type ArticleText } from '../../../src/core/model/article.js';
import { toDocumentReference } from '../../../src/protocols/fhir/documents/document-reference.js';

const FACTS: LeafletFacts = {
  setId: '00000000-0000-4000-8000-000000000001',
  version: 7,
  effectiveOn: '2024-02-29',
  maker: 'Lorem {setId} Laboratories',
  isCopy: false,
  isApproved: true,
  kind: 'patient-information',
  products: ['A (tablet)', 'B (capsule)', 'C (gel)', 'D (patch)'],
  ingredients: ['ipsumide'],
  ndcs: [],
};

test.each([
  ['2026-02-28', false],
  ['2026-03-01', true],
  ['2030-01-01', true],
  ['2024-03-01', false],
])('a text of 2024-02-29 is two years old on %s: %s', (today, expected) => {
  expect(isOldLeaflet(FACTS, today)).toBe(expected);
});

test('its title and its source state what it is, in both languages', () => {
  expect(titleLeaflet(FACTS, 'en')).toBe(
    'Patient Information of A (tablet), B (capsule), C (gel) and others, approved by FDA; text of February 29, 2024',
  );
  expect(titleLeaflet({ ...FACTS, products: [], isApproved: false }, 'es')).toBe(
    'Información para el paciente de ipsumide; texto del 29 de febrero de 2024',
  );
  expect(attributeLeaflet(FACTS, 'en')).toContain('drug label of Lorem {setId} Laboratories, published by DailyMed');
});

test('as a DocumentReference it has its set id as an identifier and a type of its own', () => {
  const text: ArticleText = { ...DEFAULT_TEXT_FACTS, language: 'en', title: 'Titulus', url: 'https://a.example/x' };
  const publisher = { id: 'drug-labels', name: 'Lorem', url: '', licensed: false, texts: {} };
  const article: Article = {
    id: `label-${FACTS.setId}`,
    kind: 'label',
    publisher,
    texts: { en: text },
    ...DEFAULT_FACTS,
    leaflet: FACTS,
  };
  const document = toDocumentReference(article, text, {
    canonicalBase: 'https://b.example',
    baseUrl: 'https://c.example/',
    releaseDate: '2026-01-01',
    events: [],
    related: new Map(),
    status: 'current',
  });
  expect(document.identifier).toContainEqual({ system: 'urn:ietf:rfc:3986', value: `urn:uuid:${FACTS.setId}` });
  expect(document.type?.coding?.map(({ code }) => code)).toEqual(['69730-0', '68498-5']);
  expect(document.category?.[0]?.coding?.[0]).toMatchObject({ code: 'label', display: 'Drug leaflet' });
});
