// Takes the pictures of the documents from the running program, so that they stay true: `npm run pictures`, after `npm run build`.
// It starts the built server over a library of its own and Chromium (CHROME_PATH, else the usual places).
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(PROJECT, 'docs/pictures');
const MOST_BYTES = 200 * 1024;
const START_MS = 120_000;

/** Pictures by name: the address, and the size of the window in CSS pixels. */
const PICTURES = {
  page: { path: '/find?q=E11.9', width: 1120, height: 760 },
  handout: { path: '/handout?article=topic-asthma', width: 1120, height: 760 },
};

const PLACES = [
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

async function findFreePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts the built server, and waits until it is ready. */
async function startServer(folder) {
  const port = await findFreePort();
  const env = {
    PATH: process.env.PATH,
    HOST: '127.0.0.1',
    PORT: String(port),
    LIBRARY_PATH: join(folder, 'library.db'),
  };
  const child = spawn(process.execPath, [join(PROJECT, 'dist/main.js')], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const end = Date.now() + START_MS;
  for (;;) {
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return { url, child };
    if (child.exitCode !== null || Date.now() > end) throw new Error('the server did not start');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const folder = mkdtempSync(join(tmpdir(), 'education-connect-pictures-'));
let child;
let browser;
try {
  const started = await startServer(folder);
  child = started.child;
  const executablePath = process.env.CHROME_PATH ?? PLACES.find((place) => existsSync(place));
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, { path, width, height }] of Object.entries(PICTURES)) {
    const page = await browser.newPage({ viewport: { width, height }, locale: 'en-US', colorScheme: 'light' });
    await page.goto(started.url + path);
    const file = join(FOLDER, `${name}.png`);
    await page.screenshot({ path: file });
    const { size } = statSync(file);
    if (size > MOST_BYTES) throw new Error(`${file} has ${size} bytes, more than ${MOST_BYTES}`);
    console.log(`${file}: ${size} bytes`);
    await page.close();
  }
} finally {
  await browser?.close();
  if (child && child.exitCode === null) {
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await exit;
  }
  rmSync(folder, { recursive: true, force: true });
}
