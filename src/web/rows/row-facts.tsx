import { findSummary, handoutName, type Article, type ArticleText } from '../../core/model/article.js';
import { estimateSheets } from '../../handout/estimate-sheets.js';
import { measureReadingEase } from '../../reading-ease/reading-ease.js';
import type { PageContext } from '../page-context.js';

interface RowFactsProps {
  readonly article: Article;
  readonly text: ArticleText;
  readonly page: PageContext;
}

/** The sheets that an article is printed on by itself, in words; empty if they are known only once it is printed. */
function describeSheets({ article, text, page: { t } }: RowFactsProps): string {
  const summary = findSummary(article, text);
  // A file of the site's folder may have a text that can be printed.
  if (summary === undefined) return handoutName(text.url) === undefined ? t('page.row.linkOnly') : '';
  const count = estimateSheets(summary.html);
  return count === 1 ? t('page.row.oneSheet') : t('page.row.sheets', { count });
}

/** The facts by which a clinician chooses among articles: kind, reading grade, sheets, and the language if it is another one. */
export function describeRow({ article, text, page }: RowFactsProps): string {
  const { t, language } = page;
  const grade = measureReadingEase(article, text)?.grade;
  const facts = [
    t(`page.kinds.${article.kind}`),
    grade === undefined ? '' : t('handout.grade', { grade }),
    describeSheets({ article, text, page }),
    text.language === language ? '' : t(`languages.${text.language}`),
  ];
  return facts.filter((fact) => fact !== '').join(' · ');
}
