import { LANGUAGES, chooseLanguage, type Language } from '../../core/model/language.js';
import { LanguageName } from './language-links.js';
import type { PageContext } from '../page-context.js';

/** Each language by its own name. */
const NAMES: Readonly<Record<Language, string>> = { en: 'English', es: 'Español' };

interface LanguageOptionsProps {
  /** Any language (BCP 47): one that is none of ours is an option of its own. */
  readonly chosen: string;
  readonly page: PageContext;
}

/** The languages of a patient handout, as options of a list. */
export function LanguageOptions({ chosen, page }: LanguageOptionsProps) {
  const isForeign = chooseLanguage(chosen) === undefined;
  return (
    <>
      {LANGUAGES.map((one) => (
        <option value={one} lang={one} selected={one === chosen}>
          {NAMES[one]}
        </option>
      ))}
      {isForeign ? (
        <option value={chosen} selected>
          <LanguageName tag={chosen} page={page} />
        </option>
      ) : null}
    </>
  );
}
