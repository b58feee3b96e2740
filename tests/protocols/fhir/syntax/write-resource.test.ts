import { describe, expect, test } from '@jest/globals';
import type { Bundle, DocumentReference, Resource } from '@medplum/fhirtypes';
import { LIMITS } from '../../../../src/limits.js';
import { writeAhead, cacheJson, writeResource } from '../../../../src/protocols/fhir/syntax/write-resource.js';

const JSON_FORMAT = { syntax: 'json', pretty: false } as const;
const write = (resource: Resource): string => writeResource(resource, JSON_FORMAT).toString();

const document = (id: string): DocumentReference => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  description: 'Niño con "asma" \u2028 😀',
  content: [{ attachment: { url: `https://example.org/${id}` } }],
});

describe('writing bundles', () => {
  const kept = document('a');
  cacheJson(kept);
  const bundle = (total: number): Bundle => ({
    resourceType: 'Bundle',
    type: 'searchset',
    ...({ total, timestamp: undefined } as object),
    link: [{ relation: 'self', url: 'https://example.org/?event=a%7Cb' }],
    entry: [
      { fullUrl: 'urn:a', resource: kept, search: { mode: 'match', score: 0.5 } },
      { fullUrl: 'urn:b', resource: document('b'), ...({ search: undefined } as object) },
      { response: { status: '204' } },
    ],
  });

  test.each([1, 2])('gives what JSON.stringify gives, byte for byte, time %i', (total) => {
    expect(write(bundle(total))).toBe(JSON.stringify(bundle(total)));
  });

  test('a bundle without entries, and within a bundle, is written alike', () => {
    const outer: Bundle = { resourceType: 'Bundle', type: 'batch-response', entry: [{ resource: bundle(3) }] };
    expect(write(outer)).toBe(JSON.stringify(outer));
    const empty: Bundle = { resourceType: 'Bundle', type: 'searchset', total: 0 };
    expect(write(empty)).toBe(JSON.stringify(empty));
  });

  test('an entry that was written ahead is put into its bundle as it is, in JSON, laid out and in XML', () => {
    const entry = { resource: document('d'), response: { status: '200 OK' } };
    const plain: Bundle = {
      resourceType: 'Bundle',
      type: 'batch-response',
      entry: [entry, { resource: bundle(4), response: { status: '200' } }, { response: { status: '404' } }],
    };
    const all = (['json', 'xml'] as const).flatMap((syntax) => [true, false].map((pretty) => ({ syntax, pretty })));
    const ahead = all.map(({ syntax }) => (plain.entry ?? []).map((one) => writeAhead(one, syntax)));
    expect(ahead[0]?.[0]?.bytes).toBe(Buffer.byteLength(JSON.stringify(entry)));
    const expected = all.map((format) => writeResource(plain, format).toString());
    entry.resource.id = 'changed, against the promise';
    const written = all.map((format, at): string => {
      const bundle: Bundle = { ...plain, entry: (ahead[at] ?? []).map((one) => one.entry) };
      return writeResource(bundle, format).toString();
    });
    expect(written).toEqual(expected);
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
    expect(String(writeResource(large, { syntax: 'json', pretty: true }))).toBe(JSON.stringify(large));
    expect(writeResource(large, { syntax: 'xml', pretty: true })).not.toContain('\n');
  });

  test('a resource that lasts is written once', () => {
    const lasting = document('c');
    cacheJson(lasting);
    const asked: Bundle = { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: lasting }] };
    const first = write(asked);
    lasting.id = 'changed, against the promise';
    expect(write(asked)).toBe(first);
  });
});
