import type { ReaderLanguage } from '../../core/model/language-links.js';
import type { Language } from '../../core/model/language.js';
import type { Understanding } from '../../core/words/understanding.js';
import type { Translate } from '../../texts.js';
import type { Connector } from '../feed/atom.js';
import type { LanguageNotice } from '../feed/language-links.js';

/** The result of a search, and what its answer adds. */
export interface SearchAnswer {
  readonly query: string;
  /** How the query was understood, with its hits. */
  readonly understood: Understanding;
  readonly language: Language;
  /** The language of the parameter `lang`, if it is another than the answer's. */
  readonly reader: ReaderLanguage;
  /** The notice about that language; undefined if it is the answer's. */
  readonly notice: LanguageNotice | undefined;
  readonly t: Translate;
  /** Name of the library release. */
  readonly release: string;
  readonly connector: Connector;
  /** Fixed base of ids. */
  readonly canonicalBase: string;
  readonly baseUrl: string;
  /** Time of the answer, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly updated: string;
  /** Day of the library's newest release, `YYYY-MM-DD`. */
  readonly releasedOn: string;
  /** The request as a query string, without parameters that do not change the answer. */
  readonly effectiveQuery: string;
}
