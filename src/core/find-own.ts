/**
 * The value of a key that may be anybody's text; undefined where the table has none. A plain object answers `toString`, `constructor` and
 * `__proto__` with members that are not its own. A lint rule demands this or a Map.
 */
export const findOwn = <V>(table: Readonly<Record<string, V>> | undefined, key: string): V | undefined =>
  table && Object.hasOwn(table, key) ? table[key] : undefined;
