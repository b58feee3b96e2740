/**
 * Versions that the request wants of code systems, by their addresses: `system-version` where the value set leaves it open,
 * `check-system-version` so too, and no other may be used; `force-system-version` always.
 */
export interface VersionWishes {
  readonly defaults: ReadonlyMap<string, string>;
  readonly checked: ReadonlyMap<string, string>;
  readonly forced: ReadonlyMap<string, string>;
}

/**
 * The version of a code system that is to be used; undefined if any may be.
 * @param stated the version that the value set or the code states
 */
export function chooseVersion(
  { defaults, checked, forced }: VersionWishes,
  url: string,
  stated: string | undefined,
): string | undefined {
  return forced.get(url) ?? stated ?? checked.get(url) ?? defaults.get(url);
}
