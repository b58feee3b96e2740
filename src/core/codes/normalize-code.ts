import { hasMod10CheckDigit, hasVerhoeffCheckDigit } from './check-digit.js';
import { printableLine } from '../client-text.js';

/** Longer than any code of any system; a longer text is rejected without matching. */
const MAX_CODE_LENGTH = 64;
/** Longer than any drug's name, and short enough for a key of every database. */
const MAX_DRUG_NAME_LENGTH = 500;

/** A category's second character is a digit, except in QA0 (2026) and QA1 (2027). */
const ICD_10_CM = /^([A-Z](?:\d[0-9AB]|A\d))(?:\.?([0-9A-Z]{1,4}))?$/;
const ICD_9_CM = /^(\d{3}|V\d{2}|E(?:0[0-2]\d|030|[89]\d{2}))(?:\.?(\d{1,2}))?$/;

function addDot(pattern: RegExp, text: string): string | undefined {
  // "E11.-" is the tabular list's notation for a category that needs more characters; "I10.X" fills a code that needs
  // none.
  const found = pattern.exec(text.replace(/\.?(?<!-)-+$|\.$/, ''));
  if (!found?.[1]) return undefined;
  const isFilled = found[2] !== undefined && !/^X+$/.test(found[2]);
  return isFilled ? `${found[1]}.${found[2] ?? ''}` : found[1];
}

/**
 * An NDC as 11 digits, from 11 digits, 5-4-2, or a hyphenated 10-digit form (4-4-2, 5-3-2, 5-4-1).
 * Ten digits without hyphens are ambiguous and give undefined (see padNdc).
 */
export function toNdc11(text: string): string | undefined {
  if (/^\d{11}$/.test(text)) return text;
  const found = /^(\d{4,5})-(\d{3,4})-(\d{1,2})$/.exec(text);
  if (!found) return undefined;
  const [, labeler = '', product = '', pack = ''] = found;
  if (labeler.length + product.length + pack.length < 10) return undefined;
  return labeler.padStart(5, '0') + product.padStart(4, '0') + pack.padStart(2, '0');
}

/** The 11-digit NDCs that ten digits without hyphens may mean; empty for any other text. */
export function padNdc(text: string): string[] {
  const digits = text.replace(/\s+/g, '');
  if (!/^\d{10}$/.test(digits)) return [];
  return [...new Set([0, 5, 9].map((place) => `${digits.slice(0, place)}0${digits.slice(place)}`))];
}

/** An 11-digit NDC in its 5-4-2 form. */
export function toNdc542(ndc11: string): string {
  return `${ndc11.slice(0, 5)}-${ndc11.slice(5, 9)}-${ndc11.slice(9)}`;
}

const normalizers = {
  'icd-10-cm': (text) => addDot(ICD_10_CM, text),
  'icd-10': (text) => addDot(ICD_10_CM, text),
  'icd-9-cm': (text) => addDot(ICD_9_CM, text),
  'snomed-ct': (text) => (/^[1-9]\d{5,17}$/.test(text) && hasVerhoeffCheckDigit(text) ? text : undefined),
  rxnorm: (text) => (/^[1-9]\d{0,7}$/.test(text) ? text : undefined),
  ndc: toNdc11,
  loinc: (text) => {
    const found = /^(\d{1,7})-(\d)$/.exec(text);
    return found?.[1] && found[2] && hasMod10CheckDigit(found[1], found[2]) ? text : undefined;
  },
  cpt: (text) => (/^\d{4}[0-9A-Z]$/.test(text) ? text : undefined),
  hcpcs: (text) => (/^[A-EGHJ-MP-V]\d{4}$/.test(text) ? text : undefined),
  // Seven characters, no O and no I, the first of them the section; seven digits may be anything.
  'icd-10-pcs': (text) => (/^(?=.*\d)(?=.*[A-Z])[\dBCDFGHX][\dA-HJ-NP-Z]{6}$/.test(text) ? text : undefined),
  cvx: (text) => (/^\d{1,3}$/.test(text) ? text.replace(/^0+(?=\d)/, '').padStart(2, '0') : undefined),
  mesh: (text) => (/^[DQC]\d{6,9}$/.test(text) ? text : undefined),
} as const satisfies Readonly<Record<string, (text: string) => string | undefined>>;

/** Our ids of the code systems. `drug-name` is ours: the system of drug names, used if a drug's code has no rows. */
export type CodeSystemId = keyof typeof normalizers | 'drug-name';

function normalizeName(sent: string): string | undefined {
  if (sent.length > MAX_DRUG_NAME_LENGTH) return undefined;
  return printableLine(sent).trim().toLowerCase() || undefined;
}

/**
 * A code as its system writes it: upper case, without spaces, with its dot (`n5314` → `N53.14`).
 * Undefined for an impossible code (length, pattern or check digit); whether the code exists is not checked here.
 */
export function normalizeCode(system: CodeSystemId, sent: string): string | undefined {
  if (system === 'drug-name') return normalizeName(sent);
  if (sent.length > MAX_CODE_LENGTH) return undefined;
  const text = sent.replace(/\s+/g, '').toUpperCase();
  return text ? normalizers[system](text) : undefined;
}

/** A normalised code as people write it: an NDC in its 5-4-2 form, any other unchanged. */
export function displayCode(system: CodeSystemId, code: string): string {
  return system === 'ndc' ? toNdc542(code) : code;
}

/** Systems whose codes can be recognised by their form, the most specific first. */
const RECOGNISABLE: readonly CodeSystemId[] = [
  'loinc',
  'icd-10-cm',
  'icd-9-cm',
  'ndc',
  'snomed-ct',
  'hcpcs',
  'icd-10-pcs',
];

/** Too short to recognise: three digits are a CVX code, a lab's own number or an ICD-9-CM category. */
const MIN_RECOGNISABLE_LENGTH = 4;

/** The system that an impossible code clearly belongs to: an ICD-10-CM code sent under the ICD-9-CM OID. Undefined if unclear. */
export function detectOtherSystem(system: CodeSystemId, sent: string): CodeSystemId | undefined {
  if (normalizeCode(system, sent) !== undefined) return undefined;
  const text = sent.trim();
  return RECOGNISABLE.find((other) => {
    if (other === system) return false;
    // Digits count as ICD-9-CM only with their dot: "12345" may be anything.
    if (other === 'icd-9-cm' && !text.includes('.')) return false;
    const code = normalizeCode(other, text);
    if (code === undefined) return false;
    return text.length >= MIN_RECOGNISABLE_LENGTH || other === 'icd-10-cm';
  });
}

/** The system of billing codes that a text is written as, `J0696` or `XW03331`; undefined if it is none. */
export function detectBillingSystem(sent: string): CodeSystemId | undefined {
  return (['hcpcs', 'icd-10-pcs'] as const).find((system) => normalizeCode(system, sent) !== undefined);
}
