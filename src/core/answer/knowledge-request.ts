import { isCutText } from '../client-text.js';
import { tellsForm } from '../drugs/other-drug.js';
import type { AgeGroup } from './age-group.js';
import type { RecipientType, Sex } from '../model/article.js';
import { codeSystem, type CodeSystemId, type SubjectKind } from '../codes/code-systems.js';
import type { Language } from '../model/language.js';

/** One coding of a criterion, as sent. */
export interface RequestCoding {
  /** Undefined if the sender's code system is unknown. */
  readonly system: CodeSystemId | undefined;
  /** The code system as sent; empty if missing. */
  readonly systemSent: string;
  readonly code: string;
  /** The code's title as sent (`dn`). */
  readonly display: string;
  /** Free text as sent (`ot`, CodeableConcept.text); used if the title is missing. */
  readonly originalText?: string;
  readonly userSelected: boolean;
  /** The subject, from the resource that holds the coding; undefined: from its code system. */
  readonly subject?: SubjectKind;
  /** The route by which a chart's drug is taken, as drug lines word it; absent where the chart tells none. */
  readonly route?: string;
}

/** Whether a coding was sent with a longer text than is matched. */
export const isCutCoding = ({ systemSent, code, display, originalText = '' }: RequestCoding): boolean =>
  [systemSent, code, display, originalText].some(isCutText);

/** Returns a key that codings share if they are the same; a text that several of them have is in it once. */
export const buildCodingsKey = (codings: readonly RequestCoding[]): string =>
  JSON.stringify([
    codings.map(({ system, systemSent, code, display, userSelected, route }) => [
      system ?? systemSent,
      code.trim(),
      display,
      userSelected,
      route,
    ]),
    [...new Set(codings.map(({ originalText = '' }) => originalText))],
  ]);

/** The title of a coding as sent, else its free text, trimmed. */
export function findTitle({ display, originalText = '' }: RequestCoding): string {
  return display.trim() || originalText.trim();
}

/** The name of a chart's drug with its route, where it tells no form itself. */
export const withRoute = (name: string, route: string | undefined): string =>
  route === undefined || name === '' || tellsForm(name) ? name : `${name} ${route}`;

/** The subject of a coding: from its resource, else from its code system; undefined if neither is known. */
export function findSubject({ subject, system }: RequestCoding): SubjectKind | undefined {
  return subject ?? (system && codeSystem(system).kind);
}

/** One search criterion: HL7's main search criterion, FHIR's CodeableConcept. */
export interface SearchCriterion {
  /** Several codings of one criterion are the same thing in several systems. */
  readonly codings: readonly RequestCoding[];
}

/** Which codes of sub-topic, task or setting have an effect is decided in `rank.ts`; unknown codes have none. */
export interface RequestContext {
  readonly sex: Sex | undefined;
  /** Empty if the age is unknown. */
  readonly ageGroups: readonly AgeGroup[];
  /** The patient's least possible age in months; undefined if only the groups are known. */
  readonly leastAgeMonths?: number | undefined;
  readonly recipient: RecipientType;
  readonly performer: RecipientType | undefined;
  /** The language of the answer. */
  readonly language: Language;
  /**
   * The requested language (BCP 47), if it is not English or Spanish; the answer reports this and links to pages in it.
   */
  readonly foreignLanguage?: string | undefined;
  /** HL7 ActTaskCode, upper case. */
  readonly task: string | undefined;
  /** HL7 ActEncounterCode, upper case. */
  readonly encounter: string | undefined;
  /** MeSH qualifiers or descriptors, upper case. */
  readonly subTopics: readonly string[];
  /** True if the chart or the code is one of a discharge; else task and setting decide. */
  readonly isDischarge?: boolean;
  /** The caller marks held articles so that a clinician can choose them; a feed cannot. */
  readonly listsHeld?: boolean;
}

/** An unknown reader: a patient who reads English. */
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

/** A knowledge request: the subjects, and the reader. */
export interface KnowledgeRequest {
  readonly criteria: readonly SearchCriterion[];
  readonly context: RequestContext;
  /** Maximum articles per criterion. */
  readonly maxArticles: number;
  /** Whether each answer includes what the code's system states about the code. */
  readonly describeCodes?: boolean;
  /** Whether the articles that the matched ones point to are left out: the caller shows none of them. */
  readonly omitsRelated?: boolean;
  /** Whether criteria that mean the same thing in several systems are answered separately, in their order. */
  readonly answersApart?: boolean;
}
