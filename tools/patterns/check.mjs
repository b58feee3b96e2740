/**
 * `npm run check:patterns`: no pattern of the sources takes longer than its text is long. recheck reads every literal of `src`, and
 * every pattern that its modules make of data. Files beside this one list its findings: `linear.txt` the digests of patterns that it
 * found linear, which takes seconds for some; `capped.json` patterns that are worse and meet capped texts alone, each with the cap.
 * `-- --update` adds new linear ones; `-- --all` reads those that are listed too; a folder is read in place of `src`.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { isBounded, listLiterals } from './list-literals.mjs';
import { listMadePatterns } from './list-made-patterns.mjs';

const LINEAR = new URL('linear.txt', import.meta.url);
const CAPPED = new URL('capped.json', import.meta.url);
/** recheck counts steps: by a clock, a busy machine would make faults of linear patterns. */
const UNTIMED = { timeout: null, attackTimeout: null, incubationTimeout: null };

/** A worker answers each pattern with what recheck finds; undefined: it is linear. */
async function answerPatterns() {
  process.env.RECHECK_BACKEND = 'pure';
  const { checkSync } = await import('recheck');
  parentPort.on('message', ({ source, flags }) => {
    const { status, complexity, error } = checkSync(source, flags, UNTIMED);
    parentPort.postMessage(status === 'safe' ? undefined : (complexity?.summary ?? error?.kind ?? status));
  });
}

/** The patterns that are not linear, each with what recheck finds. */
export async function findFaults(patterns) {
  const faults = [];
  const waiting = patterns.filter(({ source }) => !isBounded(source));
  const work = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(fileURLToPath(import.meta.url));
      let pattern;
      const next = () => {
        pattern = waiting.shift();
        if (pattern) worker.postMessage({ source: pattern.source, flags: pattern.flags });
        else worker.terminate().then(resolve, reject);
      };
      worker.on('error', reject).on('message', (found) => {
        if (found !== undefined) faults.push({ ...pattern, found });
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), waiting.length) }, work));
  return faults;
}

const digest = ({ text }) => createHash('sha256').update(text).digest('hex').slice(0, 16);

async function main() {
  const [folder] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
  const [isUpdate, isWhole] = ['--update', '--all'].map((option) => process.argv.includes(option));
  const linear = new Set(readFileSync(LINEAR, 'utf8').split('\n'));
  const capped = new Set(JSON.parse(readFileSync(CAPPED, 'utf8')).map(({ pattern }) => pattern));
  const isOurs = folder === undefined;
  const patterns = isOurs ? [...listLiterals('src'), ...listMadePatterns()] : listLiterals(folder);

  const asked = isWhole ? patterns : patterns.filter((one) => !capped.has(one.text) && !linear.has(digest(one)));
  const found = await findFaults(asked);
  const bad = new Set(found.map(({ text }) => text));
  const written = new Set(patterns.map(({ text }) => text));
  const complaints = [
    ...found
      .filter(({ text }) => !capped.has(text))
      .map(({ place, text, found: degree }) => `${place}: ${degree}: ${text}`),
    ...[...capped]
      .filter((text) => isOurs && !written.has(text))
      .map((text) => `capped.json lists what is nowhere: ${text}`),
    ...[...capped]
      .filter((text) => isWhole && !bad.has(text))
      .map((text) => `capped.json lists what is linear: ${text}`),
  ];
  for (const complaint of complaints) console.error(complaint);
  if (isUpdate) {
    const good = patterns.filter(({ text, source }) => !bad.has(text) && !capped.has(text) && !isBounded(source));
    writeFileSync(LINEAR, `${[...new Set(good.map(digest))].sort().join('\n')}\n`);
  }
  if (complaints.length > 0) process.exitCode = 1;
}

if (!isMainThread) await answerPatterns();
else if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
