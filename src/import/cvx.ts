import { normalizeCode } from '../core/codes/normalize-code.js';
import type { ConceptFacts } from '../build/source.js';
import type { ImportLog, ImportSource, InputFile, RowPortions } from './import-source.js';
import { ImportError, findNewestDay, findOneFile } from './import-source.js';
import { isBlank } from './read/read-lines.js';
import { readWhole } from './read/read-text.js';

/** Code (padded with spaces), short description, full name, notes, status, non-vaccine flag, last update. */
const COLUMNS = 7;
const RETIRED: ReadonlySet<string> = new Set(['Inactive', 'Never Active']);
const DATE = /^(\d{4})[/-](\d{2})[/-](\d{2})/;

async function* readList(file: InputFile, log: ImportLog): RowPortions {
  const lines = (await readWhole(file)).split(/\r\n|\n/);
  const concepts: ConceptFacts[] = [];
  let newest = '';
  for (const [index, line] of lines.entries()) {
    if (isBlank(line)) continue;
    log.read(1);
    const cells = line.split('|').map((cell) => cell.trim());
    const [sent = '', title = '', fullName = '', , status = '', , updated = ''] = cells;
    const code = normalizeCode('cvx', sent);
    if (cells.length === COLUMNS && code !== undefined && title !== '') {
      const names = fullName === '' || fullName === title ? [] : [fullName];
      const facts = { title, parent: undefined, billable: undefined, active: !RETIRED.has(status), names };
      concepts.push({ system: 'cvx', code, ...facts });
      const [, year, month, day] = DATE.exec(updated) ?? [];
      if (day !== undefined) newest = [newest, `${year ?? ''}-${month ?? ''}-${day}`].sort().at(-1) ?? '';
    } else if (index === lines.length - 1) {
      throw new ImportError(`${file.label} stops in line ${index + 1}: truncated`);
    } else {
      log.reject(file.label, index + 1, `not a line of the CVX list: ${COLUMNS} columns, of which the first is a code`);
    }
  }
  const date = newest || findNewestDay([file]);
  log.release({ version: date, date, complete: ['cvx'] });
  yield { concepts };
}

/**
 * CDC's list of vaccines administered.
 * @see https://www2a.cdc.gov/vaccines/iis/iisstandards/vaccines.asp?rpt=cvx, "Download flat file"
 */
export const cvx: ImportSource = {
  name: 'cvx',
  description: "CVX: CDC's list of vaccines (cvx.txt)",
  read: (files, log) => readList(findOneFile(files, /^cvx.*\.txt$/i, "CDC's CVX list (cvx.txt)"), log),
};
