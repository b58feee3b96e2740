import type { Article } from '../../src/core/model/article.js';
import type { CodeSystemId } from '../../src/core/codes/code-systems.js';
import type { ServedLibrary } from '../../src/catalogue/served-library.js';
import type { Coding, Layer, Library } from '../../src/core/model/library.js';
import type { CheckedAddress } from '../../src/library/link-checks.js';
import type { LibraryRows } from '../../src/build/source.js';

/** A library over the seed folder, for as long as a test needs it. */
export interface SeededLibrary {
  readonly library: ServedLibrary;
  /** Over another connection, or in another process, these layers of the seed take the place of those that are there. */
  readonly relay: (layers: readonly Layer[], by?: 'another connection' | 'another process') => Promise<void>;
  /** Another process writes down what visits to the texts' addresses found. */
  readonly checkLinks: (checks: readonly CheckedAddress[]) => Promise<void>;
  /** Another process imports a release of one source, and clears away what nobody needs any longer. */
  readonly importRows: (rows: LibraryRows, source?: string, builtOn?: string) => Promise<void>;
  /** Closes the library and takes its database away. */
  readonly remove: () => Promise<void>;
}

/** Builds these layers of tests/contract/seed into a new database and opens it. */
export type OpenSeed = (layers: readonly Layer[]) => Promise<SeededLibrary>;

export const coding = (system: CodeSystemId, code: string): Coding => ({ system, code });
export const icd10 = (code: string): Coding => coding('icd-10-cm', code);

/** The one article of an id. */
export function only(library: Library, id: string): Article {
  const [article] = library.findArticles([id]);
  if (!article) throw new Error(`no article ${id}`);
  return article;
}

/** Waits until the library has noticed a swap, and answers its release. */
export async function released(library: Library, isThere: (release: string) => boolean): Promise<string> {
  while (!isThere(library.status().release)) await new Promise((resolve) => setTimeout(resolve, 20));
  return library.status().release;
}
