import type { FhirRequest } from '../rest/interaction.js';
import { structureOf } from '../syntax/structure.js';
import { badValue } from '../rest/bad-request.js';

export const SUMMARIES = ['true', 'text', 'data', 'count', 'false'] as const;
export type Summary = (typeof SUMMARIES)[number];

/** What of a resource is wanted (R4 search, 3.1.1.5.9 `_summary`, 3.1.1.5.10 `_elements`). */
export interface Shortening {
  readonly summary: Summary;
  /** Elements that are wanted; empty: all. */
  readonly elements: readonly string[];
}

export function readChoice<C extends string>(name: string, value: string, choices: readonly C[]): C {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw badValue(name, `expected ${choices.join(', ')}`);
  return found;
}

/** Whether a type has an element; one of several types may be named without its type: source for sourceUri. */
function hasElement(type: string, name: string): boolean {
  const known = structureOf(type).properties.map((property) => property.name);
  return (
    name === 'resourceType' ||
    known.some((full) => full === name || (full.startsWith(name) && /[A-Z]/.test(full.charAt(name.length))))
  );
}

/** Names of elements of the resource's root; with the type before them where it is written (`DocumentReference.date`). */
export function readElements(
  name: string,
  value: string,
  type: string,
  { strict }: Pick<FhirRequest, 'strict'>,
): string[] {
  const sent = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (sent.some((one) => !/^[A-Za-z][\w.]*$/.test(one))) throw badValue(name, 'expected names of elements');
  const elements = sent.map((one) => one.replace(/^[A-Z]\w*\./, '').split('.', 1)[0] ?? one);
  const unknown = strict ? elements.find((one) => !hasElement(type, one)) : undefined;
  if (unknown !== undefined) throw badValue(name, `${type} has no element ${unknown}`);
  return elements;
}

/**
 * `_summary` and `_elements` of a read.
 * @param type of what is read
 * @param others further parameters that mean something here
 * @throws RequestError `bad-parameter-value`, for what is not known where the client asks to be strict
 */
export function readShortening(request: FhirRequest, type: string, ...others: readonly string[]): Shortening {
  const { parameters, strict } = request;
  let summary: Summary = 'false';
  const elements: string[] = [];
  for (const [name, value] of parameters) {
    if (value.trim() === '') continue;
    if (name === '_summary') summary = readChoice(name, value.trim(), SUMMARIES);
    else if (name === '_elements') elements.push(...readElements(name, value, type, request));
    else if (strict && !others.includes(name)) throw badValue(name, 'no such parameter here');
  }
  return { summary, elements };
}
