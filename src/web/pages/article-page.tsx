import type { Concern } from '../../core/leaflets/concerns.js';
import { idsPointedTo } from '../../core/model/article.js';
import { CODE_SYSTEMS, codeSystem, type CodeSystemId } from '../../core/codes/code-systems.js';
import { codingKey } from '../../core/codes/concept.js';
import { RequestError } from '../../core/errors.js';
import type { ArticleCode } from '../../core/codes/code-list.js';
import type { Library } from '../../core/model/library.js';
import { toShownArticle } from '../../protocols/answer-facts.js';
import { findShown } from '../find-shown.js';
import { wholeValue, type Route } from '../../protocols/route.js';
import { FindLabel } from '../rows/drug-next-steps.js';
import { Actions, Marks, QrOnDemand, WrongPage, describeCare, type CardContent } from '../rows/article-row.js';
import { Facts, Line, Rights } from '../parts/article-facts.js';
import { Summary, SummaryHead } from '../parts/summary.js';
import { LeafletText, MarkParts } from '../leaflet/leaflet-text.js';
import { CONCERN, readConcerns } from '../leaflet/write-leaflet.js';
import { CodeLink } from '../parts/code-link.js';
import { pageRoute, describePage } from './page-route.js';
import { InterpreterAdvice, LanguageNotice, ReaderLinks } from '../parts/language-links.js';
import { pageResponse } from '../parts/layout.js';
import { cacheableWith, createPageContext, type PageContext, type PageOptions } from '../page-context.js';

/** Codes of a system that are shown at once; the others stand behind a line to open. */
const MOST_OPEN = 12;

function collectShown(id: string, page: PageContext, library: Library) {
  const [found] = findShown([id], page.language, library);
  if (!found) throw new RequestError('article-not-found');
  const pointedTo = library.findArticles(idsPointedTo(found.article));
  const codes = library.findCodes(id).toArray();
  const concepts = library.findConcepts(codes);
  return {
    ...found,
    codes: codes.filter(({ system }) => system !== 'drug-name'),
    related: new Map(pointedTo.map((other) => [other.id, other])),
    titles: new Map(concepts.map((concept) => [codingKey(concept), concept])),
  };
}

type Shown = ReturnType<typeof collectShown>;

function CodeList({ codes, shown, page }: { codes: readonly ArticleCode[]; shown: Shown; page: PageContext }) {
  const isTitled = codes.some((coding) => shown.titles.has(codingKey(coding)));
  return (
    <ul class={isTitled ? 'codes' : 'letters'}>
      {codes.map((coding) => (
        <li>
          <CodeLink coding={coding} title={shown.titles.get(codingKey(coding))?.title} page={page} />
        </li>
      ))}
    </ul>
  );
}

function CodesOf({ system, shown, page }: { system: CodeSystemId; shown: Shown; page: PageContext }) {
  const codes = shown.codes.filter((code) => code.system === system);
  const { label } = codeSystem(system);
  return (
    <>
      <h3>{label}</h3>
      <CodeList codes={codes.slice(0, MOST_OPEN)} shown={shown} page={page} />
      {codes.length > MOST_OPEN ? (
        <details class="more">
          <summary>{page.t('page.article.moreCodes', { system: label, count: codes.length })}</summary>
          <CodeList codes={codes.slice(MOST_OPEN)} shown={shown} page={page} />
        </details>
      ) : null}
    </>
  );
}

interface ArticleProps {
  readonly shown: Shown;
  /** Situations for which parts of a leaflet are marked. */
  readonly concerns: readonly Concern[];
  readonly page: PageContext;
}

function ArticleMain({ shown, concerns, page }: ArticleProps) {
  const { t, language } = page;
  const { article, text, related, codes } = shown;
  const { sensitivity } = article;
  const minded = describeCare(page.findTreatment({ article, sensitivity }), sensitivity);
  const content: CardContent = { key: article.id, article, text, ...minded, why: '', related };
  const systems = CODE_SYSTEMS.map(({ id }) => id).filter((id) => codes.some(({ system }) => system === id));
  return (
    <>
      <LanguageNotice shown={[shown]} page={page} />
      <InterpreterAdvice shown={[shown]} page={page} />
      <article class="article">
        <p class="kind above">{t(`page.kinds.${article.kind}`)}</p>
        <h1 lang={text.language}>{text.title}</h1>
        <Line article={article} text={text} page={page} />
        <Marks content={content} page={page} />
        <Actions content={content} page={page} />
        <ReaderLinks article={article} text={text} page={page} />
        {article.kind === 'drug' ? <FindLabel name={article.texts.en?.title ?? text.title} page={page} /> : null}
        <div class="extras">
          <QrOnDemand content={content} page={page} />
          <WrongPage content={content} page={page} />
        </div>
        <SummaryHead article={article} text={text} page={page} />
        {article.leaflet ? (
          <>
            <MarkParts path={`/article/${article.id}`} concerns={concerns} page={page} />
            <LeafletText article={article} text={text} concerns={concerns} page={page} />
          </>
        ) : (
          <Summary article={article} text={text} />
        )}
        <h2>{t('page.article.about')}</h2>
        <Facts article={article} text={text} page={page} related={related} />
        <Rights article={article} language={language} />
      </article>
      <section aria-labelledby="codes">
        <h2 id="codes">{t('page.article.codes')}</h2>
        {systems.length === 0 ? <p>{t('page.article.noCodes')}</p> : null}
        {systems.map((system) => (
          <CodesOf system={system} shown={shown} page={page} />
        ))}
      </section>
    </>
  );
}

/** Parameter of a link on a card of CDS Hooks: the id of the card, of which this article is seen now. */
const CARD = 'card';

/** `/article/{id}`: what the library knows of an article, and the codes that lead to it. */
export function articleRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: '/article/:id',
    get: async (request) => {
      const { id = '' } = request.pathParameters;
      const concerns = readConcerns(request.parameters);
      const query = { [CONCERN]: concerns };
      const page = createPageContext(options, request, { path: `/article/${encodeURIComponent(id)}`, query });
      const shown = collectShown(id, page, options.library);
      const card = wholeValue(request.parameters, CARD);
      if (card !== '') options.noteCardOpened?.(card, shown.article.id, request.now);
      const main = <ArticleMain shown={shown} concerns={concerns} page={page} />;
      const document = { title: shown.text.title, main, searched: '', offer: {} };
      const audit = { articles: [toShownArticle(shown.article, shown.text)] };
      return pageResponse(page, document, { facts: { outcome: 'ok', audit } });
    },
    cacheable: cacheableWith(CONCERN),
    document: describePage('article'),
  });
}
