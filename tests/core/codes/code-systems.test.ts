import { describe, expect, test } from '@jest/globals';
import { CODE_SYSTEMS, codeSystem, findCodeSystem, isCodeSystemId } from '../../../src/core/codes/code-systems.js';
import type { CodeSystemId } from '../../../src/core/codes/code-systems.js';

// OID, FHIR URI, label in a subtitle, term of MedlinePlus Connect's category.
const KNOWN: readonly [CodeSystemId, oid: string, uri: string, label: string, term: string][] = [
  ['icd-10-cm', '2.16.840.1.113883.6.90', 'http://hl7.org/fhir/sid/icd-10-cm', 'ICD-10-CM', 'ICD10CM'],
  ['icd-9-cm', '2.16.840.1.113883.6.103', 'http://hl7.org/fhir/sid/icd-9-cm', 'ICD-9-CM', 'ICD9CM'],
  ['icd-10', '2.16.840.1.113883.6.3', 'http://hl7.org/fhir/sid/icd-10', 'ICD-10 (WHO)', 'ICD10WHO'],
  ['snomed-ct', '2.16.840.1.113883.6.96', 'http://snomed.info/sct', 'SNOMED CT', 'SNOMEDCT'],
  ['rxnorm', '2.16.840.1.113883.6.88', 'http://www.nlm.nih.gov/research/umls/rxnorm', 'RXCUI', 'RXNORM'],
  ['ndc', '2.16.840.1.113883.6.69', 'http://hl7.org/fhir/sid/ndc', 'NDC', 'NDC'],
  ['loinc', '2.16.840.1.113883.6.1', 'http://loinc.org', 'LOINC', 'LOINC'],
  ['cpt', '2.16.840.1.113883.6.12', 'http://www.ama-assn.org/go/cpt', 'CPT', 'CPT'],
  ['mesh', '2.16.840.1.113883.6.177', 'https://www.nlm.nih.gov/mesh', 'MeSH', 'MESH'],
];

describe.each(KNOWN)('%s', (id, oid, uri, label, term) => {
  test('is written with its OID, URI, label and term', () => {
    expect(codeSystem(id)).toMatchObject({ id, uri, label, term });
    expect(codeSystem(id).oids[0]).toBe(oid);
  });

  test.each([
    ['its OID', oid],
    ['its OID as a URN', `urn:oid:${oid}`],
    ['its OID as a URN in upper case', `URN:OID:${oid}`],
    ['its FHIR URI', uri],
    ['its FHIR URI with a slash at the end', `${uri}/`],
    ['its label', label],
    ['its label in lower case', label.toLowerCase()],
    ['its term', term],
    ['its OID with blanks around it', `  ${oid}\t`],
  ])('is found by %s', (_way, sent) => {
    expect(findCodeSystem(sent)?.id).toBe(id);
  });
});

test.each([
  ['LOINC by the OID that MedlinePlus Connect accepts as well', '2.16.840.1.113883.11.79', 'loinc'],
  ['RxNorm by its name', 'RxNorm', 'rxnorm'],
  ['SNOMED CT by a short name', 'SNOMED', 'snomed-ct'],
  ['CVX by the OID of C32', '2.16.840.1.113883.6.59', 'cvx'],
  ['ICD-9-CM by the address of its diagnoses', 'http://hl7.org/fhir/sid/icd-9-cm/diagnosis', 'icd-9-cm'],
])('%s', (_name, sent, id) => {
  expect(findCodeSystem(sent)?.id).toBe(id);
});

test.each([
  '',
  '   ',
  '2.16.840.1.113883.6',
  '2.16.840.1.113883.6.900',
  '6.90',
  'urn:oid:',
  'constructor',
  '__proto__',
])('%j is no code system', (sent) => {
  expect(findCodeSystem(sent)).toBeUndefined();
});

test('no two code systems share a name of any sort', () => {
  const names = CODE_SYSTEMS.flatMap(({ id, uri, oids, label, term, synonyms }) => [
    ...new Set([id, uri, label, term, ...oids, ...synonyms].map((name) => name.toLowerCase())),
  ]);
  expect(new Set(names).size).toBe(names.length);
});

test('the request types are those of MedlinePlus Connect', () => {
  const kinds = Object.fromEntries(CODE_SYSTEMS.map(({ id, kind }) => [id, kind]));
  expect(kinds).toMatchObject({
    'icd-10-cm': 'diagnosis',
    'icd-9-cm': 'diagnosis',
    'snomed-ct': 'diagnosis',
    rxnorm: 'drug',
    ndc: 'drug',
    loinc: 'test',
    cpt: 'procedure',
  });
});

test('a mapping file is named by an id, not by a label', () => {
  expect(isCodeSystemId('icd-10-cm')).toBe(true);
  expect(isCodeSystemId('ICD-10-CM')).toBe(false);
  expect(isCodeSystemId('toString')).toBe(false);
});

test('an id that the table lacks is a mistake of ours', () => {
  expect(() => codeSystem('nosuch' as CodeSystemId)).toThrow(RangeError);
});
