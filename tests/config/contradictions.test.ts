import { expect, test } from '@jest/globals';
import { listContradictions } from '../../src/config/contradictions.js';

type Settings = Parameters<typeof listContradictions>[0];
const ehr = {
  iss: 'https://ehr.example/fhir',
  addresses: undefined,
  name: 'EHR',
  clientId: 'x',
  authentication: { method: 'none' },
  scopeVersion: undefined,
  optionalTypes: [],
  writeBack: ['DocumentReference'],
  isWriteBackFixed: false,
  writesSensitive: true,
  assumesClinician: false,
} as const;
const recordKeeping = { owner: 'HIM', retentionDays: 3650 };
const pages = { tokens: [], jwt: undefined, closed: new Set(['page'] as const), allowsWriting: false };
const cdsClients = { hooks: [], fhirServers: [], clients: [{ issuer: 'x', jwksUrl: 'https://ehr.example/jwks' }] };
const sound: Settings = {
  ehrs: [ehr],
  recordKeeping,
  authorization: undefined,
  cdsHooks: { ...cdsClients, clients: [] },
  frameAncestors: "'self' https://ehr.example",
  publicUrl: 'https://education.example',
  libraryReadOnly: false,
};

test.each<[string, Partial<Settings>, string[]]>([
  ['none', {}, []],
  ['the chart alone holds entries', { recordKeeping: undefined }, []],
  ['a record without launches', { ehrs: [] }, ['HANDED_OVER_OWNER']],
  ['a record in a library that is only read', { libraryReadOnly: true }, ['HANDED_OVER_OWNER']],
  [
    'sensitive articles, where nothing is written',
    { ehrs: [{ ...ehr, writeBack: [] }] },
    ['EHRS_FILE: writesSensitive of https://ehr.example/fhir'],
  ],
  ['closed pages with launches', { authorization: pages }, ['REQUIRE_AUTHENTICATION']],
  [
    'closed pages with cards',
    { authorization: pages, ehrs: [], recordKeeping: undefined, cdsHooks: cdsClients },
    ['REQUIRE_AUTHENTICATION'],
  ],
  ['frames without https', { publicUrl: 'http://education.example' }, ['FRAME_ANCESTORS']],
  ['frames of this site alone, without https', { publicUrl: undefined, frameAncestors: "'self'" }, []],
])('%s', (_case, settings, expected) => {
  expect(listContradictions({ ...sound, ...settings }).map(({ setting }) => setting)).toEqual(expected);
});
