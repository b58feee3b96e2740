import type { Translate } from '../../texts.js';
import { codeSystem } from '../../core/codes/code-systems.js';
import { findTitle } from '../../core/answer/knowledge-request.js';
import { isByTitle, type Answer, type Match, type MissReason } from '../../core/answer/knowledge-response.js';
import { isOfEachPart } from '../../core/codes/resolve-coding.js';
import { isOverdue } from '../../core/keeping/keeper.js';
import type { Language } from '../../core/model/language.js';
import { category, type Connector } from '../feed/atom.js';
import type { Element } from '../feed/element.js';
import { findLanguageNotice } from '../feed/language-links.js';
import type { ParsedRequest } from './parse.js';

/** Parts of an answer that stay the same for every request. */
export interface FeedOptions {
  readonly connector: Connector;
  readonly canonicalBase: string;
  /** The id of an article's document in one language. */
  readonly documentId: (articleId: string, language: Language) => string;
}

/** Parts of a feed of either dialect. */
export interface FeedContext extends FeedOptions {
  readonly parsed: ParsedRequest;
  readonly baseUrl: string;
  /** Time of the answer, `YYYY-MM-DDThh:mm:ssZ`. */
  readonly updated: string;
  /** Whether the site has its own handouts marked whose day of review has passed. */
  readonly marksOverdue: boolean;
  /** Day of the library's newest release, `YYYY-MM-DD`. */
  readonly releasedOn: string;
  readonly language: Language;
  readonly t: Translate;
  /** Media type of the answer, without its charset. */
  readonly contentType: string;
  /** Name of the JSONP callback; empty for any other type. */
  readonly callback: string;
}

/** Schemes of the categories that mark an entry. */
const READING = 'matchedBy';
const REVIEW = 'review';

/** The code system as it is called in a subtitle, and the code as it was sent: `ICD-10-CM N53.14`. */
export function renderSubject({ coding }: Answer): string {
  const label = coding.system ? codeSystem(coding.system).label : coding.systemSent;
  return `${label} ${coding.code.trim()}`.trim() || findTitle(coding);
}

/**
 * Marks an entry by the reading that led to it, as a category: `title` where the title sent with the code did, and `code` beside it where
 * the two contradict each other. Most EHRs ignore headers.
 */
export function markReading(match: Match, { conflict }: Answer): Element[] {
  if (isByTitle(match)) return [category(READING, 'title')];
  return conflict ? [category(READING, 'code')] : [];
}

/** Marks an entry on a site's own handout whose day of review has passed, where the site has them marked. */
export const markOverdue = ({ text }: Match, { marksOverdue, updated }: FeedContext): Element[] =>
  marksOverdue && isOverdue(text.keeper, updated.slice(0, 10)) ? [category(REVIEW, 'overdue')] : [];

/** The notice with which an answer begins if title and code contradict each other; empty otherwise, and without any article. */
const renderConflictNotice = ({ conflict, matches }: Answer, { t }: FeedContext): string =>
  conflict && matches.length > 0 ? `${t(conflict.kind === 'stated' ? 'feed.titleStates' : 'feed.titleConflict')} ` : '';

/** Reasons for which a drug's code has no page. */
const WITHOUT_PAGE: ReadonlySet<MissReason> = new Set([
  'no-page-on-purpose',
  'code-not-mapped',
  'code-not-in-release',
  'drug-name-not-known',
]);

/** Notices on a drug: that its pages are those of all ingredients of a combination; what to do where it has none. Empty for all others. */
function renderDrugNotice({ matches, miss, coding }: Answer, { t }: FeedContext): string {
  if (isOfEachPart(matches)) return `${t('words.each-ingredient')} `;
  const isDrug = coding.system !== undefined && codeSystem(coding.system).kind === 'drug';
  return miss && isDrug && WITHOUT_PAGE.has(miss.reason) ? `${t('words.drugNextStep')}. ` : '';
}

/** The notice with which an answer begins if the reader's language is not one of ours; empty otherwise, and without any article. */
function renderLanguageNotice({ matches }: Answer, { parsed, language, t }: FeedContext): string {
  const articles = matches.map(({ article }) => article);
  const notice = findLanguageNotice(articles, parsed.request.context.foreignLanguage, language, t);
  return notice ? `${notice.text} ` : '';
}

/** The notices with which an answer begins: a contradiction, another language, what a drug's pages are or what to do where it has none. */
export const renderNotices = (answer: Answer, context: FeedContext): string =>
  renderConflictNotice(answer, context) + renderLanguageNotice(answer, context) + renderDrugNotice(answer, context);
