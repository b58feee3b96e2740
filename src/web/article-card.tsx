import type { Translate } from '../texts.js';
import type { ComponentChildren } from 'preact';
import type { Article, ArticleText } from '../core/article.js';
import { publisherTextIn, summaryOf, textIn } from '../core/article.js';
import type { CodeSystemId } from '../core/code-systems.js';
import { codeSystem } from '../core/code-systems.js';
import type { Match } from '../core/knowledge-response.js';
import type { Language } from '../core/language.js';
import { languagesFrom } from '../core/language.js';
import { displayCode } from '../core/normalize-code.js';
import { absoluteUrl } from '../protocols/article-url.js';
import type { PageModel } from './page-model.js';

function longDate(day: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T00:00:00Z`));
}

const named = (system: CodeSystemId, code: string): string =>
  `${codeSystem(system).label} ${displayCode(system, code)}`;

/** In words, by which way the article was found. */
function whyText({ path }: Match, t: Translate): string {
  const last = path.at(-1);
  if (!last) return '';
  const code = named(last.system, last.code);
  const [first] = path;
  if (path.some(({ kind }) => kind === 'name')) return t('page.mappedByName', { name: last.code });
  if (first && path.some(({ kind }) => kind === 'crosswalk')) {
    return t('page.mappedThrough', { from: named(first.system, first.code), code });
  }
  return t(last.kind === 'ancestor' ? 'page.mappedToBroader' : 'page.mappedTo', { code });
}

const hrefOf = ({ url }: ArticleText, { baseUrl }: PageModel): string => absoluteUrl(url, baseUrl);

function Fact({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Links({ ids, model }: { ids: readonly string[]; model: PageModel }) {
  const articles = ids.flatMap((id) => model.response?.related.get(id) ?? []);
  return (
    <ul>
      {articles.map((article) => {
        const text = textIn(article, languagesFrom(model.language));
        return text ? (
          <li>
            <a href={hrefOf(text, model)} rel="noreferrer" lang={text.language} hreflang={text.language}>
              {text.title}
            </a>
          </li>
        ) : null;
      })}
    </ul>
  );
}

function Facts({ match, model }: { match: Match; model: PageModel }) {
  const { t, language } = model;
  const { article, text } = match;
  const { reviewedOn, seenOn, reviewers, relatedTopics, patientInstructions, images, referenceCount } = article;
  const seen = seenOn ? ` (${t('page.asSeenOn', { date: longDate(seenOn, language) })})` : '';
  return (
    <dl>
      {text.alsoCalled.length > 0 ? <Fact term={t('page.alsoCalled')}>{text.alsoCalled.join(', ')}</Fact> : null}
      <Fact term={t('page.publisher')}>{article.publisher.name}</Fact>
      {reviewedOn ? <Fact term={t('page.reviewed')}>{longDate(reviewedOn, language) + seen}</Fact> : null}
      {reviewers.length > 0 ? <Fact term={t('page.reviewers')}>{reviewers.join('; ')}</Fact> : null}
      {relatedTopics.length > 0 ? (
        <Fact term={t('page.related')}>
          <Links ids={relatedTopics} model={model} />
        </Fact>
      ) : null}
      {patientInstructions.length > 0 ? (
        <Fact term={t('page.instructions')}>
          <Links ids={patientInstructions} model={model} />
        </Fact>
      ) : null}
      {images.length > 0 ? <Fact term={t('page.images')}>{images.join(', ')}</Fact> : null}
      {referenceCount === undefined ? null : <Fact term={t('page.references')}>{referenceCount}</Fact>}
      <Fact term={t('page.why')}>{whyText(match, t)}</Fact>
    </dl>
  );
}

function Rights({ article, language }: { article: Article; language: Language }) {
  const { attribution, rights, disclaimer } = publisherTextIn(article.publisher, language);
  return (
    <div class="rights">
      <p>{attribution}</p>
      {rights ? <p>{rights}</p> : null}
      {disclaimer ? <p>{disclaimer}</p> : null}
    </div>
  );
}

/**
 * The publisher's own summary. It is the one text that the templates do not escape: whatever wrote it into the library
 * sanitised it (import/sanitize-summary.ts) or escaped it.
 */
function Summary({ article, text }: Match) {
  const summary = summaryOf(article, text);
  if (summary === undefined) return null;
  return <div class="summary" lang={text.language} dangerouslySetInnerHTML={{ __html: summary }} />;
}

/** One article: what it is, its summary, who publishes it, why it is here. */
export function ArticleCard({ match, model }: { match: Match; model: PageModel }) {
  const { t } = model;
  const { article, text, otherLanguage, sensitivity } = match;
  return (
    <article class="card">
      <p class="kind">{t(`page.kinds.${article.kind}`)}</p>
      <h3 lang={text.language}>
        <a href={hrefOf(text, model)} rel="noreferrer" hreflang={text.language}>
          {text.title}
        </a>
      </h3>
      {otherLanguage ? (
        <p class="mark">{t('page.otherLanguage', { language: t(`languages.${text.language}`) })}</p>
      ) : null}
      {sensitivity ? <p class="mark">{t('page.sensitive')}</p> : null}
      <Summary {...match} />
      <Facts match={match} model={model} />
      <Rights article={article} language={model.language} />
    </article>
  );
}
