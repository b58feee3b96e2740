import { normalizeCode } from '../core/codes/normalize-code.js';
import type { ConceptFacts } from '../build/source.js';
import type { ImportLog, ImportSource, InputFile, RowPortions } from './import-source.js';
import { findOptionalFile, ImportError, findOneFile } from './import-source.js';
import { readTabular } from './read-icd-10-cm-tabular.js';
import { toCodeRows } from './read/code-rows.js';
import { readNumbered } from './read/read-lines.js';

/** The codes; CMS's zip also contains addenda, which list only changes. */
const ORDER_FILE = /^icd10cm[-_]order(?!.*addenda).*\.txt$/i;
/** Named `icd10cm-tabular-2026.xml`, or `Tabular.xml` in older releases. */
const TABULAR_FILE = /^(icd10cm?[-_])?tabular(?!.*addenda).*\.xml$/i;

/**
 * A line of CMS's order file: order number (1–5), code without dot (7–13), 1 for a billable code (15), short title
 * (17–76), long title (from 78).
 */
const ORDER_LINE = /^(\d{5}) ([A-Z][0-9A-Z]{2,6}) +([01]) .{60} (.+)$/;
/** The last category; the newer chapter U may precede or follow it. A file without Z99, or with another end, is truncated. */
const LAST_CATEGORY = 'Z99';
const ENDINGS = /^(Z99|U)/;
/** J09X heads the same codes as J09: its X is a placeholder, and normalizeCode writes it J09. */
const FILLED_CATEGORY = /^...X+$/;

/** Additions of the tabular list to an order file's codes: other names, and the block of a category. */
type Additions = ReadonlyMap<string, Pick<ConceptFacts, 'names' | 'parent'>>;

/** The parent code: one character less, as far as the release contains it. */
function findParent(code: string, known: ReadonlySet<string>): string | undefined {
  for (let up = code; up.length > 3;) {
    up = up.slice(0, -1).replace(/\.$/, '');
    if (known.has(up)) return up;
  }
  return undefined;
}

const readYear = ({ name, label }: InputFile): string | undefined => (/20\d\d/.exec(name) ?? /20\d\d/.exec(label))?.[0];

/** Reports the release, named after its fiscal year, which begins in October; its update comes in April. */
function reportRelease(file: InputFile, log: ImportLog): void {
  const year = readYear(file);
  const complete = ['icd-10-cm'] as const;
  if (year === undefined) log.release({ version: undefined, complete });
  else if (/apr/i.test(file.name)) log.release({ version: `${year}-04`, date: `${year}-04-01`, complete });
  else log.release({ version: year, date: `${Number(year) - 1}-10-01`, complete });
}

/**
 * Reads the order file, which has every code and whether it is billable, but no chapters, blocks and synonyms.
 * @see https://www.cms.gov/medicare/coding-billing/icd-10-codes, "Code Descriptions in Tabular Order"
 */
async function* readOrderFile(file: InputFile, log: ImportLog, additions: Additions): RowPortions {
  const known = new Set<string>();
  let last = '';
  yield* toCodeRows(readNumbered(file, log), ({ text, line }, { concepts }) => {
    const [, order, sent = '', billable, title = ''] = ORDER_LINE.exec(text) ?? [];
    const code = normalizeCode('icd-10-cm', sent);
    if (code === undefined) {
      log.reject(file.label, line, sent ? `${sent} is not an ICD-10-CM code` : 'not a line of an order file');
      return;
    }
    if (Number(order) !== line) {
      throw new ImportError(`${file.label}: line ${line} has the order number ${order ?? ''}: lines are missing`);
    }
    if (known.has(code)) {
      if (!FILLED_CATEGORY.test(sent)) log.reject(file.label, line, `${code} is a duplicate`);
      return;
    }
    known.add(code);
    last = code;
    const { names = [], parent } = additions.get(code) ?? {};
    const above = findParent(code, known) ?? parent;
    const facts = { title: title.trim(), parent: above, billable: billable === '1', active: true, names };
    concepts.push({ system: 'icd-10-cm', code, ...facts });
  });
  if (file.isForced || (ENDINGS.test(last) && known.has(LAST_CATEGORY))) return;
  throw new ImportError(`${file.label} ends with ${last || 'nothing'}: truncated?; --force imports it anyway`);
}

/** Reads both files: codes and billability from the order file, chapters, blocks and other names from the list. */
async function* readBoth(order: InputFile, tabular: InputFile, log: ImportLog): RowPortions {
  const additions = new Map<string, Pick<ConceptFacts, 'names' | 'parent'>>();
  for await (const { headings, codes } of readTabular(tabular, log)) {
    for (const { code, names, parent } of codes) {
      if (names.length > 0 || code.length === 3) additions.set(code, { names, parent });
    }
    yield { concepts: headings };
  }
  yield* readOrderFile(order, log, additions);
}

async function* readFiles(files: readonly InputFile[], log: ImportLog): RowPortions {
  const order = findOptionalFile(files, ORDER_FILE, 'an ICD-10-CM order file');
  if (!order) {
    const tabular = findOneFile(files, TABULAR_FILE, 'an ICD-10-CM order file or tabular list');
    reportRelease(tabular, log);
    for await (const { headings, codes } of readTabular(tabular, log)) yield { concepts: [...headings, ...codes] };
    return;
  }
  const tabular = findOptionalFile(files, TABULAR_FILE, 'an ICD-10-CM tabular list');
  const years = [order, tabular].flatMap((file) => (file && readYear(file)) ?? []);
  if (tabular && new Set(years).size > 1) {
    throw new ImportError(`${order.label} and ${tabular.label} are of different years`);
  }
  reportRelease(order, log);
  if (tabular) yield* readBoth(order, tabular, log);
  else yield* readOrderFile(order, log, new Map());
}

/** ICD-10-CM as published by CMS and NCHS. */
export const icd10cm: ImportSource = {
  name: 'icd-10-cm',
  description: 'ICD-10-CM: order file (icd10cm-order-2026.txt), tabular list (icd10cm-tabular-2026.xml), or both',
  read: readFiles,
};
