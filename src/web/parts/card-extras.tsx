import type { Article, ArticleText, Sensitivity } from '../../core/model/article.js';
import type { Coding } from '../../core/codes/concept.js';
import { buildAddress } from './article-facts.js';
import type { PageContext } from '../page-context.js';
import { About } from './phrase.js';
import { QrCode } from './qr-code.js';

/** What a card shows. */
interface Shown {
  readonly article: Article;
  readonly text: ArticleText;
  readonly sensitivity: Sensitivity | undefined;
  readonly isHeld?: boolean;
  /** The code that it answers. */
  readonly requestedCode?: Coding | undefined;
}

/** The QR code for the patient's phone, on demand. One that is sensitive or held has none before it is chosen for the handout. */
export function QrOnDemand({
  content: { text, sensitivity, isHeld = false },
  page,
}: {
  content: Shown;
  page: PageContext;
}) {
  if (sensitivity || isHeld) return null;
  return (
    <details class="more">
      <summary>
        {page.t('handout.qr')}
        <About title={text.title} language={text.language} />
      </summary>
      <QrCode address={buildAddress(text, page)} label={page.t('handout.scan', { title: text.title })} />
    </details>
  );
}

/** The way to say what is wrong with an article. */
export function WrongPage({ content: { article, text, requestedCode }, page }: { content: Shown; page: PageContext }) {
  if (!page.takesFeedback) return null;
  return (
    <p class="wrong-page">
      <a
        href={page.href('/feedback', {
          article: article.id,
          system: requestedCode?.system,
          code: requestedCode?.code,
          q: page.searched,
        })}
      >
        {page.t('feedback.link')}
        <About title={text.title} language={text.language} />
      </a>
    </p>
  );
}
