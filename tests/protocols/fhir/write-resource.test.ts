import { describe, expect, test } from '@jest/globals';
import type { Bundle, DocumentReference } from '@medplum/fhirtypes';
import { measureEntry, writeOnce, writeResource } from '../../../src/protocols/fhir/write-resource.js';

const JSON_FORMAT = { syntax: 'json', pretty: false } as const;

const document = (id: string): DocumentReference => ({
  resourceType: 'DocumentReference',
  id,
  status: 'current',
  description: 'Niño con "asma" \u2028 😀',
  content: [{ attachment: { url: `https://example.org/${id}` } }],
});

describe('writing bundles', () => {
  const kept = document('a');
  writeOnce(kept);
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
    expect(writeResource(bundle(total), JSON_FORMAT)).toBe(JSON.stringify(bundle(total)));
  });

  test('a bundle without entries, and within a bundle, is written alike', () => {
    const outer: Bundle = { resourceType: 'Bundle', type: 'batch-response', entry: [{ resource: bundle(3) }] };
    expect(writeResource(outer, JSON_FORMAT)).toBe(JSON.stringify(outer));
    const empty: Bundle = { resourceType: 'Bundle', type: 'searchset', total: 0 };
    expect(writeResource(empty, JSON_FORMAT)).toBe(JSON.stringify(empty));
  });

  test('an entry that was measured is written no second time', () => {
    const entry = { resource: document('d') };
    const measured: Bundle = { resourceType: 'Bundle', type: 'batch-response', entry: [entry] };
    expect(measureEntry(entry)).toBe(Buffer.byteLength(JSON.stringify(entry)));
    const first = JSON.stringify(measured);
    entry.resource.id = 'changed, against the promise';
    expect(writeResource(measured, JSON_FORMAT)).toBe(first);
  });

  test('a resource that lasts is written once', () => {
    const lasting = document('c');
    writeOnce(lasting);
    const asked: Bundle = { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: lasting }] };
    const first = writeResource(asked, JSON_FORMAT);
    lasting.id = 'changed, against the promise';
    expect(writeResource(asked, JSON_FORMAT)).toBe(first);
  });
});
