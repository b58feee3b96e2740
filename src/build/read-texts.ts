import { join } from 'node:path';
import { LANGUAGES } from '../core/model/language.js';
import type { SourceFiles } from './read-rows.js';
import type { Complaint, TextFacts } from './source.js';

/** The text of an article in a file: one element, in the form that `tools/topic-texts` writes. */
const TEXT = /^<article id="([^"]+)" data-date="(\d{4}-\d\d-\d\d)">\n([^]*?)\n<\/article>$/gm;
const OPENING = /^<article\b/gm;

/**
 * Adds to articles the texts of a folder, `<language>/<letter>.html`. They were sanitised when the files were made; a test holds them to
 * that. A text without an article is left out with a complaint, and so is one that is not well-formed.
 */
export function addTexts(
  folder: string,
  texts: readonly TextFacts[],
  files: SourceFiles,
  complaints: Complaint[],
): TextFacts[] {
  const stored = new Map<string, Pick<TextFacts, 'summaryHtml' | 'summaryOn'>>();
  const places = new Map<string, string>();
  for (const language of LANGUAGES) {
    for (const name of files.list(join(folder, language)).sort()) {
      const file = `${language}/${name}`;
      const text = files.read(join(folder, file));
      const found = [...text.matchAll(TEXT)];
      if (found.length !== (text.match(OPENING) ?? []).length)
        complaints.push({ file, line: 0, reason: 'a text is not as it was written: it has no day, or no end' });
      for (const [, id = '', summaryOn = '', summaryHtml = ''] of found) {
        stored.set(`${id} ${language}`, { summaryHtml, summaryOn });
        places.set(`${id} ${language}`, file);
      }
    }
  }
  const withTexts = texts.map((text) => {
    const key = `${text.article} ${text.language}`;
    const words = stored.get(key);
    places.delete(key);
    return words ? { ...text, ...words } : text;
  });
  for (const [key, file] of places) complaints.push({ file, line: 0, reason: `${key}: a text without an article` });
  return withTexts;
}
