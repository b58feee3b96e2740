import { describe, expect, test } from '@jest/globals';
import type { Bundle, DocumentReference, Resource } from '@medplum/fhirtypes';
import { LIMITS } from '../../../../src/limits.js';
import { measureEntry, writeResource } from '../../../../src/protocols/fhir/syntax/write-resource.js';

const JSON_FORMAT = { syntax: 'json', pretty: false } as const;
const write = (resource: Resource): string => writeResource(resource, JSON_FORMAT);

const document = (id: string): DocumentReference => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  description: 'Niño con "asma" \u2028 😀',
  content: [{ attachment: { url: `https://example.org/${id}` } }],
});

describe('writing bundles', () => {
  const bundle = (total: number): Bundle => ({
    resourceType: 'Bundle',
    type: 'searchset',
    ...({ total, timestamp: undefined } as object),
    link: [{ relation: 'self', url: 'https://example.org/?event=a%7Cb' }],
    entry: [
      { fullUrl: 'urn:a', resource: document('a'), search: { mode: 'match', score: 0.5 } },
      { fullUrl: 'urn:b', resource: document('b'), ...({ search: undefined } as object) },
      { response: { status: '204' } },
    ],
  });

  test('gives what JSON.stringify gives, byte for byte', () => {
    expect(write(bundle(1))).toBe(JSON.stringify(bundle(1)));
  });

  test('a bundle without entries, and within a bundle, is written alike', () => {
    const outer: Bundle = { resourceType: 'Bundle', type: 'batch-response', entry: [{ resource: bundle(3) }] };
    expect(write(outer)).toBe(JSON.stringify(outer));
    const empty: Bundle = { resourceType: 'Bundle', type: 'searchset', total: 0 };
    expect(write(empty)).toBe(JSON.stringify(empty));
  });

  test.each(['json', 'xml'] as const)('an entry is measured as it is written, in %s', (syntax) => {
    const written = (entry: NonNullable<Bundle['entry']>): number =>
      Buffer.byteLength(
        writeResource({ resourceType: 'Bundle', type: 'batch-response', entry }, { syntax, pretty: false }),
      );
    const [first, second] = [
      { resource: document('d'), response: { status: '200 OK' } },
      { response: { status: '404' } },
    ];
    const comma = syntax === 'json' ? 1 : 0;
    expect(written([first, second]) - written([second])).toBe(measureEntry(first, syntax) + comma);
  });

  test('a bundle that is too large is rejected before all of it is written', () => {
    const bytes = LIMITS.maxAnswerBytes / 100;
    let written = 0;
    const entry = Array.from({ length: 200 }, () => ({
      resource: {
        ...document('e'),
        get description(): string {
          written++;
          return 'x'.repeat(bytes);
        },
      },
    }));
    const large: Bundle = { resourceType: 'Bundle', type: 'searchset', entry };
    expect(() => writeResource(large, JSON_FORMAT)).toThrow('answer-too-large');
    expect(written).toBe(100);
  });

  test('what is large is not laid out', () => {
    const large = { ...document('f'), description: 'x'.repeat(LIMITS.maxPrettyBytes) };
    expect(writeResource(large, { syntax: 'json', pretty: true })).toBe(JSON.stringify(large));
    expect(writeResource(large, { syntax: 'xml', pretty: true })).not.toContain('\n');
  });
});
