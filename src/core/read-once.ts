/**
 * An object whose properties are read when they are first needed.
 * @param readers how each property is read
 */
export function readOnce<T extends object>(readers: { readonly [Name in keyof T]: () => T[Name] }): T {
  const object = {} as T;
  for (const name of Object.keys(readers) as (keyof T)[]) {
    let value: { readonly read: T[keyof T] } | undefined;
    const get = (): T[keyof T] => (value ??= { read: readers[name]() }).read;
    Object.defineProperty(object, name, { enumerable: true, get });
  }
  return object;
}
