import { readFileSync, readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from '@jest/globals';
import { DATA, column, describeWithData, read } from '../support/shared-data.js';
import { CATALOGUE, MAPPINGS, answering, name, titleOf } from './tables.js';

const INDEXES = [
  'topics_2024_en',
  'topics_medquad',
  'adam_index',
  'drugs_index',
  'herbs_index',
  'genetics_index',
  'labtests_index',
];

describeWithData('medlineplus', "beside the publisher's own indexes", () => {
  const titles = new Map<string, Set<string>>();
  /** Addresses of lists without the pages' own titles. */
  const addresses = new Set<string>();
  const english = CATALOGUE.filter(({ language }) => language === 'en');
  beforeAll(() => {
    for (const index of INDEXES) {
      for (const { url = '', title = '' } of read(`medlineplus/${index}.csv`)) {
        titles.set(url, new Set([...(titles.get(url) ?? []), title]));
      }
    }
    for (const { html = '' } of read('vis/vis_documents.csv')) addresses.add(html);
    // Addresses of genetics pages are written without the slash at their end.
    for (const { url = '', title = '' } of read('genetics/index_2026-10.csv'))
      titles.set(url.replace(/\/$/, ''), new Set([title]));
    // A page that was seen later has the heading that it had then.
    for (const { url = '', h1 = '' } of read('medlineplus/2026-04/topics_en.csv')) {
      if (h1 !== '') titles.set(url, new Set([h1]));
    }
  });

  const urlOf = (row: (typeof english)[number]): string => row.cells['url'] ?? '';

  test('every address is in an index, or marked as recalled', () => {
    const absent = english.filter(
      (row) => !titles.has(urlOf(row)) && !addresses.has(urlOf(row)) && row.cells['origin'] !== 'recalled',
    );
    expect(absent.map(({ file, line, id }) => `${file}:${line} ${id}`)).toEqual([]);
  });

  test('every title is the one of its address there', () => {
    // The indexes have lost letters with accents, and that of genetics begins titles with a small letter.
    const asShown = (kind: string, title: string): string => {
      const plain = title.replace(/\P{ASCII}/gu, '');
      return kind === 'genetics' ? plain.charAt(0).toUpperCase() + plain.slice(1) : plain;
    };
    // The encyclopedia's list of today has titles without addresses.
    const today = new Set(column('medlineplus/2026-04/ency_index_titles_en.csv', 'title_segmented'));
    const differing = english.filter((row) => {
      const known = titles.get(urlOf(row));
      const title = asShown(row.kind, row.cells['title'] ?? '');
      if (row.kind === 'ency' && today.has(title)) return false;
      return known && ![...known].some((indexed) => asShown(row.kind, indexed) === title);
    });
    expect(differing.map(({ file, line, cells }) => `${file}:${line} ${cells['title'] ?? ''}`)).toEqual([]);
  });
});

describeWithData('medlineplus', 'beside the official code sets', () => {
  const unknown = (system: string, isReal: (code: string) => boolean): string[] =>
    MAPPINGS.filter((row) => row.system === system && row.origin !== 'recalled' && !isReal(row.code)).map(name);

  test('every ICD-10-CM code is real', () => {
    const codes = new Set(column('icd10cm/icd10cm_merged.csv.gz', 'code'));
    for (const year of ['2026', '2027'])
      for (const code of column(`icd10cm/icd10cm_${year}.csv.gz`, 'code')) codes.add(code);
    for (const category of column('icd10cm/categories-2026-04.csv', 'ICD10-CM-CODE')) codes.add(category);
    expect(unknown('icd-10-cm', (code) => codes.has(code))).toEqual([]);
  });

  test('every ICD-9-CM code is real, or the head of real ones', () => {
    const heads = new Set<string>();
    const codes = [
      ...column('icd9cm/icd9dx2015.csv.gz', 'dgns_cd'),
      ...column('icd9cm/icd9toicd10cmgem.csv.gz', 'icd9cm'),
    ];
    for (const code of codes) for (let end = 3; end <= code.length; end += 1) heads.add(code.slice(0, end));
    expect(unknown('icd-9-cm', (code) => heads.has(code.replace('.', '')))).toEqual([]);
  });

  test('every LOINC code is real', () => {
    const codes = new Set([
      ...column('loinc/LOINC_1.6_Top2000CommonLabResultsUS.csv', 'LOINC #'),
      ...column('loinc/LoincUniversalLabOrdersValueSet.csv', 'LOINC_NUM'),
      ...column('sample-codes/observations.csv', 'CODE'),
      ...column('value-sets/quality_measure_codes.csv.gz', 'code'),
    ]);
    expect(unknown('loinc', (code) => codes.has(code))).toEqual([]);
  });

  test('every RxNorm code is one that was seen', () => {
    const codes = new Set([
      ...column('rxnorm/rxcui_names.csv', 'rxcui'),
      ...column('sample-codes/medications.csv', 'CODE'),
    ]);
    expect(unknown('rxnorm', (code) => codes.has(code))).toEqual([]);
  });

  test('every SNOMED CT code is one that was seen, or marked as recalled', () => {
    const measured = read('value-sets/quality_measure_codes.csv.gz').filter(({ system }) => system === 'snomed-ct');
    const seen = [
      column('sample-codes/conditions.csv', 'CODE'),
      column('sample-codes/procedures.csv', 'CODE'),
      column('snomed/core_2014_usage.csv.gz', 'sctid'),
      measured.map(({ code = '' }) => code),
    ].flat();
    const answered =
      readdirSync(`${DATA}/../samples/medlineplus-connect`)
        .join(' ')
        .match(/\d{6,18}/g) ?? [];
    const text = (path: string): string => gunzipSync(readFileSync(`${DATA}/${path}`)).toString();
    const files = ['crosswalks/mondo_exactmatch_sctid.sssom.tsv.gz', 'crosswalks/doid_xrefs.tsv.gz'].map(text);
    const codes = new Set([...seen, ...answered, ...files.flatMap((file) => file.match(/\d{6,18}/g) ?? [])]);
    expect(unknown('snomed-ct', (code) => codes.has(code))).toEqual([]);
  });
});

describeWithData('medlineplus', 'rule 1: a page that names one child sits on that child', () => {
  /** Pages named like one child that are true of its siblings too, and why. */
  const TRUE_OF_ALL: Readonly<Record<string, string>> = {
    'E74.2': 'the page covers all three enzymes, galactokinase (E74.29) too',
    'G47.4': 'the siblings are narcolepsy as well',
    'H60.3': "swimmer's ear is the page's everyday name for any infection of the ear canal",
    K61: 'the page is about every abscess around the anus and rectum',
    'R47.0': 'dysphasia is the milder word for the same loss of speech',
    L72: 'the page explains any cyst that grows from a hair follicle, and is marked as related',
  };

  test('no sibling inherits it', () => {
    const described = read('icd10cm/icd10cm_merged.csv.gz').map(({ code = '', description = '' }) => ({
      code,
      text: description.toLowerCase(),
    }));
    const codesOf = new Map<string, string[]>();
    const textOf = new Map<string, string>();
    for (const { code, text } of described) {
      codesOf.set(text, [...(codesOf.get(text) ?? []), code]);
      textOf.set(code, text);
    }
    const wrong: string[] = [];
    for (const row of MAPPINGS.filter(({ system, article }) => system === 'icd-10-cm' && article !== '')) {
      const title = titleOf(row.article).toLowerCase();
      const children = (codesOf.get(title) ?? []).filter((code) => code !== row.code && code.startsWith(row.code));
      if (children.length === 0 || textOf.get(row.code) === title || row.code in TRUE_OF_ALL) continue;
      const inheriting = described
        .map(({ code }) => code)
        .filter((code) => code !== row.code && code.startsWith(row.code))
        .filter((code) => !children.some((child) => code.startsWith(child) || child.startsWith(code)))
        .filter((code) => answering('icd-10-cm', code).some((answer) => answer === row));
      if (inheriting.length > 0) wrong.push(`${name(row)} names ${children.join()}, inherited by ${inheriting.join()}`);
    }
    expect(wrong).toEqual([]);
  });
});
