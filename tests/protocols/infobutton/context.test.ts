import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestConnector } from '../../support/connector.js';
import { startConnector } from '../../support/connector.js';
import { addresses, articleIds, askHl7, askService, criterion, termsOf } from './ask.js';

let connector: TestConnector;
beforeAll(async () => {
  connector = await startConnector();
});
afterAll(() => connector.stop());

const icd = (code: string): string => criterion('icd10cm', code);
const age = (value: string, unit: string): string => `age.v.v=${value}&age.v.u=${encodeURIComponent(unit)}`;

/** Diaper rash: one page for babies (to 5 years), one for adults (from 19), none for those between. */
const RASH = icd('L22');
const [BABY, ADULT] = ['ency-000964', 'ency-003976'];
/** Febrile seizures: a page for one month to twelve years. */
const SEIZURE = icd('R56.00');
/** Bed-wetting: a page for two to eighteen years. */
const WETTING = icd('F98.0');
/** Elder abuse: a page for 65 years and more. */
const ELDER = icd('T74.A1');

describe('an age with its unit', () => {
  test.each([
    [RASH, '10', 'min', BABY],
    [RASH, '5', 'h', BABY],
    [RASH, '3', 'd', BABY],
    [RASH, '3', 'wk', BABY],
    [RASH, '3', 'w', BABY],
    [RASH, '6', 'mo', BABY],
    [RASH, '6', 'm', BABY],
    [RASH, '59', 'mo', BABY],
    [RASH, '5', 'a', BABY],
    [RASH, '19', 'a', ADULT],
    [RASH, '30', 'a', ADULT],
    [RASH, '30', 'A', ADULT],
    [RASH, '300', 'mo', ADULT],
    [RASH, '1500', 'wk', ADULT],
    [RASH, '11000', 'd', ADULT],
    [RASH, '90', 'a', ADULT],
    [RASH, '8', 'a', undefined],
    [RASH, '96', 'mo', undefined],
    [SEIZURE, '27', 'd', undefined],
    [SEIZURE, '31', 'd', 'ency-000980'],
    [SEIZURE, '4', 'wk', undefined],
    [SEIZURE, '5', 'W', 'ency-000980'],
    [SEIZURE, '600', 'h', undefined],
    [SEIZURE, '800', 'h', 'ency-000980'],
    [SEIZURE, '30000', 'min', undefined],
    [SEIZURE, '50000', 'min', 'ency-000980'],
    [SEIZURE, '12', 'a', 'ency-000980'],
    [SEIZURE, '13', 'a', undefined],
    [WETTING, '23', 'mo', undefined],
    [WETTING, '24', 'mo', 'encypi-000703'],
    [WETTING, '104', 'wk', undefined],
    [WETTING, '105', 'wk', 'encypi-000703'],
    [WETTING, '18', 'a', 'encypi-000703'],
    [WETTING, '19', 'a', undefined],
    [ELDER, '64', 'a', undefined],
    [ELDER, '65', 'a', 'topic-elderabuse'],
    [ELDER, '80', 'a', 'topic-elderabuse'],
    [ELDER, '80', 'mo', undefined],
    [ELDER, '780', 'mo', 'topic-elderabuse'],
  ])('%s&age %s %s leads to %s', async (query, value, unit, article) => {
    const { feed, headers } = await askHl7(connector, `${query}&${age(value, unit)}`);
    const ids = articleIds(feed);
    if (article === undefined) {
      expect(ids).toEqual([]);
      expect(headers.get('x-answer')).toBe('audience');
    } else {
      expect(ids[0]).toBe(article);
    }
    expect([termsOf(feed, 'age.v.v'), termsOf(feed, 'age.v.u')]).toEqual([[value], [unit]]);
  });

  test.each([
    ['no unit', 'age.v.v=6'],
    ['an unknown unit', age('6', 'stone')],
    ['an inherited name as its unit', age('6', 'constructor')],
    ['a negative number', age('-6', 'a')],
    ['words', age('six', 'a')],
    ['an exponent', age('1e1', 'a')],
    ['a year of birth', age('1982', 'a')],
    ['a unit alone', 'age.v.u=a'],
  ])('with %s is taken for no age at all', async (_name, query) => {
    const [{ feed }, unknown] = [await askHl7(connector, `${RASH}&${query}`), await askHl7(connector, RASH)];
    expect(articleIds(feed)).toEqual(articleIds(unknown.feed));
    expect([...termsOf(feed, 'age.v.v'), ...termsOf(feed, 'age.v.u')]).toEqual([]);
  });

  test('shapes MedlinePlus Connect’s dialect too', async () => {
    const { feed } = await askService(connector, `${icd('K21.9')}&${age('6', 'mo')}`);
    expect(addresses(feed)[0]).toContain('/refluxininfants.html');
  });

  test('six months is an infant, six years is a child', async () => {
    const firstFor = async (unit: string): Promise<string | undefined> =>
      articleIds((await askHl7(connector, `${icd('K21.9')}&${age('6', unit)}`)).feed)[0];
    expect([await firstFor('mo'), await firstFor('a')]).toEqual(['topic-refluxininfants', 'topic-refluxinchildren']);
  });
});

describe('an age group', () => {
  test.each([
    [RASH, 'D007231', BABY],
    [RASH, 'D007223', BABY],
    [RASH, 'D002675', BABY],
    [RASH, 'D002648', undefined],
    [RASH, 'D000293', undefined],
    [RASH, 'D055815', ADULT],
    [RASH, 'D000328', ADULT],
    [RASH, 'D008875', ADULT],
    [RASH, 'd000368', ADULT],
    [ELDER, 'D000368', 'topic-elderabuse'],
    [ELDER, 'D000369', 'topic-elderabuse'],
    [ELDER, 'D008875', undefined],
  ])('%s of %s leads to %s', async (query, group, article) => {
    const { feed } = await askHl7(connector, `${query}&ageGroup.v.c=${group}`);
    expect(articleIds(feed)[0]).toBe(article);
    expect(termsOf(feed, 'ageGroup.v.c')).toEqual([group]);
  });

  test('gives way to a known age, and is then ignored', async () => {
    const { feed } = await askHl7(connector, `${RASH}&ageGroup.v.c=D000328&${age('6', 'mo')}`);
    expect(articleIds(feed)[0]).toBe(BABY);
    expect(termsOf(feed, 'ageGroup.v.c')).toEqual([]);
  });

  test('counts where the age has no unit', async () => {
    const { feed } = await askHl7(connector, `${RASH}&ageGroup.v.c=D000328&age.v.v=6`);
    expect(articleIds(feed)[0]).toBe(ADULT);
    expect(termsOf(feed, 'ageGroup.v.c')).toEqual(['D000328']);
    expect(termsOf(feed, 'age.v.v')).toEqual([]);
  });
});

describe('sex', () => {
  /** Hair loss: the topic for everybody, a page for men, a page for women. */
  const HAIR = icd('L64');

  test.each([
    ['M', 'ency-001177'],
    ['m', 'ency-001177'],
    ['F', 'ency-001173'],
  ])('%s puts its page first, before the one for everybody', async (sex, first) => {
    const { feed } = await askHl7(connector, `${HAIR}&patientPerson.administrativeGenderCode.c=${sex}`);
    const ids = articleIds(feed);
    expect(ids[0]).toBe(first);
    expect(ids[1]).toBe('topic-hairloss');
    expect(termsOf(feed, 'patientPerson.administrativeGenderCode.c')).toEqual([sex]);
  });

  test.each(['UN', 'X', 'male-ish'])('%s changes nothing and is not mirrored', async (sex) => {
    const { feed } = await askHl7(connector, `${HAIR}&patientPerson.administrativeGenderCode.c=${sex}`);
    expect(articleIds(feed)).toEqual(articleIds((await askHl7(connector, HAIR)).feed));
    expect(termsOf(feed, 'patientPerson.administrativeGenderCode.c')).toEqual([]);
  });

  test('never hides what the code is about', async () => {
    const { feed } = await askHl7(connector, `${icd('C61')}&patientPerson.administrativeGenderCode.c=F`);
    expect(articleIds(feed)[0]).toBe('topic-prostatecancer');
  });
});

describe('task, setting, sub-topic and recipient', () => {
  const ACNE = icd('L70');
  const [TOPIC, PAGE, INSTRUCTION] = ['topic-acne', 'ency-000873', 'encypi-000750'];

  test.each([
    ['', TOPIC],
    ['informationRecipient=PAT', TOPIC],
    ['informationRecipient=PAYOR', TOPIC],
    ['informationRecipient=PROV', PAGE],
    ['informationRecipient=prov', PAGE],
    ['INFORMATIONRECIPIENT=PROV', PAGE],
    ['taskContext.c.c=DISCHINSTE', INSTRUCTION],
    ['task.c.c=DISCHINSTE', INSTRUCTION],
    ['TASKCONTEXT.C.C=dischinste', INSTRUCTION],
    ['taskContext.c.c=PROBLISTREV', TOPIC],
    ['taskContext.c.c=NONESUCH', TOPIC],
    ['encounter.c.c=IMP', INSTRUCTION],
    ['encounter.c.c=AMB', TOPIC],
    ['subTopic.v.c=Q000628', INSTRUCTION],
    ['subtopic.v.c=Q000628', INSTRUCTION],
    ['subTopic.c.c=Q000628', INSTRUCTION],
    ['subTopic.v.c0=Q000628', INSTRUCTION],
    ['subTopic.v.c1=q000628', INSTRUCTION],
    ['subTopic.v.c=Q000209', PAGE],
    ['subTopic.v.c=Q999999', TOPIC],
    ['subTopic.v.c=Q000209&taskContext.c.c=DISCHINSTE', PAGE],
    ['taskContext.c.c=DISCHINSTE&informationRecipient=PROV', INSTRUCTION],
  ])('%p leads with %s', async (query, first) => {
    const { feed } = await askHl7(connector, `${ACNE}&${query}`);
    const ids = articleIds(feed);
    expect(ids[0]).toBe(first);
    expect(new Set(ids)).toEqual(new Set([TOPIC, PAGE, INSTRUCTION]));
  });

  test('an early spelling of the medication list’s task is the medication list’s', async () => {
    const { feed } = await askHl7(connector, `${ACNE}&taskContext.c.c=MEDLISTREV`);
    expect(termsOf(feed, 'taskContext.c.c')).toEqual(['MEDLISTREV']);
  });

  test('a page about abuse is held back where the patient works the screen', async () => {
    const shown = await askHl7(connector, `${ELDER}&performer=PROV`);
    const held = await askHl7(connector, `${ELDER}&performer=PAT`);
    expect(articleIds(shown.feed)).toEqual(['topic-elderabuse']);
    expect(articleIds(held.feed)).toEqual([]);
    expect(held.headers.get('x-answer')).toBe('code-not-mapped');
  });
});
