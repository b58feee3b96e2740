import { capText } from '../core/client-text.js';

/**
 * Reading resources that clients send: they are known to be JSON and no more, so every element may be missing or of any
 * type. A value of another type than the wanted one counts as missing.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The objects of a list; an object that stands where a list belongs is a list of one. */
export function asObjects(value: unknown): JsonObject[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map(asObject).filter((one) => one !== undefined);
}

/** Categories, doses and the like: a fact has a few, and more say nothing further. */
const FEW = 100;

/** The first objects of a list of which a fact has a few. */
export const asFewObjects = (value: unknown): JsonObject[] =>
  asObjects(Array.isArray(value) ? value.slice(0, FEW) : value);

/** A text as it was sent; empty where it is no text. */
export const asWholeText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A text as it is matched: a long one is cut. */
export const asText = (value: unknown): string => capText(asWholeText(value));

/** An object whose own texts are as they are matched. */
export const capTexts = <T extends object>(value: T): T =>
  Object.fromEntries(
    Object.entries(value).map(([name, one]: [string, unknown]) => [name, typeof one === 'string' ? capText(one) : one]),
  ) as T;
