import type { NoticeLine } from './handout.js';

/** A language that a line names itself: `[ht] Si w pale Kreyòl …`. */
const TAGGED = /^\[([a-z]{2,3}(?:-[a-z0-9]{2,8})*)\]\s*/i;

/** Languages that are written in letters of their own, or that have letters which their neighbours lack. */
const BY_LETTERS: readonly (readonly [language: string, letters: RegExp])[] = [
  ['ko', /\p{Script=Hangul}/u],
  ['ja', /\p{Script=Hiragana}|\p{Script=Katakana}/u],
  ['zh-Hant', /[們這為請務說語費時醫療點您電話聯絡].*[們這為請務說語費醫療電話聯]/u],
  ['zh-Hans', /\p{Script=Han}/u],
  ['ur', /[ٹڈڑےں]/u],
  ['fa', /[پچژگکی]/u],
  ['ar', /\p{Script=Arabic}/u],
  ['he', /\p{Script=Hebrew}/u],
  ['hi', /\p{Script=Devanagari}/u],
  ['uk', /[іїєґ]/iu],
  ['ru', /\p{Script=Cyrillic}/u],
  ['el', /\p{Script=Greek}/u],
  ['vi', /[ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹđơư]/iu],
];

/** Beginnings of languages' names in themselves: a notice names the language that it is in ("si vous parlez français"). */
const BY_NAME: readonly (readonly [language: string, name: RegExp])[] = [
  ['es', /español/i],
  ['ht', /kreyòl|kreyol/i],
  ['fil', /tagalog|filipino/i],
  ['fr', /français/i],
  ['pt', /português/i],
  ['it', /italian[oa]/i],
  ['de', /deutsch/i],
  ['pl', /polsk/i],
  ['sq', /shqip/i],
  ['hmn', /hmoob/i],
  ['so', /soomaali/i],
  ['en', /english/i],
];

/** Words that no other of these languages has. */
const BY_WORDS: readonly (readonly [language: string, words: RegExp])[] = [
  ['en', /\b(?:the|you|your|free|help|language|services?|available)\b/gi],
  ['es', /\b(?:el|los|las|con|su|usted|gratis|gratuitos?|idiomas?|servicios|ayuda)\b/gi],
];

function guessByWords(text: string): string | undefined {
  const counted = BY_WORDS.map(([language, words]) => ({ language, count: text.match(words)?.length ?? 0 }));
  const best = counted.sort((a, b) => b.count - a.count)[0];
  return best && best.count > 1 ? best.language : undefined;
}

/** The language of a line of a notice by its letters, the language that it names, or its words (BCP 47). */
function guessLanguage(text: string): string | undefined {
  const found = BY_LETTERS.find(([, letters]) => letters.test(text)) ?? BY_NAME.find(([, name]) => name.test(text));
  return found?.[0] ?? guessByWords(text);
}

/** The lines of a site's notice of language assistance, each with its language. */
export function readNotice(notice: string | undefined): NoticeLine[] {
  const lines = (notice ?? '').split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const tag = TAGGED.exec(line)?.[1];
      const text = line.replace(TAGGED, '');
      return { text, language: tag ?? guessLanguage(text) };
    });
}
