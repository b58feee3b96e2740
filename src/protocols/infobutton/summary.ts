import type { Translate } from '../../texts.js';
import { publisherTextIn, findSummary } from '../../core/model/article.js';
import { escapeHtml } from '../../core/escape.js';
import type { Match } from '../../core/answer/knowledge-response.js';
import type { Language } from '../../core/model/language.js';

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
  parts.push(findSummary(article, text)?.html ?? `<p>${escapeHtml(by)}</p>`);
  const words = publisherTextIn(article.publisher, language);
  const institute = article.institute ? `${t('feed.institute', { institute: article.institute })}. ` : '';
  // Licensed content carries its notice wherever it is linked; MedlinePlus Connect's entries have no other place for
  // it.
  const lines = [article.publisher.licensed ? words.rights : '', words.disclaimer];
  const notice = lines.filter((line) => line !== '').join(' ');
  if (notice) parts.push(`<p>${escapeHtml(notice)}</p>`);
  parts.push(`<p class="NLMattribution">${escapeHtml(institute + words.attribution)}</p>`);
  return parts.join('');
}
