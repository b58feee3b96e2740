import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const LOADER = new URL('../../tests/library/register-typescript.mjs', import.meta.url).href;

/** Files of the sources that make patterns of data. */
const listMakers = () =>
  readdirSync('src', { recursive: true })
    .map((entry) => join('src', entry))
    .filter((file) => /\.tsx?$/.test(file) && /new RegExp\(/.test(readFileSync(file, 'utf8')))
    .sort();

/** The patterns that modules make of data, in a process of its own, which runs the sources. */
export function listMadePatterns() {
  const made = execFileSync(process.execPath, ['--no-warnings', '--import', LOADER, fileURLToPath(import.meta.url)]);
  return JSON.parse(made.toString());
}

/** Notes what is made while the modules are read, and while those that make patterns later are asked for all. */
async function noteMade() {
  const made = new Map();
  let place = '';
  const Original = RegExp;
  globalThis.RegExp = new Proxy(Original, {
    construct: (target, [pattern, flags]) => {
      const { source, flags: all } = new target(pattern, flags);
      const text = `/${source}/${all}`;
      if (place !== '' && !made.has(text)) made.set(text, { text, source, flags: all, place });
      return new target(pattern, flags);
    },
  });
  for (const file of listMakers()) {
    place = file;
    const module = await import(pathToFileURL(resolve(file)).href);
    if (file.endsWith('chart-rules.ts')) {
      module.findCauseInWords('');
      for (const name of ['nothingSaid', 'saysSmokes', 'givenInHospital']) module.hasForm(name, '');
    }
  }
  place = '';
  console.log(JSON.stringify([...made.values()]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await noteMade();
