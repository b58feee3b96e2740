/** Reads the files that the drug tables are made of: ../shared/data, or the folder named on the command line. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

export const DATA = process.argv[2] ?? '../shared/data';
if (!existsSync(join(DATA, 'rxnorm'))) throw new Error(`${DATA} holds no folder rxnorm: name the data folder`);

/** The rows of a CSV file as objects. */
export function readCsv(path) {
  const bytes = readFileSync(path);
  return parse(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true, relax_column_count_less: true });
}

/** Rows of the merged list that may be shipped: value sets' and samples' names are to check with only. */
const isOwnName = ({ source }) => !/^[BC]/.test(source);

/** RxNorm's own names: `{rxcui, name, tty, ingredients_derived, source}`. */
export const readNames = () => readCsv(join(DATA, 'rxnorm/rxcui_names_merged.csv.gz')).filter(isOwnName);

/** The clinical drugs in use, generic and branded. */
export const readClinicalDrugs = () => readCsv(join(DATA, 'rxnorm/clinical_drugs_2026-07.csv.gz'));

/** The brand that a name ends in: `… Oral Tablet [Zocor]`. */
export const brandOf = (name) => /\[([^[\]]+)\]\s*$/.exec(name)?.[1];

/** A pack's parts: `{28 (a 1 MG Oral Tablet) / 7 (b 2 MG Oral Tablet) } Pack` → both. A name without braces is its only part. */
export function partsOf(name) {
  if (!name.startsWith('{')) return [name.replace(/\s*\[[^[\]]*\]\s*$/, '')];
  const parts = [];
  let depth = 0;
  let from = 0;
  for (const [index, character] of [...name].entries()) {
    if (character === '(') {
      if (depth === 0) from = index + 1;
      depth += 1;
    } else if (character === ')') {
      depth -= 1;
      if (depth === 0) parts.push(name.slice(from, index).replace(/\s*\[[^[\]]*\]\s*$/, ''));
    } else if (character === '}') break;
  }
  // How much of a part a pack holds is none: `1 (9000 MG) (miconazole nitrate 20 MG/ML Vaginal Cream)`.
  return parts.filter((part) => !/\binert\b|^[\d.]+ (MG|ML)$/i.test(part));
}

/** Ends of a pack's brand that count, measure or describe the pack: `Junel Fe 1.5/30 28 Day` is Junel Fe. */
const OF_PACK =
  /[ -](\d+[ -]Day|\d+([ -]?Day)? ?(Starter|Titration|Initiation)|28|21|91|pack|kit|therapy|taper|carton|starter|titration|initiation|daily dose|combination( pack)?|chewable|odt|dose|patient|[\d.]+(\/[\d.]+)+e?|[\d.]+ (MG|G|ML)( \/ [\d.]+ (MG|G|ML))?)$/i;

/**
 * The names by which people call a pack: without what counts and measures it, and without the number and the iron of its tablets:
 * `Blisovi 24 Fe 1/20 28 Day` → `Blisovi 24 Fe`, `Blisovi Fe`, `Blisovi`. Empty for what is no pack.
 */
export function packNamesOf(name) {
  let brand = name.startsWith('{') ? (brandOf(name) ?? '').replace('- ', '-') : '';
  for (let shorter = brand.replace(OF_PACK, ''); shorter !== brand; shorter = brand.replace(OF_PACK, ''))
    brand = shorter;
  const uncounted = brand.replace(/ (?:21|24)(?= |$)/, '');
  const names = [
    / Fe\b/.test(brand) ? brand : uncounted,
    uncounted,
    uncounted.replace(/ Fe$/, ''),
    brand.replace(/^(.+) Fe 24$/, '$1 24 Fe'),
  ];
  return [...new Set(names)].filter(
    (one) => one.length > 2 && !/^\d|[;()]| \d|ointment/i.test(one.replace(/ 2[14](?= Fe$|$)/, '')),
  );
}
