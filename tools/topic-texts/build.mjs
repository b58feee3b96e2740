/**
 * Writes resources/texts/<language>/<letter>.html: the text of each MedlinePlus health topic as NLM words it, a block on a line, with the day on
 * which it was read. Words are never changed; where a list or a table lost its structure, it is mended (mend.mjs).
 * Usage: npm run build && node tools/topic-texts/build.mjs [../shared/data]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { sanitizeSummary } from '../../dist/import/read/sanitize-summary.js';
import { breakLines, joinBlocks, readBlocks } from './blocks.mjs';
import { breakBlocks, readBreaks } from './breaks.mjs';
import { mendFragments, mendLabels, mendOpeners } from './fragments.mjs';
import { joinSentences, mendHeadings } from './joins.mjs';
import { joinWords, splitWords } from './mend.mjs';
import { readTopics } from './read-topics.mjs';
import { countSmallWords, splitRuns } from './split-runs.mjs';
import { clearRemains } from './remains.mjs';
import { mendTables, readTables } from './tables.mjs';
import { mendByTwin } from './twins.mjs';

const OUT = 'resources/texts';
const SOURCE = 'Source: MedlinePlus, National Library of Medicine';
const NAMES = { en: 'English', es: 'Spanish' };

/** From so many places on where a list runs on, a text is mended. */
const MOST_RUNS = 1;

const topics = readTopics(process.argv[2]);
const tables = readTables();
const breaks = readBreaks();
const small = Object.fromEntries(
  Object.keys(NAMES).map((language) => [language, countSmallWords(topics.filter((one) => one.language === language))]),
);

/** The blocks of a text with its tables, then with its lists: a table is no list that runs on. */
function readMended(topic) {
  const html = mendTables(topic, tables);
  if (topic.runon < MOST_RUNS) return readBlocks(html);
  return readBlocks(
    html
      .split(/(<table>.*?<\/table>)/)
      .map((part) =>
        part.startsWith('<table>') ? part : joinWords(splitRuns(splitWords(part), small[topic.language])),
      )
      .join(''),
  );
}

const buildKey = (id, language) => `${id} ${language}`;
const mended = new Map(
  topics.map((topic) => [
    buildKey(topic.id, topic.language),
    mendOpeners(mendHeadings(joinSentences(clearRemains(readMended(topic)), topic.structure === 'inferred'))),
  ]),
);

/** A text with its lists: those of the same text in the other language where it lost its own, then those that only a person finds. */
function mend({ id, language }) {
  const blocks = mended.get(buildKey(id, language));
  const twin = mended.get(buildKey(id, language === 'en' ? 'es' : 'en'));
  const whole = joinSentences(mendFragments(twin ? mendByTwin(blocks, twin) : blocks));
  return joinBlocks(mendLabels(breakBlocks(whole, breaks.get(buildKey(id, language)) ?? [])));
}

const files = new Map();
for (const topic of topics) {
  const { id, language, date } = topic;
  const letter = id.charAt('topic-'.length);
  const path = `${OUT}/${language}/${letter}.html`;
  const clean = sanitizeSummary(breakLines(mend(topic)), 'https://medlineplus.gov/');
  const head = `<!-- MedlinePlus health topics in ${NAMES[language]}, ${letter.toUpperCase()}. ${SOURCE} -->\n`;
  const text = `\n<article id="${id}" data-date="${date}">\n${clean}\n</article>\n`;
  files.set(path, (files.get(path) ?? head) + text);
}
rmSync(OUT, { recursive: true, force: true });
for (const language of Object.keys(NAMES)) mkdirSync(`${OUT}/${language}`, { recursive: true });
for (const [path, text] of files) writeFileSync(path, text);
const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
console.log(`${files.size} files, ${bytes} bytes`);
