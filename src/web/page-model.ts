import type { TFunction } from 'i18next';
import type { KnowledgeResponse } from '../core/knowledge-response.js';
import type { Language } from '../core/language.js';

/** What the search box is filled with. */
export interface SearchFields {
  readonly code: string;
  readonly system: string;
  readonly title: string;
}

export interface PageModel {
  readonly language: Language;
  readonly t: TFunction;
  readonly connectorName: string;
  readonly fields: SearchFields;
  readonly response: KnowledgeResponse | undefined;
  /** What went wrong, in words; undefined where nothing did. */
  readonly problem: string | undefined;
  readonly baseUrl: string;
  /** This page in the other language. */
  readonly otherLanguageUrl: string;
}
