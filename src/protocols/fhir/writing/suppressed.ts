import { LANGUAGES } from '../../../core/language.js';
import type { Library } from '../../../core/library.js';
import { documentId } from '../identity.js';

/** The documents that a site's policy gives to nobody, in every language, as relative references. */
export function suppressedDocuments(library: Pick<Library, 'status'>): string[] {
  const suppressed = library.status().policy?.suppressed ?? new Set<string>();
  return [...suppressed].flatMap((article) =>
    LANGUAGES.map((language) => `DocumentReference/${documentId(article, language)}`),
  );
}
