import { isByTitle, type Answer, type KnowledgeResponse, type Match } from '../../core/answer/knowledge-response.js';
import type { ArticleHit, ConceptHit } from '../../core/search/search-hit.js';
import { codeSystem } from '../../core/codes/code-systems.js';
import type { Coding } from '../../core/codes/concept.js';
import { findTitle } from '../../core/answer/knowledge-request.js';
import { cutShort } from '../../core/codes/code-hierarchy.js';
import { displayCode, normalizeCode } from '../../core/codes/normalize-code.js';
import type { Understanding } from '../../core/words/understanding.js';
import { explainUnderstanding, noticeOfUnderstanding } from '../../protocols/understanding-text.js';
import { ArticleRow, toHitCard, toMatchCard } from './article-row.js';
import { namedCode } from '../parts/article-facts.js';
import { CodeSection, buildCodePath } from '../parts/code-link.js';
import { LanguageNotice } from '../parts/language-links.js';
import { Filters, ShowAll } from './result-filters.js';
import type { Narrowing } from './search-words.js';
import { NothingFound } from './nothing-found.js';
import type { PageContext } from '../page-context.js';
import { isOfEachPart } from '../../core/codes/resolve-coding.js';
import { missText } from '../../protocols/chart-texts.js';
import { withNamesakes } from '../parts/namesakes.js';
import { About, CuratorNote, PLACE, Phrase } from '../parts/phrase.js';
import { DrugNextSteps } from './drug-next-steps.js';
import { StatusNotice, UnderstoodNotice } from './understood.js';
import { NoLeaflet } from '../leaflet/leaflet-text.js';
import { LinkItem } from '../parts/link-item.js';

/** Hits of words. */
export interface Found {
  /** How the line was read; the other members hold what it found. */
  readonly understood: Understanding;
  /** Articles that are shown. */
  readonly articles: readonly ArticleHit[];
  /** Every article that was found, before the filters; `wanted`: how many of them pass. */
  readonly all: readonly ArticleHit[];
  readonly wanted: number;
  readonly narrowing: Narrowing;
  readonly concepts: readonly ConceptHit[];
}

/** Answers to codes, and articles found by the words of codes without one, by the place of the answer. */
export interface AnsweredCodes {
  readonly response: KnowledgeResponse;
  readonly byWords: ReadonlyMap<number, readonly ArticleHit[]>;
}

/** The words that a code without an article may be searched by: its title as sent, else as its system has it. */
export const findWords = ({ coding, standing }: Answer): string =>
  findTitle(coding) || (standing?.concept?.title ?? '');

/** The title of a code: as its system has it, which is English; one that was sent may be of either language. */
function CodeTitle({ answer }: { answer: Answer }) {
  const title = findWords(answer);
  return <span lang={title === answer.standing?.concept?.title ? 'en' : undefined}>{title}</span>;
}

/** A code with its system's name; an impossible code as it was written. */
function formatCode({ coding, code }: Answer): string {
  const written = code === undefined || !coding.system ? coding.code.trim() : displayCode(coding.system, code);
  const label = coding.system ? codeSystem(coding.system).label : coding.systemSent;
  return `${label} ${written}`.trim();
}

/** A code with its title. */
function Subject({ answer }: { answer: Answer }) {
  const subject = formatCode(answer);
  if (findWords(answer) === '') return <>{subject}</>;
  return (
    <>
      {subject}: <CodeTitle answer={answer} />
    </>
  );
}

/** The broader code, cut from the code itself if no release has it; undefined if above it are only blocks and chapters, which are no codes. */
function findBroader({ coding: { system }, code, standing }: Answer): Coding | undefined {
  if (!system || code === undefined) return undefined;
  const parent = standing?.concept?.parent ?? cutShort({ system, code });
  return parent === undefined || normalizeCode(system, parent) !== parent ? undefined : { system, code: parent };
}

/** Why a code has no article, and what to try. */
function Nothing({ answer, page }: { answer: Answer; page: PageContext }) {
  const { t } = page;
  const { miss, coding } = answer;
  if (!miss) return null;
  const broader = findBroader(answer);
  const words = findWords(answer);
  const isDrug = coding.system !== undefined && codeSystem(coding.system).kind === 'drug';
  return (
    <div class="notice" role="status">
      <p>
        <strong>{t('page.nothing')}</strong>: {missText({ ...miss, note: '' }, coding.system, t)}
        <CuratorNote note={miss.note} />.
      </p>
      <p>{t('page.try.lead')}</p>
      <ul class="tries">
        {miss.hint ? (
          <LinkItem href={page.href('/find', { q: coding.code.trim(), system: miss.hint })}>
            {t('page.try.otherSystem', { code: coding.code.trim(), system: codeSystem(miss.hint).label })}
          </LinkItem>
        ) : null}
        {broader ? (
          <LinkItem href={page.href(buildCodePath(broader))}>
            {t('page.try.broader', { code: namedCode(broader.system, broader.code) })}
          </LinkItem>
        ) : null}
        {words ? (
          <LinkItem href={page.href('/find', { q: words })}>
            <Phrase text={t('page.try.words', { words: PLACE })}>
              <CodeTitle answer={answer} />
            </Phrase>
          </LinkItem>
        ) : (
          <li>{t('page.try.named')}</li>
        )}
        <li>{t('page.tryCode')}</li>
        <LinkItem href={page.href('/browse')}>{t('page.try.browse')}</LinkItem>
      </ul>
      {isDrug ? <DrugNextSteps name={answer.standing?.concept?.title} page={page} /> : null}
    </div>
  );
}

interface AnswerProps {
  readonly answer: Answer;
  readonly answered: AnsweredCodes;
  readonly index: number;
  readonly page: PageContext;
}

interface MatchRowsProps extends Pick<AnswerProps, 'index' | 'page'> {
  readonly matches: readonly Match[];
  readonly related: KnowledgeResponse['related'];
}

const MatchRows = ({ matches, related, index, page }: MatchRowsProps) => (
  <>
    {matches.map((match) => (
      <ArticleRow content={toMatchCard(match, page, { related, place: `${index}` })} page={page} />
    ))}
  </>
);

/** The articles of a code and of the title that contradicts it, beside each other: a clinician decides which is meant. */
function BothReadings({ answer, page, ...rest }: Omit<MatchRowsProps, 'matches'> & Pick<AnswerProps, 'answer'>) {
  const { t } = page;
  const byTitle = answer.matches.filter(isByTitle);
  const byCode = answer.matches.filter((match) => !byTitle.includes(match));
  return (
    <>
      <p class="notice" role="status">
        {t(answer.conflict?.kind === 'stated' ? 'page.titleStates' : 'page.titleConflict')}
      </p>
      <div class="readings">
        <div>
          <p class="reading">{t('page.forCode', { code: formatCode(answer) })}</p>
          <MatchRows matches={byCode} page={page} {...rest} />
        </div>
        <div>
          <p class="reading">
            <Phrase text={t('page.forTitle', { title: PLACE })}>
              <CodeTitle answer={answer} />
            </Phrase>
          </p>
          {byTitle.length === 0 ? <p class="quiet">{t('page.noneForTitle')}</p> : null}
          <MatchRows matches={byTitle} page={page} {...rest} />
        </div>
      </div>
    </>
  );
}

/** A code's articles, or why there is none and what to try. */
export function AnswerBody({ answer, answered: { response, byWords }, index, page }: AnswerProps) {
  const { related } = response;
  const hits = byWords.get(index) ?? [];
  return (
    <>
      <StatusNotice text={isOfEachPart(answer.matches) ? page.t('words.each-ingredient') : undefined} />
      {answer.conflict && answer.matches.length > 0 ? (
        <BothReadings answer={answer} related={related} index={index} page={page} />
      ) : (
        <MatchRows matches={answer.matches} related={related} index={index} page={page} />
      )}
      <Nothing answer={answer} page={page} />
      <NoLeaflet reason={answer.noLeaflet} page={page} />
      {hits.length > 0 ? (
        <p class="notice">
          <Phrase text={page.t('page.foundByWords', { words: PLACE })}>
            <CodeTitle answer={answer} />
          </Phrase>
        </p>
      ) : null}
      {hits.map((hit) => (
        <ArticleRow content={toHitCard(hit, page, `${index}`)} page={page} />
      ))}
    </>
  );
}

function AnswerSection({ answer, answered, index, page }: AnswerProps) {
  const { coding, code } = answer;
  const path = coding.system && code !== undefined ? buildCodePath({ system: coding.system, code }) : undefined;
  return (
    <section class="answer" aria-labelledby={`answer-${index}`}>
      <h2 id={`answer-${index}`}>
        <Subject answer={answer} />
      </h2>
      {path === undefined ? null : (
        <p class="under">
          <a href={page.href(path)}>
            {page.t('page.aboutCode')}
            <About title={formatCode(answer)} language={undefined} />
          </a>
        </p>
      )}
      <AnswerBody answer={answer} answered={answered} index={index} page={page} />
    </section>
  );
}

/** Where a text is a code of several systems: which of them is meant. */
function SystemChoice({ answers, typed, page }: { answers: readonly Answer[]; typed: string; page: PageContext }) {
  return (
    <nav class="notice" aria-label={page.t('page.ambiguous', { code: typed })}>
      <p>{page.t('page.ambiguous', { code: typed })}</p>
      <ul class="tries">
        {answers.map((answer) => (
          <LinkItem href={page.href('/find', { q: typed, system: answer.coding.system })}>
            <Subject answer={answer} />
          </LinkItem>
        ))}
      </ul>
    </nav>
  );
}

interface AnswersProps extends Pick<AnswerProps, 'answered' | 'page'> {
  readonly typed?: string | undefined;
}

/** The answers to all codes of a request. */
export function Answers({ answered, typed, page: outer }: AnswersProps) {
  const { answers } = answered.response;
  const shown = [...answers.flatMap(({ matches }) => matches), ...[...answered.byWords.values()].flat()];
  const page = withNamesakes(outer, shown);
  return (
    <>
      <LanguageNotice shown={shown} page={page} />
      {typed !== undefined && answers.length > 1 ? <SystemChoice answers={answers} typed={typed} page={page} /> : null}
      {answers.map((answer, index) => (
        <AnswerSection answer={answer} answered={answered} index={index} page={page} />
      ))}
    </>
  );
}

/** Hits of words: articles as cards, then codes. */
export function FoundByWords({ query, found, page: outer }: { query: string; found: Found; page: PageContext }) {
  const { understood, articles, concepts } = found;
  const page = withNamesakes(outer, articles);
  const { t } = page;
  if (explainUnderstanding(understood, t)) return <UnderstoodNotice understood={understood} page={page} />;
  if (found.all.length + concepts.length === 0) return <NothingFound query={query} page={page} />;
  const remark = noticeOfUnderstanding(understood, t);
  const [first] = articles;
  const isGuess = (first ?? concepts[0])?.matched === 'spelling';
  const meant = first?.text ?? { title: concepts[0]?.concept.title ?? '', language: 'en' };
  return (
    <>
      <LanguageNotice shown={articles} page={page} />
      <StatusNotice text={remark?.text} />
      {isGuess ? (
        <p class="notice" role="status">
          <Phrase text={t('page.didYouMean', { query, title: PLACE })}>
            <span lang={meant.language}>{meant.title}</span>
          </Phrase>
        </p>
      ) : null}
      {found.all.length > 0 ? (
        <section aria-labelledby="articles">
          <h2 id="articles">{t('page.articlesFound')}</h2>
          <Filters query={query} found={found} page={page} />
          {articles.map((hit) => (
            <ArticleRow content={toHitCard(hit, page)} page={page} />
          ))}
          {articles.length === 0 ? <p>{t('page.browse.none')}</p> : null}
          <ShowAll query={query} found={found} page={page} />
        </section>
      ) : null}
      <CodeSection
        id="codes"
        head={t('page.codesFound')}
        codings={concepts.map(({ concept }) => concept)}
        hasLabel
        page={page}
      />
    </>
  );
}
