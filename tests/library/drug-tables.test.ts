import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerRequest } from '../../src/core/answer/answer.js';
import { findCodeSystem } from '../../src/core/codes/code-systems.js';
import type { ServedLibrary } from '../../src/catalogue/served-library.js';
import type { Answer } from '../../src/core/answer/knowledge-response.js';
import { ANYONE } from '../../src/core/answer/knowledge-request.js';
import type { ManagedLibrary } from '../../src/core/model/library.js';
import { openDrugTables } from '../../src/catalogue/drugs/drug-tables.js';
import { NO_POLICY } from '../../src/core/policy/site-policy.js';
import { openTestLibrary, temporaryFolder, testConfig } from '../support/connector.js';

const METFORMIN = { rxcui: '861004', ndc: '00185022101', article: 'drug-a696005' };
/** A package of a product whose packages hold different drugs: this one fluticasone. */
const MIXED = { ndc: '00363-0024-02', article: 'drug-a695002', title: 'fluticasone propionate 50 mcg nasal spray' };

const HEADING = 'code,article,relationship,rank,sensitivity,origin,note\n';

async function ask(library: ManagedLibrary, system: string, code: string, display = ''): Promise<Answer> {
  const coding = { system: findCodeSystem(system)?.id, systemSent: system, code, display, userSelected: false };
  const request = { criteria: [{ codings: [coding] }], context: ANYONE, maxArticles: 3 };
  const [answer] = (await answerRequest(request, library)).answers;
  if (!answer) throw new Error('no answer');
  return answer;
}

const shown = ({ matches }: Answer): string[] => matches.map(({ article }) => article.id);

describe('the library that ships', () => {
  const folder = temporaryFolder();
  let library: ServedLibrary;
  beforeAll(async () => {
    ({ library } = await openTestLibrary(testConfig(folder.path)));
  });
  afterAll(async () => {
    await library.close();
    folder.remove();
  });

  test('answers an RxNorm code by the code alone', async () => {
    const answer = await ask(library, 'rxnorm', METFORMIN.rxcui);
    expect(shown(answer)).toEqual([METFORMIN.article]);
    expect(answer.matches[0]?.path).toEqual([{ kind: 'asked', system: 'rxnorm', code: METFORMIN.rxcui }]);
  });

  // A component, a brand's group of forms, a brand's component, a retired drug: codes that RxNorm's present lists lack.
  test.each([
    ['315266', 'drug-a681004'],
    ['365994', 'drug-a607040'],
    ['573223', 'drug-a601109'],
    ['616448', 'drug-a601081'],
    // Groups of RxTerms: slow release, a powder for a solution, a lozenge, a rinse, an intrauterine system.
    ['1168123', 'drug-a682188'],
    ['1870386', 'drug-a603032'],
    ['1294869', 'drug-a606019'],
    ['1295317', 'drug-a682727'],
    ['1181044', 'drug-a613047'],
    // A pack that states how much of a part it holds; the powder of methylprednisolone is the sodium succinate.
    ['992766', 'drug-a601203'],
    ['1743704', 'drug-a601157'],
  ])('answers the older code %s by the code alone', async (code, article) => {
    expect(shown(await ask(library, 'rxnorm', code))).toEqual([article]);
  });

  test('holds an opioid whose title names a blood pressure drug', async () => {
    expect((await ask(library, 'rxnorm', '833036', 'Captopril 25 MG Oral Tablet')).miss?.reason).toBe('title-conflict');
  });

  test.each(['00185022101', '00185-0221-01', '0185-0221-01', '0185022101'])(
    'answers the package %s through RxNorm',
    async (code) => {
      const answer = await ask(library, 'ndc', code);
      expect(shown(answer)).toEqual([METFORMIN.article]);
      expect(answer.matches[0]?.path).toEqual([
        { kind: 'asked', system: 'ndc', code: METFORMIN.ndc },
        { kind: 'crosswalk', system: 'rxnorm', code: METFORMIN.rxcui },
      ]);
    },
  );

  test('reads ten digits only where one package can be meant', async () => {
    // 00009-3051-01 is clindamycin, 00093-0510-01 carvedilol.
    const { miss, matches } = await ask(library, 'ndc', '0009305101');
    expect({ matches, reason: miss?.reason }).toEqual({ matches: [], reason: 'impossible-code' });
  });

  test('says nothing of a package by its siblings', async () => {
    expect((await ask(library, 'ndc', '00185022199')).miss?.reason).toBe('code-not-mapped');
  });

  test('holds a package of a product of several drugs until a title agrees', async () => {
    expect((await ask(library, 'ndc', MIXED.ndc)).miss?.reason).toBe('title-needed');
    expect((await ask(library, 'ndc', MIXED.ndc, 'ibuprofen 200 mg tablet')).miss?.reason).toBe('title-needed');
    expect(shown(await ask(library, 'ndc', MIXED.ndc, MIXED.title))).toEqual([MIXED.article]);
  });

  test.each([
    ['849827', 'drug-a609033'],
    ['1000487', 'drug-a601041'],
  ])('reads a qualifier and a pack: %s', async (code, article) => {
    expect(shown(await ask(library, 'rxnorm', code))).toEqual([article]);
  });

  test.each([
    ['2719335', /kidney disease/],
    ['974129', /allergenic/],
    ['2743413', /no page about this drug/],
  ])('gives the reason why %s has no page', async (code, reason) => {
    const { miss } = await ask(library, 'rxnorm', code);
    expect(miss?.reason).toBe('no-page-on-purpose');
    expect(miss?.note).toMatch(reason);
  });

  test("tells a code by RxNorm's own name", () => {
    const concepts = library.findConcepts([
      { system: 'rxnorm', code: METFORMIN.rxcui },
      { system: 'rxnorm', code: '99999999' },
    ]);
    expect(concepts.map(({ code, title }) => [code, title])).toEqual([
      [METFORMIN.rxcui, 'metformin hydrochloride 1000 MG Oral Tablet'],
    ]);
  });

  test('says that CPT is not shipped', async () => {
    expect((await ask(library, 'cpt', '99213')).miss?.reason).toBe('system-not-shipped');
  });

  test('withholds what the site suppresses, by a package too', async () => {
    const policy = { ...NO_POLICY, suppressed: new Set([METFORMIN.article]) };
    const site = library.under(() => policy);
    expect((await ask(site, 'ndc', METFORMIN.ndc)).miss?.reason).toBe('suppressed');
  });
});

describe('a site', () => {
  const folder = temporaryFolder();
  const open: ManagedLibrary[] = [];
  afterAll(async () => {
    for (const library of open) await library.close();
    folder.remove();
  });

  async function openWith(name: string, env: Record<string, string>, places: object = {}): Promise<ManagedLibrary> {
    const place = join(folder.path, name);
    mkdirSync(place, { recursive: true });
    const { library } = await openTestLibrary({ ...testConfig(place, env), ...places });
    open.push(library);
    return library;
  }

  test.each(['ndc', 'rxnorm'])('leaves %s out, and packages with either', async (omitted) => {
    // It is built anew: of the mappings, those of drugs are enough.
    const mappingsDir = join(folder.path, `mappings-without-${omitted}`);
    for (const name of ['rxnorm.csv', 'drug-name.csv']) cpSync(join('mappings', name), join(mappingsDir, name));
    const library = await openWith(omitted, { OMIT_CODE_SYSTEMS: omitted }, { mappingsDir });
    expect(shown(await ask(library, 'ndc', METFORMIN.ndc))).toEqual([]);
    expect(shown(await ask(library, 'rxnorm', METFORMIN.rxcui))).toEqual(omitted === 'ndc' ? [METFORMIN.article] : []);
  });

  test('has its own rows before the tables: of a code, of a name, of a package', async () => {
    const local = join(folder.path, 'local-library');
    mkdirSync(join(local, 'mappings', 'crosswalks'), { recursive: true });
    writeFileSync(join(local, 'mappings', 'rxnorm.csv'), `${HEADING}861007,drug-a682159,equivalent,1,,curated,\n`);
    writeFileSync(
      join(local, 'mappings', 'drug-name.csv'),
      `${HEADING}metformin,drug-a692051,equivalent,1,,curated,\n`,
    );
    writeFileSync(
      join(local, 'mappings', 'crosswalks', 'ndc.rxnorm.csv'),
      `code,target,relationship\n${METFORMIN.ndc},197361,equivalent\n`,
    );
    const library = await openWith('local', { LOCAL_LIBRARY: local });
    expect(shown(await ask(library, 'rxnorm', '861007'))).toEqual(['drug-a682159']);
    // 861004 is metformin: its page is looked up by name where the site has rows for that.
    const byName = await ask(library, 'rxnorm', METFORMIN.rxcui);
    expect(shown(byName)).toEqual(['drug-a692051']);
    expect(byName.matches[0]?.path.at(-1)).toEqual({ kind: 'name', system: 'drug-name', code: 'metformin' });
    // 197361 is amlodipine.
    expect(shown(await ask(library, 'ndc', METFORMIN.ndc))).toEqual(['drug-a692044']);
  });
});

test('what the tables report of themselves is what their files hold', () => {
  const lines = readFileSync('resources/drugs/rxnorm-pages.csv', 'utf8').trim().split('\n').slice(1);
  const drugs = lines.flatMap((line) => line.slice(line.lastIndexOf(',') + 1).split(' '));
  // An entry of a package: four bytes of the product, four of the drug, one of the package.
  const packages = gunzipSync(readFileSync('resources/drugs/ndc.bin.gz')).length / 9;
  const facts = openDrugTables('resources')?.facts.map(({ system, codes }) => [system, codes]);
  expect(facts).toEqual([
    ['rxnorm', drugs.length],
    ['ndc', packages],
  ]);
});

test('a folder without tables has none', () => {
  expect(openDrugTables(temporaryFolder().path)).toBeUndefined();
});
