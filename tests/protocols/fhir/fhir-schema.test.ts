import { describe, expect, test } from '@jest/globals';
import { fhirComplaints } from '../../support/fhir-schema.js';

const GOOD = { resourceType: 'DocumentReference', status: 'current', content: [{ attachment: { title: 'x' } }] };

describe("R4's schema as compiled for the tests", () => {
  test('takes a valid resource', () => {
    expect(fhirComplaints(GOOD)).toEqual([]);
  });

  test.each([
    ['a missing element', { ...GOOD, content: undefined }],
    ['an unknown status', { ...GOOD, status: 'final' }],
    ['an unknown element', { ...GOOD, colour: 'red' }],
    ['an id that is too long', { ...GOOD, id: 'x'.repeat(65) }],
    ['an instant without its zone', { ...GOOD, date: '2026-11-24T00:00:00' }],
    ['an empty list', { ...GOOD, category: [] }],
    ['a bad contained resource', { ...GOOD, contained: [{ resourceType: 'Organization', name: 1 }] }],
    ['an unknown type', { resourceType: 'Leaflet' }],
    ['no resource at all', { error: {} }],
    [
      'a bad resource in a bundle',
      { resourceType: 'Bundle', type: 'searchset', entry: [{ resource: { ...GOOD, status: 'x' } }] },
    ],
  ])('refuses %s', (_name, resource) => {
    expect(fhirComplaints(JSON.parse(JSON.stringify(resource)))).not.toEqual([]);
  });
});
