import { codeSystem, findCodeSystem, type CodeSystemId } from '../../../core/codes/code-systems.js';
import { RequestError } from '../../../core/errors.js';
import type { RequestCoding } from '../../../core/answer/knowledge-request.js';
import { LIMITS } from '../../../limits.js';
import { ABSENT_UNKNOWN, hasForm, isListed } from './chart-rules.js';
import { asObject, asObjects, asText, type JsonObject } from '../../json-object.js';

/** A CodeableConcept as it was sent, or a Coding alone. */
export interface SentConcept {
  /** Those that name a code. */
  readonly codings: readonly RequestCoding[];
  readonly text: string;
}

/** A Coding of R4 as the core takes it; its system may be a `urn:oid:` or a URI. */
export function toRequestCoding(coding: JsonObject, text = ''): RequestCoding {
  const systemSent = asText(coding.system).trim();
  return {
    system: findCodeSystem(systemSent)?.id,
    systemSent,
    code: asText(coding.code),
    display: asText(coding.display),
    originalText: text,
    userSelected: coding.userSelected === true,
  };
}

/** A coding that stands for what was sent. */
export function createCoding(system: CodeSystemId, code: string, display = ''): RequestCoding {
  return { system, systemSent: codeSystem(system).uri, code, display, userSelected: false };
}

/**
 * Reads a CodeableConcept; undefined where it has neither code nor text.
 * @throws RequestError `too-many-parameters` for more than `LIMITS.maxListValues` codings
 */
export function readConcept(value: unknown): SentConcept | undefined {
  const concept = asObject(value);
  if (!concept) return undefined;
  const text = asText(concept.text).trim();
  const sent = asObjects(concept.coding);
  if (sent.length > LIMITS.maxListValues) throw new RequestError('too-many-parameters', { most: LIMITS.maxListValues });
  const all = sent.map((coding) => toRequestCoding(coding, text));
  const codings = all.filter(({ code }) => code.trim() !== '');
  const named = text || all.map(({ display }) => display.trim()).find((display) => display !== '') || '';
  return codings.length > 0 || named !== '' ? { codings, text: named } : undefined;
}

/** Whether a concept means that there is nothing: "no known allergy". */
export function isNothing({ codings, text }: SentConcept): boolean {
  return (
    hasForm('nothingSaid', text) ||
    codings.some(
      ({ system, systemSent, code }) =>
        systemSent === ABSENT_UNKNOWN || (system === 'snomed-ct' && isListed('nothingKnown', code)),
    )
  );
}

/** A drug that is named in words alone, or coded in no system of drugs: the core looks its name up. */
export function addDrugName({ codings, text }: SentConcept): readonly RequestCoding[] {
  if (codings.some(({ system }) => system && codeSystem(system).kind === 'drug')) return codings;
  const display = text || (codings.find((coding) => coding.display.trim() !== '')?.display ?? '');
  if (display === '') return codings;
  return [...codings, createCoding('rxnorm', '', display)];
}
