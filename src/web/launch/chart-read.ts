import type { ChartHandover } from '../../core/handing-over/given-before.js';
import type { JsonObject } from '../../protocols/json-object.js';

/** Parts of a chart. Texts are in resources/i18n under `launch.parts`. */
export const PARTS = {
  Condition: 'conditions',
  MedicationRequest: 'medications',
  Encounter: 'encounter',
  AllergyIntolerance: 'allergies',
  ServiceRequest: 'orders',
  ImmunizationRecommendation: 'vaccines',
  Observation: 'results',
} as const;
export type PartType = keyof typeof PARTS;
export type ChartPart = (typeof PARTS)[PartType];

/** Parts of a chart, with the patient. */
export type ReadPart = ChartPart | 'patient';

/** A chart as it was read. */
export interface ChartRead {
  readonly resources: readonly JsonObject[];
  readonly person: ChartPerson;
  /** Parts that were not granted or could not be read. */
  readonly missing: readonly ChartPart[];
  /** Handovers that the chart's own resources show. */
  readonly handovers: readonly ChartHandover[];
}

/** The patient as pages show them. */
export interface ChartPerson {
  readonly name: string;
  /** ISO 8601, as precise as in the chart; empty if unknown. */
  readonly birthDate: string;
}

/** A chart that is being read. It outlives the request that began it, until another one takes its result. */
export interface ChartReading {
  /** Milliseconds of the monotonic clock at its beginning. */
  readonly since: number;
  /** Whether each requested part has arrived or failed. */
  readonly parts: ReadonlyMap<ReadPart, boolean>;
  readonly result: Promise<ChartRead>;
  /** Bytes of answers that it holds. */
  readonly countBytes: () => number;
}
