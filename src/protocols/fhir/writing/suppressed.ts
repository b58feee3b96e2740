import { LANGUAGES } from '../../../core/model/language.js';
import type { Library } from '../../../core/model/library.js';
import { documentId } from '../documents/identity.js';

/** The documents that a site's policy gives to nobody, in every language, as relative references. */
export function suppressedDocuments(library: Pick<Library, 'status'>): string[] {
  const suppressed = library.status().policy?.suppressed ?? new Set<string>();
  return [...suppressed].flatMap((article) =>
    LANGUAGES.map((language) => `DocumentReference/${documentId(article, language)}`),
  );
}
