/**
 * Builds resources/editions/icd-10-cm-codes.txt.gz: every code of ICD-10-CM's edition in force and of the earlier ones, sorted, a line each. Behind a
 * comma stands the withdrawal of a code: `deleted` or `header` (no longer billable), and its day where it is known. The rows of mappings/icd-10-cm.csv
 * were judged for these codes. Run it after a new edition was judged: `node tools/editions/build-icd-10-cm.mjs`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

const DATA = '../shared/data/icd10cm';
const IN_FORCE_SINCE = '2026-10-01';

function readCsv(name) {
  const bytes = readFileSync(join(DATA, name));
  return parse(name.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true });
}

const codes = new Map(readCsv('icd10cm_merged.csv.gz').map(({ code }) => [code, 'deleted']));
for (const { code } of readCsv('icd10cm_2026.csv.gz')) codes.set(code, '');
for (const { code } of readCsv('icd10cm_2027.csv.gz')) codes.set(code, '');
for (const { code, change } of readCsv('changes_fy2026_fy2027.csv')) {
  if (change === 'deleted') codes.set(code, `deleted ${IN_FORCE_SINCE}`);
  if (change === 'no longer billable') codes.set(code, `header ${IN_FORCE_SINCE}`);
}
const lines = [...codes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, fate]) => (fate ? `${code},${fate}` : code));
writeFileSync('resources/editions/icd-10-cm-codes.txt.gz', gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
