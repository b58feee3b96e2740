import { describe, expect, test } from '@jest/globals';
import { listScopes, isGranted } from '../../src/upstream/smart/scopes.js';
import { readAbilities } from '../../src/upstream/write-back/abilities.js';
import { WriteBackQueue } from '../../src/web/launch/delivery/write-back-queue.js';
import { pendingCookie, sessionCookie } from '../../src/web/launch/cookies.js';
import { replaceLimit } from '../support/replace-limit.js';

const AT = { baseUrl: 'https://education.example/connect', headers: {} };

describe('cookies behind https', () => {
  test('an EHR’s frame is sent them, each at its own address', () => {
    const flags = 'HttpOnly; Secure; SameSite=None; Partitioned';
    expect(sessionCookie('abc').write('s', AT)).toBe(
      `__Secure-launched=s; Path=/connect/launched/abc; Max-Age=28800; ${flags}`,
    );
    expect(pendingCookie('st').write('s', AT)).toMatch(
      new RegExp(`^__Secure-launch-[0-9a-f]{16}=s; Path=/connect/callback; Max-Age=600; ${flags}$`),
    );
    expect(sessionCookie('abc').clear(AT)).toContain('__Secure-launched=; Path=/connect/launched/abc; Max-Age=0');
  });

  test('each waiting launch has one of its own', () => {
    const headers = { cookie: 'x=1; __Secure-launched=two; other=__Secure-launched=3' };
    expect(sessionCookie('abc').read({ ...AT, headers })).toBe('two');
    const line = pendingCookie('first').write('secret', AT).split(';')[0] ?? '';
    expect(pendingCookie('first').read({ ...AT, headers: { cookie: line } })).toBe('secret');
    expect(pendingCookie('second').read({ ...AT, headers: { cookie: line } })).toBe('');
  });
});

test('the queue of writes is bounded: further entries wait for a person, and one that is taken out makes room', () => {
  const limit = replaceLimit('writeBackQueue', 2);
  const queue = new WriteBackQueue();
  const retry = () => Promise.resolve(undefined);
  for (const entry of ['a', 'b', 'c', 'a']) queue.add(entry, retry);
  expect(queue.size).toBe(2);
  queue.remove('a');
  queue.add('c', retry);
  expect(queue.size).toBe(2);
  for (const entry of ['b', 'c']) queue.remove(entry);
  expect(queue.size).toBe(0);
  limit.restore();
});

describe('scopes', () => {
  const ehr = { optionalTypes: ['AllergyIntolerance'], writeBack: ['DocumentReference'] } as const;

  test('are spelled as the server knows them', () => {
    expect(listScopes(ehr, 2, false).join(' ')).toBe(
      'launch openid fhirUser patient/Patient.r patient/Encounter.r patient/Condition.rs patient/MedicationRequest.rs ' +
        'patient/Medication.r patient/AllergyIntolerance.rs patient/DocumentReference.crus',
    );
    expect(listScopes(ehr, 1, true)).toEqual(
      expect.arrayContaining(['launch/patient', 'patient/Condition.read', 'patient/DocumentReference.write']),
    );
  });

  test('are no more than the server offers', () => {
    const can = (...codes: readonly string[]) => codes.map((code) => ({ code }));
    // As Oracle's statement of August 2026 has it: no Medication, and a Procedure that cannot be changed.
    const abilities = readAbilities({
      fhirVersion: '4.0.1',
      rest: [
        {
          mode: 'server',
          resource: [
            { type: 'DocumentReference', interaction: can('create', 'update', 'read', 'search-type') },
            { type: 'Procedure', interaction: can('create', 'read', 'search-type') },
            {
              type: 'Communication',
              interaction: can('create', 'read'),
              searchParam: [{ name: 'recipient', type: 'reference' }],
            },
          ],
        },
      ],
    });
    const auto = { optionalTypes: [], writeBack: ['DocumentReference', 'Communication', 'Procedure'] } as const;
    expect(listScopes(auto, 2, false, { abilities, isOnline: true }).join(' ')).toBe(
      'launch openid fhirUser online_access patient/Patient.r patient/Encounter.r patient/Condition.rs ' +
        'patient/MedicationRequest.rs patient/DocumentReference.cru patient/Procedure.cr',
    );
    expect(listScopes(auto, 2, false, { abilities: new Map() })).toContain('patient/Medication.r');
  });

  test.each([
    ['patient/Condition.rs', 'Condition', 's', true],
    ['patient/Condition.r', 'Condition', 's', false],
    ['patient/*.read', 'Condition', 's', true],
    ['user/Condition.*', 'Condition', 'u', true],
    ['patient/Condition.write', 'Condition', 'r', false],
    ['patient/Condition.rs?category=x', 'Condition', 's', false],
    ['system/Condition.rs', 'Condition', 's', false],
    ['patient/Procedure.cu', 'Condition', 'c', false],
  ] as const)('%s lets %s be used by %s: %s', (scope, type, right, expected) => {
    expect(isGranted(['openid', scope], type, right)).toBe(expected);
  });
});
