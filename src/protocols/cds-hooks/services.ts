/** The hooks that may be offered (CDS Hooks 2.0.1; hl7.org/cds-hooks, hooks). */
export const CDS_HOOKS = ['encounter-discharge', 'order-sign', 'patient-view', 'order-select'] as const;
export type CdsHook = (typeof CDS_HOOKS)[number];

/** One part of the patient's data that a service reads. */
export interface PrefetchPart {
  /** Its key in the prefetch. */
  readonly key: string;
  /** The FHIR query, with plain context tokens only. */
  readonly query: string;
  /** The resource type; a Bundle may contain other types. */
  readonly type: string;
  /** If it cannot be fetched, the service answers without it. */
  readonly isOptional?: boolean;
}

/** One service; its id is its hook's name. */
export interface CdsService {
  readonly hook: CdsHook;
  readonly prefetch: readonly PrefetchPart[];
  /** Informs about the ordered drugs only. */
  readonly isOfOrders: boolean;
  /** Informs about the selected orders only (`selections`). */
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
  // The current drugs distinguish a new one from a renewal.
  'order-sign': { hook: 'order-sign', prefetch: [PATIENT, MEDICATIONS], isOfOrders: true },
  'order-select': {
    hook: 'order-select',
    prefetch: [PATIENT, MEDICATIONS],
    isOfOrders: true,
    isOfSelection: true,
  },
};

/** Finds an offered service by id. */
export function findService(id: string | undefined, offered: readonly CdsHook[]): CdsService | undefined {
  const hook = offered.find((one) => one === id);
  return hook && SERVICES[hook];
}

/** Lists the offered services. */
export const listServices = (offered: readonly CdsHook[]): CdsService[] => offered.map((hook) => SERVICES[hook]);
