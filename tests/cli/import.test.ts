import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ImportCommandOptions } from '../../src/cli/import.js';
import { importRelease } from '../../src/cli/import.js';
import { rollback } from '../../src/cli/releases.js';
import type { Config } from '../../src/config/config.js';
import { createDatabase } from '../../src/library/open.js';
import { Releases } from '../../src/library/releases.js';
import { temporaryFolder, testConfig } from '../support/connector.js';
import { putShippedLibrary } from '../support/shipped-library.js';
import { writeFiles } from '../library/places.js';
import { run, runHere } from './run-cli.js';
import { keptStreams, seededConfig } from './seeded-config.js';

let folder: ReturnType<typeof temporaryFolder>;
let config: Config;
beforeEach(() => {
  folder = temporaryFolder();
  config = seededConfig(folder.path);
});
afterEach(() => {
  folder.remove();
});

const vaccine = (code: number): string => `${code}        |Vaccine ${code}|||Active|False|2026/08/03\n`;
const vaccines = (count: number): string => Array.from({ length: count }, (_, index) => vaccine(index + 1)).join('');

/** Writes a file of the test's own and answers its path. */
function file(name: string, content: string | Buffer): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

async function imported(source: string, place: string, options: ImportCommandOptions = {}) {
  const { streams, written } = keptStreams();
  const exit = await importRelease(config, source, place, options, streams);
  return { exit, ...written() };
}

/** The releases of imports as the library lists them: name, state, whether in use. */
async function listed(): Promise<[string, string, boolean][]> {
  const releases = await Releases.open({ ...config, readOnly: false });
  try {
    const all = (await releases.list()).filter(({ layer }) => layer === 'imported');
    return all.map(({ name, state, isActive }) => [name, state, isActive]);
  } finally {
    await releases.close();
  }
}

test('an import says what was read, kept and changed; exit code 0', async () => {
  const first = await imported('cvx', file('cvx.txt', vaccines(3)));
  expect(first).toEqual({
    exit: 0,
    stdout:
      'cvx-2026-08-03: 3 rows read, 3 concepts accepted, 0 rejected\n  concepts: 3 added, 0 changed, 0 withdrawn\n',
    stderr: '',
  });
  const second = await imported('cvx', file('cvx.txt', vaccines(4).replace('Vaccine 1|', 'Vaccine one|')), {
    release: 'my 2nd',
  });
  expect(second.stdout).toMatch(/^cvx-my-2nd: 4 rows read.*\n {2}concepts: 1 added, 1 changed, 0 withdrawn\n$/);
  expect(await listed()).toEqual([
    ['cvx-my-2nd', 'ready', true],
    ['cvx-2026-08-03', 'ready', false],
  ]);
});

test('a version imported again gets a name of its own, so that answers of the first are not taken for its', async () => {
  const path = file('cvx.txt', vaccines(3));
  await imported('cvx', path);
  await imported('cvx', path);
  expect((await imported('cvx', path)).stdout).toMatch(/^cvx-2026-08-03\.3: /);
});

test('rejected rows are listed by file, line and reason; exit code 2', async () => {
  const { exit, stdout } = await imported('cvx', file('cvx.txt', `${vaccines(2)}02|OPV\n${vaccine(3)}`));
  expect(exit).toBe(2);
  expect(stdout).toMatch(/^cvx-2026-08-03: 4 rows read, 3 concepts accepted, 1 rejected\n {2}cvx\.txt:3: .*7 columns/);
});

test('a dry run counts, names what it would reject, and writes nothing', async () => {
  await imported('cvx', file('cvx.txt', vaccines(2)));
  const before = await listed();
  const { exit, stdout } = await imported('cvx', file('cvx.txt', `${vaccines(5)}x\n${vaccine(6)}`), { dryRun: true });
  expect(exit).toBe(2);
  expect(stdout).toMatch(
    /^cvx-2026-08-03: 7 rows read, 6 concepts accepted, 1 rejected\n {2}cvx\.txt:6: .*\n.*nothing was written\n$/,
  );
  expect(await listed()).toEqual(before);
});

describe('what is refused changes nothing; exit code 1', () => {
  async function expectRefused(source: string, place: string, says: RegExp): Promise<void> {
    const before = await listed();
    const { exit, stdout, stderr } = await imported(source, place);
    expect({ exit, stdout }).toEqual({ exit: 1, stdout: '' });
    expect(stderr).toMatch(/^import \S+: rejected, nothing has changed: [^\n]+\n$/);
    expect(stderr).toMatch(says);
    expect(await listed()).toEqual(before);
  }

  test('a file that holds far less than the release in use, unless it is forced', async () => {
    await imported('cvx', file('cvx.txt', vaccines(10)));
    const half = file('cvx.txt', vaccines(4));
    await expectRefused('cvx', half, /4 rows, the release in use 10: truncated\?; --force/);
    expect(await imported('cvx', half, { force: true })).toMatchObject({ exit: 0 });
  });

  test('a file of which most could not be taken, unless it is forced', async () => {
    const strange = file('cvx.txt', `${'x|y\n'.repeat(5)}${vaccines(2)}`);
    await expectRefused('cvx', strange, /5 of 7 rows could not be imported, the first in cvx\.txt:1: .*--force/);
    expect(await imported('cvx', strange, { force: true })).toMatchObject({ exit: 2 });
  });

  test.each([
    ['a file with nothing in it', 'cvx.txt', '', /none of its rows could be imported/],
    ['an unknown file', 'notes.txt', 'x', /none of the files is CDC's CVX list \(cvx\.txt\): notes\.txt/],
    ['half a gz', 'cvx.txt.gz', gzipSync(vaccines(99)).subarray(0, -30), /cvx\.txt\.gz cannot be read to its end/],
    ['what only calls itself a zip', 'cvx.zip', 'PK no zip', /cvx\.zip is not a zip file/],
  ])('%s', async (_what, name, content, says) => {
    await expectRefused('cvx', file(name, content), says);
  });

  test('a folder without a fitting file, and a place that is not there', async () => {
    await expectRefused('cvx', writeFiles(join(folder.path, 'empty'), {}), /there are no files/);
    await expectRefused('cvx', join(folder.path, 'nowhere'), /there is no file or folder .*nowhere/);
  });
});

test.each(['broken', 'null'])('a release that says %s of itself is told by its name', async (content) => {
  const path = file('cvx.txt', vaccines(3));
  await imported('cvx', path);
  const db = await createDatabase(config).connect();
  await db.run("UPDATE release SET content = $1 WHERE source = 'cvx'", content);
  await db.close();
  expect(await imported('cvx', path)).toEqual({
    exit: 1,
    stdout: '',
    stderr: 'import cvx: rejected, nothing has changed: what release cvx-2026-08-03 says of itself cannot be read\n',
  });
});

test('a library that is read-only is not written to', async () => {
  const before = await listed();
  config = { ...config, libraryReadOnly: true };
  const { exit, stderr } = await imported('cvx', file('cvx.txt', vaccines(3)));
  expect({ exit, stderr }).toEqual({
    exit: 1,
    stderr: 'import cvx: rejected, nothing has changed: LIBRARY_READ_ONLY is set\n',
  });
  expect(await rollback(config, 'cvx', {}, keptStreams().streams)).toBe(1);
  expect(await listed()).toEqual(before);
});

/** The environment of a command over the library of the shipped files, which it finds up to date. */
async function shippedEnv(): Promise<Record<string, string>> {
  const LIBRARY_PATH = join(folder.path, 'shipped.db');
  await putShippedLibrary(testConfig(folder.path, { LIBRARY_PATH }));
  return { LIBRARY_PATH };
}

test('a command that is written wrong ends with code 2, help with 0', async () => {
  const ends = await Promise.all([
    runHere(['import', 'cvx'], {}),
    run('cli', ['import', '--frobnicate'], {}),
    runHere(['--help'], {}),
  ]);
  expect(ends.map(({ code }) => code)).toEqual([2, 2, 0]);
});

test('a machine that is at fault is told in one line', async () => {
  const env = await shippedEnv();
  const report = join(folder.path, 'nowhere/links.csv');
  const { code, stderr } = await runHere(['check-links', '--limit', '1', '--report', report], env);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^education-connect: ENOENT[^\n]+\n$/m);
  expect(stderr).not.toContain('    at ');
});

test('an unknown source is wrong use: exit code 2, and the sources are named', async () => {
  const { exit, stderr } = await imported('furniture', folder.path);
  expect(exit).toBe(2);
  for (const name of ['medlineplus', 'icd-10-cm', 'rxnorm', 'ndc', 'cvx', 'fhir', 'csv'])
    expect(stderr).toContain(name);
});

test('the command itself ends with these codes, and names its sources', async () => {
  const env = await shippedEnv();
  const [help, refused] = await Promise.all([
    runHere(['import', '--help'], {}),
    runHere(['import', 'cvx', join(folder.path, 'nowhere')], env),
  ]);
  expect(help.stdout).toContain('cvx: ');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^import cvx: rejected, nothing has changed: [^\n]+\n$/);
});

describe('an address', () => {
  let server: Server;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  const addressOf = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  beforeEach(async () => {
    server = createServer((request, response) => {
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test('is fetched; a release without a date of its own has that of its file', async () => {
    answer = (_request, response) => {
      response.setHeader('last-modified', 'Tue, 03 Nov 2026 10:00:00 GMT');
      response.end('code,article,relationship,rank\nE12,topic-diabetestype2,related,1\n');
    };
    const { exit, stdout } = await imported('csv', addressOf('/files/icd-10-cm.csv?version=1'));
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^csv-2026-11-03: 1 rows read/);
  });

  test('that leads on is followed', async () => {
    answer = ({ url }, response) => {
      if (url === '/cvx.txt') response.end(vaccines(2));
      else response.writeHead(302, { location: '/cvx.txt' }).end();
    };
    expect(await imported('cvx', addressOf('/current'))).toMatchObject({ exit: 0 });
  });

  test.each<[string, typeof answer, RegExp]>([
    [
      'that breaks off',
      (_request, response) => {
        response.setHeader('content-length', 1000);
        response.write(vaccines(3));
        setTimeout(() => response.destroy(), 50);
      },
      /was truncated/,
    ],
    [
      'that is not there',
      (_request, response) => {
        response.writeHead(404).end('no such file');
      },
      /answers 404/,
    ],
  ])('%s is refused', async (_what, answers, says) => {
    answer = answers;
    const { exit, stderr } = await imported('cvx', addressOf('/cvx.txt'));
    expect(exit).toBe(1);
    expect(stderr).toMatch(says);
    expect(await listed()).toEqual([]);
  });

  test.each([
    ['http://files.example/cvx.txt', /must begin with https/],
    ['http://127.0.0.1.example/cvx.txt', /must begin with https/],
    ['http://127.0.0.1:1/cvx.txt', /cannot be reached/],
  ])('%s is refused', async (address, says) => {
    const { exit, stderr } = await imported('cvx', address);
    expect(exit).toBe(1);
    expect(stderr).toMatch(says);
  });
});

test('an import of SNOMED CT lists the rows whose page shares no word with their code, in a dry run too', async () => {
  const rf2 = (heading: string, cells: readonly string[]): string =>
    `${heading.split(' ').join('\t')}\r\n${cells.join('\t')}\r\n`;
  const place = writeFiles(join(folder.path, 'rf2'), {
    'sct2_Concept_Snapshot_INT_20260301.txt': rf2('id effectiveTime active moduleId definitionStatusId', [
      ...['195967001', '20260301', '1', '731000124108', '900000000000074008'],
    ]),
    'sct2_Description_Snapshot-en_INT_20260301.txt': rf2(
      'id effectiveTime active moduleId conceptId languageCode typeId term caseSignificanceId',
      [
        ...['301485011', '20260301', '1', '731000124108', '195967001', 'en', '900000000000003001'],
        ...['Closed fracture of wrist (disorder)', '900000000000448009'],
      ],
    ),
    'sct2_Relationship_Snapshot_INT_20260301.txt': rf2(
      'id effectiveTime active moduleId sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId',
      [
        ...['100022', '20260301', '0', '731000124108', '195967001', '138875005', '0', '116680003'],
        ...['900000000000011006', '900000000000451002'],
      ],
    ),
  });
  for (const name of ['abbreviations', 'lay-words', 'everyday-words', 'context-words'])
    writeFileSync(join(config.resourcesDir, 'search', `${name}.csv`), 'text,language,means,articles,mark\n');
  const rows = join(folder.path, 'rows.csv');
  const { stdout, stderr, exit } = await imported('snomed-ct', place, { dryRun: true, rows });
  expect([exit, stderr]).toEqual([0, '']);
  expect(stdout).toContain(
    "Rows for a person to judge, whose page shares no word with the code's name: 1\n  195967001 Closed fracture of wrist → ",
  );
  expect(readFileSync(rows, 'utf8')).toMatch(
    /^code,name,article,title\r?\n195967001,Closed fracture of wrist,topic-asthma,/,
  );
});
