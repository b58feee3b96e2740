import { describe, expect, test } from '@jest/globals';
import {
  AGE_GROUPS,
  listAgeGroups,
  ageGroupsOfMesh,
  ageGroupsOfMonths,
  ageInMonths,
} from '../../../src/core/answer/age-group.js';
import type { AgeGroup } from '../../../src/core/answer/age-group.js';

describe('the age groups of an age', () => {
  test.each<readonly [age: string, groups: AgeGroup[]]>([
    ['0 d', ['newborn']],
    ['90 min', ['newborn']],
    ['36 h', ['newborn']],
    ['30 d', ['newborn']],
    ['4 wk', ['newborn']],
    ['0 mo', ['newborn']],
    ['0.5 mo', ['newborn']],
    ['31 d', ['infant']],
    ['5 wk', ['infant']],
    ['1 mo', ['infant']],
    ['6 mo', ['infant']],
    ['23 mo', ['infant']],
    ['1 a', ['infant']],
    ['24 mo', ['preschool']],
    ['2 a', ['preschool']],
    ['731 d', ['preschool']],
    ['71 mo', ['preschool']],
    ['5 a', ['preschool']],
    ['6 a', ['child']],
    ['72 mo', ['child']],
    ['12 a', ['child']],
    ['13 a', ['adolescent']],
    ['18 a', ['adolescent']],
    ['18.9 a', ['adolescent']],
    ['19 a', ['young-adult', 'adult']],
    ['20 a', ['young-adult', 'adult']],
    ['24 a', ['young-adult', 'adult']],
    ['25 a', ['adult']],
    ['44 a', ['adult']],
    ['45 a', ['middle-aged']],
    ['64 a', ['middle-aged']],
    ['65 a', ['aged']],
    ['79 a', ['aged']],
    ['80 a', ['aged', 'aged-80']],
    ['110 a', ['aged', 'aged-80']],
  ])('%s: %j', (age, groups) => {
    const [value = '', unit = ''] = age.split(' ');
    expect(ageGroupsOfMonths(ageInMonths(value, unit) ?? Number.NaN)).toEqual(groups);
  });
});

describe('an age in months', () => {
  test.each([
    ['6', 'mo', 6],
    ['6', 'm', 6],
    ['6', 'MO', 6],
    ['6', ' mo ', 6],
    ['6', 'months', 6],
    ['6', '{mo}', 6],
    ['6', 'a', 72],
    ['6', 'y', 72],
    ['6', 'yr', 72],
    ['6', 'Years', 72],
    [' 6 ', 'a', 72],
    ['6.5', 'a', 78],
    ['130', 'a', 1560],
  ])('%s %s is %d months', (value, unit, months) => {
    expect(ageInMonths(value, unit)).toBeCloseTo(months, 9);
  });

  test.each([
    ['IHE writes w, UCUM writes wk', 'w', 'wk'],
    ['IHE writes m, UCUM writes mo', 'm', 'mo'],
    ['hours in words', 'hours', 'h'],
    ['minutes in words', 'minute', 'min'],
    ['days in words', 'days', 'd'],
  ])('%s', (_name, one, other) => {
    expect(ageInMonths('7', one)).toBe(ageInMonths('7', other));
    expect(ageInMonths('7', one)).toBeGreaterThan(0);
  });

  test('minutes are no months', () => {
    expect(ageInMonths('60', 'min')).toBeLessThan(0.01);
  });

  test.each([
    ['without its unit', '6', ''],
    ['of an unknown unit', '6', 'fortnight'],
    ['of a unit that is a member of every object', '6', 'constructor'],
    ['of a unit that every object inherits', '6', '__proto__'],
    ['below nothing', '-1', 'a'],
    ['in words', 'six', 'a'],
    ['of nothing', '', 'a'],
    ['in exponents', '1e2', 'a'],
    ['without end', 'Infinity', 'a'],
    ['in hexadecimal', '0x10', 'a'],
    ['that is a year of birth', '1958', 'a'],
    ['past any human one', '131', 'a'],
    ['in days taken for years', '20000', 'a'],
  ])('an age %s is not known', (_name, value, unit) => {
    expect(ageInMonths(value, unit)).toBeUndefined();
  });
});

describe('the MeSH descriptors', () => {
  test.each<readonly [mesh: string, ...groups: AgeGroup[]]>([
    ['D007231', 'newborn'],
    ['D007223', 'infant'],
    ['D002675', 'preschool'],
    ['D002648', 'child'],
    ['D000293', 'adolescent'],
    ['D055815', 'young-adult', 'adult'],
    ['D000328', 'young-adult', 'adult'],
    ['D008875', 'middle-aged'],
    ['D000368', 'aged', 'aged-80'],
    ['D000369', 'aged', 'aged-80'],
    [' d002648 ', 'child'],
  ])('whoever is in %s may be in %s', (mesh, ...groups) => {
    expect(ageGroupsOfMesh(mesh)).toEqual(groups);
  });

  test.each(['', 'D003920', '002648', 'child'])('%j is no age group', (mesh) => {
    expect(ageGroupsOfMesh(mesh)).toEqual([]);
  });

  test('every group has a descriptor of its own', () => {
    expect(new Set(AGE_GROUPS.map(({ mesh }) => mesh)).size).toBe(10);
  });
});

describe('the age groups of an age as sent', () => {
  test.each<readonly [value: string, unit: string, groups: AgeGroup[]]>([
    ['0', 'a', ['newborn', 'infant']],
    ['0', 'years', ['newborn', 'infant']],
    ['0', 'mo', ['newborn']],
    ['0', 'd', ['newborn']],
    ['6', 'mo', ['infant']],
    ['20', 'a', ['young-adult', 'adult']],
    ['6', '', []],
  ])('%s %s: %j', (value, unit, groups) => {
    expect(listAgeGroups(value, unit)).toEqual(groups);
  });
});
