import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { findKindPage } from '../../../src/core/titles/find-kind.js';
import { plainName } from '../../../src/core/titles/canonical-terms.js';
import { ENGLISH } from '../../mappings/tables.js';

describe('the page of a kind', () => {
  test.each([
    ['Reconstruction of anterior cruciate ligament of knee joint (procedure)', true, 'topic-surgery'],
    ['Poor quality of vision after vasectomy (procedure)', true, undefined],
    ['Transfusion of platelets (procedure)', true, 'topic-bloodtransfusionanddonation'],
    ['Pleomorphic adenoma of parotid gland (disorder)', false, 'topic-benigntumors'],
    ['Malignant neoplasm of palate (disorder)', false, undefined],
    ['Encopresis with constipation and overflow incontinence (finding)', false, undefined],
    ['Bleeding after miscarriage (disorder)', false, undefined],
    ['No evidence of aneurysm (situation)', false, undefined],
    ['Non-small cell lung cancer with anaplastic lymphoma kinase fusion', false, undefined],
    ['Uveitis associated with human T-cell lymphoma virus', false, undefined],
    ["Hodgkin's sarcoma of lymph nodes (disorder)", false, undefined],
    ['Plantar papilloma of yaws (disorder)', false, undefined],
    ['Radical amputation of penis (procedure)', true, undefined],
    ['Administration of vaccine product containing only Hepatitis A virus antigen (procedure)', true, undefined],
    ['Acute disease or injury-related malnutrition (disorder)', false, undefined],
  ])('%s', (title, isProcedure, page) => {
    expect(findKindPage(plainName(title), isProcedure)).toBe(page);
  });

  test('every page of a rule is in the catalogue', () => {
    const ids = readFileSync('resources/titles/kinds.yaml', 'utf8').match(/\b(?:topic|ency|encypi|test)-[a-z0-9-]+/g);
    expect(ids?.length).toBeGreaterThan(50);
    expect(ids?.filter((id) => !ENGLISH.has(id))).toEqual([]);
  });
});
