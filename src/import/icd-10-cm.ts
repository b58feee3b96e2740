import { normalizeCode } from '../core/normalize-code.js';
import type { ConceptFacts, LibraryRows } from '../library/source.js';
import type { ImportLog, ImportSource, InputFile } from './import-source.js';
import { ImportError, oneFile } from './import-source.js';
import { readLines } from './read-lines.js';

/**
 * A line of CMS's order file: order number (1–5), code without dot (7–13), 1 for a code that may stand on a bill (15),
 * short title (17–76), long title (from 78).
 */
const ORDER_LINE = /^(\d{5}) ([A-Z][0-9A-Z]{2,6}) +([01]) (.{60}) (.+)$/;
/** The last chapters of the tabular list: a file without them ends too early. */
const LAST_LETTERS = /^[ZU]/;

/** The code above: one character less, as far as the release has it. */
function parentOf(code: string, known: ReadonlySet<string>): string | undefined {
  for (let up = code; up.length > 3;) {
    up = up.slice(0, -1).replace(/\.$/, '');
    if (known.has(up)) return up;
  }
  return undefined;
}

async function* readOrderFile(file: InputFile, log: ImportLog): AsyncGenerator<Partial<LibraryRows>> {
  const version = /(\d{4})/.exec(file.name)?.[1];
  if (!version) throw new ImportError(`${file.label}: its name does not tell the year: --release does`);
  log.release({ version, date: `${Number(version) - 1}-10-01`, complete: ['icd-10-cm'] });
  const known = new Set<string>();
  let last = '';
  for await (const { lines, first } of readLines(file)) {
    const concepts: ConceptFacts[] = [];
    for (const [index, line] of lines.entries()) {
      const [, , sent = '', billable, , title = ''] = ORDER_LINE.exec(line) ?? [];
      const code = normalizeCode('icd-10-cm', sent);
      if (code === undefined) {
        log.reject(file.label, first + index, 'no line of an order file');
        continue;
      }
      if (known.has(code)) {
        log.reject(file.label, first + index, `${code} is there already`);
        continue;
      }
      known.add(code);
      last = code;
      const parent = parentOf(code, known);
      const facts = { title: title.trim(), parent, billable: billable === '1', active: true, names: [] };
      concepts.push({ system: 'icd-10-cm', code, ...facts });
    }
    log.read(lines.length);
    yield { concepts };
  }
  if (!LAST_LETTERS.test(last)) throw new ImportError(`${file.label} ends with ${last || 'nothing'}: half a file`);
}

/** ICD-10-CM as CMS publishes it. */
export const icd10cm: ImportSource = {
  name: 'icd-10-cm',
  description: 'ICD-10-CM: order file (icd10cm-order-2026.txt)',
  read: (files, log) => readOrderFile(oneFile(files, /^icd10cm[-_]order.*\.txt$/i, 'an ICD-10-CM order file'), log),
};
