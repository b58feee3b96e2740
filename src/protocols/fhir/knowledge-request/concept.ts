import { codeSystem, findCodeSystem, type CodeSystemId } from '../../../core/codes/code-systems.js';
import { RequestError } from '../../../core/errors.js';
import type { RequestCoding } from '../../../core/answer/knowledge-request.js';
import { LIMITS } from '../../../limits.js';
import { hasForm, isListed } from './chart-rules.js';
import { asFewObjects, asObject, asObjects, asText, type JsonObject } from '../../json-object.js';

/** A CodeableConcept as it was sent, or a Coding alone. */
export interface SentConcept {
  /** Those that name a code. */
  readonly codings: readonly RequestCoding[];
  readonly text: string;
  /** All names that it was sent with, the most telling first, each once. */
  readonly names?: readonly string[];
  /** The route by which a drug is taken; absent where the chart tells none. */
  readonly route?: string;
}

/** R4's extension for a text in another language. */
const TRANSLATION = 'http://hl7.org/fhir/StructureDefinition/translation';

/** The English and Spanish designations of a primitive element, which its extensions hold. */
function listDesignations(value: unknown): string[] {
  const translations = asFewObjects(asObject(value)?.extension).filter(({ url }) => asText(url) === TRANSLATION);
  const read = translations.map(({ extension }) => {
    const parts = asFewObjects(extension);
    const find = (name: string): JsonObject | undefined => parts.find(({ url }) => asText(url) === name);
    const [lang, content] = [find('lang'), find('content')];
    return { language: asText(lang?.valueCode), text: asText(content?.valueString) || asText(content?.valueMarkdown) };
  });
  return ['en', 'es'].flatMap((language) =>
    read.filter((one) => one.language.split('-', 1)[0] === language).map(({ text }) => text),
  );
}

/** Names as they are looked up, each once. */
export const uniqueNames = (names: readonly string[]): string[] => [
  ...new Map(
    names.flatMap((name) => (name.trim() === '' ? [] : [[name.trim().toLowerCase(), name.trim()] as const])),
  ).values(),
];

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

/** A coding that stands for a drug's name, with the route that the chart tells. */
export const createNamed = (name: string, route: string | undefined): RequestCoding => ({
  ...createCoding('rxnorm', '', name),
  ...(route === undefined ? {} : { route }),
});

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
  const designations = [...listDesignations(concept._text), ...sent.flatMap((one) => listDesignations(one._display))];
  const names = uniqueNames([text, ...designations, ...all.map(({ display }) => display)]);
  return codings.length > 0 || named !== '' ? { codings, text: named, names } : undefined;
}

/** Whether a concept means that there is nothing: "no known allergy". */
export function isNothing({ codings, text, names }: SentConcept): boolean {
  return (
    (names ?? [text]).some((name) => hasForm('nothingSaid', name)) ||
    codings.some(
      ({ system, systemSent, code }) =>
        isListed('absentSystems', systemSent) || (system === 'snomed-ct' && isListed('nothingKnown', code)),
    )
  );
}

/** A drug that is named in words alone, or coded in no system of drugs: the core looks its name up. */
export function addDrugName({ codings, text, route }: SentConcept, name = text): readonly RequestCoding[] {
  if (codings.some(({ system }) => system && codeSystem(system).kind === 'drug')) return codings;
  const display = name || (codings.find((coding) => coding.display.trim() !== '')?.display ?? '');
  if (display === '') return codings;
  return [...codings, createNamed(display, route)];
}
