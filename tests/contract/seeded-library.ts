import type { Article } from '../../src/core/article.js';
import type { CodeSystemId } from '../../src/core/code-systems.js';
import type { Coding, Layer, Library } from '../../src/core/library.js';

/** A library over the seed folder, for as long as a test needs it. */
export interface SeededLibrary {
  readonly library: Library;
  /** Another process lays these layers of the seed into the same database, in place of those that are there. */
  readonly relay: (layers: readonly Layer[]) => Promise<void>;
  /** Closes the library and takes its database away. */
  readonly remove: () => Promise<void>;
}

/** Builds these layers of tests/contract/seed into a new database and opens it. */
export type OpenSeed = (layers: readonly Layer[]) => Promise<SeededLibrary>;

export const coding = (system: CodeSystemId, code: string): Coding => ({ system, code });
export const icd10 = (code: string): Coding => coding('icd-10-cm', code);

/** The one article of an id. */
export async function only(library: Library, id: string): Promise<Article> {
  const [article] = await library.findArticles([id]);
  if (!article) throw new Error(`no article ${id}`);
  return article;
}
