// Starts the built program as a stranger would, with a library that it has to build first, and asks it for an article.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MOST_TRIES = 600;
const TRY_MS = 200;

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});
const folder = mkdtempSync(join(tmpdir(), 'education-connect-start-'));
const library = join(folder, 'library.db');
const env = { ...process.env, PORT: String(port), LIBRARY_PATH: library };
const program = spawn(process.execPath, ['dist/main.js'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
const address = `http://127.0.0.1:${port}/service?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=N53.14`;
try {
  let answer;
  for (let tries = 0; !answer?.ok && tries < MOST_TRIES && program.exitCode === null; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
    answer = await fetch(address).catch(() => undefined);
  }
  if (!answer?.ok || !(await answer.text()).includes('001282')) throw new Error('the first start gave no article');
  if (!existsSync(library)) throw new Error('the first start built no library');
} finally {
  program.kill('SIGTERM');
  await new Promise((resolve) => (program.exitCode === null ? program.once('exit', resolve) : resolve()));
  rmSync(folder, { recursive: true, force: true });
}
console.log('Installed, built and started without a compiler, and without a script of a package.');
