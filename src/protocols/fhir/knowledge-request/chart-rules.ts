import type { ChartKind } from '../../../core/charts/chart-question.js';

/**
 * What is done with a fact of a chart: asked about, left out, kept for the clinician to look at, asked on wish (`past`), asked where
 * it is of this encounter or on wish (`completed`), asked for follow-up pages alone (`remission`).
 */
type Verdict = 'take' | 'skip' | 'hold' | 'past' | 'completed' | 'remission';

/** How the codes of one status element are read; one that is in no list is held, for nobody knows what it means. */
export interface StatusRule {
  readonly element: string;
  readonly codes: Readonly<Record<string, Verdict>>;
  /** Where the element is missing. */
  readonly absent: 'take' | 'hold';
}

export interface ResourceRule {
  readonly kind: ChartKind;
  /** The elements that may hold what it is about, the first that is there. */
  readonly concepts: readonly string[];
  /** The element whose parts each have a code of their own that is asked about as well, by the whole's status. */
  readonly parts?: string;
  /** The weightiest verdict of all elements counts. */
  readonly statuses: readonly StatusRule[];
  /** It is still to be done. */
  readonly isToCome?: boolean;
  /** Elements that say when it was noted (dates or periods), the first that is there. */
  readonly dates: readonly string[];
}

const codes = (lists: Partial<Record<Verdict, string>>): Readonly<Record<string, Verdict>> =>
  Object.fromEntries(
    Object.entries(lists).flatMap(([verdict, list]) => list.split(' ').map((code) => [code, verdict as Verdict])),
  );

const status = (
  element: string,
  absent: StatusRule['absent'],
  lists: Partial<Record<Verdict, string>>,
): StatusRule => ({
  element,
  absent,
  codes: codes(lists),
});

const MEDICATION: readonly StatusRule[] = [
  status('status', 'hold', {
    take: 'active intended',
    completed: 'completed',
    skip: 'stopped cancelled not-taken entered-in-error',
    hold: 'on-hold draft unknown',
  }),
];

const ORDER: readonly StatusRule[] = [
  status('doNotPerform', 'take', { take: 'false', skip: 'true' }),
  status('intent', 'take', {
    take: 'order plan directive original-order reflex-order filler-order instance-order',
    skip: 'proposal option',
  }),
];

const FINDING: readonly StatusRule[] = [
  status('status', 'hold', {
    take: 'final amended corrected preliminary appended partial',
    skip: 'cancelled entered-in-error',
    hold: 'registered unknown',
  }),
];

const EVENT: readonly StatusRule[] = [
  status('status', 'hold', {
    take: 'completed in-progress preparation',
    skip: 'not-done entered-in-error stopped',
    hold: 'on-hold unknown',
  }),
];

/** Which facts of a chart are asked about (the table of charts.md; status codes of R4's required value sets). */
export const CHART_RULES: Readonly<Record<string, ResourceRule>> = {
  Condition: {
    kind: 'problem',
    concepts: ['code'],
    statuses: [
      status('verificationStatus', 'take', {
        take: 'confirmed',
        skip: 'refuted entered-in-error',
        hold: 'unconfirmed provisional differential',
      }),
      status('clinicalStatus', 'take', {
        take: 'active recurrence relapse',
        remission: 'remission',
        past: 'inactive resolved',
      }),
    ],
    dates: ['recordedDate', 'onsetDateTime', 'onsetPeriod'],
  },
  MedicationRequest: {
    kind: 'medication',
    concepts: ['medicationCodeableConcept', 'medicationReference'],
    statuses: [...MEDICATION, ...ORDER],
    dates: ['authoredOn'],
  },
  MedicationStatement: {
    kind: 'medication',
    concepts: ['medicationCodeableConcept', 'medicationReference'],
    statuses: MEDICATION,
    dates: ['effectiveDateTime', 'effectivePeriod', 'dateAsserted'],
  },
  Observation: {
    kind: 'test',
    concepts: ['code'],
    parts: 'component',
    statuses: FINDING,
    dates: ['effectiveDateTime', 'effectivePeriod', 'effectiveInstant', 'issued'],
  },
  DiagnosticReport: {
    kind: 'test',
    concepts: ['code'],
    statuses: FINDING,
    dates: ['effectiveDateTime', 'effectivePeriod', 'issued'],
  },
  ServiceRequest: {
    kind: 'procedure',
    concepts: ['code'],
    isToCome: true,
    statuses: [
      status('status', 'hold', {
        take: 'active',
        past: 'completed',
        skip: 'draft revoked entered-in-error',
        hold: 'on-hold unknown',
      }),
      ...ORDER,
    ],
    dates: ['authoredOn', 'occurrenceDateTime', 'occurrencePeriod'],
  },
  Procedure: {
    kind: 'procedure',
    concepts: ['code'],
    statuses: EVENT,
    dates: ['performedDateTime', 'performedPeriod'],
  },
  Immunization: {
    kind: 'immunization',
    concepts: ['vaccineCode'],
    statuses: EVENT,
    dates: ['occurrenceDateTime', 'recorded'],
  },
  AllergyIntolerance: {
    kind: 'allergy',
    concepts: ['code'],
    statuses: [
      status('verificationStatus', 'take', {
        take: 'confirmed',
        skip: 'refuted entered-in-error',
        hold: 'unconfirmed presumed',
      }),
      status('clinicalStatus', 'take', { take: 'active', past: 'inactive resolved' }),
    ],
    dates: ['recordedDate', 'lastOccurrence', 'onsetDateTime'],
  },
};

/** Codes that say that there is nothing: "no known allergy", "no known problems" (SNOMED CT). */
export const NOTHING_KNOWN: ReadonlySet<string> = new Set(
  '716186003 409137002 429625007 428607008 716184000 716220001 1003774007 160244002 160245001'.split(' '),
);
/** Words that say so, alone: a chart may have no code for it. */
export const NOTHING_SAID =
  /^(n\.?k\.?d?\.?a\.?|nkfa|none( known| reported)?|no (known |current |active )?((drug|medication|food|latex) )?(allerg(y|ies)|problems?|conditions?|medications?|medicines)( known)?|(patient )?denies (any )?allergies|ninguna?|sin alergias( conocidas)?|no se conocen alergias)\.?$/i;
/** The code system of IPS whose every code says that nothing is known or there. */
export const ABSENT_UNKNOWN = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';

/** LOINC codes of vital signs and measures of the body, and of pain: the number is told, and no page is worth it. */
export const VITAL_SIGNS: ReadonlySet<string> = new Set(
  (
    '8302-2 8306-3 8308-9 3137-7 29463-7 3141-9 3142-7 8335-2 39156-5 59574-4 59576-9 77606-2 8289-1 9843-4 8287-5 ' +
    '8280-0 72514-3 38208-5 38221-8 38214-3 72515-0 85354-9 55284-4 8480-6 8462-4 8478-0 35094-2 96607-7 8867-4 8893-0 ' +
    '9279-1 8310-5 8331-1 8329-5 2708-6 59408-5 85353-1 3140-1 8277-6'
  ).split(' '),
);

/** LOINC codes of tobacco use. */
export const TOBACCO_USE: ReadonlySet<string> = new Set(['72166-2', '11367-0', '81229-7', '39240-7', '64234-8']);
/** SNOMED CT codes of its values that say that somebody smokes. */
export const SMOKES: ReadonlySet<string> = new Set(
  '449868002 428041000124106 77176002 428071000124103 428061000124105 65568007 230060001 230062009 230063004'.split(
    ' ',
  ),
);
/** The same in words. */
export const SAYS_SMOKES =
  /^(current|smokes|smoker|every ?day|some ?days?|heavy|light)\b|\b(current|every ?day|some ?day) [\w ]*smoker/i;

/** Parts of the name of a drug that is given in the hospital alone: nobody goes home with it. */
export const GIVEN_IN_HOSPITAL =
  /\bflush\b|\binfusion\b|\bheparin lock\b|\bsodium chloride 0\.9 ?%|\blactated ringer|\bIV push\b/i;

/** A medication is recent for so long after its last date. */
export const RECENT_MS = 365 * 24 * 3_600_000;
