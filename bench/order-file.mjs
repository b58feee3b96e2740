/** A file in the form of CMS's ICD-10-CM order file and of its size, made of the codes that the mappings name and codes below them. */
import { writeFileSync } from 'node:fs';
import { CODES } from './requests.mjs';

/** As many as ICD-10-CM has, headings included. */
const WHOLE = 95_000;
const MOST_CHARS = 7;
const WORDS =
  'acute chronic right left initial subsequent sequela fracture open closed displaced unspecified with without other'.split(
    ' ',
  );

/** Words that tell one title from the next, as official titles do: the same in every run. */
function titleOf(code, index) {
  const words = Array.from({ length: 5 }, (_, place) => WORDS[(index * 7 + place * 5) % WORDS.length]);
  return `Condition ${code}, ${words.join(' ')}`;
}

/** The codes of the file in its order, without dots. @param most how many, about */
export function orderCodes(most = WHOLE) {
  const codes = new Set(['Z99', ...CODES.map((code) => code.replace('.', ''))]);
  for (const code of [...codes]) codes.add(code.slice(0, 3));
  // A set goes on with what is added to it: the levels below follow.
  for (const code of codes) {
    for (let digit = 0; digit < 10 && code.length < MOST_CHARS && codes.size < most; digit += 1)
      codes.add(code + digit);
  }
  return [...codes].sort();
}

/** Writes the file and answers its path. */
export function writeOrderFile(path, codes) {
  const lines = codes.map((code, index) => {
    const title = titleOf(code, index);
    const order = String(index + 1).padStart(5, '0');
    return `${order} ${code.padEnd(7)} ${code.length > 3 ? 1 : 0} ${title.slice(0, 60).padEnd(60)} ${title}`;
  });
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

export const withDot = (code) => (code.length > 3 ? `${code.slice(0, 3)}.${code.slice(3)}` : code);
