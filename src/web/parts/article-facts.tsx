import type { ComponentChildren } from 'preact';
import { findOwn } from '../../core/find-own.js';
import { isOverdue } from '../../core/keeping/keeper.js';
import { handoutName, publisherTextIn, textIn, type Article, type ArticleText } from '../../core/model/article.js';
import { codeSystem, type CodeSystemId } from '../../core/codes/code-systems.js';
import type { Match } from '../../core/answer/knowledge-response.js';
import { languagesFrom, type Language } from '../../core/model/language.js';
import { displayCode } from '../../core/codes/normalize-code.js';
import type { MatchedBy } from '../../core/search/search-hit.js';
import { absoluteUrl } from '../../protocols/feed/language-links.js';
import { measureReadingEase } from '../../reading-ease/reading-ease.js';
import type { Translate } from '../../texts.js';
import { LanguageLinkList } from './language-links.js';
import type { PageContext } from '../page-context.js';
import { AboutArticle } from './namesakes.js';
import { PLACE, Phrase } from './phrase.js';
import { LinkItem } from './link-item.js';

/** A day (ISO 8601) in words. */
export function longDate(day: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day.slice(0, 10)}T00:00:00Z`),
  );
}

/** A code with its system's label, as people write it. */
export const namedCode = (system: CodeSystemId, code: string): string =>
  `${codeSystem(system).label} ${displayCode(system, code)}`;

/** Why an article answers a code, in words: by which way it was found. */
export function explainMatch({ path }: Pick<Match, 'path'>, t: Translate): string {
  const last = path.at(-1);
  if (!last) return '';
  const code = namedCode(last.system, last.code);
  const [first] = path;
  const byTitle = path.find(({ kind }) => kind === 'title');
  if (byTitle) return t('page.mappedByTitle', { title: byTitle.code });
  const serverStep = path.find(({ kind }) => kind === 'elsewhere');
  if (first && serverStep) {
    const from = namedCode(first.system, first.code);
    if (serverStep.system === 'drug-name') return t('page.mappedByNameElsewhere', { from, name: serverStep.code });
    return t('page.mappedElsewhere', { from, code: namedCode(serverStep.system, serverStep.code) });
  }
  if (path.some(({ kind }) => kind === 'name')) return t('page.mappedByName', { name: last.code });
  if (first && path.some(({ kind }) => kind === 'crosswalk')) {
    return t('page.mappedThrough', { from: namedCode(first.system, first.code), code });
  }
  return t(last.kind === 'ancestor' ? 'page.mappedToBroader' : 'page.mappedTo', { code });
}

/** Why an article was found by words. */
export const explainHit = (matched: MatchedBy, t: Translate): string => t(`page.found.${matched}`);

/** Where an article is read: at its publisher's, or our own handout. */
export const buildAddress = ({ url }: ArticleText, { baseUrl }: PageContext): string => absoluteUrl(url, baseUrl);

interface OpenProps {
  readonly article: Article;
  readonly text: ArticleText;
  readonly look?: string;
  readonly page: PageContext;
}

/** Sites by their hosts, as people call them. */
const SITES: Readonly<Record<string, string>> = { 'medlineplus.gov': 'MedlinePlus', 'www.cdc.gov': 'CDC' };

/** The name of the site at an address: its host, if it is none of those that people know by name. */
function nameSite(address: string): string {
  if (!URL.canParse(address)) return '';
  const { host } = new URL(address);
  return findOwn(SITES, host) ?? host.replace(/^www\./, '');
}

/** The words of the link to an article: the name of the site that it leads to; our own handouts are opened without one. */
function describeOpening({ url }: ArticleText, { t }: PageContext): string {
  const site = handoutName(url) === undefined ? nameSite(url) : '';
  return site === '' ? t('page.open') : t('page.openAt', { site });
}

/** The link that opens an article at its publisher's, in a window of its own. */
export function OpenArticle({ article, text, look, page }: OpenProps) {
  return (
    <a class={look} href={buildAddress(text, page)} target="_blank" rel="noopener noreferrer" hreflang={text.language}>
      {describeOpening(text, page)}
      <AboutArticle article={article} text={text} page={page} note={page.t('page.newTab')} />
    </a>
  );
}

/** A term and its text in a list of facts. @param language of the text; undefined: the page's */
export function Fact({ term, language, children }: { term: string; language?: Language; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{term}</dt>
      <dd lang={language}>{children}</dd>
    </div>
  );
}

function Links({ articles, page }: { articles: readonly Article[]; page: PageContext }) {
  return (
    <ul class="plain">
      {articles.map((article) => {
        const text = textIn(article, languagesFrom(page.language));
        return text ? (
          <LinkItem href={page.href(`/article/${article.id}`)} lang={text.language}>
            {text.title}
          </LinkItem>
        ) : null;
      })}
    </ul>
  );
}

/** From this grade of school on a text is named so, the hardest first. */
const READING_LEVELS = [
  [13, 'hard'],
  [9, 'fairlyHard'],
  [7, 'plain'],
  [0, 'easy'],
] as const;

/** How hard the summary is to read, in words. */
function ReadingLevel({ article, text, page: { t } }: Pick<FactsProps, 'article' | 'text' | 'page'>) {
  const ease = measureReadingEase(article, text);
  if (!ease) return null;
  const { grade } = ease;
  const [, level] = READING_LEVELS.find(([least]) => grade >= least) ?? READING_LEVELS[0];
  return <Fact term={t('page.reading.level')}>{t(`page.reading.${level}`, { grade })}</Fact>;
}

interface FactsProps {
  readonly article: Article;
  readonly text: ArticleText;
  readonly page: PageContext;
  /** Articles that this one points to, by id. */
  readonly related: ReadonlyMap<string, Article>;
}

/** Facts of an article, as a list of terms. */
export function Facts({ article, text, page, related }: FactsProps) {
  const { t, language } = page;
  const { reviewedOn, editionOn, gdti, seenOn, reviewers, images, referenceCount } = article;
  const seen = seenOn ? ` (${t('page.asSeenOn', { date: longDate(seenOn, language) })})` : '';
  const listed = (ids: readonly string[]): Article[] => ids.flatMap((id) => related.get(id) ?? []);
  const [topics, instructions] = [listed(article.relatedTopics), listed(article.patientInstructions)];
  return (
    <dl class="facts">
      {text.alsoCalled.length > 0 ? (
        <Fact term={t('page.alsoCalled')}>
          <span lang={text.language}>{text.alsoCalled.join(', ')}</span>
        </Fact>
      ) : null}
      <Fact term={t('page.publisher')}>{article.publisher.name}</Fact>
      <ReadingLevel article={article} text={text} page={page} />
      {reviewedOn ? <Fact term={t('page.reviewed')}>{longDate(reviewedOn, language) + seen}</Fact> : null}
      {editionOn ? <Fact term={t('page.edition')}>{longDate(editionOn, language)}</Fact> : null}
      {gdti ? <Fact term={t('page.gdti')}>{gdti}</Fact> : null}
      {reviewers.length > 0 ? <Fact term={t('page.reviewers')}>{reviewers.join('; ')}</Fact> : null}
      {topics.length > 0 ? (
        <Fact term={t('page.related')}>
          <Links articles={topics} page={page} />
        </Fact>
      ) : null}
      {instructions.length > 0 ? (
        <Fact term={t('page.instructions')}>
          <Links articles={instructions} page={page} />
        </Fact>
      ) : null}
      {article.links.length > 0 ? (
        <Fact term={t('page.inOtherLanguages')}>
          <LanguageLinkList article={article} text={text} page={page} />
        </Fact>
      ) : null}
      {images.length > 0 ? <Fact term={t('page.images')}>{images.join(', ')}</Fact> : null}
      {referenceCount === undefined ? null : <Fact term={t('page.references')}>{referenceCount}</Fact>}
    </dl>
  );
}

/**
 * The facts of one line: who publishes it, in which language, when it was last reviewed, and the institute of the NIH that stands behind a
 * topic, as MedlinePlus's attribution names it: by its English name, if it has one.
 */
export function Line({ article, text, page }: { article: Article; text: ArticleText; page: PageContext }) {
  const { t, language } = page;
  const parts = [article.publisher.name, t(`languages.${text.language}`)];
  const { nextReview } = text.keeper ?? {};
  const isLate = page.marksOverdue && page.today !== undefined && isOverdue(text.keeper, page.today);
  const { reviewedOn, editionOn } = article;
  if (reviewedOn) parts.push(t('page.reviewedOn', { date: longDate(reviewedOn, language) }));
  if (editionOn) parts.push(t('page.editionOf', { date: longDate(editionOn, language) }));
  return (
    <p class="line">
      {parts.join(' · ')}
      {isLate && nextReview ? (
        <>
          {' · '}
          <strong>{t('page.reviewOverdue', { date: longDate(nextReview, language) })}</strong>
        </>
      ) : null}
      {article.institute === undefined ? null : (
        <>
          {' · '}
          <Phrase text={t('feed.institute', { institute: PLACE })}>
            <span lang={article.texts.en ? 'en' : 'es'}>{article.institute}</span>
          </Phrase>
        </>
      )}
    </p>
  );
}

/** A publisher's attribution, rights and disclaimer. */
export function Rights({ article, language }: { article: Article; language: Language }) {
  const { attribution, rights, disclaimer } = publisherTextIn(article.publisher, language);
  return (
    <div class="rights">
      <p>{attribution}</p>
      {rights ? <p>{rights}</p> : null}
      {disclaimer ? <p>{disclaimer}</p> : null}
    </div>
  );
}
