import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/config.js';
import { findDepartment } from '../../src/core/model/department.js';
import { temporaryFolder } from '../support/connector.js';
import { refusal } from './refusal.js';

const folder = temporaryFolder();
afterAll(() => {
  folder.remove();
});
const DEPARTMENTS_FILE = join(folder.path, 'departments.yaml');
const PNG = Buffer.from('89504e470d0a1a0a', 'hex');
mkdirSync(join(folder.path, 'logos'));
mkdirSync(join(folder.path, 'notices'));
writeFileSync(join(folder.path, 'logos/heart.png'), PNG);
writeFileSync(join(folder.path, 'notices/heart.txt'), '\ufeffCall 555-0100.\n');
writeFileSync(join(folder.path, 'text.txt'), 'no picture');

const put = (text: string): void => {
  writeFileSync(DEPARTMENTS_FILE, text);
};
const load = (text: string) => {
  put(text);
  return loadConfig({ DEPARTMENTS_FILE }).departments;
};
const refuse = (text: string): string => {
  put(text);
  return refusal({ DEPARTMENTS_FILE });
};

test('without a file there are no departments', () => {
  expect(loadConfig({}).departments).toEqual([]);
  expect(findDepartment([], ['cardiology'])).toBeUndefined();
});

test('the example of the manual is accepted', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/operations/departments.md', 'utf8')) ?? [];
  const [heart, emergency, south] = load(example);
  expect(heart).toMatchObject({
    id: 'cardiology',
    names: { en: 'Heart Center', es: 'Centro del Corazón' },
    logo: { contentType: 'image/png' },
    notice: 'Call 555-0100.',
    lists: ['After a stent', 'Heart failure'],
    language: undefined,
    mostPages: {},
    ticked: undefined,
  });
  expect(emergency).toMatchObject({ mostPages: { emergency: 2 }, ticked: ['problem', 'high-risk-medication'] });
  expect(south).toMatchObject({ language: 'es', names: { en: 'South Side Clinic', es: 'South Side Clinic' } });
});

const TWO = `departments:
  - id: heart
    name: Heart Center
    name.es: Centro del Corazón
    recognize: [Location/4B, 1.2.840.1, 0450, urn:oid:1.2.3]
  - id: lung
    name: Lung Center`;

test.each([
  ['heart', 'heart'],
  ['LUNG', 'lung'],
  ['heart  center', 'heart'],
  ['centro del corazón', 'heart'],
  ['Location/4b', 'heart'],
  ['urn:oid:1.2.840.1', 'heart'],
  ['1.2.3', 'heart'],
  ['0450', 'heart'],
  ['450', undefined],
  ['Location/4', undefined],
  ['  ', undefined],
  ['constructor', undefined],
])('a department is recognized by its names: %s', (name, expected) => {
  expect(findDepartment(load(TWO), [name])?.id).toBe(expected);
});

test('the first name that is known counts', () => {
  expect(findDepartment(load(TWO), [undefined, 'Bed 12', 'lung', 'heart'])?.id).toBe('lung');
});

const department = (fields: string): string => `departments:\n  - id: heart\n    name: Heart\n${fields}\n`;

test.each([
  ['departments: [', /^DEPARTMENTS_FILE: line 2: /],
  ['', /^DEPARTMENTS_FILE: line 1, the file: must be object/],
  ['departments: heart', /line 1, departments: must be array/],
  ['department: []', /line 1, department.*: is no field; fields are departments|required property/],
  ['departments:\n  - id: heart', /line 2, departments.0: must have required property 'name'/],
  [department('    colour: red'), /line 4, departments.0.colour: is no field; fields are id, name,/],
  [department('    language: fr'), /line 4, departments.0.language: must be one of en, es/],
  [
    department('    recognize: [a]\n    pages:\n      ambulatory: 4\n      emergency: 99'),
    /line 7, .*emergency: must be <= 20/,
  ],
  [department('    pages: { emergency: many }'), /line 4, .*emergency: must be integer/],
  [department('    tick: [problem, drugs]'), /line 4, departments.0.tick.1: must be one of problem, medication/],
  [department('    logo: logos/none.png'), /line 4, departments.0.logo: must be an existing file: .*none.png/],
  [department('    logo: text.txt'), /line 4, departments.0.logo: must be a PNG, JPEG or SVG picture/],
  [department('    notice: none.txt'), /line 4, departments.0.notice: must be an existing file: /],
  ['departments:\n  - name: Heart\n    id: He art', /line 3, departments.0.id: must be up to 64 small letters/],
  [
    `${TWO}\n    recognize:\n      - x\n      - location/4b`,
    /line 8, departments.1.recognize: location\/4b means heart already/,
  ],
  [`${TWO}\n  - id: lung\n    name: Other`, /line 8, departments.2.id: lung means lung already/],
  [`${TWO}\n  - name: Other\n    id: other\n    name: Twice`, /line 10: duplicated mapping key/],
])('a fault is named with its line and field: %#', (text, expected) => {
  expect(refuse(text)).toMatch(expected);
});

test('a file that is missing or too large is rejected', () => {
  expect(refusal({ DEPARTMENTS_FILE: join(folder.path, 'none.yaml') })).toMatch(/must be an existing file/);
  expect(refuse(`# ${'x'.repeat(300_000)}`)).toMatch(/at most 262144 bytes/);
});

test('logos of all departments have a limit together', () => {
  writeFileSync(join(folder.path, 'large.png'), Buffer.concat([PNG, Buffer.alloc(250_000)]));
  const same = Array.from({ length: 100 }, (_, at) => `  - { id: d${at}, name: D${at}, logo: large.png }`);
  expect(load(`departments:\n${same.join('\n')}`)).toHaveLength(100);
});
