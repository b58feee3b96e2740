import { readFileSync } from 'node:fs';

const FILE = new URL('../../../../resources/fhir/r4/required-codes.json', import.meta.url);

let codes: ReadonlyMap<string, ReadonlySet<string>> | undefined;

/**
 * Returns the codes of a value set that R4 requires; undefined where none are listed (languages, media types).
 * @param canonical its canonical address, with or without a version
 */
export function findRequiredCodes(canonical: string): ReadonlySet<string> | undefined {
  codes ??= new Map(
    Object.entries(JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, readonly string[]>>).map(
      ([url, listed]) => [url, new Set(listed)],
    ),
  );
  return codes.get(canonical.split('|', 1)[0] ?? '');
}
