import type { Language } from '../core/model/language.js';
import type { Translate } from '../texts.js';
import type { DemoAddresses } from './authorization.js';
import type { ChartStore } from './chart-store.js';
import type { DemoState } from './demo-state.js';

/** Path of the EHR on the demo's server. */
export const EHR_PATH = '/ehr';

/** Parts that every page of the EHR is made of. */
export interface DemoView {
  readonly language: Language;
  readonly t: Translate;
  readonly addresses: DemoAddresses;
  readonly store: ChartStore;
  readonly state: DemoState;
  readonly now: Date;
}

/** Returns the path of a patient's chart. */
export const chartPath = (patientId: string): string => `${EHR_PATH}/patients/${patientId}`;
