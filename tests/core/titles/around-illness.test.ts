import { describe, expect, test } from '@jest/globals';
import type { StatementKind } from '../../../src/core/titles/statements/around-illness.js';
import { createIllnessReader } from '../../../src/core/titles/statements/find-illness.js';
import { readTitleStatement } from '../../../src/core/titles/statements/stated-otherwise.js';
import { openForSuite } from '../../support/suite-library.js';

const suite = openForSuite();

/** Kind of statement of a title, where the shipped library knows what illnesses are called. */
function readKind(title: string): StatementKind | undefined {
  const { titleFacts } = suite.library.status();
  if (!titleFacts) throw new Error('The shipped library has facts of titles.');
  return readTitleStatement(title, createIllnessReader(titleFacts, suite.library))?.kind;
}

// None of these illnesses is in the data of statements: the library names them.
const ILLNESSES = {
  en: ['gallstones', 'diverticulitis', 'whooping cough', 'sickle cell anemia', "Crohn's disease"],
  es: ['varicela', 'endometriosis', 'cáncer de mama', 'enfermedad de Lyme'],
};
type Language = keyof typeof ILLNESSES;

/** Forms with each illness in place of their mark. */
const listTitles = (language: Language, forms: string): string[] =>
  forms.split('|').flatMap((form) => ILLNESSES[language].map((one) => form.replace('#', one)));

describe('words of notes around any illness that the library names', () => {
  test.each<[StatementKind, Language, string]>([
    ['suspected', 'en', '# anxiety|# scare|Being worked up for #|Looks like #|# v. viral illness'],
    [
      'suspected',
      'en',
      'Thinks he has #|Positive screen for #|# - need to confirm|Treating as #|Parental concern for #|Afraid of getting #',
    ],
    [
      'suspected',
      'es',
      'Pb. #|Cree tener #|Quizás #|Puede ser #|# en investigación|Carga de # por confirmar|Impresiona como #',
    ],
    [
      'negated',
      'en',
      '# (-)|(-) #|false positive #|# dx removed|Does not meet # criteria|# - n/a|# not found|No personal #',
    ],
    ['negated', 'es', '# (-)|No se encontró #|TAC negativa para #|Nunca ha tenido #|# ausente'],
    [
      'history',
      'en',
      '# when pregnant|# last pregnancy|# in high school|# as an infant|# while deployed|# in the Army|# at age 5|# 3/2015',
    ],
    [
      'history',
      'en',
      '# before immigration|# several years back|# with first pregnancy|# in 5th grade|# in his 20s|# at birth|Outgrew #',
    ],
    [
      'history',
      'es',
      'H. de #|# de niña|# cuando niño|# al nacer|# en su juventud|# hace tiempo|# años atrás|# en otro embarazo|# a los 12 años',
    ],
    [
      'family-history',
      'en',
      'Uncle w/#|Stressed caring for dad w #|# - mat GM|Family member dx #|Mom #|# (family)|# on maternal side',
    ],
    ['family-history', 'es', 'Fam. con #|Cuida a su madre con #|# por línea materna|Carga genética de #|Vecino con #'],
    ['screening', 'en', 'Check for #|# carrier status unknown|Here for # test|Wants to be checked for #|# screen due'],
    ['screening', 'es', 'Detección oportuna de #|Prueba rápida #|Solicita test de #'],
    [
      'exposure',
      'en',
      '# contact tracing|Household member with #|# cases at work|Came in contact with #|PEP for #|# in household',
    ],
    ['exposure', 'es', 'Brote de # en la escuela|Contacto escolar #|Compañera de trabajo con #'],
    // Words that no list has, and breaks behind a statement.
    ['suspected', 'en', 'GP queries #|Findings raise the possibility of #|# (suspected) - refer to specialist'],
    ['ruled-out', 'en', 'Referred to rule out #|# ruled out by outside biopsy|# - ruled out 3/2024'],
    ['history', 'en', '# - s/p treatment, no recurrence|Childhood #, outgrown'],
    ['family-history', 'en', 'Both siblings affected by #|Reportedly mother had #'],
    ['family-history', 'es', 'Abuela paterna fallecida por #|Hermanas afectadas de #'],
  ])('%s, %s: %s', (kind, language, forms) => {
    expect(listTitles(language, forms).filter((title) => readKind(title) !== kind)).toEqual([]);
  });

  test.each<[Language, string]>([
    [
      'en',
      '#, controlled|Severe #|# since 2015|# dx 2015|Onset of # 2018|#, newly diagnosed last month|# diagnosed 2 years ago|# since childhood',
    ],
    [
      'en',
      "#, no meds|#, not at goal|#, never hospitalized|#, has not seen specialist|# dx'd as a child|# this past week|# over past month",
    ],
    [
      'en',
      '#, husband present|#, mom at visit|# in child|12 year old with #|Assessment: #|Questions about #|# counseling|# and anxiety',
    ],
    [
      'es',
      '# controlada|# desde 2015|# diagnosticada en 2010|# diagnosticada hace 2 años|#, acude con su madre|Niño con #|# no controlada',
    ],
  ])('states nothing, %s: %s', (language, forms) => {
    expect(listTitles(language, forms).filter(readKind)).toEqual([]);
  });

  test.each([
    'Depression anxiety',
    'Asthma, anxiety',
    'Recent contact dermatitis',
    'Breast cancer, ER (-)',
    'Pb poisoning',
    'Anterior uveitis',
    'Persistent AF',
    'Ant bite',
    'GM seizure',
    'Teenage acne',
    'Never had period',
    'Cold exposure',
    'Free fluid abdomen',
    'Refractive error',
    'Past due date',
    "Grief over mother's death",
    'Abnormal stress test',
    'Clear cell carcinoma of kidney',
    'Complete trisomy 21 syndrome',
    'Post infarct angina',
    'Fetal or neonatal effect of placenta previa',
  ])('states nothing: %s', (title) => {
    expect(readKind(title)).toBeUndefined();
  });

  test.each<[StatementKind, string]>([
    ['family-history', 'In her sister: recurrent bronchiectasis'],
    ['suspected', 'Please evaluate for superficial laceration of hand'],
    ['history', 'Fecal peritonitis as a child'],
  ])('%s, of a name with an illness in it: %s', (kind, title) => {
    expect(readKind(title)).toBe(kind);
  });
});
