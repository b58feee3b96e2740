/**
 * Writes resources/drugs/strengths.csv: the strengths of each set of ingredients, as `normalizeStrength` writes them. A misspelt name beside a
 * strength is read as the drug that has it.
 * Usage: npm run build && node tools/drug-tables/build-strengths.mjs [../shared/data] [folder of resources to write to]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { normalizeIngredients } from '../../dist/core/drugs/drug-name.js';
import { normalizeStrength } from '../../dist/core/drugs/normalize-strength.js';
import { partsOf, readClinicalDrugs, readNames } from './rxnorm-files.mjs';

const TARGET = process.argv[3] ?? 'resources';
const STRENGTH = /(?<= )[\d.]+ (?:MG|MEQ|UNT|%)(?:\/(?:ML|MG|HR|ACTUAT))?(?= )/g;

/** Longer lists are nutrition. */
const MOST_INGREDIENTS = 4;

const byDrug = new Map();
for (const { name } of [...readClinicalDrugs(), ...readNames().filter(({ tty }) => /^(SCD|SBD|GPCK|BPCK)$/.test(tty))])
  for (const part of partsOf(name)) {
    const whole = normalizeIngredients(part);
    if (whole.split(' / ').length > MOST_INGREDIENTS) continue;
    const known = byDrug.get(whole) ?? new Set();
    for (const [text] of ` ${part} `.matchAll(STRENGTH)) {
      const strength = normalizeStrength(text.replace('/', ' / '));
      if (strength === undefined) continue;
      known.add(strength);
      // A cream of 10 mg in a millilitre has 1 %, and a puff of 90 mcg is written as a mass.
      const [, number, per] = /^([\d.]+) mg \/ (ml|actuat)$/.exec(strength) ?? [];
      if (per === 'ml') known.add(normalizeStrength(`${Number(number) / 10} %`));
      if (per === 'actuat') known.add(`${number} mg`);
    }
    if (whole !== '' && known.size > 0) byDrug.set(whole, known);
  }
const lines = [...byDrug]
  .map(([name, strengths]) => `${name.includes(',') ? `"${name}"` : name},${[...strengths].sort().join('|')}`)
  .sort();
mkdirSync(join(TARGET, 'drugs'), { recursive: true });
writeFileSync(join(TARGET, 'drugs/strengths.csv'), `name,strengths\n${lines.join('\n')}\n`);
console.log(`strengths of ${lines.length} drugs`);
