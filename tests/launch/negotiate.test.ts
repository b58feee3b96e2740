import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../src/protocols/json-object.js';
import { readSmartConfiguration } from '../../src/upstream/smart/smart-configuration.js';
import { readAbilities } from '../../src/upstream/write-back/abilities.js';
import { chooseWriteBack } from '../../src/web/launch/delivery/deliver.js';
import type { WriteBackType } from '../../src/config/ehrs.js';

const SAMPLES = '../shared/samples/ehr';
const AUTO = { writeBack: ['DocumentReference', 'Communication', 'Procedure'], isWriteBackFixed: false } as const;
const fixed = (type: WriteBackType) => ({ writeBack: [type], isWriteBackFixed: true });
const GRANTED = ['patient/DocumentReference.crus', 'patient/Communication.write', 'user/Procedure.*'];

const server = (types: Readonly<Record<string, string>>, fhirVersion = '4.0.1'): JsonObject => ({
  fhirVersion,
  rest: [
    {
      mode: 'client',
      resource: [{ type: 'DocumentReference', interaction: [{ code: 'create' }, { code: 'update' }] }],
    },
    {
      mode: 'server',
      resource: Object.entries(types).map(([type, codes]) => ({
        type,
        interaction: codes.split(' ').map((code) => ({ code })),
      })),
    },
  ],
});
const ALL = { DocumentReference: 'create update', Communication: 'create', Procedure: 'create' };

describe('as what an entry is written', () => {
  test.each([
    ['everything is offered', server(ALL), AUTO, GRANTED, 'DocumentReference'],
    ['documents cannot be corrected', server({ ...ALL, DocumentReference: 'create' }), AUTO, GRANTED, 'Communication'],
    ['procedures alone', server({ Procedure: 'create update' }), AUTO, GRANTED, 'Procedure'],
    [
      'nothing is offered',
      server({ DocumentReference: 'read', Communication: 'search-type' }),
      AUTO,
      GRANTED,
      undefined,
    ],
    [
      'the site fixes it',
      server({ ...ALL, DocumentReference: 'create' }),
      fixed('DocumentReference'),
      GRANTED,
      'DocumentReference',
    ],
    ['what the site fixes is not offered', server({ Communication: 'create' }), fixed('Procedure'), GRANTED, undefined],
    ['a scope was not granted', server(ALL), AUTO, ['patient/Procedure.cu'], 'Procedure'],
    ['no scope was granted', server(ALL), AUTO, ['patient/Patient.r'], undefined],
    ['a server of another FHIR', server(ALL, '3.0.2'), AUTO, GRANTED, undefined],
    ['no CapabilityStatement', {}, AUTO, GRANTED, undefined],
  ] as const)('%s', (_case, capability, site, granted, expected) => {
    expect(chooseWriteBack(site, readAbilities(capability), granted)).toBe(expected);
  });
});

test.each([
  ['no JSON', 'none'],
  ['plain http outside', { token_endpoint: 'http://ehr.example/token' }],
  ['no token endpoint', { token_endpoint: undefined }],
  ['no S256', { code_challenge_methods_supported: ['plain'] }],
])('a SMART configuration with %s is unfit', (_case, fault) => {
  const good = {
    authorization_endpoint: 'https://ehr.example/authorize',
    token_endpoint: 'https://ehr.example/token',
    code_challenge_methods_supported: ['S256'],
  };
  expect(readSmartConfiguration(JSON.stringify(good)).capabilities).toEqual([]);
  const text = typeof fault === 'string' ? fault : JSON.stringify({ ...good, ...fault });
  expect(() => readSmartConfiguration(text)).toThrow(expect.objectContaining({ reason: 'ehr-unfit' }));
});

test.each([
  ['oracle-health', 'Procedure', { create: true, update: false }],
  ['openemr', undefined, { create: false, update: false }],
  ['medplum', 'DocumentReference', { create: true, update: true, conditionalCreate: false, searchByIdentifier: true }],
  ['hapi', 'DocumentReference', { create: true, update: true, conditionalCreate: true }],
])('%s: an entry is written as %s', (server, expected, document) => {
  const file = new URL(`servers/${server}.json`, import.meta.url);
  const abilities = readAbilities(JSON.parse(readFileSync(file, 'utf8')) as JsonObject);
  expect(chooseWriteBack(AUTO, abilities, GRANTED)).toBe(expected);
  expect(abilities.get('DocumentReference')).toMatchObject(document);
});

(existsSync(SAMPLES) ? describe : describe.skip)('a real EHR’s sandbox', () => {
  const read = (name: string): string => readFileSync(`${SAMPLES}/${name}`, 'utf8');

  test('its CapabilityStatement lets a document be written, searched for and corrected', () => {
    const abilities = readAbilities(JSON.parse(read('epic-sandbox-r4-capabilitystatement.json')) as JsonObject);
    expect(chooseWriteBack(AUTO, abilities, GRANTED)).toBe('DocumentReference');
    expect(abilities.get('DocumentReference')).toEqual({
      create: true,
      read: true,
      update: true,
      // It does not honour If-None-Exist.
      conditionalCreate: false,
      searchByIdentifier: true,
      isOfPatients: true,
    });
    expect(abilities.get('Communication')).toMatchObject({ create: true, update: false });
  });

  test('its SMART configuration lets us launch', () => {
    const configuration = readSmartConfiguration(read('epic-sandbox-r4-smart-configuration.json'));
    expect(configuration.tokenEndpoint).toMatch(/^https:\/\/fhir\.epic\.com\//);
    expect(configuration.capabilities).toEqual(expect.arrayContaining(['launch-ehr', 'permission-v2']));
  });
});
