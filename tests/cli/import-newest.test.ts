import { existsSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ZipFile } from 'yazl';
import type { ImportCommandOptions } from '../../src/cli/import.js';
import { importRelease } from '../../src/cli/import.js';
import type { Config } from '../../src/config/config.js';
import { temporaryFolder } from '../support/connector.js';
import { DATA, describeWithData } from '../support/shared-data.js';
import { keptStreams, seededConfig } from './seeded-config.js';

/** Stand-in for NLM's server: files by path, and the requests to it. */
let files: Map<string, Buffer>;
let asked: string[];
let server: Server;
let folder: ReturnType<typeof temporaryFolder>;
let config: Config;

beforeEach(async () => {
  files = new Map();
  asked = [];
  folder = temporaryFolder();
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(`${request.method ?? ''} ${path}`);
    const file = files.get(path);
    response.writeHead(file ? 200 : 404).end(request.method === 'HEAD' ? undefined : file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const today = () => new Date('2026-04-26T08:00:00Z');
  const seeded = seededConfig(folder.path);
  config = {
    ...seeded,
    medlinePlusXmlUrl: `http://127.0.0.1:${port}/xml/`,
    writer: { ...seeded.writer, clock: today },
  };
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  folder.remove();
});

const topic = (title: string, summary: string): string =>
  `<health-topic title="${title}" url="https://medlineplus.gov/${title.toLowerCase()}.html" id="1${title.length}" language="English">
   <full-summary>&lt;p&gt;${summary}&lt;/p&gt;</full-summary></health-topic>`;
const xml = (day: string, ...topics: string[]): Buffer =>
  Buffer.from(
    `<?xml version="1.0" encoding="UTF-8"?><health-topics total="${topics.length}" date-generated="${day} 02:30:34">${topics.join('')}</health-topics>`,
  );

async function zipped(name: string, content: Buffer): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(content, name);
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function importNewest(options: ImportCommandOptions = {}) {
  const { streams, written } = keptStreams();
  const exit = await importRelease(config, 'medlineplus', undefined, options, streams);
  return { exit, ...written() };
}

describe('import medlineplus without a place', () => {
  test('takes the newest file: today’s, or one of a day before, the zip first', async () => {
    files.set('/xml/mplus_topics_2026-04-22.xml', xml('04/22/2026', topic('Acne', 'Old.')));
    const content = xml('04/24/2026', topic('Acne', 'Acne is common.'));
    files.set('/xml/mplus_topics_compressed_2026-04-24.zip', await zipped('mplus_topics_2026-04-24.xml', content));
    const { exit, stdout, stderr } = await importNewest();
    expect(exit).toBe(0);
    expect(stdout).toContain('medlineplus-2026-04-24: 1 rows read');
    expect(stderr).toMatch(/fetching http:\S+mplus_topics_compressed_2026-04-24\.zip/);
    expect(asked).toEqual([
      'HEAD /xml/mplus_topics_compressed_2026-04-26.zip',
      'HEAD /xml/mplus_topics_2026-04-26.xml',
      'HEAD /xml/mplus_topics_compressed_2026-04-25.zip',
      'HEAD /xml/mplus_topics_2026-04-25.xml',
      'HEAD /xml/mplus_topics_compressed_2026-04-24.zip',
      'GET /xml/mplus_topics_compressed_2026-04-24.zip',
    ]);
  });

  test('does nothing where that file is in use, unless it is forced to', async () => {
    files.set('/xml/mplus_topics_2026-04-26.xml', xml('04/26/2026', topic('Acne', 'Acne is common.')));
    expect((await importNewest()).exit).toBe(0);
    asked = [];
    const again = await importNewest();
    expect([again.exit, again.stdout]).toEqual([
      0,
      'medlineplus: the newest file is already in use; --force imports it again\n',
    ]);
    expect(asked.filter((one) => one.startsWith('GET'))).toEqual([]);
    expect((await importNewest({ force: true })).stdout).toContain('medlineplus-2026-04-26.2: 1 rows read');
  });

  test('shows in a dry run which sentences would go and come, and writes nothing', async () => {
    files.set(
      '/xml/mplus_topics_2026-04-24.xml',
      xml('04/24/2026', topic('Acne', 'Acne is common. Chocolate causes it.')),
    );
    await importNewest();
    files.set(
      '/xml/mplus_topics_2026-04-26.xml',
      xml('04/26/2026', topic('Acne', 'Acne is common. It passes.'), topic('Gout', 'New.')),
    );
    const diff = join(folder.path, 'diff.txt');
    const dry = await importNewest({ dryRun: true, diff });
    const told = [
      'texts: 1 new, 1 changed, 0 withdrawn',
      '~ topic-acne (en) Acne',
      '    summary:',
      '    - Chocolate causes it.',
      '    + It passes.',
      '+ topic-gout (en) Gout https://medlineplus.gov/gout.html',
      '    + New.',
      '',
    ].join('\n');
    expect(dry.stdout).toContain(told);
    expect(readFileSync(diff, 'utf8')).toBe(told);
    expect((await importNewest({ dryRun: true })).stdout).toContain('1 new, 1 changed');
  });

  test('gives up after two weeks, and says what was asked', async () => {
    files.set('/xml/mplus_topics_2026-04-12.xml', xml('04/12/2026', topic('Acne', 'Old.')));
    const { exit, stderr } = await importNewest();
    expect(exit).toBe(1);
    expect(stderr).toMatch(/rejected, nothing has changed: there is no topic file of the last 14 days at http/);
    expect(asked).toHaveLength(28);
  });

  test('says that nobody answers at the address', async () => {
    config = { ...config, medlinePlusXmlUrl: 'http://127.0.0.1:1/xml' };
    const { exit, stderr } = await importNewest();
    expect(exit).toBe(1);
    expect(stderr).toMatch(/cannot be reached/);
  });
});

test('no other source is found without a place', async () => {
  const { streams, written } = keptStreams();
  expect(await importRelease(config, 'cvx', undefined, {}, streams)).toBe(2);
  expect(written().stderr).toContain('it needs a file');
});

describeWithData('medlineplus/2026-04', 'MedlinePlus’s real topics from a server of our own', () => {
  test('are taken whole, and the next import of the same finds nothing changed', async () => {
    const packed = `${DATA}/medlineplus/2026-04/topics-in-xml-form.xml.gz`;
    expect(existsSync(packed)).toBe(true);
    files.set('/xml/mplus_topics_2026-04-24.xml', gunzipSync(readFileSync(packed)));
    const { exit, stdout } = await importNewest();
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^medlineplus-2026-04-24: 1495 rows read/);
    const again = await importNewest({ dryRun: true, force: true });
    expect(again.stdout).toContain('a dry run: nothing was written');
    expect(again.stdout).not.toContain('texts:');
  });
});
