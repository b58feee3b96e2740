/** The order of texts in release files: by their characters, whatever the language. */
export const compareTexts = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** Texts of several sorted lists as one sorted list, each once, at most so many. */
export function mergeSorted(lists: readonly (readonly string[])[], most: number): string[] {
  const [first = [], ...others] = lists.filter((list) => list.length > 0);
  if (others.length === 0) return first.slice(0, most);
  return [...new Set([...first, ...others.flat()])].sort().slice(0, most);
}

/** Things that say the same once. */
export function once<T>(things: readonly T[], buildKey: (thing: T) => string): T[] {
  const byKey = new Map<string, T>();
  for (const thing of things) {
    const key = buildKey(thing);
    if (!byKey.has(key)) byKey.set(key, thing);
  }
  return [...byKey.values()];
}

/** The codes of rows. */
export const listCodes = (rows: readonly { readonly code: string }[]): string[] => rows.map(({ code }) => code);
