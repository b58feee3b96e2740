import type { AgeGroup } from '../answer/age-group.js';
import { readDataFile } from '../read-data-file.js';
import type { CodeSystemId } from './code-systems.js';

/** The phase of an injury's care. */
export type CarePhase = 'initial' | 'subsequent' | 'sequela';

/**
 * Codes whose seventh character is the phase of care: injuries, poisonings and consequences of external causes (S, T),
 * the external causes themselves (V to Y), fractures due to disease (M48.4, M48.5, M80, M84) and periprosthetic fractures
 * (M97). In other codes it means something else: the fetus in O, the stage in H40, the tophus in M1A.
 */
const CODE_WITH_PHASE = /^(?:[STV-Y]\d\d|M48\.[45]|M80|M84|M97)[.0-9A-Z]*([A-Z])$/;
/** "X00.0000" without its letter: a phase is the seventh character and no earlier one. */
const LENGTH_WITH_PHASE = 8;

/**
 * Codes of aftercare and of what an operation or a delivery leaves: ICD-10-CM Z42–Z49, radiotherapy and chemotherapy (Z51.0, Z51.1),
 * deliveries (O80–O82), complications of procedures and devices (T80–T88); in ICD-9-CM V51–V58, 650 and 996–999.
 */
const AFTERCARE: Readonly<Partial<Record<CodeSystemId, RegExp>>> = {
  'icd-10-cm': /^(?:Z4[2-9]|Z51\.[01]|O8[0-2]|T8[0-8])/,
  'icd-9-cm': /^(?:V5[1-8]|650|99[6-9])/,
};

/** ICD-9-CM has categories for late effects of injuries, poisonings and external causes, and states no other phase. */
const LATE_EFFECT_ICD_9 = /^(?:90[5-9]|E(?:929|959|969|977|989|999))/;

/**
 * The phase of care stated by an ICD-10-CM code's seventh character: A, B, C active treatment; S a late effect; any
 * other letter (D, G, K, P …) healing or recovery. An ICD-9-CM code states only late effects. Undefined if the code
 * states none.
 * (ICD-10-CM Official Guidelines, I.C.13.c, I.C.19.a and I.C.20.a.2)
 */
export function findCarePhase(system: CodeSystemId, code: string): CarePhase | undefined {
  if (system === 'icd-9-cm') return LATE_EFFECT_ICD_9.test(code) ? 'sequela' : undefined;
  if (system !== 'icd-10-cm' || code.length !== LENGTH_WITH_PHASE) return undefined;
  const letter = CODE_WITH_PHASE.exec(code)?.[1];
  if (letter === undefined || letter === 'X') return undefined;
  if (letter === 'S') return 'sequela';
  return 'ABC'.includes(letter) ? 'initial' : 'subsequent';
}

/** True if the code itself tells that treatment is done: an aftercare code, or the seventh character of a later encounter. */
export function statesAftercare(system: CodeSystemId, code: string): boolean {
  return (AFTERCARE[system]?.test(code) ?? false) || findCarePhase(system, code) === 'subsequent';
}

interface AgeRow {
  readonly ages: readonly AgeGroup[];
  readonly codes: string;
}

/** The ages that titles state, by code prefix. */
const AGES: ReadonlyMap<string, ReadonlyMap<string, readonly AgeGroup[]>> = new Map(
  Object.entries(readDataFile('code-systems/ages.yaml') as Readonly<Record<CodeSystemId, readonly AgeRow[]>>).map(
    ([system, rows]) => [
      system,
      new Map(rows.flatMap(({ ages, codes }) => codes.split(' ').map((code) => [code, ages] as const))),
    ],
  ),
);

/** The age stated by the code's own title, used if the request states none; empty if the title states no age. */
export function ageInCode(system: CodeSystemId, code: string): readonly AgeGroup[] {
  const ages = AGES.get(system);
  for (let end = ages ? code.length : 0; end > 0; end -= 1) {
    const matching = ages?.get(code.slice(0, end));
    if (matching) return matching;
  }
  return [];
}
