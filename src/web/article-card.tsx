import type { Article, ArticleText, Sensitivity } from '../core/article.js';
import { summaryOf } from '../core/article.js';
import type { Coding } from '../core/concept.js';
import type { Match } from '../core/knowledge-response.js';
import type { Language } from '../core/language.js';
import { LANGUAGES } from '../core/language.js';
import type { Treatment } from '../core/site-policy.js';
import { ReaderLinks } from './language-links.js';
import { LanguageOptions } from './language-options.js';
import type { ArticleHit } from '../core/search-hit.js';
import { Facts, Line, Rights, Summary, addressOf, whyFound, whyMatched } from './article-facts.js';
import { QrOnDemand, WrongPage } from './card-extras.js';
import type { PageContext } from './page-context.js';
import { About } from './phrase.js';

/** An article as it is shown among results. */
export interface CardContent {
  /** Tells the cards of one page apart: an article may answer several codes. */
  readonly key: string;
  readonly article: Article;
  readonly text: ArticleText;
  /** What is to be minded about it; undefined where the site gives it like any other. */
  readonly sensitivity: Sensitivity | undefined;
  /** The site lets a clinician alone decide whether it is handed over. */
  readonly isHeld?: boolean;
  /** The code that it was asked by; undefined where it was found otherwise. */
  readonly asked?: Coding | undefined;
  /** Why it is here, in words; empty where the page says it otherwise. */
  readonly why: string;
  /** Articles that it points to, by id. */
  readonly related: ReadonlyMap<string, Article>;
  /** Whether it is chosen for the patient handout to begin with; a sensitive one never is. */
  readonly chosen: boolean;
}

/** Other names that a card shows at once. */
const MOST_NAMES = 4;

/** The form that the boxes of all cards of a page belong to. */
const CHOICE_FORM = 'choice';

const NOTHING_RELATED: ReadonlyMap<string, Article> = new Map();

/** What is to be minded about an article, by what the site does with it. */
export function mindedOf(
  treatment: Treatment,
  sensitivity: Sensitivity | undefined,
): Pick<CardContent, 'sensitivity' | 'isHeld'> {
  return { sensitivity: treatment === 'show' ? undefined : sensitivity, isHeld: treatment === 'hold' };
}

/** A match of a code as a card. */
export function cardOfMatch(
  match: Match,
  page: PageContext,
  { related, chosen, place }: { related: ReadonlyMap<string, Article>; chosen: boolean; place: string },
): CardContent {
  const { article, text, treatment } = match;
  const minded = mindedOf(treatment, match.sensitivity);
  return {
    key: `${place}-${article.id}`,
    article,
    text,
    ...minded,
    why: whyMatched(match, page.t),
    asked: match.path.find(({ kind }) => kind === 'asked'),
    related,
    chosen: chosen && !minded.sensitivity,
  };
}

/** A hit of a search by words as a card. */
export function cardOfHit(hit: ArticleHit, page: PageContext, place = 'hit'): CardContent {
  const { article, text, sensitivity, matched } = hit;
  const why = whyFound(matched, page.t);
  return {
    key: `${place}-${article.id}`,
    article,
    text,
    ...mindedOf(page.treatmentOf(hit), sensitivity),
    why,
    related: NOTHING_RELATED,
    chosen: false,
  };
}

/** Where the article is read in the other language, if it is there. */
function OtherLanguage({ content, page }: { content: CardContent; page: PageContext }) {
  const { article, text } = content;
  const others = LANGUAGES.flatMap((language) => (language === text.language ? [] : (article.texts[language] ?? [])));
  return (
    <>
      {others.map((other) => (
        <a
          class="action"
          href={addressOf(other, page)}
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

interface ActionsProps {
  readonly content: CardContent;
  readonly page: PageContext;
  /** The article's own page needs no link to itself. */
  readonly onItsPage?: boolean;
}

/** What can be done with an article: open it, in either language, copy its address. */
export function Actions({ content, page, onItsPage = false }: ActionsProps) {
  const { t } = page;
  const { article, text } = content;
  const { title } = text;
  const address = addressOf(text, page);
  return (
    <div class="actions">
      <a class="action action-main" href={address} target="_blank" rel="noopener noreferrer" hreflang={text.language}>
        {t('page.open')}
        <About title={title} language={text.language} note={t('page.newTab')} />
      </a>
      <OtherLanguage content={content} page={page} />
      <button type="button" class="action with-script" data-copy={address} data-copied={t('page.copied')}>
        <span>{t('page.copy')}</span>
        <About title={title} language={text.language} />
      </button>
      {onItsPage ? null : (
        <a class="action" href={page.href(`/article/${article.id}`)}>
          {t('page.details')}
          <About title={title} language={text.language} />
        </a>
      )}
    </div>
  );
}

/** The box that takes an article to the patient handout. */
export function Choice({ content, page }: { content: CardContent; page: PageContext }) {
  const { key, article, text, chosen } = content;
  const id = `choose-${key}`;
  return (
    <p class="choose">
      <input type="checkbox" id={id} name="article" value={article.id} form={CHOICE_FORM} checked={chosen} />
      <label for={id}>
        {page.t('page.choose')}
        <About title={text.title} language={text.language} />
      </label>
    </p>
  );
}

/** What is to be minded before an article is handed over: it lacks the page's language, or it is sensitive. */
export function Marks({
  content: { text, sensitivity, isHeld = false },
  page,
}: {
  content: CardContent;
  page: PageContext;
}) {
  const { t, language } = page;
  return (
    <>
      {text.language === language ? null : (
        <p class="mark">{t('page.otherLanguage', { language: t(`languages.${text.language}`) })}</p>
      )}
      {sensitivity ? (
        <p class="mark">
          {t(isHeld ? 'page.held' : 'page.sensitive')}{' '}
          <span class="quiet">({t(`page.sensitivities.${sensitivity}`)})</span>
        </p>
      ) : null}
    </>
  );
}

/** Its other names, the first of them where it has many: the list behind "more" has them all. */
function AlsoCalled({ text: { alsoCalled, language }, page: { t } }: { text: ArticleText; page: PageContext }) {
  if (alsoCalled.length === 0) return null;
  const more = alsoCalled.length > MOST_NAMES ? ' …' : '';
  return (
    <p class="line">
      {t('page.alsoCalled')}: <span lang={language}>{alsoCalled.slice(0, MOST_NAMES).join(', ') + more}</span>
    </p>
  );
}

/** One article among results: what it is, why it is here, its summary, and what can be done with it. */
export function ArticleCard({ content, page }: { content: CardContent; page: PageContext }) {
  const { t, language } = page;
  const { article, text, why, related } = content;
  return (
    <article class="card" data-kind={article.kind} aria-labelledby={`title-${content.key}`}>
      <p class="kind">{t(`page.kinds.${article.kind}`)}</p>
      <h3 lang={text.language}>
        <a
          id={`title-${content.key}`}
          href={addressOf(text, page)}
          target="_blank"
          rel="noopener noreferrer"
          hreflang={text.language}
        >
          {text.title}
        </a>
      </h3>
      <Line article={article} text={text} page={page} />
      <Marks content={content} page={page} />
      <AlsoCalled text={text} page={page} />
      {why ? (
        <p class="why">
          <span class="quiet">{t('page.why')}:</span> {why}
        </p>
      ) : null}
      <Actions content={content} page={page} />
      <ReaderLinks article={article} text={text} page={page} />
      <div class="extras">
        {summaryOf(article, text) === undefined ? null : (
          <details class="more">
            <summary>
              {t('page.summary')}
              <About title={text.title} language={text.language} />
            </summary>
            <Summary article={article} text={text} />
          </details>
        )}
        <details class="more">
          <summary>
            {t('page.more')}
            <About title={text.title} language={text.language} />
          </summary>
          <Facts article={article} text={text} page={page} related={related} />
          <Rights article={article} language={language} />
        </details>
        <QrOnDemand content={content} page={page} />
        <WrongPage content={content} page={page} />
      </div>
      <Choice content={content} page={page} />
    </article>
  );
}

interface ChoiceBarProps {
  readonly page: PageContext;
  /** The language that the patient reads, where it is known; else the page's. */
  readonly reads?: Language | undefined;
}

/** Takes the chosen articles to the patient handout. A page with cards has one of it, behind them. */
export function ChoiceBar({ page, reads }: ChoiceBarProps) {
  const { t, language } = page;
  return (
    <form
      class="choice"
      id={CHOICE_FORM}
      action={`${page.basePath}/handout`}
      method="get"
      aria-label={t('page.handOver')}
    >
      <input type="hidden" name="lang" value={language} />
      <p class="choice-count" aria-live="polite" data-chosen={t('page.chosen', { count: '%' })}>
        {t('page.choiceHint')}
      </p>
      <label class="unseen" for="choice-language">
        {t('handout.language')}
      </label>
      <select id="choice-language" name="language">
        <LanguageOptions chosen={reads ?? language} />
      </select>
      <button type="submit">{t('page.toHandout')}</button>
    </form>
  );
}
