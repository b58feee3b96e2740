/** The languages of articles and texts (BCP 47 primary subtags). */
export const LANGUAGES = ['en', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];
export const DEFAULT_LANGUAGE: Language = 'en';

/** ISO 639-2 codes, names, and `sp`, which many EHRs send for Spanish. */
const SYNONYMS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(['en', 'eng', 'english']),
  es: new Set(['es', 'sp', 'spa', 'spanish', 'español', 'espanol']),
};

/** The language that a sender requests (`es`, `es-MX`, `sp`); undefined if it is not one of ours. */
export function chooseLanguage(sent: string): Language | undefined {
  const primary = sent.trim().toLowerCase().split(/[-_]/, 1)[0] ?? '';
  return LANGUAGES.find((language) => SYNONYMS[language].has(primary));
}

/** Languages of ours in a list of two, each once: a bilingual handout is requested as `es,en`. */
export function chooseLanguages(sent: string): Language[] {
  const chosen = sent.split(',', LANGUAGES.length).map(chooseLanguage);
  return [...new Set(chosen.filter((language) => language !== undefined))];
}

/** The languages in order of preference, the requested one first. */
export function languagesFrom(requested: Language): Language[] {
  return [requested, ...LANGUAGES.filter((language) => language !== requested)];
}
