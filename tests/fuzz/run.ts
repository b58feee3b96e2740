import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    requests: { type: 'string' },
    only: { type: 'string' },
    url: { type: 'string' },
    token: { type: 'string', multiple: true },
  },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'education-connect-fuzz-'));
// The library of the shipped files is made once, here.
process.env['TEST_RUN_FOLDER'] = folder;
const { fuzz } = await import('./fuzz.js');
const { faults, statuses, held } = await fuzz({
  seed,
  requests: Number(values.requests ?? 2000),
  folder,
  onFault: (fault) => process.stdout.write(`${fault}\n`),
  at: values.url === undefined ? undefined : { url: values.url, tokens: values.token ?? [] },
  only: values.only === undefined ? undefined : Number(values.only),
});
const said = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
process.stdout.write(
  `seed ${seed}: ${said.join(', ')}; MB held ${held.map((one) => one.join(' → ')).join(' and ')}; ${faults.length} faults\n`,
);
if (faults.length === 0) rmSync(folder, { recursive: true, force: true });
process.exitCode = faults.length === 0 ? 0 : 1;
