import { readFileSync } from 'node:fs';
import type { TFunction } from 'i18next';
import { createInstance } from 'i18next';
import type { Language } from './core/language.js';
import { DEFAULT_LANGUAGE, LANGUAGES } from './core/language.js';

/** Gives the texts of a language: `texts('es')('page.search')`. */
export type Texts = (language: Language) => TFunction;

/** Loads the texts of resources/i18n. Values are put in as they are: whoever renders escapes. */
export function loadTexts(resourcesDir: string): Texts {
  const read = (language: Language): { translation: object } => ({
    translation: JSON.parse(readFileSync(`${resourcesDir}/i18n/${language}.json`, 'utf8')) as object,
  });
  const instance = createInstance();
  void instance.init({
    initAsync: false,
    fallbackLng: DEFAULT_LANGUAGE,
    resources: Object.fromEntries(LANGUAGES.map((language) => [language, read(language)])),
    interpolation: { escapeValue: false, skipOnVariables: true },
    showSupportNotice: false,
  });
  const fixed = new Map(LANGUAGES.map((language) => [language, instance.getFixedT(language)]));
  return (language) => fixed.get(language) ?? instance.t;
}
