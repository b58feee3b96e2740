/** An element as code puts it together: members may be undefined. */
type Draft<T> = { readonly [K in keyof T]: T[K] | undefined };

function isEmpty(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === undefined;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

/**
 * An element without those of its members that are undefined or empty: FHIR's JSON has no empty lists and objects (R4 json, 2.6.2). Its
 * type is the one that is wanted where it is used.
 */
export const dropEmpty = <T extends object>(element: NoInfer<Draft<T>>): T =>
  Object.fromEntries(Object.entries(element).filter(([, value]) => !isEmpty(value))) as T;
