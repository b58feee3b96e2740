import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { selectRows } from '../../src/core/codes/resolve-coding.js';
import { type ImportPlace, crosswalksOf, importPlace, writeZip } from './import-place.js';

let place: ImportPlace;
beforeEach(() => {
  place = importPlace();
});
afterEach(() => {
  place.remove();
});

const DAY = '20260301';
const MODULE = '731000124108';
const FSN = '900000000000003001';
const SYNONYM = '900000000000013009';
const US_MAP = '6011000124106';
const WHO_MAP = '447562003';

/** An RF2 file: a heading, tabs, a carriage return at each line's end. */
function rf2(heading: string, rows: readonly (readonly string[])[]): string {
  return [heading.split(' '), ...rows].map((cells) => `${cells.join('\t')}\r\n`).join('');
}

const CONCEPTS = rf2('id effectiveTime active moduleId definitionStatusId', [
  ['138875005', DAY, '1', MODULE, '900000000000074008'],
  ['64572001', DAY, '1', MODULE, '900000000000074008'],
  ['44054006', DAY, '1', MODULE, '900000000000074008'],
  ['195967001', DAY, '1', MODULE, '900000000000074008'],
  ['263102004', DAY, '0', MODULE, '900000000000074008'],
]);

const description = (id: string, concept: string, type: string, term: string, active = '1'): readonly string[] => [
  id,
  DAY,
  active,
  MODULE,
  concept,
  'en',
  type,
  term,
  '900000000000448009',
];
const DESCRIPTIONS = rf2('id effectiveTime active moduleId conceptId languageCode typeId term caseSignificanceId', [
  description('517382016', '138875005', FSN, 'SNOMED CT Concept (SNOMED RT+CTV3)'),
  description('107401012', '64572001', SYNONYM, 'Disease'),
  description('771410010', '64572001', FSN, 'Disease (disorder)'),
  description('73465010', '44054006', SYNONYM, 'Type II diabetes mellitus'),
  description('197761014', '44054006', SYNONYM, 'Type 2 diabetes mellitus'),
  description('197762019', '44054006', SYNONYM, 'No longer said', '0'),
  description('794023016', '44054006', FSN, 'Diabetes mellitus type 2 (disorder)'),
  description('301485011', '195967001', SYNONYM, 'Asthma'),
  description('671684013', '195967001', FSN, 'Asthma (disorder)'),
  description('393010013', '263102004', FSN, 'Fracture subluxation of wrist (old) (disorder)'),
]);

const relationship = (id: string, source: string, target: string, type: string, active = '1'): readonly string[] => [
  id,
  DAY,
  active,
  MODULE,
  source,
  target,
  '0',
  type,
  '900000000000011006',
  '900000000000451002',
];
const RELATIONSHIPS = rf2(
  'id effectiveTime active moduleId sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId',
  [
    relationship('100022', '64572001', '138875005', '116680003'),
    relationship('101021', '44054006', '138875005', '116680003', '0'),
    relationship('102025', '44054006', '195967001', '363698007'),
    relationship('103024', '44054006', '64572001', '116680003'),
    relationship('104029', '44054006', '138875005', '116680003'),
    relationship('105028', '195967001', '64572001', '116680003'),
  ],
);

const LANGUAGE = rf2('id effectiveTime active moduleId refsetId referencedComponentId acceptabilityId', [
  ['a1', DAY, '1', MODULE, '900000000000509007', '197761014', '900000000000548007'],
  ['a2', DAY, '1', MODULE, '900000000000508004', '73465010', '900000000000548007'],
  ['a3', DAY, '1', MODULE, '900000000000509007', '73465010', '900000000000549004'],
  ['a4', DAY, '1', MODULE, '900000000000509007', '794023016', '900000000000548007'],
]);

interface MapRow {
  readonly concept: string;
  readonly target: string;
  readonly rule?: string;
  readonly group?: string;
  readonly priority?: string;
  readonly refset?: string;
  readonly active?: string;
}

function map(rows: readonly MapRow[]): string {
  return rf2(
    'id effectiveTime active moduleId refsetId referencedComponentId mapGroup mapPriority mapRule mapAdvice mapTarget correlationId mapCategoryId',
    rows.map(
      ({ concept, target, rule = 'TRUE', group = '1', priority = '1', refset = US_MAP, active = '1' }, index) => [
        ...[`m${index}`, DAY, active, MODULE, refset, concept, group, priority, rule],
        ...[`ALWAYS ${target}`, target, '447561005', '447637006'],
      ],
    ),
  );
}

const MAP = map([
  { concept: '44054006', target: 'E11.9' },
  { concept: '44054006', target: 'Z79.4', group: '2' },
  { concept: '44054006', target: 'E14', refset: WHO_MAP },
  { concept: '44054006', target: 'E13.9', active: '0' },
  { concept: '64572001', target: 'S52.521?' },
  {
    concept: '195967001',
    target: 'J45.909',
    rule: 'IFA 445518008 | Age at onset of clinical finding (observable entity) |',
  },
  { concept: '195967001', target: 'T14.8XX?', rule: 'OTHERWISE TRUE', priority: '2' },
  { concept: '263102004', target: '' },
]);

const suffix = `US1000124_${DAY}.txt`;
const NAMES = {
  concepts: `sct2_Concept_Snapshot_${suffix}`,
  descriptions: `sct2_Description_Snapshot-en_${suffix}`,
  relationships: `sct2_Relationship_Snapshot_${suffix}`,
  language: `der2_cRefset_LanguageSnapshot-en_${suffix}`,
  map: `der2_iisssccRefset_ExtendedMapSnapshot_${suffix}`,
};
const CORE = { [NAMES.concepts]: CONCEPTS, [NAMES.descriptions]: DESCRIPTIONS, [NAMES.relationships]: RELATIONSHIPS };
const ALL = { ...CORE, [NAMES.language]: LANGUAGE, [NAMES.map]: MAP };

/** The crosswalks that lead from a code, as its articles' ways tell them. */
async function targets(code: string): Promise<string[]> {
  const rows = await place.mappings('snomed-ct', code);
  return rows.map(({ path }) => path.map((step) => step.code).join(' > '));
}

const ASSOCIATIONS = rf2('id effectiveTime active moduleId refsetId referencedComponentId targetComponentId', [
  ['h1', DAY, '1', MODULE, '900000000000526001', '155574008', '195967001'],
  ['h2', DAY, '1', MODULE, '900000000000528000', '266364000', '195967001'],
  ['h3', DAY, '0', MODULE, '900000000000527005', '263102004', '195967001'],
  ['h4', DAY, '1', MODULE, '900000000000523009', '187687003', '195967001'],
  ['h5', DAY, '1', MODULE, '900000000000523009', '187687003', '44054006'],
]);

/** A hierarchy below the seed's one row, asthma: each code, its name, and what it is a kind of. */
const KINDS: readonly (readonly [code: string, name: string, ...parents: string[]])[] = [
  ['64572001', 'Disease (disorder)', '138875005'],
  ['50043002', 'Disorder of respiratory system (disorder)', '64572001'],
  ['195967001', 'Asthma (disorder)', '50043002'],
  ['389145006', 'Allergic asthma (disorder)', '195967001'],
  ['233678006', 'Childhood asthma (disorder)', '195967001'],
  ['423889005', 'Non-allergic asthma (disorder)', '50043002', '389145006'],
  ['13645005', 'Chronic obstructive lung disease (disorder)', '50043002'],
  ['155574008', 'Asthma (retired) (disorder)'],
  ['266364000', 'Asthma attack (retired) (disorder)'],
  ['187687003', 'One of two (retired) (disorder)'],
];
const HIERARCHY = {
  [`sct2_Concept_Snapshot_US1000124_${DAY}.txt`]: rf2('id effectiveTime active moduleId definitionStatusId', [
    ['138875005', DAY, '1', MODULE, '900000000000074008'],
    ...KINDS.map(([code, name]) => [code, DAY, name.includes('retired') ? '0' : '1', MODULE, '900000000000074008']),
  ]),
  [`sct2_Description_Snapshot-en_US1000124_${DAY}.txt`]: rf2(
    'id effectiveTime active moduleId conceptId languageCode typeId term caseSignificanceId',
    [['138875005', 'SNOMED CT Concept'], ...KINDS].map(([code = '', name = ''], at) =>
      description(`${517382 + at}016`, code, FSN, name),
    ),
  ),
  [`sct2_Relationship_Snapshot_US1000124_${DAY}.txt`]: rf2(
    'id effectiveTime active moduleId sourceId destinationId relationshipGroup typeId characteristicTypeId modifierId',
    KINDS.flatMap(([code, , ...parents], at) =>
      parents.map((parent, place) => relationship(`${100 + at}${place}22`, code, parent, '116680003')),
    ),
  ),
  [`der2_cRefset_AssociationSnapshot_US1000124_${DAY}.txt`]: ASSOCIATIONS,
};

describe('a hierarchy of SNOMED CT', () => {
  /** How a code is answered: the way to the row, its article and what that is to the code. */
  const answer = async (code: string) => {
    await place.importTexts('snomed-ct', HIERARCHY);
    const rows = await place.mappings('snomed-ct', code);
    const selection = selectRows(rows);
    return selection?.rows.map(({ article, relationship: is }) => `${article} ${is}`);
  };

  test.each([
    ['389145006', 'a kind of it'],
    ['423889005', 'a kind of a kind, by its second parent'],
    ['266364000', 'one that was retired for being a kind of it'],
  ])('a code without a row is answered by its nearest ancestor, as broader: %s, %s', async (code) => {
    expect(await answer(code)).toEqual(['topic-asthma broader']);
  });

  test('a retired code is answered by what took its place', async () => {
    expect(await answer('155574008')).toEqual(['topic-asthma equivalent']);
  });

  test.each([
    ['13645005', 'what is beside it'],
    ['50043002', 'what is above it'],
    ['187687003', 'a retired one that may be either of two'],
  ])('nothing answers %s, %s', async (code) => {
    expect(await answer(code)).toBeUndefined();
  });
});

describe('a snapshot of SNOMED CT', () => {
  test('gives each concept its preferred term, its other names, its first parent and whether it is active', async () => {
    const report = await place.importTexts('snomed-ct', ALL);
    expect(report).toMatchObject({ name: `snomed-ct-${DAY}`, rejected: 0, imported: { concepts: 5, crosswalks: 4 } });
    expect(await place.concept('snomed-ct', '44054006')).toEqual({
      system: 'snomed-ct',
      code: '44054006',
      title: 'Type 2 diabetes mellitus',
      parent: '64572001',
      billable: undefined,
      active: true,
      names: ['Diabetes mellitus type 2', 'Type II diabetes mellitus'],
      release: `snomed-ct-${DAY}`,
    });
    expect(await place.concept('snomed-ct', '263102004')).toMatchObject({
      title: 'Fracture subluxation of wrist (old)',
      parent: undefined,
      active: false,
    });
    const [release] = await place.look((library) => library.findReleases(1));
    expect(release?.builtOn).toBe('2026-03-01');
  });

  test('without a language refset has the fully specified name without its tag', async () => {
    await place.importTexts('snomed-ct', CORE);
    expect(await place.concept('snomed-ct', '44054006')).toMatchObject({
      title: 'Diabetes mellitus type 2',
      names: ['Type II diabetes mellitus', 'Type 2 diabetes mellitus'],
    });
  });

  test('leads to ICD-10-CM, and to its articles', async () => {
    await place.importTexts('snomed-ct', ALL);
    expect(await place.mappings('snomed-ct', '44054006')).toMatchObject([
      { system: 'icd-10-cm', code: 'E11', article: 'topic-diabetestype2', crossings: 1, levels: 1 },
    ]);
    expect(await targets('44054006')).toEqual(['44054006 > E11.9 > E11']);
  });

  test('says equivalent only of what is so for every patient and in every character', async () => {
    expect(await crosswalksOf('snomed-ct', ALL)).toEqual([
      '44054006 → E11.9 equivalent',
      '64572001 → S52.521 broader',
      '195967001 → J45.909 related',
      '195967001 → T14.8 related',
    ]);
  });

  test('is found in the zip of its package, beside the full and delta files', async () => {
    const folder = 'SnomedCT_ManagedServiceUS_PRODUCTION_US1000124_20260301T120000Z';
    const inPlace = Object.entries(ALL).map(([name, text]) => [`${folder}/Snapshot/${name}`, text] as const);
    const others = Object.keys(ALL).flatMap((name) => [
      [`${folder}/Full/${name.replace('Snapshot', 'Full')}`, 'not to be read'] as const,
      [`${folder}/Delta/${name.replace('Snapshot', 'Delta')}`, 'not to be read'] as const,
    ]);
    const zip = await writeZip(join(place.folder, `${folder}.zip`), Object.fromEntries([...inPlace, ...others]));
    expect(await place.importFrom('snomed-ct', zip)).toMatchObject({ rejected: 0, imported: { concepts: 5 } });
  });

  test('a bad row is rejected with its line and the rest is taken', async () => {
    const report = await place.importTexts('snomed-ct', {
      ...ALL,
      [NAMES.concepts]: CONCEPTS.replace('138875005', '138875006'),
      [NAMES.descriptions]: DESCRIPTIONS.replace(/.*393010013.*\r\n/, '').replace('\tAsthma\t', '\tAsth\tma\t'),
      [NAMES.map]: MAP.replaceAll('E11.9', '11.9'),
    });
    expect(report.complaints.map(({ file, line, reason }) => `${file.split('_')[1] ?? ''}:${line} ${reason}`)).toEqual([
      'Concept:2 138875006 is not a SNOMED CT concept',
      'Description:9 10 columns instead of 9',
      'Concept:6 263102004 has no description',
      'iisssccRefset:2 44054006 → 11.9 is not a map from SNOMED CT to ICD-10-CM',
    ]);
    expect(await place.concept('snomed-ct', '195967001')).toMatchObject({ title: 'Asthma' });
  });

  test.each([
    [
      'has half of its relationships',
      { ...ALL, [NAMES.relationships]: RELATIONSHIPS.slice(0, -30) },
      'stops in line 7',
    ],
    ['has a file by another heading', { ...ALL, [NAMES.map]: LANGUAGE }, 'columns'],
    [
      'lacks a file',
      { [NAMES.concepts]: CONCEPTS, [NAMES.relationships]: RELATIONSHIPS },
      'none of the files is the SNOMED CT English description snapshot (RF2)',
    ],
    ['is there twice', { ...ALL, [`x${NAMES.concepts}`]: CONCEPTS }, 'more than one file may be the SNOMED CT concept'],
  ])('that %s is refused and changes nothing', async (_what, files, reason) => {
    await expect(place.importTexts('snomed-ct', files)).rejects.toThrow(reason);
    expect(await place.look((library) => library.findReleases(9))).toHaveLength(1);
  });
});
