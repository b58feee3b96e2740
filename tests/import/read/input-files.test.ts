import { readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { InputFile } from '../../../src/import/import-source.js';
import { openInput } from '../../../src/import/read/input-files.js';
import { readText } from '../../../src/import/read/read-text.js';
import { writeFiles } from '../../library/places.js';
import { temporaryFolder } from '../../support/connector.js';
import { writeZip } from '../import-place.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

interface Seen {
  readonly files: readonly InputFile[];
  readonly texts: Readonly<Record<string, string>>;
  readonly total: number;
  readonly bytes: number;
}

async function textOf(file: InputFile): Promise<string> {
  let text = '';
  for await (const part of readText(file)) text += part;
  return text;
}

/** Opens a place and reads all its files. */
async function seen(place: string): Promise<Seen> {
  let [total, bytes] = [0, 0];
  const input = await openInput(place, {
    total: (count) => (total = count),
    bytes: (count) => (bytes += count),
  });
  try {
    const texts: Record<string, string> = {};
    for (const file of input.files) texts[file.label] = await textOf(file);
    return { files: input.files, texts, total, bytes };
  } finally {
    input.close();
  }
}

const LONG = 'a line of a file\n'.repeat(50_000);

test('a folder gives its files and those below, packed ones unpacked, in one order', async () => {
  const place = writeFiles(join(folder.path, 'release'), { 'b.txt': 'two', 'a/one.txt': 'one' });
  writeFileSync(join(place, 'c.txt.gz'), gzipSync('three'));
  await writeZip(join(place, 'd.zip'), { 'deep/four.txt': 'four', 'five.txt': LONG });
  const { files, texts, total, bytes } = await seen(place);
  expect(files.map(({ name }) => name)).toEqual(['one.txt', 'b.txt', 'c.txt', 'four.txt', 'five.txt']);
  expect(texts).toEqual({
    'release/a/one.txt': 'one',
    'release/b.txt': 'two',
    'release/c.txt.gz': 'three',
    'release/d.zip/deep/four.txt': 'four',
    'release/d.zip/five.txt': LONG,
  });
  // Unpacked bytes count by their size on disk; a zip's own bookkeeping is never read.
  expect(bytes).toBeLessThanOrEqual(total);
  expect(bytes).toBeGreaterThan(total / 2);
});

test('a file may be read again', async () => {
  const path = await writeZip(join(folder.path, 'a.zip'), { 'a.txt': 'text' });
  const input = await openInput(path);
  const [file] = input.files;
  if (!file) throw new Error('no file');
  expect([await textOf(file), await textOf(file)]).toEqual(['text', 'text']);
  input.close();
});

test('a file knows the day of its last change', async () => {
  const path = join(folder.path, 'a.txt');
  writeFileSync(path, 'x');
  const day = new Date('2025-04-01T12:00:00Z');
  utimesSync(path, day, day);
  const zip = await writeZip(join(folder.path, 'b.zip'), { 'b.txt': 'x' });
  expect((await seen(path)).files[0]?.modifiedOn).toBe('2025-04-01');
  expect((await seen(zip)).files[0]?.modifiedOn).toMatch(/^20\d\d-\d\d-\d\d$/);
});

describe('damaged files', () => {
  test('a gz and a zip that are cut short', async () => {
    const gz = join(folder.path, 'a.txt.gz');
    writeFileSync(gz, gzipSync(LONG).subarray(0, -100));
    await expect(seen(gz)).rejects.toThrow(/a\.txt\.gz cannot be read to its end/);
    const zip = await writeZip(join(folder.path, 'b.zip'), { 'b.txt': LONG });
    writeFileSync(zip, readFileSync(zip).subarray(0, -100));
    await expect(seen(zip)).rejects.toThrow(/b\.zip is not a zip file, or is truncated/);
  });

  test('a zip of which a byte has changed', async () => {
    const zip = await writeZip(join(folder.path, 'a.zip'), {
      'a.txt': LONG.replace(/file/g, () => String(Math.random())),
    });
    const bytes = readFileSync(zip);
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
    writeFileSync(zip, bytes);
    await expect(seen(zip)).rejects.toThrow(/a\.zip\/a\.txt cannot be read to its end/);
  });

  test('what unpacks to more than a file may have is broken off, up to that it is read', async () => {
    const place = writeFiles(join(folder.path, 'bombs'), {});
    writeFileSync(join(place, 'a.txt.gz'), gzipSync(LONG));
    await writeZip(join(place, 'b.zip'), { 'b.txt': LONG });
    for (const [mostBytes, fits] of [
      [LONG.length, true],
      [LONG.length - 1, false],
    ] as const) {
      const input = await openInput(place, undefined, mostBytes);
      try {
        expect(input.files).toHaveLength(2);
        for (const file of input.files) {
          if (fits) expect(await textOf(file)).toBe(LONG);
          else await expect(textOf(file)).rejects.toThrow(`larger than ${mostBytes} bytes`);
        }
      } finally {
        input.close();
      }
    }
  });

  test('a file that vanishes before it is read', async () => {
    const path = join(folder.path, 'a.txt');
    writeFileSync(path, 'x');
    const input = await openInput(path);
    folder.remove();
    const [file] = input.files;
    if (!file) throw new Error('no file');
    await expect(textOf(file)).rejects.toThrow(/a\.txt cannot be read to its end: ENOENT/);
  });
});

test('names may be in capitals, and a link that leads nowhere is passed over', async () => {
  const place = writeFiles(join(folder.path, 'release'), { 'b.txt': 'two' });
  writeFileSync(join(place, 'C.TXT.GZ'), gzipSync('three'));
  await writeZip(join(place, 'D.ZIP'), { 'four.txt': 'four' });
  symlinkSync(join(place, 'nowhere'), join(place, 'link.txt'));
  const { files, texts } = await seen(place);
  expect(files.map(({ name }) => name)).toEqual(['C.TXT', 'four.txt', 'b.txt']);
  expect(Object.values(texts)).toEqual(['three', 'four', 'two']);
  await expect(openInput('HTTP://files.example/cvx.txt')).rejects.toThrow('begin with https');
  await expect(openInput('ftp://files.example/cvx.txt')).rejects.toThrow('begin with https');
});
