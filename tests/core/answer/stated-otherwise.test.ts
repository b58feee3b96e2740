import { describe, expect, test } from '@jest/globals';
import { createIllnessReader } from '../../../src/core/titles/statements/find-illness.js';
import {
  readStatement,
  readTitleStatement,
  type Statement,
} from '../../../src/core/titles/statements/stated-otherwise.js';
import { openForSuite } from '../../support/suite-library.js';

const suite = openForSuite();

/** Statement of a title, where the shipped library knows what illnesses are called. */
function readTitle(title: string): Statement | undefined {
  const { titleFacts } = suite.library.status();
  if (!titleFacts) throw new Error('The shipped library has facts of titles.');
  return readTitleStatement(title, createIllnessReader(titleFacts, suite.library));
}

describe('a statement is read with its subject', () => {
  test.each([
    ['denies chest pain', 'negated', 'denies', 'chest pain'],
    ['Pt denies SOB', 'negated', 'denies', 'sob'],
    ['Patient denied: dizziness', 'negated', 'denied', 'dizziness'],
    ['no DM', 'negated', 'no', 'dm'],
    ['No known drug allergy (situation)', 'negated', 'no', 'known drug allergy'],
    ['without fever', 'negated', 'without', 'fever'],
    ['w/o fever', 'negated', 'w/o', 'fever'],
    ['negative for COVID-19', 'negated', 'negative for', 'covid-19'],
    ['not pregnant', 'negated', 'not', 'pregnant'],
    ['does not have asthma', 'negated', 'does not have', 'asthma'],
    ['niega dolor torácico', 'negated', 'niega', 'dolor toracico'],
    ['Sin fiebre', 'negated', 'sin', 'fiebre'],
    ['no fiebre', 'negated', 'no', 'fiebre'],
    ['no tiene diabetes', 'negated', 'no tiene', 'diabetes'],
    ['Macular edema absent (situation)', 'negated', undefined, undefined],
    ['Influenza - negative', 'negated', 'negative', 'influenza'],
    ['tos: negado', 'negated', 'negado', 'tos'],
    ['r/o MI', 'ruled-out', 'r/o', 'mi'],
    ['R/O: sepsis', 'ruled-out', 'r/o', 'sepsis'],
    ['rule out pulmonary embolism', 'ruled-out', 'rule out', 'pulmonary embolism'],
    ['Pneumonia, ruled out', 'ruled-out', 'ruled out', 'pneumonia'],
    ['descartar apendicitis', 'ruled-out', 'descartar', 'apendicitis'],
    ['a descartar IAM', 'ruled-out', 'a descartar', 'iam'],
    ['FHx breast cancer', 'family-history', 'fhx', 'breast cancer'],
    ['Family history of malignant neoplasm of breast', 'family-history', 'family history of', undefined],
    ['FH: colon cancer', 'family-history', 'fh', 'colon cancer'],
    ['breast cancer family history', 'family-history', 'family history', 'breast cancer'],
    ['antecedentes familiares de diabetes', 'family-history', 'antecedentes familiares de', 'diabetes'],
    ['h/o stroke', 'history', 'h/o', 'stroke'],
    ['hx of DVT', 'history', 'hx of', 'dvt'],
    ['PMH: HTN', 'history', 'pmh', 'htn'],
    ['History of measles (situation)', 'history', 'history of', undefined],
    ['Personal history of breast cancer', 'history', 'personal history of', 'breast cancer'],
    ['antecedente de infarto', 'history', 'antecedente de', 'infarto'],
    ['antecedentes personales de asma', 'history', 'antecedentes personales de', 'asma'],
    ['Encounter for screening for diabetes', 'screening', 'screening for', 'diabetes'],
    ['HIV screening', 'screening', 'screening', 'hiv'],
    ['tamizaje de cáncer de mama', 'screening', 'tamizaje de', 'cancer de mama'],
    ['Exposure to COVID-19', 'exposure', 'exposure to', 'covid-19'],
    ['Contact with and (suspected) exposure to rabies', 'exposure', undefined, 'rabies'],
    ['No family history of breast cancer', 'negated', 'no', 'family history of breast cancer'],
  ])('%s: %s', (text, kind, phrase, subject) => {
    const statement = readStatement(text);
    expect(statement?.kind).toBe(kind);
    if (phrase !== undefined) expect(statement?.phrase).toBe(phrase);
    if (subject !== undefined) expect(statement?.subject).toBe(subject);
  });
});

describe('a name that holds such words states nothing', () => {
  test.each([
    'migraine without aura',
    'Concussion without loss of consciousness',
    'Rh negative',
    'Gram-negative sepsis',
    'Triple negative breast cancer',
    'breast cancer, triple negative',
    'HER2-negative',
    'nonalcoholic fatty liver',
    'non-Hodgkin lymphoma',
    'no-till farming',
    'Living with diabetes',
    'quit smoking',
    'Family History',
    'Historia familiar',
    'medical history',
    'screening',
    'Dieta sin gluten',
    'tabaco sin humo',
    'Linfoma no Hodgkin',
    'no code',
    'no appetite',
    'no energy',
    'no period',
    'sin aliento',
    'sin apetito',
    'no puedo dormir',
    'no me baja la regla',
    'no tengo hambre',
    'not breathing',
    'not sleeping',
    'nodule',
    'notalgia',
    'sinusitis',
    'singultus',
    'sinovitis',
    'hxa',
    'fhit gene',
    'absence seizure',
    'Hipercolesterolemia familiar',
    'fiebre mediterránea familiar',
    'Ausencia de sudoración',
    'Nacimiento sin vida',
    'no',
    'sin',
    'denies',
    'r/o',
    '',
    '   ',
    '¿?',
  ])('%s', (text) => {
    expect(readStatement(text)).toBeUndefined();
  });
});

test('a long text is read in the time of a short one', () => {
  const hostile = ['no '.repeat(50_000), ' ('.repeat(100_000), `x${' -'.repeat(100_000)}`, 'history '.repeat(50_000)];
  for (const text of hostile) expect(() => readStatement(text)).not.toThrow();
});

describe('a title states more than a typed line, which names what is looked for', () => {
  test.each([
    ...[
      'possible #',
      'suspected #',
      'concern for #',
      '?#',
      '#?',
      '# suspected',
      'c/w #',
      'workup for #',
      'sospecha de #',
    ].map((form) => [form, 'suspected'] as const),
    ...['not #', 'neg #', '# - NED', '# no evidence of disease'].map((form) => [form, 'negated'] as const),
    ...['resolved #', 'prior #', 'past #', 's/p #', 'old #', '# in 2009', '# (2009)', '# 3 years ago', '# previo'].map(
      (form) => [form, 'history'] as const,
    ),
    ...['mother with #', 'father had #', "sister's #", 'brother: #', '# (mother)', '# in father', 'madre con #'].map(
      (form) => [form, 'family-history'] as const,
    ),
    ['screen #', 'screening'] as const,
  ])('%s: %s', (form, kind) => {
    const text = form.replace('#', 'heart attack');
    expect(readTitle(text)).toMatchObject({ kind, subject: 'heart attack' });
  });

  test.each([
    ['Threatened miscarriage', 'suspected'],
    ['Low suspicion for PE', 'suspected'],
    ['Elevated PSA concerning for prostate cancer', 'suspected'],
    ['Pneumonia vs bronchitis', 'suspected'],
    ['Pulmonary embolism excluded', 'negated'],
    ['Impression: PE not seen on CT', 'negated'],
    ['Depression - denies', 'negated'],
    ['CVA, r/o', 'ruled-out'],
    ['Pneumonia last year', 'history'],
    ['Husband HIV positive', 'family-history'],
    ['Partner has HIV', 'family-history'],
    ['Mother is an alcoholic', 'family-history'],
    ['Father alcoholic', 'family-history'],
    ["Patient's mother had breast cancer", 'family-history'],
    ['Son worried re prostate ca', 'family-history'],
    ['Novio con VIH', 'family-history'],
    ['Hermano diabético', 'family-history'],
    ['RO PE', 'ruled-out'],
    ['Could not exclude stroke', 'suspected'],
    ['Pneumonia - awaiting confirmation', 'suspected'],
    ['No se descarta ictus', 'suspected'],
    ['Infarto a descartar', 'suspected'],
    ['Diabetes: no', 'negated'],
    ['Ausencia de infección', 'negated'],
    ['Breast cancer in remission', 'history'],
    ['Leucemia en remisión', 'history'],
    ['Colon cancer survivor', 'history'],
    ['Heart attack 2011', 'history'],
    ['Ex-alcoholic', 'history'],
    ['Ant. de ictus', 'history'],
    ['Maternal breast cancer', 'family-history'],
    ['Paternal stroke', 'family-history'],
    ['Stroke runs in family', 'family-history'],
    ['APF cáncer de colon', 'family-history'],
    ['Infarto del padre', 'family-history'],
    ['Cáncer de colon (padre)', 'family-history'],
    ['Contact of TB case', 'exposure'],
    ['Impression: possible stroke', 'suspected'],
    ['Neumonía por descartar', 'suspected'],
    ['No se evidencia infarto', 'negated'],
    ['Has a history of stroke', 'history'],
    ['Ant fam ictus', 'family-history'],
    ['Mat. grandfather stroke', 'family-history'],
    ['Never diagnosed with epilepsy', 'negated'],
    ['Negative workup for stroke', 'negated'],
    ['May have appendicitis', 'suspected'],
    ['Monitoring for tuberculosis', 'suspected'],
    ['Exclude pneumonia', 'suspected'],
    ['Grandmother breast cancer', 'family-history'],
    ['Epilepsia en la infancia', 'history'],
    ['Cáncer de mama materno', 'family-history'],
    ['Fear of lung cancer', 'suspected'],
    ['Pt thinks she may have HIV', 'suspected'],
    ['Reason for exam: r/o stroke', 'ruled-out'],
    ['Referred for ? epilepsy', 'suspected'],
    ['Dx: ?leukemia', 'suspected'],
    ['HIV contact', 'exposure'],
    ['Post stroke', 'history'],
    ['Was told had lupus', 'history'],
    ['Tuberculosis treated in 2010', 'history'],
    ['Stroke exposure at work', 'exposure'],
    ['Caring for mother with dementia', 'family-history'],
    ['Two sisters with breast cancer', 'family-history'],
    ['Wife being treated for lymphoma', 'family-history'],
    ['Brother leukemia', 'family-history'],
    ['Cancer testing', 'screening'],
    ['Wants to be tested for HIV', 'screening'],
    ['Negative tuberculosis', 'negated'],
    ['D/C pneumonia', 'ruled-out'],
    ['Paciente con sospecha de leucemia', 'suspected'],
    ['Miedo a cáncer de mama', 'suspected'],
    ['Historial médico de epilepsia', 'history'],
    ['Tiene hermana con esquizofrenia', 'family-history'],
  ])('%s: %s', (title, kind) => {
    expect(readTitle(title)?.kind).toBe(kind);
  });

  test.each([
    ...[
      'Sibling rivalry',
      'Partner violence',
      'Parent-child conflict',
      'Childhood asthma',
      'Migraine, not intractable',
    ],
    ...[
      'Threatened preterm labor',
      'Graft versus host disease',
      'Chronic graft-versus-host disease',
      'Abscess, not drained',
      'Infertility, male partner',
    ],
    ...['Mujer con cáncer de mama', 'Mother to child transmission', 'Suspicious mole', 'Pregnancy, not delivered'],
    ...['Rheumatoid arthritis in remission', 'Absence of menstruation', 'Maternal diabetes', 'Ex-premature infant'],
    ...[
      'Rape survivor',
      'Anti-Ro antibody',
      'Ro antibody positive',
      'AF',
      'Childhood leukemia',
      'Hipertensión materna',
    ],
  ])('%s states nothing', (title) => {
    expect(readTitle(title)).toBeUndefined();
  });

  test.each([
    'previous c section',
    'prior authorization',
    'possible pregnancy',
    'old age',
    's/p knee replacement',
    'UTI?',
  ])('typed: %s', (line) => {
    expect(readStatement(line)).toBeUndefined();
  });

  test.each([
    'Coronavirus disease 2019',
    'Diabetes since 2009',
    'Diabetes diagnosed in 2009',
    'Contact dermatitis',
    'Placenta previa',
    'Not otherwise specified arthritis',
    'Not breathing well',
    'Screening mammography',
    'Infant of diabetic mother',
    'Old age',
    'Epilepsy in childhood',
    'Negative pressure wound therapy',
    'Fear of flying',
    'Post traumatic arthritis',
    'Twin pregnancy with breech presentation',
    'Person with a stroke',
    'Anxiety due to dementia',
    'High risk pregnancy',
    'Exposure keratitis',
    'Hypothyroidism, treated',
    'Ansiedad por separación',
  ])('states nothing: %s', (title) => {
    expect(readTitle(title)).toBeUndefined();
  });
});
