import { textIn, type Article, type ArticleText, type Sensitivity } from '../../core/model/article.js';
import type { Coding } from '../../core/codes/concept.js';
import type { Match } from '../../core/answer/knowledge-response.js';
import { LANGUAGES } from '../../core/model/language.js';
import type { Treatment } from '../../core/policy/site-policy.js';
import { ReaderLinks } from '../parts/language-links.js';
import type { ArticleHit } from '../../core/search/search-hit.js';
import { Facts, Line, OpenArticle, Rights, buildAddress, explainHit, explainMatch } from '../parts/article-facts.js';
import { OldSummary, Summary, SummaryBeginning } from '../parts/summary.js';
import { AddButton } from './add-button.js';
import type { PageContext } from '../page-context.js';
import { AboutArticle } from '../parts/namesakes.js';
import { QrCode } from '../parts/qr-code.js';
import { describeRow } from './row-facts.js';

/** An article as it is shown among results. */
export interface CardContent {
  /** Tells the cards of one page apart: an article may answer several codes. */
  readonly key: string;
  readonly article: Article;
  readonly text: ArticleText;
  /** Sensitivity that a reader should mind; undefined where the site gives it like any other. */
  readonly sensitivity: Sensitivity | undefined;
  /** The site lets a clinician alone decide whether it is handed over. */
  readonly isHeld?: boolean;
  /** The code that it answers; undefined if it was found otherwise. */
  readonly requestedCode?: Coding | undefined;
  /** Why it is here, in words; empty if the page states it otherwise. */
  readonly why: string;
  /** Whether that is seen before the row is opened: for which code an article stands. */
  readonly showsWhy?: boolean;
  /** Articles that it points to, by id. */
  readonly related?: ReadonlyMap<string, Article>;
  /** Whether it is added to the handout to begin with, as a packet's articles are; a sensitive one never is. */
  readonly chosen?: boolean;
}

/** Returns the care that an article needs, by the site's treatment of it. */
export const describeCare = (treatment: Treatment, sensitivity: Sensitivity | undefined) => ({
  sensitivity: treatment === 'show' ? undefined : sensitivity,
  isHeld: treatment === 'hold',
});

/** A match of a code as a card. */
export function toMatchCard(
  match: Match,
  page: PageContext,
  { related, place }: { related: ReadonlyMap<string, Article>; place: string },
): CardContent {
  const { article, text, treatment, sensitivity, path } = match;
  return {
    ...{ key: `${place}-${article.id}`, article, text, related, showsWhy: true },
    ...describeCare(treatment, sensitivity),
    why: explainMatch(match, page.t),
    requestedCode: path.find(({ kind }) => kind === 'asked'),
  };
}

/** A hit of a search by words as a card. */
export function toHitCard(hit: ArticleHit, page: PageContext, place = 'hit'): CardContent {
  const { article, text, sensitivity, matched } = hit;
  return {
    ...{ key: `${place}-${article.id}`, article, text, why: explainHit(matched, page.t) },
    ...describeCare(page.findTreatment(hit), sensitivity),
  };
}

interface ActionsProps {
  readonly content: CardContent;
  readonly page: PageContext;
}

/** Where the article is read in the other language, if it is there. */
function OtherLanguage({ content: { article, text }, page }: ActionsProps) {
  const others = LANGUAGES.flatMap((language) => (language === text.language ? [] : (article.texts[language] ?? [])));
  return (
    <>
      {others.map((other) => (
        <a
          class="action"
          href={buildAddress(other, page)}
          target="_blank"
          rel="noopener noreferrer"
          lang={other.language}
          hreflang={other.language}
          aria-label={`${page.texts(other.language)('page.inThisLanguage')}: ${other.title}`}
        >
          {page.texts(other.language)('page.inThisLanguage')}
        </a>
      ))}
    </>
  );
}

/** Further actions with an article: read it in the other language, copy its address. */
function MoreActions({ content, page }: ActionsProps) {
  const { t } = page;
  const { article, text } = content;
  return (
    <>
      <OtherLanguage content={content} page={page} />
      <button
        type="button"
        class="action with-script"
        data-copy={buildAddress(text, page)}
        data-copied={t('page.copied')}
      >
        <span>{t('page.copy')}</span>
        <AboutArticle article={article} text={text} page={page} />
      </button>
    </>
  );
}

/** Actions with an article on its own page. */
export function Actions({ content, page }: ActionsProps) {
  return (
    <div class="actions">
      <AddButton content={content} words={page.t('page.choose')} page={page} />
      <OpenArticle look="action" article={content.article} text={content.text} page={page} />
      <MoreActions content={content} page={page} />
    </div>
  );
}

/** Cautions before an article is handed over: it lacks the page's language, or it is sensitive. */
export function Marks({ content: { article, text, sensitivity, isHeld = false }, page }: ActionsProps) {
  const { t, language } = page;
  return (
    <>
      {text.language === language || textIn(article, [language]) ? null : (
        <p class="mark">{t('page.otherLanguage', { language: t(`languages.${text.language}`) })}</p>
      )}
      <OldSummary article={article} text={text} page={page} />
      {sensitivity ? (
        <p class="mark">
          {t(isHeld ? 'page.held' : 'page.sensitive')}{' '}
          <span class="quiet">({t(`page.sensitivities.${sensitivity}`)})</span>
        </p>
      ) : null}
    </>
  );
}

function Why({ content: { why }, page: { t } }: ActionsProps) {
  if (!why) return null;
  return (
    <p class="why">
      <span class="quiet">{t('page.why')}:</span> {why}
    </p>
  );
}

/** The QR code for the patient's phone, on demand. One that is sensitive or held has none before it is chosen for the handout. */
export function QrOnDemand({ content: { article, text, sensitivity, isHeld = false }, page }: ActionsProps) {
  if (sensitivity || isHeld) return null;
  return (
    <details class="more">
      <summary>
        {page.t('handout.qr')}
        <AboutArticle article={article} text={text} page={page} />
      </summary>
      <QrCode address={buildAddress(text, page)} label={page.t('handout.scan', { title: text.title })} />
    </details>
  );
}

/** The link to report a problem with an article. */
export function WrongPage({ content: { article, text, requestedCode }, page }: ActionsProps) {
  if (!page.takesFeedback) return null;
  const { system, code } = requestedCode ?? {};
  return (
    <p class="wrong-page">
      <a href={page.href('/feedback', { article: article.id, system, code, q: page.searched })}>
        {page.t('feedback.link')}
        <AboutArticle article={article} text={text} page={page} />
      </a>
    </p>
  );
}

/** The content of an opened row: actions, the summary, the facts of the article. */
function Details({ content, page }: ActionsProps) {
  const { language } = page;
  const { article, text, related = new Map(), showsWhy = false } = content;
  return (
    <div class="row-details">
      <Line article={article} text={text} page={page} />
      {showsWhy ? null : <Why content={content} page={page} />}
      <div class="actions">
        <MoreActions content={content} page={page} />
      </div>
      {/* A leaflet is read on its page, below its contents: nothing of it is folded away. */}
      {article.leaflet ? null : <Summary article={article} text={text} />}
      <Facts article={article} text={text} page={page} related={related} />
      <Rights article={article} language={language} />
      <WrongPage content={content} page={page} />
    </div>
  );
}

/**
 * One article among results. Four stops of the Tab key: its title, which leads to its page here; the button that adds it to the handout;
 * its details; and its publisher's page.
 */
export function ArticleRow({ content, page }: ActionsProps) {
  const { t } = page;
  const { key, article, text, showsWhy = false } = content;
  return (
    <article class="card" data-kind={article.kind} aria-labelledby={`title-${key}`}>
      <div class="card-head">
        <h3 id={`title-${key}`} lang={text.language}>
          <a href={page.href(`/article/${article.id}`)}>{text.title}</a>
        </h3>
        <p class="row-line">
          {describeRow({ article, text, page })} · {article.publisher.name}
        </p>
      </div>
      <AddButton content={content} page={page} />
      <div class="card-rest">
        <SummaryBeginning article={article} text={text} />
        <Marks content={content} page={page} />
        {showsWhy ? <Why content={content} page={page} /> : null}
        <ReaderLinks article={article} text={text} page={page} />
        <details class="more row">
          <summary>
            {t('page.details')}
            <AboutArticle article={article} text={text} page={page} />
          </summary>
          <Details content={content} page={page} />
        </details>
        <OpenArticle look="open-at" article={article} text={text} page={page} />
      </div>
    </article>
  );
}
