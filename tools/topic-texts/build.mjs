/**
 * Writes resources/texts/<language>/<letter>.html: the text of each MedlinePlus health topic as NLM words it, a block on a line, with the day on
 * which it was read. Words are never changed; where a list or a table lost its structure, it is mended (mend.mjs).
 * Usage: npm run build && node tools/topic-texts/build.mjs [../shared/data]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { sanitizeSummary } from '../../dist/import/read/sanitize-summary.js';
import { breakLines } from './blocks.mjs';
import { readTopics } from './read-topics.mjs';

const OUT = 'resources/texts';
const SOURCE = 'Source: MedlinePlus, National Library of Medicine';
const NAMES = { en: 'English', es: 'Spanish' };

const files = new Map();
for (const { id, language, html, date } of readTopics(process.argv[2])) {
  const letter = id.charAt('topic-'.length);
  const path = `${OUT}/${language}/${letter}.html`;
  const clean = sanitizeSummary(breakLines(html), 'https://medlineplus.gov/');
  const head = `<!-- MedlinePlus health topics in ${NAMES[language]}, ${letter.toUpperCase()}. ${SOURCE} -->\n`;
  const text = `\n<article id="${id}" data-date="${date}">\n${clean}\n</article>\n`;
  files.set(path, (files.get(path) ?? head) + text);
}
rmSync(OUT, { recursive: true, force: true });
for (const language of Object.keys(NAMES)) mkdirSync(`${OUT}/${language}`, { recursive: true });
for (const [path, text] of files) writeFileSync(path, text);
const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
console.log(`${files.size} files, ${bytes} bytes`);
