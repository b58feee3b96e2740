import type { CodeSystemId } from './code-systems.js';
import { isHeaderInEditions, isInEditions } from './editions.js';
import { detectBillingSystem } from './normalize-code.js';

/** HCPCS as it is typed most: a letter, a zero, and no dot: `J0696`, `G0439`. */
const MOST_HCPCS = /^[A-Z]0\d{3}$/i;
/** Visits and services of HCPCS that ICD-10-CM has rare infections of the brain for. */
const G0 = /^G0/i;

/** True if a code of ICD is read from a text that is a billing code: ICD-10-CM has none, a header or a rarity there. */
export function isBillingCode(system: CodeSystemId, code: string, typed: string): boolean {
  if (system !== 'icd-10-cm' && system !== 'icd-10') return false;
  if (typed.includes('.')) return false;
  if (!isInEditions('icd-10-cm', code)) return detectBillingSystem(typed) !== undefined;
  return MOST_HCPCS.test(typed) && (G0.test(typed) || isHeaderInEditions('icd-10-cm', code));
}
