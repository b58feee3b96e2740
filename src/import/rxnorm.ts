import { normalizeCode } from '../core/codes/normalize-code.js';
import { findNewestDay, findOneFile, type ImportLog, type ImportSource, type InputFile } from './import-source.js';
import type { RowPortions } from './import-source.js';
import { copyCell } from './read/read-text.js';
import { inPortions, listOtherNames, toCodeRows } from './read/code-rows.js';
import { readColumns } from './read/read-columns.js';
import { RxNormDrugs, isTermType } from './rxnorm-drugs.js';

/** Every cell is followed by a bar, so there is an empty cell after the last of 18, 16 and 13. */
const CONSO = { separator: '|', width: 19 };
const REL = { separator: '|', width: 17 };
const SAT = { separator: '|', width: 14 };

/** Other names of a drug: prescribable name, synonym, tall-man synonym. */
const NAME_TYPES: ReadonlySet<string> = new Set(['PSN', 'SY', 'TMSY']);
/** Relationships between a drug and its ingredients or brand, in both directions. */
const RELATIONSHIPS: ReadonlySet<string> = new Set(
  (
    'tradename_of has_tradename ingredient_of has_ingredient ingredients_of has_ingredients precise_ingredient_of ' +
    'has_precise_ingredient part_of has_part form_of has_form consists_of constitutes contains contained_in'
  ).split(' '),
);

/** The full release contains the prescribable content again, in a folder of its own. */
function findRrfFile(files: readonly InputFile[], name: string): InputFile {
  const isNamed = (file: InputFile): boolean => file.name.toUpperCase() === name;
  const full = files.filter((file) => isNamed(file) && !/(^|\/)prescribe\//.test(file.label));
  return findOneFile(full.length > 0 ? full : files, new RegExp(`^${name}$`, 'i'), `RxNorm's ${name}`);
}

/** The day in the release's name: `RxNorm_full_11032026.zip`. */
function readDay({ label }: InputFile): string | undefined {
  const [, month, day, year] = /RxNorm_\w*?(\d{2})(\d{2})(\d{4})/i.exec(label) ?? [];
  return month && day && year ? `${year}-${month}-${day}` : undefined;
}

/** Active drugs (not suppressed) with their names. */
async function readDrugs(file: InputFile, log: ImportLog): Promise<RxNormDrugs> {
  const drugs = new RxNormDrugs();
  const names = new Map<string, string[]>();
  for await (const rows of readColumns(file, CONSO, log)) {
    for (const { cells, line } of rows) {
      const [sent = '', language, , , , , , , , , , source, type = '', , text = '', , suppressed] = cells;
      if (source !== 'RXNORM' || language !== 'ENG' || suppressed !== 'N') continue;
      if (!NAME_TYPES.has(type) && !isTermType(type)) continue;
      const code = normalizeCode('rxnorm', sent);
      if (code === undefined) {
        log.reject(file.label, line, `${sent} is not an RxCUI`);
        continue;
      }
      const ofDrug = names.get(code) ?? [];
      if (ofDrug.length === 0) names.set(copyCell(code), ofDrug);
      if (isTermType(type)) drugs.add({ code: copyCell(code), type, title: copyCell(text), names: ofDrug });
      else ofDrug.push(copyCell(text));
    }
  }
  return drugs;
}

async function relateDrugs(drugs: RxNormDrugs, file: InputFile, log: ImportLog): Promise<void> {
  for await (const rows of readColumns(file, REL, log)) {
    for (const { cells } of rows) {
      const [one = '', , , , other = '', , , relationship = '', , , source] = cells;
      if (source === 'RXNORM' && RELATIONSHIPS.has(relationship)) drugs.relate(one, other);
    }
  }
}

/** The drugs with their names, and the crosswalks of each. */
const buildRows = (drugs: RxNormDrugs): RowPortions =>
  toCodeRows(inPortions(drugs.all()), (drug, { concepts, crosswalks }) => {
    const { code, title, names } = drug;
    const facts = { parent: undefined, billable: undefined, active: true, names: listOtherNames(names, title) };
    concepts.push({ system: 'rxnorm', code, title, ...facts });
    crosswalks.push(...drugs.buildCrosswalks(drug));
  });

/** Crosswalks from packages to their drug. */
const readPackages = (drugs: RxNormDrugs, file: InputFile, log: ImportLog): RowPortions =>
  toCodeRows(readColumns(file, SAT, log), ({ cells, line }, { crosswalks }) => {
    const [sent = '', , , , , , , , attribute, source, value = '', suppressed] = cells;
    const drug = attribute === 'NDC' && source === 'RXNORM' && suppressed === 'N' ? drugs.get(sent) : undefined;
    if (!drug) return;
    const code = normalizeCode('ndc', value);
    if (code === undefined) {
      log.reject(file.label, line, `${value} is not an NDC`);
      return;
    }
    const to = { system: 'rxnorm', code: drug.code } as const;
    crosswalks.push({ from: { system: 'ndc', code }, to, relationship: 'broader' });
  });

async function* readRelease(files: readonly InputFile[], log: ImportLog): RowPortions {
  const [conso, rel, sat] = ['RXNCONSO.RRF', 'RXNREL.RRF', 'RXNSAT.RRF'].map((name) => findRrfFile(files, name));
  if (!conso || !rel || !sat) return;
  const date = readDay(conso) ?? findNewestDay([conso, rel, sat]);
  // Suppressed drugs are left out, so a missing code may still exist.
  log.release({ version: date, date, complete: [] });
  const drugs = await readDrugs(conso, log);
  await relateDrugs(drugs, rel, log);
  yield* buildRows(drugs);
  yield* readPackages(drugs, sat, log);
}

/**
 * RxNorm: active drugs with their names, brands to generics, drugs to their whole ingredient set or the name with their
 * route, packages (NDC) to drugs.
 * @see https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html, "RxNorm files and tables"
 */
export const rxnorm: ImportSource = {
  name: 'rxnorm',
  description: 'RxNorm: full or prescribable release (RXNCONSO, RXNREL and RXNSAT.RRF)',
  read: readRelease,
};
