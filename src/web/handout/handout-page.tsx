import { LIMITS } from '../../limits.js';
import type { PageContext } from '../page-context.js';
import { buildAddress } from '../parts/article-facts.js';
import { Drawing } from '../parts/drawing.js';
import { InterpreterAdvice, LanguageNotice } from '../parts/language-links.js';
import { AboutArticle, withNamesakes } from '../parts/namesakes.js';
import { PLACE, Phrase } from '../parts/phrase.js';
import { HandoutForm, type HandoutViewProps } from './handout-form.js';
import { Paper } from './handout-paper.js';

/** Unprintable letters that are named. */
const MOST_LETTERS = 20;

function Remarks({ shown }: HandoutViewProps) {
  const { chosen, usedIds, isCut, byThemselves, preview, page, paper } = shown;
  const { t } = page;
  const onPaper = new Set(chosen.map(({ article }) => article.id));
  // Requested ids that are not in the library.
  const unknown = usedIds.filter((id) => !onPaper.has(id));
  return (
    <div data-live="remarks">
      {unknown.length === 0 ? null : (
        <p class="notice" role="status">
          {t('handout.unknown', { ids: unknown.join(', ') })}
        </p>
      )}
      <LanguageNotice shown={chosen} page={{ ...page, reader: paper.reader }} />
      <InterpreterAdvice shown={chosen} page={{ ...page, reader: paper.reader }} />
      {isCut ? <p class="notice">{t('handout.tooMany', { most: LIMITS.maxHandoutArticles })}</p> : null}
      {byThemselves.map(({ article, text }) => (
        <p class="notice">
          <Phrase text={t('handout.byItself', { title: PLACE })}>
            <span lang={text.language}>{text.title}</span>
          </Phrase>{' '}
          <a href={buildAddress(text, page)} target="_blank" rel="noopener noreferrer">
            {t('page.open')}
            <AboutArticle article={article} text={text} page={page} note={t('page.newTab')} />
          </a>
        </p>
      ))}
      {preview && preview.unprintable.length > 0 ? (
        <p class="notice">
          {t('handout.unprintable', { letters: preview.unprintable.slice(0, MOST_LETTERS).join(' ') })}
        </p>
      ) : null}
      {preview && preview.omitted.length > 0 ? (
        <div class="notice">
          <p>{t('handout.noticeCut')}</p>
          <ul>
            {preview.omitted.map(({ text, language }) => (
              <li lang={language} dir="auto">
                {text}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}

function Empty({ page: { t, href, launched } }: { page: PageContext }) {
  if (launched !== undefined) {
    return (
      <p class="notice">
        {t('handout.empty')} <a href={href(launched)}>{t('launch.backToList')}</a>
      </p>
    );
  }
  return (
    <div class="notice drawn">
      <div>
        <p>
          <strong>{t('handout.empty')}</strong>
        </p>
        <p>{t('handout.emptyHint')}</p>
        <p class="actions">
          <a class="action action-main" href={href('/')}>
            {t('handout.search')}
          </a>
          <a class="action" href={href('/packet')}>
            {t('page.nav.packet')}
          </a>
        </p>
      </div>
      <Drawing name="emptySheet" />
    </div>
  );
}

/** The patient handout: on the screen with the form that makes it, on paper alone. */
export function HandoutView({ shown, ...rest }: HandoutViewProps) {
  const { chosen, handout } = shown;
  const page = withNamesakes(shown.page, chosen);
  const props = { ...rest, shown: { ...shown, page } };
  const remarks = <Remarks {...props} />;
  if (chosen.length === 0) {
    return (
      <>
        <h1>{page.t('handout.title')}</h1>
        {remarks}
        <Empty page={page} />
      </>
    );
  }
  return (
    <div class="handout-view">
      <div class="screen-only handout-side">
        <p class="handout-title">{page.t('handout.title')}</p>
        {remarks}
        <HandoutForm {...props} />
      </div>
      <Paper handout={handout} logo={page.logoUrl} />
    </div>
  );
}
