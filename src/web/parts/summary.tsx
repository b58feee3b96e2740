import { findSummary, type Article, type ArticleText } from '../../core/model/article.js';
import { isOldText } from '../../core/model/text-days.js';
import type { PageContext } from '../page-context.js';
import { longDate } from './article-facts.js';

interface SummaryProps {
  readonly article: Article;
  readonly text: ArticleText;
  readonly page: PageContext;
}

/**
 * The publisher's own summary. It is the one text that the templates do not escape: whatever wrote it into the library
 * sanitised it (import/read/sanitize-summary.ts) or escaped it. Nothing where there is none to show.
 */
export function Summary({ article, text }: Omit<SummaryProps, 'page'>) {
  const summary = findSummary(article, text);
  if (summary === undefined) return null;
  return <div class="summary" lang={text.language} dangerouslySetInnerHTML={{ __html: summary.html }} />;
}

/** The heading of a summary, with the day of its words. */
export function SummaryHead({ article, text, page: { t, language } }: SummaryProps) {
  const summary = findSummary(article, text);
  if (summary === undefined) return null;
  return (
    <>
      <h2>{t('page.summaryHead')}</h2>
      {summary.on === undefined ? null : (
        <p class="quiet">{t('page.summaryOf', { date: longDate(summary.on, language) })}</p>
      )}
    </>
  );
}

/** The notice to staff of a summary that is more than twelve months old. */
export function OldSummary({ article, text, page }: SummaryProps) {
  const { t, language, today } = page;
  const day = findSummary(article, text)?.on;
  if (day === undefined || today === undefined || !isOldText(day, today)) return null;
  return <p class="mark">{t('page.oldSummary', { date: longDate(day, language) })}</p>;
}

/** Characters of a summary's beginning: more than two lines have room for. */
const MOST_CHARS_OF_BEGINNING = 320;

/** The beginning of a summary, where a row has room for two lines: its first paragraph, without its links. */
export function SummaryBeginning({ article, text }: Omit<SummaryProps, 'page'>) {
  const html = findSummary(article, text)?.html ?? '';
  const [begin, end] = [html.indexOf('<p>'), html.indexOf('</p>')];
  const paragraph = begin >= 0 && end > begin ? html.slice(begin + '<p>'.length, end) : '';
  if (paragraph === '') return null;
  const plain = paragraph.replace(/<[^<>]*>/g, '');
  const shown = plain.length > MOST_CHARS_OF_BEGINNING ? `${plain.slice(0, MOST_CHARS_OF_BEGINNING)}…` : plain;
  // Of sanitised HTML without its tags, what is cut in two at the end may be a character reference: that is left out.
  const __html = shown.replace(/&\w*…$/, '…');
  return <p class="row-text" lang={text.language} dangerouslySetInnerHTML={{ __html }} />;
}
