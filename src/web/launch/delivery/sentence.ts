import type { GivenEntry, GivenItem } from '../../../core/handing-over/record.js';
import type { Language } from '../../../core/model/language.js';
import { describeTime } from '../../../core/time-in-zone.js';
import { nameLanguage } from '../../../core/model/language-links.js';
import type { Translate } from '../../../texts.js';

/** How a sentence is written. */
export interface SentenceStyle {
  readonly t: Translate;
  readonly language: Language;
  /** IANA name of the site's time zone. */
  readonly timeZone: string;
}

/** Writes a handover as a sentence to paste into a chart: time, articles, recipient, method, result of teach-back; no name. */
export function writeSentence(entry: GivenEntry, items: readonly GivenItem[], style: SentenceStyle): string {
  const { t, language, timeZone } = style;
  const { at, recipient, method, interpreter, teachBack } = entry;
  const date = describeTime(at, language, timeZone);
  const articles = items.map(({ title, language: tag, edition }) => {
    const languageName = nameLanguage(tag, language);
    return edition === undefined
      ? t('given.sentence.article', { title, language: languageName })
      : t('given.sentence.statement', { title, language: languageName, edition });
  });
  return t('given.sentence.whole', {
    date,
    articles: articles.join('; '),
    recipient: t(`given.recipient.${recipient}`),
    method: t(`given.method.${method}`),
    interpreter: t(`given.interpreter.${interpreter}`),
    teachBack: t(`given.teachBack.${teachBack}`),
  });
}
