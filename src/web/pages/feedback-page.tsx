import type { Coding } from '../../core/codes/concept.js';
import { FEEDBACK_REASONS } from '../../core/evaluation/feedback.js';
import type { ShownArticle } from '../../protocols/feed/language-links.js';
import { LIMITS } from '../../limits.js';
import { namedCode } from '../parts/article-facts.js';
import type { PageContext } from '../page-context.js';
import { PLACE, Phrase } from '../parts/phrase.js';

/** What feedback is about. */
export interface Subject extends ShownArticle {
  readonly coding: Coding | undefined;
}

interface FormProps {
  readonly subject: Subject;
  /** Whether remarks are stored. */
  readonly takesRemark: boolean;
  /** The form came without a reason. */
  readonly lacksReason: boolean;
  readonly page: PageContext;
}

/** "Wrong page?": a reason, and what it is about. No field is about a patient. */
export function FeedbackForm({ subject, takesRemark, lacksReason, page }: FormProps) {
  const { t } = page;
  const { article, text, coding } = subject;
  return (
    <>
      <h1>{t('feedback.title')}</h1>
      <p class="lead">
        <Phrase text={t('feedback.lead', { title: PLACE })}>
          <span lang={text.language}>{text.title}</span>
        </Phrase>
      </p>
      {coding ? <p>{t('feedback.shownFor', { code: namedCode(coding.system, coding.code) })}</p> : null}
      <form action={`${page.basePath}/feedback`} method="post">
        <input type="hidden" name="article" value={article.id} />
        <input type="hidden" name="lang" value={page.language} />
        {coding ? <input type="hidden" name="system" value={coding.system} /> : null}
        {coding ? <input type="hidden" name="code" value={coding.code} /> : null}
        {page.searched === undefined ? null : <input type="hidden" name="q" value={page.searched} />}
        <fieldset class="fields" aria-describedby={lacksReason ? 'no-reason' : undefined}>
          <legend>{t('feedback.reason')}</legend>
          {lacksReason ? (
            <p class="notice notice-problem" id="no-reason" role="alert">
              {t('feedback.choose')}
            </p>
          ) : null}
          {FEEDBACK_REASONS.map((reason) => (
            <p class="choice-line">
              <input type="radio" id={`reason-${reason}`} name="reason" value={reason} required />
              <label for={`reason-${reason}`}>{t(`feedback.reasons.${reason}`)}</label>
            </p>
          ))}
        </fieldset>
        {takesRemark ? (
          <p>
            <label for="remark">{t('feedback.remark')}</label>
            <textarea id="remark" name="remark" rows={3} maxLength={LIMITS.maxRemarkChars} autocomplete="off" />
          </p>
        ) : null}
        <button type="submit">{t('feedback.send')}</button>
      </form>
    </>
  );
}

/** @param page its `searched` is what the way back leads to */
export function Thanks({ page: { t, href, searched } }: { page: PageContext }) {
  return (
    <>
      <h1>{t('feedback.thanks')}</h1>
      <p class="notice" role="status">
        {t('feedback.thanksText')}
      </p>
      <p>
        <a href={searched === undefined ? href('/') : href('/find', { q: searched })}>
          {t(searched === undefined ? 'feedback.back' : 'feedback.backToResults')}
        </a>
      </p>
    </>
  );
}
