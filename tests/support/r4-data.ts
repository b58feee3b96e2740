import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';

/** Parts of R4 that the tests read: the JSON schema, types' elements, required bindings' terminology, resources to write as XML. */
type Name = 'schema' | 'definitions' | 'terminology' | 'examples';

/** Reads a part of R4's definitions, as `npm run r4:update` left it in tests/support/r4. */
export function readR4Data(name: Name): unknown {
  const bytes = readFileSync(new URL(`r4/${name}.json.br`, import.meta.url));
  return JSON.parse(brotliDecompressSync(bytes).toString());
}
