import type { ChartKind } from '../../../core/chart-question.js';

/** What is done with a fact of a chart: asked about, left out, kept for the clinician to look at, or asked on wish. */
type Verdict = 'take' | 'skip' | 'hold' | 'past' | 'completed';

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
    take: 'active on-hold intended',
    completed: 'completed',
    skip: 'stopped cancelled not-taken entered-in-error',
    hold: 'draft unknown',
  }),
  status('doNotPerform', 'take', { take: 'false', skip: 'true' }),
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
      status('clinicalStatus', 'take', { take: 'active recurrence relapse', past: 'inactive remission resolved' }),
    ],
    dates: ['recordedDate', 'onsetDateTime', 'onsetPeriod'],
  },
  MedicationRequest: {
    kind: 'medication',
    concepts: ['medicationCodeableConcept', 'medicationReference'],
    statuses: MEDICATION,
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

/** Resources that come along in a chart and ask nothing: who the patient is, what others point to, a server's remarks. */
export const SILENT_TYPES: ReadonlySet<string> = new Set(['Patient', 'Medication', 'OperationOutcome']);

/** Codes that say that there is nothing: "no known allergy", "no known problems" (SNOMED CT). */
export const NOTHING_KNOWN: ReadonlySet<string> = new Set(
  '716186003 409137002 429625007 428607008 716184000 716220001 1003774007 160244002 160245001'.split(' '),
);
/** Words that say so, alone: a chart may have no code for it. */
export const NOTHING_SAID =
  /^(n\.?k\.?d?\.?a\.?|nkfa|none( known| reported)?|no (known |current |active )?((drug|medication|food|latex) )?(allerg(y|ies)|problems?|conditions?|medications?|medicines)( known)?|(patient )?denies (any )?allergies|ninguna?|sin alergias( conocidas)?|no se conocen alergias)\.?$/i;
/** The code system of IPS whose every code says that nothing is known or there. */
export const ABSENT_UNKNOWN = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips';

/** A medication is recent for so long after its last date. */
export const RECENT_MS = 365 * 24 * 3_600_000;
