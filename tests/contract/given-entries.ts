import { randomUUID } from 'node:crypto';
import type { GivenEntry, GivenItem } from '../../src/core/handing-over/record.js';

export const EHR = 'https://ehr.example/fhir';

export const item = (article: string, fields: Partial<GivenItem> = {}): GivenItem => ({
  article,
  title: `Title of ${article}`,
  language: 'en',
  address: `https://medlineplus.gov/${article}.html`,
  textDigest: undefined,
  sensitivity: undefined,
  edition: undefined,
  ...fields,
});

/** The id of the so-many-th entry. */
export const numberedId = (count: number): string => `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;

export const given = (fields: Partial<GivenEntry> = {}): GivenEntry => ({
  id: randomUUID(),
  at: '2026-11-24T12:00:00.000Z',
  by: 'Practitioner/dr-1',
  ehr: EHR,
  patientId: 'p-1',
  encounterId: 'e-1',
  release: '2026-11-20',
  items: [item('topic-asthma')],
  recipient: 'patient',
  interpreter: 'none',
  languagePreferred: 'es',
  languageGiven: 'es',
  method: 'printed',
  teachBack: 'understood',
  hasNote: false,
  ...fields,
});
