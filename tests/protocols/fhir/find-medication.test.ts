import { expect, test } from '@jest/globals';
import { createMedicationFinder } from '../../../src/protocols/fhir/knowledge-request/read-inputs.js';

const EHR = 'https://ehr.example/fhir';
const OTHER = 'https://other.example/fhir';
const at = (fullUrl: string, name: string, id = '1') => ({
  fullUrl,
  resource: { resourceType: 'Medication', id, name },
});

/** Server, resources, the reference, and the address of the resource that has it. */
test.each([
  ['relative', undefined, [at('', 'a')], 'Medication/1', '', 'a'],
  ['relative, with a version', undefined, [at('', 'a')], 'Medication/1/_history/2', '', 'a'],
  ['by URN', undefined, [at('urn:uuid:9', 'a')], 'urn:uuid:9', '', 'a'],
  ['absolute, by its address', undefined, [at(`${EHR}/Medication/1`, 'a')], `${EHR}/Medication/1`, '', 'a'],
  ['absolute, in another spelling', EHR, [at('', 'a')], 'HTTPS://EHR.example:443/fhir/Medication/1', '', 'a'],
  ['absolute, where no server is known', undefined, [at('', 'a')], `${EHR}/Medication/1`, '', 'a'],
  [
    'relative to the referring entry',
    undefined,
    [at(`${OTHER}/Medication/1`, 'o'), at(`${EHR}/Medication/1`, 'a')],
    'Medication/1',
    `${EHR}/X/2`,
    'a',
  ],
  [
    'to another server, which was sent as well',
    EHR,
    [at('', 'a'), at(`${OTHER}/Medication/1`, 'o')],
    `${OTHER}/Medication/1`,
    '',
    'o',
  ],
  ['to another server than the known one', EHR, [at('', 'a')], `${OTHER}/Medication/1`, '', undefined],
  [
    'to another server than the entry’s own',
    undefined,
    [at('', 'a')],
    `${OTHER}/Medication/1`,
    `${EHR}/X/2`,
    undefined,
  ],
  [
    'relative, and only another server’s is there',
    EHR,
    [at(`${OTHER}/Medication/1`, 'o')],
    'Medication/1',
    '',
    undefined,
  ],
  ['to nothing', EHR, [at('', 'a')], 'Medication/2', '', undefined],
  ['to a text that is none', EHR, [at('', 'a')], '/'.repeat(5000), '', undefined],
])('a reference %s', (_name, server, resources, reference, fullUrl, found) => {
  expect(createMedicationFinder(resources, server)(reference, fullUrl)?.['name']).toBe(found);
});
