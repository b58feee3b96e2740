import { expect, test } from '@jest/globals';
import { isLocalHost } from '../../src/upstream/is-local-host.js';

test.each([
  'http://127.0.0.1:8080/fhir',
  'http://localhost/fhir',
  'http://[::1]:8080/fhir',
  'http://10.1.2.3/fhir',
  'http://172.16.0.1/fhir',
  'https://192.168.1.9/fhir',
  'http://[fd00::1]/fhir',
  'http://hapi:8080/fhir',
  'https://tx.hospital.internal/fhir',
  'https://TX.Hospital.LOCAL./fhir',
])('%s stays in the house', (url) => {
  expect(isLocalHost(url)).toBe(true);
});

test.each([
  'https://tx.fhir.org/r4',
  'https://hospital.example.org/fhir',
  'http://8.8.8.8/fhir',
  'http://172.32.0.1/fhir',
  'http://[2001:db8::1]/fhir',
  'https://localhost.example.org/fhir',
  'https://mylocal.com/fhir',
])('%s is taken to be outside', (url) => {
  expect(isLocalHost(url)).toBe(false);
});
