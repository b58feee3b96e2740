/**
 * node bench/large-library.mjs [concepts]: imports a generated code system (a million concepts, as many crosswalk rows) while another
 * process serves the library. Reports memory and start with and without it, CPU time of lookups and of a write, and the longest step of
 * the serving process during the swap. All figures are CPU time: a loaded machine does not change them much.
 */
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { openLibrary } = await import(`${root}/dist/library/open.js`);
const { Releases } = await import(`${root}/dist/library/releases.js`);
const { NO_ROWS } = await import(`${root}/dist/build/source.js`);

const [what = '1000000', folder, size] = process.argv.slice(2);
const BATCH = 20_000;
const HANDOUTS = 1000;
const placesIn = (path) => ({
  libraryPath: join(path, 'library.db'),
  readOnly: false,
  resourcesDir: `${root}/resources`,
  mappingsDir: `${root}/mappings`,
  localLibrary: undefined,
  omitCodeSystems: [],
  writer: { name: 'bench', clock: () => new Date() },
});
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const codeOf = (place) => String(10_000_000 + place);

async function importCodes(path, concepts) {
  const releases = await Releases.open(placesIn(path));
  const target = await releases.begin({ source: 'snomed-ct', name: 'generated', builtOn: '2026-01-02' });
  const system = 'snomed-ct';
  for (let from = 0; from < concepts; from += BATCH) {
    const places = Array.from({ length: Math.min(BATCH, concepts - from) }, (_, at) => from + at);
    await target.write({
      ...NO_ROWS,
      concepts: places.map((at) => {
        const parent = at === 0 ? undefined : codeOf(Math.floor(at / 10));
        const title = `finding ${at % 997} of structure ${at % 40_009} word${at % 30_011}`;
        return { system, code: codeOf(at), title, parent, billable: undefined, active: true, names: [] };
      }),
      crosswalks: places.map((at) => {
        const to = { system: 'icd-10-cm', code: `${'ABCDEFGHIJ'[at % 10]}${10 + (at % 90)}.${at % 10}` };
        return { from: { system, code: codeOf(at) }, to, relationship: 'broader' };
      }),
    });
  }
  await target.finish([system]);
  await releases.close();
  return { 'import, s': cpuMs() / 1000, 'import at most, MB': process.resourceUsage().maxRSS / 1000 };
}

async function measure(path, concepts) {
  const begun = cpuMs();
  const { library, written } = await openLibrary(placesIn(path));
  const figures = { 'start, ms': cpuMs() - begun };
  const time = (name, times, work) => {
    const from = cpuMs();
    for (let at = 0; at < times; at += 1) work({ system: 'snomed-ct', code: codeOf((at * 7919) % concepts) });
    figures[`${name}, µs`] = ((cpuMs() - from) / times) * 1000;
  };
  time('a concept', 20_000, (coding) => library.findConcepts([coding]));
  time('crosswalks', 20_000, (coding) => library.terminology.findCrosswalks(coding, 'from'));
  time('mappings', 20_000, (coding) => library.findMappings([coding]));
  figures['memory, MB'] = process.memoryUsage().rss / 1e6;
  const change = (at, title) => {
    const article = `local-${at}`;
    const text = { article, language: 'en', title, url: 'https://a.example', alsoCalled: [], origin: 'curated' };
    const row = { system: 'icd-10-cm', code: `W${10 + (at % 90)}`, article, relationship: 'equivalent', rank: 1 };
    const mappings = [{ ...row, origin: 'curated', note: '' }];
    const rows = { articles: [{ id: article, publisher: 'site' }], texts: [text], mappings, crosswalks: [] };
    return { type: 'DocumentReference', id: String(at), method: 'PUT', content: '{}', rows };
  };
  await written.apply(
    Array.from({ length: HANDOUTS }, (_, at) => change(at, `Handout ${at}`)),
    new Date(),
  );
  const from = cpuMs();
  for (let at = 0; at < 40; at += 1) await written.apply([change(at, `Handout ${at}, again`)], new Date());
  figures[`a write beside ${HANDOUTS} handouts, ms`] = (cpuMs() - from) / 40;
  await written.close();
  await library.close();
  return figures;
}

/** Serves until the import is in use; reports the longest time that this process worked without a pause. */
async function serve(path) {
  const { library, written } = await openLibrary(placesIn(path));
  process.send('open');
  const { release } = library.status();
  let longest = 0;
  let [last, rounds] = [cpuMs(), 0];
  // Some rounds more: what is left of the swap is done after it.
  while (rounds < 500) {
    await setTimeout(1);
    library.findMappings([{ system: 'icd-10-cm', code: 'E11.9' }]);
    longest = Math.max(longest, cpuMs() - last);
    last = cpuMs();
    if (library.status().release !== release) rounds += 1;
  }
  await written.close();
  await library.close();
  return { 'longest step in the swap, ms': longest };
}

/** Runs a part in a process of its own. */
function run(part, path, concepts, onOpen = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), [part, path, String(concepts)], {
      execArgv: part === 'import' ? [] : ['--max-old-space-size=256'],
    });
    child.on('message', (message) => (message === 'open' ? onOpen() : resolve(message)));
    child.once('exit', (code) => reject(new Error(`${part} ended with ${code}`)));
  });
}

const parts = { import: importCodes, measure, serve };
if (parts[what]) {
  process.send(await parts[what](folder, Number(size)), () => process.exit(0));
} else {
  const concepts = Number(what);
  const place = mkdtempSync(join(tmpdir(), 'education-connect-bench-'));
  try {
    const [large, none] = ['large', 'none'].map((name) => join(place, name));
    for (const path of [large, none]) mkdirSync(path);
    await run('measure', none, concepts);
    let imported;
    const served = await run('serve', large, concepts, () => (imported = run('import', large, concepts)));
    const [without, beside] = [await run('measure', none, concepts), await run('measure', large, concepts)];
    const figures = { ...(await imported), ...served };
    for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name}: ${value.toFixed(1)}\n`);
    process.stdout.write(`\n${''.padEnd(36)} without   with ${concepts}\n`);
    for (const [name, value] of Object.entries(without))
      process.stdout.write(
        `${name.padEnd(36)} ${value.toFixed(1).padStart(7)} ${beside[name].toFixed(1).padStart(7)}\n`,
      );
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
