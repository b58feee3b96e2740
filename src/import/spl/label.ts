import { findOwn } from '../../core/find-own.js';
import type { LeafletFacts, LeafletKind } from '../../core/leaflets/leaflet.js';
import type { Language } from '../../core/model/language.js';

/** LOINC codes of the sections that FDA approves for patients. */
const PATIENT_SECTIONS: Readonly<Record<string, LeafletKind>> = {
  '42231-1': 'medication-guide',
  '42230-3': 'patient-package-insert',
  '68498-5': 'patient-information',
  '59845-8': 'instructions-for-use',
};

/** Finds the kind of a section by its LOINC code; undefined for the prescriber's sections. */
export const findLeafletKind = (code: string): LeafletKind | undefined => findOwn(PATIENT_SECTIONS, code);

/** A product of a label, or a part of a kit. */
export interface LabelProduct {
  readonly name: string;
  /** Non-proprietary name; empty if the label states none. */
  readonly genericName: string;
  /** FDA's dose form: `TABLET, FILM COATED`. */
  readonly form: string;
  /** FDA's routes: `ORAL`. */
  readonly routes: readonly string[];
  /** Active ingredients with their salts, as the label writes them. */
  readonly ingredients: readonly string[];
  /** Active moieties: ingredients without their salts. */
  readonly moieties: readonly string[];
  /** NDCs of its packages as eleven digits. */
  readonly ndcs: readonly string[];
  /** FDA's marketing category: `NDA`, `ANDA`, `BLA`; empty if none is stated. */
  readonly approval: string;
  /** Marketing status: `active`, `completed`, `cancelled`; empty if none is stated. */
  readonly status: string;
  /** Last day of marketing, ISO 8601; undefined if none is stated. */
  readonly endsOn: string | undefined;
}

/** A patient's section of a label with its subsections. */
export interface PatientSection {
  readonly kind: LeafletKind;
  readonly language: Language;
  /** Headings, paragraphs, lists and tables in the words of the label. */
  readonly html: string;
}

/** A drug's label as FDA publishes it: its facts, and the sections for patients. */
export interface Label extends Pick<LeafletFacts, 'setId' | 'version' | 'effectiveOn' | 'maker' | 'isCopy'> {
  /** FDA's type of document: `HUMAN PRESCRIPTION DRUG LABEL`. */
  readonly type: string;
  readonly products: readonly LabelProduct[];
  readonly sections: readonly PatientSection[];
}
