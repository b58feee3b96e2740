/**
 * Writes resources/drugs/ndc.bin.gz: packages (NDC, 11 digits) → RxCUI, sorted. Three columns of little-endian numbers, one
 * behind the other, as many of each as there are packages: the first nine digits (labeler and product, 32 bits), the RxCUI
 * (32 bits), the last two digits (8 bits), with 128 added where packages of the product hold different ingredients.
 * Usage: npm run build && node tools/drug-tables/build-ndc.mjs [../shared/data]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readProduct } from './product-outcome.mjs';
import { DATA, partsOf, readCsv } from './rxnorm-files.mjs';

const DATE = '2025-10-06';
const DIFFERENT = 128;

const packages = readCsv(join(DATA, 'rxnorm/ndc11_to_rxcui_2025-10.csv.gz'))
  .filter(({ ndc11 }) => /^\d{11}$/.test(ndc11))
  .sort((a, b) => (a.ndc11 < b.ndc11 ? -1 : 1));

const known = new Map();
function ingredientsOf({ rxcui, name }) {
  const told = known.get(rxcui);
  if (told !== undefined) return told;
  const parts = partsOf(name).flatMap((part) => readProduct({ rxcui, name: part }).whole.split(' / '));
  const whole = [...new Set(parts)].sort().join(' / ');
  known.set(rxcui, whole);
  return whole;
}

const sets = new Map();
for (const row of packages) {
  const product = row.ndc11.slice(0, 9);
  sets.set(product, (sets.get(product) ?? new Set()).add(ingredientsOf(row)));
}
const isMixed = ({ ndc11 }) => sets.get(ndc11.slice(0, 9)).size > 1;
const bytes = Buffer.concat([
  Buffer.from(Uint32Array.from(packages, ({ ndc11 }) => Number(ndc11.slice(0, 9))).buffer),
  Buffer.from(Uint32Array.from(packages, ({ rxcui }) => Number(rxcui)).buffer),
  Buffer.from(Uint8Array.from(packages, (row) => Number(row.ndc11.slice(9)) + (isMixed(row) ? DIFFERENT : 0)).buffer),
]);
writeFileSync('resources/drugs/ndc.bin.gz', gzipSync(bytes, { level: 9 }));
const release = JSON.parse(readFileSync('resources/drugs/release.json', 'utf8'));
writeFileSync(
  'resources/drugs/release.json',
  `${JSON.stringify({ ...release, ndc: DATE, packages: packages.length }, null, 2)}\n`,
);
const mixed = [...sets.values()].filter(({ size }) => size > 1).length;
console.log(`${packages.length} packages of ${sets.size} products, ${mixed} of which hold different ingredients`);
