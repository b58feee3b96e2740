import { expect, test } from '@jest/globals';
import {
  createCodeSystemHeader,
  createConceptMapHeader,
  createSystemValueSet,
} from '../../../src/protocols/fhir/terminology/definitions.js';

/** The sources of a large site, and its policy last. */
const RELEASE = `${['ndc', 'rxnorm', 'snomed-ct', 'loinc'].map((source) => `${source}-2026-11-01`).join('+')}+policy-`;

/** The versions of one resource of each type. @param complete the release that holds the code system whole */
function versionsIn(release: string, complete?: string): (string | undefined)[] {
  const facts = { canonicalBase: 'https://example.org/fhir', version: release, date: '2026-11-01' };
  const system = createCodeSystemHeader('icd-10-cm', { count: 3, complete }, facts);
  const map = createConceptMapHeader('a-to-b', { source: 'a', target: 'b', title: 'A to B' }, facts);
  return [system, createSystemValueSet(system, facts), map].map(({ meta }) => meta?.versionId);
}

test('a version is an id of R4, and stays as long as the release is named the same', () => {
  for (const version of versionsIn(RELEASE)) expect(version).toMatch(/^[A-Za-z0-9.-]{1,64}$/);
  expect(versionsIn(RELEASE)).toEqual(versionsIn(RELEASE));
});

test.each([
  ['the end of a long name of the release', undefined],
  ['another release, though one holds the system whole', 'icd-10-cm-2026'],
])('it is another with %s', (_name, complete) => {
  const [before, after] = [versionsIn(`${RELEASE}1a2b3c4d`, complete), versionsIn(`${RELEASE}5e6f7a8b`, complete)];
  before.forEach((version, index) => {
    expect(version).not.toBe(after[index]);
  });
});
