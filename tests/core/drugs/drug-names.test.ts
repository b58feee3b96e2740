import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import type { NamedDrug } from '../../../src/core/drugs/drug-names.js';
import { DrugNames, drugNameKey } from '../../../src/core/drugs/drug-names.js';
import { readDrugNames } from '../../../src/build/read-drug-facts.js';

const resources = fileURLToPath(new URL('../../../resources', import.meta.url));
const shipped = readDrugNames(resources);

/** Names of one kind in the table of RxNorm's. */
const readNames = (kind: string): string[] =>
  readFileSync(`${resources}/drugs/names.csv`, 'utf8')
    .split('\n')
    .map((line) => line.split(','))
    .flatMap(([name = '', own]) => (own === kind ? [name] : []));

const named = (name: string, drugs: readonly string[] = []): NamedDrug => ({
  name,
  kind: 'ingredient',
  drugs,
  isWord: false,
  routes: ['oral'],
  page: undefined,
  strengths: [],
});

describe('the key that names are compared by', () => {
  test.each([
    ['Ácido  Acetilsalicílico', 'acido acetilsalicilico'],
    ['D.H.E. 45', 'dhe 45'],
    ['Claritin-D', 'claritin d'],
    ["Children's Tylenol®", 'childrens tylenol'],
    ['amox / clav', 'amox/clav'],
  ])('%s: %s', (name, key) => {
    expect(drugNameKey(name)).toBe(key);
  });
});

describe('a misspelt name', () => {
  test.each([
    ['metforman', 'metformin'],
    ['lisinipril', 'lisinopril'],
    ['hydroxizine', 'hydroxyzine'],
    ['amlodapine', 'amlodipine'],
    ['gabapenten', 'gabapentin'],
    ['omeprezole', 'omeprazole'],
    ['atorvastin', 'atorvastatin'],
    // As it sounds, and cut off.
    ['lasics', 'lasix'],
    ['spironolact', 'spironolactone'],
    // Their names in Spanish are their own.
    ['ondansatron', 'ondansetron'],
    ['bupropian', 'bupropion'],
  ])('%s is %s', (sent, name) => {
    expect(shipped.correct(sent)?.name).toBe(name);
  });

  test.each([
    'metamizol',
    'methimazole',
    'hydroxyzine',
    'hydralazine',
    'insulin',
    'inulin',
    'prednisone',
    'prednisolone',
  ])('%s is no misspelling of another drug', (name) => {
    expect(shipped.correct(name)).toBeUndefined();
    expect(shipped.find(name)).toBeDefined();
  });

  test.each(['banana', 'table', 'asthma', 'iron', 'diabetes', 'fracture', 'headache', 'pregnancy', 'pfizer'])(
    '%s is no drug',
    (word) => {
      expect(shipped.correct(word)).toBeUndefined();
    },
  );

  test('is not what costs too many slips: tiaprida is not cisapride', () => {
    expect(shipped.correct('tiaprida')).toBeUndefined();
  });

  test.each([
    ['nexium', 'dexium'],
    ['aygestin', 'arestin'],
    ['foltrate', 'caltrate'],
    ['miniprin', 'minitran'],
    // The cheap slip of a sound makes another brand.
    ['complera', 'simplera'],
    ['caladryl', 'siladryl'],
    ['thoracol', 'toradol'],
    ['equizone', 'equidone'],
    // Letters that are no neighbours have changed places.
    ['focalin', 'folacin'],
  ])('is no name with other letters elsewhere: %s is not %s', (typed, brand) => {
    const names = new DrugNames([{ ...named(brand, ['another drug']), kind: 'brand', page: ['oral'] }]);
    expect(names.correct(typed)).toBeUndefined();
  });

  test('may be a brand that has a page of its own, and no other', () => {
    const brand = { ...named('lipitor', ['atorvastatin']), kind: 'brand' } as const;
    expect(new DrugNames([{ ...brand, page: ['oral'] }]).correct('lipiter')).toBeDefined();
    expect(new DrugNames([brand]).correct('lipiter')).toBeUndefined();
  });

  test('may be an ingredient that is sold, or another name of one, and no other', () => {
    const drug = named('doramectin');
    const other = { ...named('doramectina', ['doramectin']), kind: 'other', routes: undefined } as const;
    expect(new DrugNames([drug]).correct('duramectin')).toBe(drug);
    expect(new DrugNames([{ ...drug, routes: undefined }]).correct('duramectin')).toBeUndefined();
    expect(new DrugNames([drug, other]).correct('duramectina')).toBe(other);
  });

  test('that is cut off has half of its letters', () => {
    const names = new DrugNames([named('medroxyprogesterone')]);
    expect(names.correct('medrox')).toBeUndefined();
    expect(names.correct('medroxyproge')).toBeDefined();
  });

  test('means of two drugs as many letters away the one that sounds alike', () => {
    expect(shipped.correct('guarfarina', true)?.drugs).toEqual(['warfarin']);
  });

  test('means nothing where two drugs are equally near, or begin with it', () => {
    expect(shipped.correct('predniso')).toBeUndefined();
    const names = new DrugNames([named('celexol'), named('celexal')]);
    expect(names.correct('celexel')).toBeUndefined();
  });

  test('means the drug where two names of the same drug are equally near', () => {
    const names = new DrugNames([named('metforminum', ['metformin']), named('metformiram', ['metformin'])]);
    expect(names.correct('metformirum')?.drugs).toEqual(['metformin']);
  });
});

test('the names that ship each stand for a drug that is known, or may be looked up by themselves', () => {
  expect(shipped.find('metformina')?.drugs).toEqual(['metformin']);
  expect(shipped.find('Percocet')?.drugs).toEqual(['acetaminophen / oxycodone']);
  // Names of other countries.
  expect(shipped.find('norethisterone')?.drugs).toEqual(['norethindrone']);
  expect(shipped.find('Co-codamol')?.drugs).toEqual(['acetaminophen / codeine']);
  expect(shipped.find('Seroxat')?.drugs).toEqual(['paroxetine']);
  expect(shipped.find('MgSO4')?.kind).toBe('refused');
  expect(shipped.find('banana')).toBeUndefined();
});

describe('an ingredient in the spelling of another language', () => {
  test.each([
    ['Digoxine', 'digoxin'],
    ['Varfarina', 'warfarin'],
    ['Azathioprin', 'azathioprine'],
    ['Metoprololo', 'metoprolol'],
    ['Ciclosporinum', 'cyclosporine'],
    ['Hidroclorotiazida', 'hydrochlorothiazide'],
    ['Oestradiol', 'estradiol'],
    ['Retina', undefined],
    ['Medicina', undefined],
  ])('%s: %s', (name, drug) => {
    const found = shipped.find(name);
    expect(found && (found.drugs[0] ?? found.name)).toBe(drug);
  });

  test('is one that is sold: leukine is no leucine', () => {
    const names = new DrugNames([named('digoxin'), { ...named('leucine'), routes: undefined }]);
    expect(names.find('digoxine')?.name).toBe('digoxin');
    expect(names.find('leukine')).toBeUndefined();
  });

  test('is never another drug, whatever the ending of a name', () => {
    const drugOf = (found: NamedDrug): string => (found.drugs.length > 0 ? found.drugs.join('|') : found.name);
    const ingredients = readNames('ingredient').filter((name) => /^[a-z]{7,}$/.test(name));
    const wrong = ingredients.flatMap((name) => {
      const stem = name.replace(/[aeo]$/, '');
      const own = shipped.find(name);
      return ['', 'a', 'e', 'o', 'um'].flatMap((ending) => {
        const found = shipped.find(stem + ending);
        // Words that are a name themselves stand for themselves.
        const isSelf = found === undefined || drugNameKey(found.name) === stem + ending;
        return own && !isSelf && drugOf(found) !== drugOf(own) ? [`${stem + ending}: ${found.name}`] : [];
      });
    });
    expect(ingredients.length).toBeGreaterThan(1500);
    expect(wrong).toEqual([]);
  });
});
