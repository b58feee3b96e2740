import { BASKET_FORM } from '../parts/basket.js';
import type { CardContent } from './article-row.js';
import { AboutArticle } from '../parts/namesakes.js';
import type { PageContext } from '../page-context.js';

interface AddProps {
  readonly content: CardContent;
  /** The words on it; undefined: those of a row. */
  readonly words?: string;
  readonly page: PageContext;
}

/**
 * The button of a row that adds its article to the patient handout, and takes it off again. It is a checkbox, which works without a
 * script and is announced with its state.
 */
export function AddButton({ content, words, page }: AddProps) {
  const { key, article, text, chosen = false } = content;
  const { t, basket, ticked } = page;
  const id = `choose-${key}`;
  return (
    <label class="add" for={id}>
      <input
        type="checkbox"
        id={id}
        name="article"
        value={article.id}
        form={BASKET_FORM}
        data-title={text.title}
        data-lang={text.language}
        checked={ticked?.has(article.id) ?? (chosen || basket.some((one) => one.article.id === article.id))}
      />
      <span class="unseen">
        {t('page.choose')}
        <AboutArticle article={article} text={text} page={page} />
      </span>
      <span class="add-off" aria-hidden="true">
        {words ?? t('page.add')}
      </span>
      <span class="add-on" aria-hidden="true">
        {t('page.added')}
      </span>
    </label>
  );
}
