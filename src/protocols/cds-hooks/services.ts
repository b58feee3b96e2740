/** The hooks that may be offered (CDS Hooks 2.0.1; hl7.org/cds-hooks, hooks). */
export const CDS_HOOKS = ['encounter-discharge', 'order-sign', 'patient-view', 'order-select'] as const;
export type CdsHook = (typeof CDS_HOOKS)[number];

/** One thing that a service reads of the patient's data. */
export interface PrefetchPart {
  /** Its name among the prefetch. */
  readonly key: string;
  /** The FHIR query, with plain tokens of the context alone. */
  readonly query: string;
  /** The type of what is read; in a Bundle other types come along. */
  readonly type: string;
  /** Where it cannot be had, the service answers without it. */
  readonly isOptional?: boolean;
}

/** One service; its id is its hook's name. */
export interface CdsService {
  readonly hook: CdsHook;
  readonly prefetch: readonly PrefetchPart[];
  /** Speaks of the drugs that are being ordered, and of nothing else in the chart. */
  readonly isOfOrders: boolean;
  /** Speaks of the chosen orders alone (`selections`). */
  readonly isOfSelection?: boolean;
}

const PATIENT: PrefetchPart = { key: 'patient', query: 'Patient/{{context.patientId}}', type: 'Patient' };
const ENCOUNTER: PrefetchPart = {
  key: 'encounter',
  query: 'Encounter/{{context.encounterId}}',
  type: 'Encounter',
  isOptional: true,
};
const CONDITIONS: PrefetchPart = {
  key: 'conditions',
  query: 'Condition?patient={{context.patientId}}&clinical-status=active,recurrence,relapse',
  type: 'Condition',
};
const MEDICATIONS: PrefetchPart = {
  key: 'medications',
  query: 'MedicationRequest?patient={{context.patientId}}&status=active',
  type: 'MedicationRequest',
};

const SERVICES: Readonly<Record<CdsHook, CdsService>> = {
  'encounter-discharge': {
    hook: 'encounter-discharge',
    prefetch: [PATIENT, ENCOUNTER, CONDITIONS, MEDICATIONS],
    isOfOrders: false,
  },
  'patient-view': { hook: 'patient-view', prefetch: [PATIENT, CONDITIONS, MEDICATIONS], isOfOrders: false },
  // The drugs that are taken already tell a new one from a renewal.
  'order-sign': { hook: 'order-sign', prefetch: [PATIENT, MEDICATIONS], isOfOrders: true },
  'order-select': {
    hook: 'order-select',
    prefetch: [PATIENT, MEDICATIONS],
    isOfOrders: true,
    isOfSelection: true,
  },
};

/** The service of that id; undefined where none is offered. */
export function findService(id: string | undefined, offered: readonly CdsHook[]): CdsService | undefined {
  const hook = offered.find((one) => one === id);
  return hook && SERVICES[hook];
}

/** All that are offered. */
export const servicesOf = (offered: readonly CdsHook[]): CdsService[] => offered.map((hook) => SERVICES[hook]);
