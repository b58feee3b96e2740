import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { drugNameCandidates } from '../../../src/core/drugs/drug-name.js';

describe('names that a display is looked up by', () => {
  test.each([
    ['Metformin', 'metformin'],
    ['  METFORMIN  HCl ', 'metformin'],
    ['metformin hydrochloride 500 MG Oral Tablet', 'metformin'],
    ['24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet', 'metformin'],
    ['Metformin HCl 500mg tab', 'metformin'],
    ['levothyroxine sodium 0.05 MG Oral Tablet', 'levothyroxine'],
    ['aspirin 81 MG', 'aspirin'],
    ['potassium chloride 20 MEQ Extended Release Oral Tablet', 'potassium chloride'],
    ['lithium carbonate 300 MG Oral Capsule', 'lithium carbonate'],
    ['amoxicillin 875 MG / clavulanate 125 MG Oral Tablet [Augmentin]', 'amoxicillin / clavulanate'],
    ['amoxicillin 875 MG / clavulanate 125 MG Oral Tablet [Augmentin]', 'augmentin'],
    ['Amoxicillin-Clavulanate 875-125 mg tablet', 'amoxicillin / clavulanate'],
    ['clavulanate potassium and amoxicillin', 'amoxicillin / clavulanate'],
    ['lisinopril/hydrochlorothiazide', 'hydrochlorothiazide / lisinopril'],
    ['amlodipine 5 MG / benazepril hydrochloride 10 MG Oral Capsule', 'amlodipine / benazepril'],
    ['fluticasone propionate 0.05 MG/ACTUAT Metered Dose Nasal Spray', 'fluticasone nasal'],
    ['60 ACTUAT fluticasone propionate 0.11 MG/ACTUAT Metered Dose Inhaler', 'fluticasone inhalation'],
    ['albuterol 90 mcg HFA inhaler', 'albuterol inhalation'],
    ['Ketorolac 0.5% eye drops', 'ketorolac ophthalmic'],
    ['ketorolac tromethamine 5 MG/ML Ophthalmic Solution', 'ketorolac ophthalmic'],
    ['ofloxacin 3 MG/ML Otic Solution', 'ofloxacin otic'],
    ['hydrocortisone 1 % Topical Cream', 'hydrocortisone topical'],
    ['lidocaine 5% patch', 'lidocaine transdermal'],
    ['estradiol 0.1 MG/ML Vaginal Cream', 'estradiol vaginal'],
    ['estradiol 0.1 mg/gm Vaginal Cream', 'estradiol vaginal'],
    ['insulin glargine 100 UNT/ML Pen Injector [Lantus]', 'insulin glargine injection'],
    ['haloperidol decanoate 100 mg', 'haloperidol injection'],
    ['dexamethasone 4 MG Oral Tablet', 'dexamethasone oral'],
    ['nitroglycerin 0.4 MG Sublingual Tablet', 'nitroglycerin sublingual'],
    ['Tylenol®', 'tylenol'],
    ['Rocéphin', 'rocephin'],
    ['Ortho Tri-Cyclen', 'ortho tri-cyclen'],
    ['omega-3 fatty acids', 'omega-3 fatty acids'],
  ])('%j: %s', (display, name) => {
    expect(drugNameCandidates(display)).toContain(name);
  });

  test('the whole name comes first, so that a row under it wins', () => {
    expect(drugNameCandidates('Penicillin V')[0]).toBe('penicillin v');
    expect(drugNameCandidates('metformin hydrochloride 500 MG Oral Tablet')[0]).toMatch(/^metformin hydrochloride 500/);
  });
});

describe('a name that would lead to a wrong page is not looked up', () => {
  test.each([
    ['one ingredient of a combination', 'amoxicillin 500 MG / clavulanate 125 MG Oral Tablet', 'amoxicillin'],
    ['one ingredient of a combination', 'lisinopril-hydrochlorothiazide 20-12.5 mg', 'lisinopril'],
    ['one ingredient of a combination', 'acetaminophen 325 MG / hydrocodone 5 MG', 'acetaminophen'],
    ['tablets for eye drops', 'ketorolac tromethamine 5 MG/ML Ophthalmic Solution', 'ketorolac'],
    ['tablets for a cream', 'terbinafine 1 % Topical Cream', 'terbinafine'],
    ['tablets for an injection', 'methotrexate 25 MG/ML Injection', 'methotrexate'],
    ['tablets for a vaginal tablet', 'clotrimazole 100 MG Vaginal Tablet', 'clotrimazole'],
    ['tablets for a capsule to inhale', 'tiotropium 0.018 MG Inhalation Capsule', 'tiotropium oral'],
    ['tablets for a salt that is injected', 'haloperidol decanoate 100 mg', 'haloperidol'],
    ['the inhaler for a nasal spray', 'budesonide 0.032 MG/ACTUAT Nasal Spray', 'budesonide inhalation'],
    ['the plain brand for its eye drops', 'x 1 % Ophthalmic Solution [Acular]', 'acular'],
  ])('%s: %j not as %s', (_name, display, wrong) => {
    expect(drugNameCandidates(display)).not.toContain(wrong);
  });
});

test.each(['', '   ', '[]', '()', '[ ]', ',;', '®'])('of %j nothing is left', (display) => {
  expect(drugNameCandidates(display)).toEqual([]);
});

test('no candidate is empty, and none comes twice', () => {
  for (const display of ['aspirin', 'aspirin [aspirin]', '500 MG', '/', ' / ', '+', 'and']) {
    const names = drugNameCandidates(display);
    expect(names).not.toContain('');
    expect(new Set(names).size).toBe(names.length);
  }
});

describe('the names that the shipped mappings hold', () => {
  const codes = readFileSync(new URL('../../../mappings/drug-name.csv', import.meta.url), 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/^"([^"]*)".*|,.*/s, '$1'));
  const oral = [...new Set(codes.filter((code) => code.endsWith(' oral')).map((code) => code.replace(/ oral$/, '')))];

  test('the file is there', () => {
    expect(codes.length).toBeGreaterThan(100);
    expect(oral.length).toBeGreaterThan(0);
  });

  test.each(oral)('%s is found by the name of its tablets', (ingredient) => {
    expect(drugNameCandidates(`${ingredient} 10 MG Oral Tablet`)).toContain(`${ingredient} oral`);
  });
});
