import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Card } from '../../../src/protocols/cds-hooks/card.js';
import { ask } from '../../http/ask.js';
import { complaintOf } from '../../http/decent.js';
import { evalFhirPath } from '../../support/medplum-core.js';

export type Resource = Record<string, unknown>;

const SYSTEMS = { icd: 'http://hl7.org/fhir/sid/icd-10-cm', rx: 'http://www.nlm.nih.gov/research/umls/rxnorm' };
export const PATIENT_ID = 'hk-patient-1';
const ENCOUNTER_ID = 'hk-encounter-1';
const subject = { reference: `Patient/${PATIENT_ID}`, display: 'Zebediah Quillfeather' };

const coded = (system: keyof typeof SYSTEMS, code: string, display?: string): Resource => ({
  coding: [{ system: SYSTEMS[system], code, ...(display === undefined ? {} : { display }) }],
});

export const patient = (fields: Resource = {}): Resource => ({
  resourceType: 'Patient',
  id: PATIENT_ID,
  name: [{ family: 'Quillfeather' }],
  gender: 'female',
  birthDate: '1970-03-04',
  ...fields,
});
export const encounter = (): Resource => ({
  resourceType: 'Encounter',
  id: ENCOUNTER_ID,
  status: 'in-progress',
  class: { code: 'IMP' },
  subject,
  period: { start: '2026-11-20T08:00:00Z' },
});
export const condition = (code: string, fields: Resource = {}): Resource => ({
  resourceType: 'Condition',
  id: `c-${code.replace('.', '-')}`,
  clinicalStatus: { coding: [{ code: 'active' }] },
  code: coded('icd', code),
  recordedDate: '2026-11-21',
  encounter: { reference: `Encounter/${ENCOUNTER_ID}` },
  subject,
  ...fields,
});
export const order = (code: string, fields: Resource = {}): Resource => ({
  resourceType: 'MedicationRequest',
  id: `m-${code}`,
  status: 'active',
  intent: 'order',
  medicationCodeableConcept: coded('rx', code),
  authoredOn: '2026-11-21',
  subject,
  ...fields,
});
export const draft = (code: string, fields: Resource = {}): Resource => {
  const { authoredOn: _none, ...rest } = order(code, { id: `d-${code}`, status: 'draft' });
  return { ...rest, ...fields };
};
/** A category of orders (MedicationRequest.category). */
export const orderCategory = (code: string): Resource[] => [
  { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/medicationrequest-category', code }] },
];
/** Ingredients and products of RxNorm. */
export const DRUGS = { metformin: '860975', lisinopril: '314076', sertraline: '312940' } as const;

/** @param next address of the next page */
export const searchset = (resources: readonly Resource[], next?: string): Resource => ({
  resourceType: 'Bundle',
  type: 'searchset',
  ...(next === undefined ? {} : { link: [{ relation: 'next', url: next }] }),
  entry: resources.map((resource) => ({ resource })),
});

let users = 0;
/** A user whom no card has been shown to. */
export const newUser = (): string => `Practitioner/u-${(users += 1)}`;

/** A call at a discharge. */
export const discharge = (prefetch: Resource | undefined, fields: Resource = {}, context: Resource = {}): Resource => ({
  hook: 'encounter-discharge',
  hookInstance: randomUUID(),
  context: { userId: newUser(), patientId: PATIENT_ID, encounterId: ENCOUNTER_ID, ...context },
  ...(prefetch === undefined ? {} : { prefetch }),
  ...fields,
});

/** Prefetch that a discharge needs. */
export const chart = (conditions: readonly Resource[], medications: readonly Resource[] = []): Resource => ({
  patient: patient(),
  encounter: encounter(),
  conditions: searchset(conditions),
  medications: searchset(medications),
});

/** A call while orders are signed, of a patient who takes such drugs already. */
export const signing = (
  orders: readonly Resource[],
  taken: readonly Resource[] = [],
  context: Resource = {},
): Resource => ({
  hook: 'order-sign',
  hookInstance: randomUUID(),
  context: { userId: newUser(), patientId: PATIENT_ID, draftOrders: searchset(orders), ...context },
  prefetch: { patient: patient(), medications: searchset(taken) },
});

/** The same user, patient and encounter as in another call. */
export const contextOf = ({ context }: Resource): Resource => context as Resource;

export interface HookReply {
  readonly status: number;
  readonly cards: readonly Card[];
  /** Ids of the articles that the cards link. */
  readonly articles: readonly string[];
  /** Message of an error. */
  readonly message: string;
  readonly text: string;
}

/** HL7's invariants (logical models of CDS Hooks, FHIRPath), each on its element. */
const INVARIANTS: readonly (readonly [name: string, on: string, expression: string])[] = [
  [
    'cds-resp-1',
    'cards',
    "(selectionBehavior = 'at-most-one') implies (suggestions.where(isRecommended).count() <= 1)",
  ],
  ['cds-resp-2', 'cards.suggestions.actions', "(type = 'delete') implies (resourceId.exists() and resource.empty())"],
  ['cds-resp-3', 'cards.links', "(type != 'smart') implies (appContext.empty())"],
  ['cds-resp-4', 'cards', 'overrideReasons.all(display.exists())'],
  ['cds-resp-5', 'cards.suggestions', 'actions.all(description.exists())'],
  ['cds-resp-6', 'cards', 'suggestions.exists() implies selectionBehavior.exists()'],
  [
    'cds-resp-7',
    'cards.suggestions',
    "actionSelectionBehavior.empty() or (actionSelectionBehavior in ('all' | 'any' | 'at-most-one'))",
  ],
];

/** Members that have nothing in them: CDS Hooks has none, but for the lists of cards and services. */
function emptyMembers(value: unknown, place = ''): string[] {
  if (value === null || value === '') return [place];
  if (typeof value !== 'object') return [];
  const members = Object.entries(value);
  if (members.length === 0) return place === '.cards' || place === '.services' ? [] : [place];
  return members.flatMap(([name, one]) => emptyMembers(one, `${place}.${name}`));
}

/** Holds an answer to HL7's invariants and to what is said of our cards. */
export function checkCards(answer: { readonly cards: readonly Card[] }): void {
  const broken = INVARIANTS.flatMap(([name, on, expression]) =>
    evalFhirPath(on, answer).some((one) => evalFhirPath(expression, one)[0] !== true) ? [name] : [],
  );
  expect(broken).toEqual([]);
  expect(emptyMembers(answer)).toEqual([]);
  expect(answer.cards.length).toBeLessThanOrEqual(1);
  for (const { uuid, summary, detail, indicator, source, links, overrideReasons } of answer.cards) {
    expect(uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(summary.length).toBeLessThan(140);
    expect(indicator).toBe('info');
    const isSmart = ({ type }: Card['links'][number]): boolean => type === 'smart';
    const pages = links.filter((link) => !isSmart(link));
    expect(pages.length).toBeLessThanOrEqual(3);
    // A topic of its own for what the card is about, and the titles where an EHR shows no labels.
    const ids = pages.map(({ url }) => /\/article\/([^?]+)/.exec(url)?.[1] ?? '');
    expect(source.topic.code).toBe(ids.join('.'));
    for (const { url } of pages) {
      expect(detail).toContain(`](${url})`);
      expect(new URL(url).searchParams.get('card')).toBe(uuid);
    }
    expect(links.filter(isSmart).length).toBeLessThanOrEqual(1);
    expect(overrideReasons.map(({ code }) => code)).toEqual([
      'already-given',
      'declined',
      'not-relevant-now',
      'wrong-page',
    ]);
  }
}

interface Calling {
  /** The service; undefined: the hook's. */
  readonly id?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Posts to a service or its feedback, and holds every card to the invariants. */
export async function callHook(url: string, body: unknown, calling: Calling = {}): Promise<HookReply> {
  const { id = String((body as Resource)['hook']), path = `/cds-services/${id}`, headers = {} } = calling;
  const sent = typeof body === 'string' ? body : JSON.stringify(body);
  const reply = await ask(url, path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: sent,
  });
  expect(complaintOf(reply)).toBeUndefined();
  const answer = JSON.parse(reply.text) as { cards?: readonly Card[]; error?: { message: string; status: number } };
  if (answer.cards) checkCards({ cards: answer.cards });
  if (answer.error) expect(answer.error.status).toBe(reply.status);
  const cards = answer.cards ?? [];
  const links = cards.flatMap((card) => card.links.filter(({ type }) => type === 'absolute'));
  for (const link of links) expect(link.url.startsWith(`${url}/article/`)).toBe(true);
  return {
    status: reply.status,
    cards,
    articles: links.map((link) => /\/article\/([^?]+)/.exec(link.url)?.[1] ?? ''),
    message: answer.error?.message ?? '',
    text: reply.text,
  };
}
