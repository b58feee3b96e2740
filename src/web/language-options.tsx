import type { Language } from '../core/language.js';
import { LANGUAGES } from '../core/language.js';

/** Each language by its own name. */
const NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };

/** The languages of a patient handout, as options of a list. */
export function LanguageOptions({ chosen }: { chosen: Language }) {
  return (
    <>
      {LANGUAGES.map((one) => (
        <option value={one} lang={one} selected={one === chosen}>
          {NAMES[one]}
        </option>
      ))}
    </>
  );
}
