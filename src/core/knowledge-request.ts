import type { AgeGroup } from './age-group.js';
import type { RecipientType, Sex } from './article.js';
import type { CodeSystemId, SubjectKind } from './code-systems.js';
import { codeSystem } from './code-systems.js';
import type { Language } from './language.js';

/** One coding of a criterion, as it was sent. */
export interface RequestCoding {
  /** Undefined where the sender's code system is none of ours. */
  readonly system: CodeSystemId | undefined;
  /** The code system as it was sent; empty where it was missing. */
  readonly systemSent: string;
  readonly code: string;
  /** The code's title as sent (`dn`). */
  readonly display: string;
  /** Free text as sent (`ot`, CodeableConcept.text); stands in for a missing title. */
  readonly originalText?: string;
  readonly userSelected: boolean;
  /** What the resource that holds the coding asks about; undefined: its code system says so. */
  readonly subject?: SubjectKind;
}

/** The title of a coding as sent, else its free text, without blanks around it. */
export function titleOf({ display, originalText = '' }: RequestCoding): string {
  return display.trim() || originalText.trim();
}

/** What a coding asks about: its resource says so, else its code system; undefined where neither is known. */
export function subjectOf({ subject, system }: RequestCoding): SubjectKind | undefined {
  return subject ?? (system && codeSystem(system).kind);
}

/** One thing asked about: HL7's main search criterion, FHIR's CodeableConcept. */
export interface SearchCriterion {
  /** Several codings of one criterion are the same thing in several systems. */
  readonly codings: readonly RequestCoding[];
}

/** What a sub-topic, task or setting code leads to is decided in `context-fit.ts`; unknown codes have no effect. */
export interface RequestContext {
  readonly sex: Sex | undefined;
  /** Empty where the age is not known. */
  readonly ageGroups: readonly AgeGroup[];
  /** The least age in months that the patient may have; undefined where no more than the groups are known. */
  readonly leastAgeMonths?: number | undefined;
  readonly recipient: RecipientType;
  readonly performer: RecipientType | undefined;
  /** The language of the answer. */
  readonly language: Language;
  /** The language that the reader asks for (BCP 47), where it is none of ours; the answer says so, and links to pages in it. */
  readonly foreignLanguage?: string | undefined;
  /** HL7 ActTaskCode, upper case. */
  readonly task: string | undefined;
  /** HL7 ActEncounterCode, upper case. */
  readonly encounter: string | undefined;
  /** MeSH qualifiers or descriptors, upper case. */
  readonly subTopics: readonly string[];
  /** Whoever shows the answer marks what is held, for a clinician to choose it; a feed has no words for that. */
  readonly listsHeld?: boolean;
}

/** A reader of whom nothing is known: a patient, who reads English. */
export const ANYONE: RequestContext = {
  sex: undefined,
  ageGroups: [],
  recipient: 'PAT',
  performer: undefined,
  language: 'en',
  task: undefined,
  encounter: undefined,
  subTopics: [],
  listsHeld: false,
};

/** A knowledge request: what is asked about, and for whom. */
export interface KnowledgeRequest {
  readonly criteria: readonly SearchCriterion[];
  readonly context: RequestContext;
  /** The most articles a criterion may be answered with. */
  readonly maxArticles: number;
  /** Whether each answer is to say what its code's system says of the code. */
  readonly describeCodes?: boolean;
  /** Whether criteria that are the same thing in several systems are answered each by itself, in their order. */
  readonly answersApart?: boolean;
}
