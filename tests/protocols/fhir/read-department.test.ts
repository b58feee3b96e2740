import { expect, test } from '@jest/globals';
import { listPlaces, nameDepartment } from '../../../src/protocols/fhir/knowledge-request/read-department.js';

const location = (display: string, more: object = {}) => ({
  location: { reference: `Location/${display}`, display },
  ...more,
});
const BED = { physicalType: { coding: [{ code: 'bd' }] } };
const serviceProvider = { reference: 'Organization/1', display: 'General Hospital', identifier: { value: 'GH' } };

test.each([
  ['the ward before its bed', { location: [location('Bed 3', BED), location('5 West')], serviceProvider }, '5 West'],
  [
    'the place of now',
    { location: [location('ED', { status: 'completed' }), location('ICU', { status: 'active' })] },
    'ICU',
  ],
  ['the last place, after the visit', { location: [location('ED', { status: 'completed' })] }, 'ED'],
  ['the organisation, without a place', { serviceProvider }, 'General Hospital'],
  ['a reference, without a name', { location: [{ location: { reference: 'Location/7' } }] }, 'Location/7'],
  ['one line without controls', { location: [location('5\n\u202eWest')] }, '5 West'],
  ['nothing of what is no reference', { location: [{ location: 'x' }, 7, null], serviceProvider: [] }, undefined],
  ['nothing without an encounter', undefined, undefined],
])('a department is %s', (_name, encounter, expected) => {
  expect(nameDepartment(encounter)).toBe(expected);
});

test('places have what a site may list them by', () => {
  expect(listPlaces({ location: [location('ED')], serviceProvider }).map(({ keys }) => keys)).toEqual([
    ['Location/ED'],
    ['Organization/1', 'GH'],
  ]);
});
