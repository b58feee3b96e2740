/**
 * Reading resources that clients send: no more of them is known than that they are JSON, so every element may be missing or
 * of any type. What is not of the asked type is as if it were not there.
 */
export type JsonObject = Readonly<Record<string, unknown>>;

export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The objects of a list; an object that stands where a list belongs is a list of one. */
export function objectsOf(value: unknown): JsonObject[] {
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map(objectOf).filter((one) => one !== undefined);
}

/** Empty where it is no text. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
