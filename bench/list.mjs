/** A list of 100 lines of every kind, posted to the list page of the real server. Fails where it takes longer than it may. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { timeAnswers } from './time-answers.mjs';

/** The first column of a file of ours but for its heading, so many of its lines, spread over it. */
function firstCells(path, count, column = 0) {
  const lines = readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const cells = lines.map((line) => line.split(',')[column]).filter((cell) => /^[\w .-]{3,40}$/.test(cell));
  return Array.from({ length: count }, (_, index) => cells[Math.floor((index * cells.length) / count)]);
}

/** Lines as notes have them: codes, abbreviations, drug lines, names of conditions, some of them misspelt, and lines of several. */
const lines = [
  ...firstCells('mappings/icd-10-cm.csv', 25),
  ...firstCells('mappings/snomed-ct.csv', 10).map((code) => `SNOMED ${code}`),
  ...firstCells('mappings/loinc.csv', 5),
  ...firstCells('resources/search/abbreviations.csv', 20),
  ...firstCells('resources/articles/drug.en.csv', 20, 1).map((drug) => `${drug} 10 mg tablet daily`),
  ...firstCells('resources/articles/topic.en.csv', 10, 1),
  ...['diabtes type 2', 'hypertention', 'nonsense xyzzy', 'denies chest pain', 'back pain x 3 weeks'],
  ...['HTN, DM2, asthma', 'E11.9, I10; J45.909', 'tos y fiebre', 'Diabetes, type 2', '140'],
];

async function post(url) {
  const reply = await fetch(`${url}/packet`, { method: 'POST', body: new URLSearchParams({ list: lines.join('\n') }) });
  const text = await reply.text();
  if (reply.status !== 200) throw new Error(`${reply.status} ${text.slice(0, 300)}`);
  return { rows: text.match(/class="entry /g).length, bytes: text.length, 'bytes compressed': gzipSync(text).length };
}

export const list = (folder) => timeAnswers(folder, `The list page, ${lines.length} lines`, post);
