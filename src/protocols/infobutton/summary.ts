import type { Translate } from '../../texts.js';
import { publisherTextIn, findSummary } from '../../core/model/article.js';
import { escapeHtml } from '../../core/escape.js';
import type { Match } from '../../core/answer/knowledge-response.js';
import type { Language } from '../../core/model/language.js';

/** The last line of MedlinePlus's texts, where it names who wrote them: no sentence, and it begins with the name of an office. */
const WRITTEN_BY =
  /\n?<p>((?:NIH|National|Centers?|U\.S\.|United States|Dep(?:ar)?t|Agency|Food and|Federal|Environmental|Bureau|Health Resources|Institutos?|Centros?|Departamento|Agencia|Administración|Oficina|Servicio|Fuente)\b[^<]*[^<.!?:])<\/p>$/;

/** A summary without the line that names who wrote it, which MedlinePlus Connect has in a class of its own. */
function splitSummary(summary: string): { readonly html: string; readonly writtenBy?: string | undefined } {
  const [line, writtenBy] = WRITTEN_BY.exec(summary) ?? [];
  return line === undefined ? { html: summary } : { html: summary.slice(0, -line.length), writtenBy };
}

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
  const { html, writtenBy = ofInstitute } = splitSummary(
    findSummary(article, text)?.html ?? `<p>${escapeHtml(by)}</p>`,
  );
  parts.push(html);
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
