import { codeSystem } from '../../core/codes/code-systems.js';
import { findTitle } from '../../core/answer/knowledge-request.js';
import { isByTitle, type Answer, type Match, type MissReason } from '../../core/answer/knowledge-response.js';
import { isOfEachPart } from '../../core/codes/resolve-coding.js';
import { isOverdue } from '../../core/keeping/keeper.js';
import { category, type Connector, type Element } from '../feed/atom.js';
import { findLanguageNotice } from '../feed/language-links.js';
import type { ParsedRequest } from './parse.js';
import type { Translate } from '../../texts.js';
import { publisherTextIn, findSummary } from '../../core/model/article.js';
import { escapeHtml } from '../../core/escape.js';
import type { Language } from '../../core/model/language.js';

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
 * Marks an entry by categories: the reading that led to it, `title` where the title sent with the code did and `code` beside it where the two
 * contradict each other, since most EHRs ignore headers; and a site's own handout whose day of review has passed, where the site has them
 * marked.
 */
export function markEntry(match: Match, { conflict }: Answer, { marksOverdue, updated }: FeedContext): Element[] {
  const reading = isByTitle(match) ? 'title' : conflict && 'code';
  const { keeper } = match.text;
  const isLate = marksOverdue && keeper !== undefined && isOverdue(keeper, updated.slice(0, 10));
  return [...(reading ? [category(READING, reading)] : []), ...(isLate ? [category(REVIEW, 'overdue')] : [])];
}

/** Reasons for which a drug's code has no page. */
const WITHOUT_PAGE: ReadonlySet<MissReason> = new Set([
  'no-page-on-purpose',
  'code-not-mapped',
  'code-not-in-release',
  'drug-name-not-known',
  'drug-without-page',
]);

/**
 * The notices with which an answer begins: a contradiction between title and code; a reader's language that is not one of ours; that a
 * drug's pages are those of all ingredients of a combination, or what to do where it has none. Empty for all others.
 */
export function renderNotices({ conflict, matches, miss, coding }: Answer, context: FeedContext): string {
  const { parsed, language, t } = context;
  const { foreignLanguage } = parsed.request.context;
  const articles = matches.map(({ article }) => article);
  const isDrug = miss && coding.system !== undefined && codeSystem(coding.system).kind === 'drug';
  const notices = [
    conflict && articles.length > 0 && t(conflict.kind === 'stated' ? 'feed.titleStates' : 'feed.titleConflict'),
    foreignLanguage !== undefined && findLanguageNotice(articles, foreignLanguage, language, t)?.text,
    isOfEachPart(matches) && t('words.each-ingredient'),
    isDrug && WITHOUT_PAGE.has(miss.reason) && `${t('words.drugNextStep')}.`,
  ];
  return notices.map((notice) => (notice ? `${notice} ` : '')).join('');
}

/** The last line of MedlinePlus's texts, where it names who wrote them: no sentence, and it begins with the name of an office. */
const WRITTEN_BY =
  /\n?<p>((?:NIH|National|Centers?|U\.S\.|United States|Dep(?:ar)?t|Agency|Food and|Federal|Environmental|Bureau|Health Resources|Institutos?|Centros?|Departamento|Agencia|Administración|Oficina|Servicio|Fuente)\b[^<]*[^<.!?:])<\/p>$/;

/**
 * The summary of an entry as HTML: the publisher's own where the library holds it, else names and publisher; with the
 * alternative names first and the attribution last, in the classes that MedlinePlus Connect's clients know.
 */
export function summaryHtml(match: Match, language: Language, t: Translate): string {
  const { article, text, otherLanguage } = match;
  const parts: string[] = [];
  if (text.alsoCalled.length > 0) {
    parts.push(
      `<p class="NLMalsoCalled">${escapeHtml(t('feed.alsoCalled'))} ${escapeHtml(text.alsoCalled.join(', '))}</p>`,
    );
  }
  if (otherLanguage)
    parts.push(`<p>${escapeHtml(t('feed.otherLanguage', { language: t(`languages.${text.language}`) }))}</p>`);
  const by = t('feed.by', { title: text.title, publisher: article.publisher.name });
  const { institute } = article;
  const ofInstitute = institute && escapeHtml(t('feed.institute', { institute }));
  const summary = findSummary(article, text)?.html ?? `<p>${escapeHtml(by)}</p>`;
  // The line that names who wrote it has a class of its own in MedlinePlus Connect.
  const [line = '', writtenBy = ofInstitute] = WRITTEN_BY.exec(summary) ?? [];
  parts.push(line === '' ? summary : summary.slice(0, -line.length));
  const words = publisherTextIn(article.publisher, language);
  // Licensed content carries its notice wherever it is linked; MedlinePlus Connect's entries have no other place for
  // it.
  const lines = [article.publisher.licensed ? words.rights : '', words.disclaimer];
  const notice = lines.filter((line) => line !== '').join(' ');
  if (notice) parts.push(`<p>${escapeHtml(notice)}</p>`);
  const source = escapeHtml(words.attribution);
  parts.push(`<p class="NLMattribution">${writtenBy ? `${writtenBy}. ${source}` : source}</p>`);
  return parts.join('');
}
