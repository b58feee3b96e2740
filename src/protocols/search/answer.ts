import type { Language } from '../../core/language.js';
import type { SearchHit } from '../../core/search-hit.js';
import type { Translate } from '../../texts.js';

/** What was found, and what an answer says beside it. */
export interface SearchAnswer {
  readonly query: string;
  readonly hits: readonly SearchHit[];
  readonly language: Language;
  readonly t: Translate;
  /** Name of the library release. */
  readonly release: string;
  readonly connector: { readonly name: string; readonly url: string };
  /** Fixed base of ids. */
  readonly canonicalBase: string;
  readonly baseUrl: string;
  /** Time of the answer, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly updated: string;
}
