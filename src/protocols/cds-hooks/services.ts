import { readDataFile } from '../../core/read-data-file.js';

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

const { services } = readDataFile('charts/cds-services.yaml') as {
  readonly services: readonly CdsService[];
};

/** Finds an offered service by id. */
export const findService = (id: string | undefined, offered: readonly CdsHook[]): CdsService | undefined =>
  services.find(({ hook }) => hook === id && offered.includes(hook));

/** Lists the offered services. */
export const listServices = (offered: readonly CdsHook[]): CdsService[] =>
  offered.flatMap((hook) => findService(hook, offered) ?? []);
