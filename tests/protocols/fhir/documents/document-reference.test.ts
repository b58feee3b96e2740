import { describe, expect, test } from '@jest/globals';
import type { CodeSystem, Coding, DocumentReference } from '@medplum/fhirtypes';
import type { Article, ArticleText, Sensitivity } from '../../../../src/core/model/article.js';
import { toDocumentReference } from '../../../../src/protocols/fhir/documents/document-reference.js';
import { fhirComplaints } from '../../../support/fhir-schema.js';
import { readR4Data } from '../../../support/r4-data.js';
import { DEFAULT_FACTS } from '../../../../src/core/model/article.js';

const CONTEXT = {
  canonicalBase: 'https://example.org/fhir',
  baseUrl: 'https://connect.example',
  releaseDate: '2026-11-24',
  status: 'current' as const,
  events: [],
  related: new Map<string, Article>(),
};
const TEXT: ArticleText = {
  language: 'en',
  title: 'Asthma & "wheeze" <lungs>',
  url: 'https://example.org/asthma.html',
  alsoCalled: [],
  summary: undefined,
  origin: 'curated',
};
/** Article of which nothing but its title and address is known. */
const BARE: Article = {
  id: 'local-asthma',
  kind: 'local',
  publisher: { id: 'unknown', name: '', url: '', licensed: true, texts: {} },
  ...DEFAULT_FACTS,
  texts: { en: TEXT },
};
const PUBLISHER = { id: 'site', name: "St. Mary's", url: '', licensed: false, texts: {} };

const render = (facts: Partial<Article> = {}, text: Partial<ArticleText> = {}): DocumentReference => {
  const document = toDocumentReference({ ...BARE, ...facts }, { ...TEXT, ...text }, CONTEXT);
  expect(fhirComplaints(JSON.parse(JSON.stringify(document)))).toEqual([]);
  return document;
};

describe('a DocumentReference', () => {
  test('of the barest article holds nothing empty, and names no one', () => {
    const document = render();
    expect([document.contained, document.author, document.custodian, document.extension]).toEqual(
      Array(4).fill(undefined),
    );
  });

  test('contains whom it names, with or without an address', () => {
    for (const url of ['', 'https://example.org/']) {
      const { contained, author, custodian } = render({ publisher: { ...PUBLISHER, url } });
      expect(contained?.map(({ id }) => `#${id ?? ''}`)).toEqual([author?.[0]?.reference, custodian?.reference]);
    }
  });

  test('of a file of the folder has the keeper’s data, unless it was withdrawn', () => {
    const keeper = { owner: 'Ann Smith', nextReview: '2020-01-01', approvedBy: 'Ben Jones' };
    const expected = {
      url: 'https://example.org/fhir/StructureDefinition/keeper',
      extension: [
        { url: 'state', valueCode: 'approved' },
        { url: 'owner', valueString: 'Ann Smith' },
        { url: 'approved-by', valueString: 'Ben Jones' },
        { url: 'next-review', valueDate: '2020-01-01' },
      ],
    };
    expect(render({}, { keeper }).extension).toEqual([expected]);
    const withdrawn = toDocumentReference(BARE, { ...TEXT, keeper }, { ...CONTEXT, status: 'superseded' });
    expect(withdrawn.extension).toBeUndefined();
  });

  test('of a vaccine statement has the day of its edition, and the number in its bar code', () => {
    const { content, identifier } = render({ editionOn: '2025-01-31', gdti: '0886983000127' });
    expect(content[0]?.attachment.creation).toBe('2025-01-31');
    expect(identifier?.[1]).toEqual({ system: 'https://id.gs1.org/253', value: '0886983000127' });
  });

  test('tells in its narrative what stands nowhere else, escaped, and says so', () => {
    const { text } = render({ reviewers: ['A. Bee, MD'] });
    expect(text?.status).toBe('additional');
    expect(text?.div).toContain('<p>Asthma &amp; &quot;wheeze&quot; &lt;lungs&gt;</p><p>A. Bee, MD</p>');
  });

  test.each([
    ['https://example.org/a.pdf', 'application/pdf'],
    ['https://example.org/A.PDF?version=2', 'application/pdf'],
    ['https://example.org/a.pdf#page=3', 'application/pdf'],
    ['https://example.org/a.pdf.html', 'text/html'],
    ['https://example.org/a', 'text/html'],
  ])('of %s is %s', (url, contentType) => {
    expect(render({}, { url }).content[0]?.attachment).toMatchObject({ url, contentType });
  });

  test('has another version for another content only', () => {
    const versions = [render(), render(), render({}, { title: 'Asthma' })].map(({ meta }) => meta?.versionId);
    expect([versions[0] === versions[1], versions[0] === versions[2]]).toEqual([true, false]);
  });
});

describe('a sensitive article', () => {
  const url = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';
  const displayOf = (code: string, concepts: CodeSystem['concept'] = []): string | undefined => {
    for (const concept of concepts) {
      const display = concept.code === code ? concept.display : displayOf(code, concept.concept);
      if (display) return display;
    }
    return undefined;
  };
  const actCode = (readR4Data('terminology') as CodeSystem[]).find((one) => one.url === url);
  const SENSITIVITIES: Sensitivity[] = ['HIV', 'STD', 'PSY', 'ETH', 'SDV', 'SEX', 'GDIS', 'TBOO'];

  test.each(SENSITIVITIES)('%s is labelled by HL7’s code, in its meta too', (sensitivity) => {
    const { meta, securityLabel } = render({ sensitivity });
    const label: Coding = {
      system: url,
      code: sensitivity,
      display: displayOf(sensitivity, actCode?.concept) ?? '',
    };
    expect([meta?.security, securityLabel]).toEqual([[label], [{ coding: [label] }]]);
  });
});
