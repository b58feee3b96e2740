import type { Translate } from '../texts.js';
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
  readonly t: Translate;
  readonly connectorName: string;
  readonly fields: SearchFields;
  readonly response: KnowledgeResponse | undefined;
  /** What went wrong, in words; undefined where nothing did. */
  readonly problem: string | undefined;
  readonly baseUrl: string;
  /** Path of `baseUrl`, which stands before every address of our own; mostly empty. */
  readonly basePath: string;
  /** This page in the other language. */
  readonly otherLanguageUrl: string;
}
