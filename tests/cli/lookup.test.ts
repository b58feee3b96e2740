import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LookupOptions } from '../../src/cli/lookup.js';
import { lookup } from '../../src/cli/lookup.js';
import type { Config } from '../../src/config/config.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';

interface JsonAnswer {
  system: string;
  code: string;
  release: string;
  articles: { id: string; title: string; url: string; language: string; publisher: string; path: object[] }[];
  miss?: { reason: string; hint?: string; note?: string };
}

const folder = temporaryFolder();
let config: Config;
beforeAll(async () => {
  config = testConfig(folder.path);
  await (await openTestLibrary(config)).library.close();
});
afterAll(() => {
  folder.remove();
});

async function ask(code: string, options: Partial<LookupOptions> = {}) {
  const texts = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof texts) => ({ write: (text: string) => ((texts[name] += text), true) });
  const streams = { stdout: stream('stdout'), stderr: stream('stderr') } as unknown as Parameters<typeof lookup>[3];
  const exit = await lookup(config, code, { system: 'icd-10-cm', language: 'en', ...options }, streams);
  return { exit, ...texts };
}

const askJson = async (code: string, options: Partial<LookupOptions> = {}) => {
  const { stdout, ...rest } = await ask(code, { ...options, json: true });
  return { ...rest, answer: JSON.parse(stdout) as JsonAnswer };
};

describe('a code that has an article', () => {
  test('is shown with title, publisher, address and the way to it; exit code 0', async () => {
    expect(await ask('N53.14')).toEqual({
      exit: 0,
      stderr: '',
      stdout: [
        'ICD-10-CM N53.14: Retrograde ejaculation',
        'Retrograde ejaculation — A.D.A.M., Inc.',
        '  https://medlineplus.gov/ency/article/001282.htm',
        '  equivalent: ICD-10-CM N53.14',
        '',
      ].join('\n'),
    });
  });

  test('may be written without its dot, in small letters, with blanks', async () => {
    expect((await ask(' n5314 ')).stdout).toBe((await ask('N53.14')).stdout);
  });

  test('is shown in Spanish where Spanish is asked', async () => {
    const { exit, stdout } = await ask('195967001', { system: 'snomed', language: 'es' });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Asma — /);
    expect(stdout).toContain('https://medlineplus.gov/spanish/asthma.html');
  });

  test('shows the ancestors that led to it', async () => {
    expect((await ask('E11.3211')).stdout).toMatch(/broader: ICD-10-CM E11\.3211 → ICD-10-CM E11\.3/);
  });

  test('is one JSON value with --json', async () => {
    const { exit, stderr, answer } = await askJson('195967001', { system: 'snomed', language: 'es' });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(answer).toMatchObject({ system: 'snomed-ct', code: '195967001' });
    expect(answer.release).toMatch(/^starter-/);
    expect(answer.articles[0]).toMatchObject({
      id: 'topic-asthma',
      title: 'Asma',
      url: 'https://medlineplus.gov/spanish/asthma.html',
      language: 'es',
      path: [{ kind: 'asked', system: 'snomed-ct', code: '195967001' }],
    });
    expect(answer).not.toHaveProperty('miss');
  });

  test('gives the normalised code in JSON', async () => {
    expect((await askJson('n5314')).answer.code).toBe('N53.14');
  });
});

describe('the code system', () => {
  test.each([
    'ICD-10-CM',
    'icd10',
    '2.16.840.1.113883.6.90',
    'urn:oid:2.16.840.1.113883.6.90',
    'http://hl7.org/fhir/sid/icd-10-cm',
  ])('may be named %s', async (system) => {
    expect((await ask('N53.14', { system })).exit).toBe(0);
  });

  test('that is none is wrong use: exit code 2, the known ones on the error stream and nothing on the other', async () => {
    const { exit, stdout, stderr } = await ask('N53.14', { system: 'icd11' });
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(/^unknown code system icd11; known: .*icd-10-cm.*snomed-ct.*\n$/);
  });

  test('a language that is none of ours is wrong use too', async () => {
    const { exit, stdout, stderr } = await ask('N53.14', { language: 'fr' });
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).toMatch(/^unknown language fr.*en.*es\n$/);
  });
});

describe('a drug', () => {
  test('is found by its name in place of its code', async () => {
    const { exit, stdout } = await ask('metformin', { system: 'rxnorm' });
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^Metformin — /);
  });

  test('whose name nobody knows is a miss', async () => {
    expect((await ask('nosuchdrugium', { system: 'rxnorm' })).exit).toBe(1);
  });
});

describe('a code without an article: exit code 1, a line with the reason, under its title where that is known', () => {
  test.each([
    ['an impossible code', '12', 'icd-10-cm', 'impossible-code'],
    ['a code that nobody has mapped', 'U99.9', 'icd-10-cm', 'code-not-mapped'],
    ['a code left without a page on purpose', 'Z53.20', 'icd-10-cm', 'no-page-on-purpose'],
    ['a system without mappings', '99213', 'cpt', 'system-not-shipped'],
    ['no code', ' ', 'icd-10-cm', 'no-code'],
  ])('%s', async (_what, code, system, reason) => {
    const { exit, stdout, stderr } = await ask(code, { system });
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: '' });
    expect(stdout).toMatch(/^(?:[^\n:]+: [^\n]+\n)?[^\n]{10,}\n$/);
    expect(stdout).not.toMatch(/misses\.|undefined|\{/);
    const json = await askJson(code, { system });
    expect(json.exit).toBe(1);
    expect(json.answer).toMatchObject({ articles: [], miss: { reason } });
  });

  test('names the system that the code belongs to', async () => {
    const { exit, stdout } = await ask('E11.9', { system: 'icd-9-cm' });
    expect(exit).toBe(1);
    expect(stdout).toContain('ICD-10-CM');
    expect((await askJson('E11.9', { system: 'icd-9-cm' })).answer.miss?.hint).toBe('icd-10-cm');
  });

  test('is told in Spanish where Spanish is asked', async () => {
    const texts = await Promise.all(['en', 'es'].map(async (language) => (await ask('U99.9', { language })).stdout));
    expect(texts[1]).not.toBe(texts[0]);
  });
});
