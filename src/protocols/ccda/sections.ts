import type { JsonObject } from '../json-object.js';
import type { Node } from './read-tree.js';
import { attributeOf, childrenOf } from './read-tree.js';

/** What a section holds; by its LOINC code, as C-CDA R2.1 has it. */
export type SectionKind =
  | 'problems'
  | 'past-problems'
  | 'diagnoses'
  | 'encounters'
  | 'medications'
  | 'discharge-medications'
  | 'results'
  | 'vital-signs'
  | 'social-history'
  | 'immunizations'
  | 'allergies'
  | 'procedures'
  | 'plan';

/** Sections that are read. A family's history is a relative's, and drugs administered in the hospital are not the patient's own. */
const SECTIONS: Readonly<Record<string, SectionKind | undefined>> = {
  '11450-4': 'problems',
  '11348-0': 'past-problems',
  '11535-2': 'diagnoses',
  '46241-6': 'diagnoses',
  '51848-0': 'diagnoses',
  '51847-2': 'diagnoses',
  '46240-8': 'encounters',
  '10160-0': 'medications',
  '42346-7': 'medications',
  '10183-2': 'discharge-medications',
  '75311-1': 'discharge-medications',
  '30954-2': 'results',
  '8716-3': 'vital-signs',
  '29762-2': 'social-history',
  '11369-6': 'immunizations',
  '48765-2': 'allergies',
  '47519-4': 'procedures',
  '18776-5': 'plan',
};

const SECTION_TEMPLATE = '2.16.840.1.113883.10.20.22.2.';
/** The same by the number of its template, for a section whose code is missing. */
const SECTIONS_BY_TEMPLATE: Readonly<Record<string, SectionKind | undefined>> = {
  '5': 'problems',
  '20': 'past-problems',
  '24': 'diagnoses',
  '22': 'encounters',
  '1': 'medications',
  '11': 'discharge-medications',
  '3': 'results',
  '4': 'vital-signs',
  '17': 'social-history',
  '2': 'immunizations',
  '6': 'allergies',
  '7': 'procedures',
  '10': 'plan',
};

/** What stands for a section that has words and no entries: a fact without a code, so that it is reported. */
export const IN_WORDS: Readonly<Partial<Record<SectionKind, JsonObject>>> = {
  problems: { resourceType: 'Condition' },
  diagnoses: { resourceType: 'Condition' },
  medications: { resourceType: 'MedicationStatement', status: 'active' },
  'discharge-medications': { resourceType: 'MedicationStatement', status: 'active' },
  results: { resourceType: 'Observation', status: 'final' },
  immunizations: { resourceType: 'Immunization', status: 'completed' },
  allergies: { resourceType: 'AllergyIntolerance' },
  procedures: { resourceType: 'Procedure', status: 'completed' },
  plan: { resourceType: 'ServiceRequest', status: 'active', intent: 'order' },
};

/** What sections that are not read are called, each reported once as a type that asks nothing. */
export const UNREAD: Readonly<Record<string, string | undefined>> = {
  '10157-6': 'FamilyHistory',
  '47420-5': 'FunctionalStatus',
  '10190-7': 'MentalStatus',
  '46264-8': 'MedicalEquipment',
  '42348-3': 'AdvanceDirectives',
  '48768-6': 'Payers',
  '61146-7': 'Goals',
  '75310-3': 'HealthConcerns',
  '61144-2': 'Nutrition',
  '29549-3': 'MedicationsAdministered',
};

/** What a section holds: by its code, else by its template. */
export function findKind(section: Node, code: string): SectionKind | undefined {
  if (code !== '') return SECTIONS[code];
  const roots = childrenOf(section, 'templateId').map((one) => attributeOf(one, 'root'));
  const own = roots.find((root) => root.startsWith(SECTION_TEMPLATE))?.slice(SECTION_TEMPLATE.length);
  return SECTIONS_BY_TEMPLATE[own?.split('.', 1)[0] ?? ''];
}
