import { answerRequest } from '../../core/answer/answer.js';
import { findAncestors } from '../../core/codes/code-hierarchy.js';
import { codeSystem, isCodeSystemId, type CodeSystemId } from '../../core/codes/code-systems.js';
import type { Coding, Concept } from '../../core/codes/concept.js';
import type { Withdrawal } from '../../core/codes/editions.js';
import { RequestError } from '../../core/errors.js';
import type { RequestContext } from '../../core/answer/knowledge-request.js';
import { displayCode, normalizeCode } from '../../core/codes/normalize-code.js';
import { describeAnswers } from '../../protocols/answer-facts.js';
import type { Route } from '../../protocols/route.js';
import { namedCode } from '../parts/article-facts.js';
import { CodeLink, CodeSection, buildCodePath } from '../parts/code-link.js';
import { pageRoute, describePage } from './page-route.js';
import { withNamesakes } from '../parts/namesakes.js';
import { LanguageNotice } from '../parts/language-links.js';
import { pageResponse } from '../parts/layout.js';
import { cacheableWith, createPageContext, type PageContext, type PageOptions } from '../page-context.js';
import { AnswerBody } from '../rows/results.js';

/** Codes of other systems that are the same thing, at most. */
const MOST_SAME = 12;

/** Finds the facts of a code. `ancestors`: the topmost first. */
async function findShown({ system, code }: Coding, context: RequestContext, { library, maxArticles }: PageOptions) {
  const coding = { system, systemSent: system, code, display: '', userSelected: false };
  const request = { criteria: [{ codings: [coding] }], context, maxArticles, describeCodes: true };
  const place = { system, code };
  const [[concept], above, children, crosswalks] = [
    library.findConcepts([place]),
    findAncestors(place, library),
    library.terminology.findChildren(place),
    library.terminology.findCrosswalks(place, 'from'),
  ];
  // It asks what the code is called, too: by now that is in memory.
  const response = await answerRequest(request, library);
  const ancestors = above.flatMap((ancestor) => ancestor.concept ?? []).reverse();
  const same = crosswalks.map(({ to }) => to).slice(0, MOST_SAME);
  return { system, code, concept, ancestors, children, same, response };
}

type Shown = Awaited<ReturnType<typeof findShown>>;

/** The withdrawal of a code, in words; empty if it is in force. */
function listWithdrawals(withdrawal: Withdrawal | undefined, { t }: PageContext): string[] {
  if (!withdrawal) return [];
  const { kind, on } = withdrawal;
  return [on === undefined ? t(`page.code.earlier.${kind}`) : t(`page.code.withdrawn.${kind}`, { day: on })];
}

interface StandingProps {
  readonly concept: Concept | undefined;
  readonly withdrawal: Withdrawal | undefined;
  readonly page: PageContext;
}

/** Facts of the code in its own system, in a line. */
function Standing({ concept, withdrawal, page }: StandingProps) {
  const { t } = page;
  const withdrawn = listWithdrawals(withdrawal, page);
  if (!concept) return <p class="line">{[t('page.code.unknown'), ...withdrawn].join(' · ')}</p>;
  const phrases = [
    ...withdrawn,
    ...(concept.billable === undefined ? [] : [t(concept.billable ? 'page.code.billable' : 'page.code.heading')]),
    ...(concept.active ? [] : [t('page.code.retired')]),
    t('page.code.release', { release: concept.release }),
  ];
  return (
    <>
      <p class="line">{phrases.join(' · ')}</p>
      {concept.names.length > 0 ? (
        <p>
          <span class="quiet">{t('page.code.names')}:</span> <span lang="en">{concept.names.join('; ')}</span>
        </p>
      ) : null}
    </>
  );
}

function CodeMain({ shown, page: outer }: { shown: Shown; page: PageContext }) {
  const { t } = outer;
  const { system, code, concept, ancestors, children, same, response } = shown;
  const [answer] = response.answers;
  const page = withNamesakes(outer, answer?.matches ?? []);
  // A chapter or a block is no code that anything answers: it is a place to look below.
  const isAnswered = answer && (answer.code !== undefined || concept === undefined);
  return (
    <>
      <p class="kind above">{codeSystem(system).label}</p>
      <h1>
        {displayCode(system, code)} {concept ? <span lang="en">{concept.title}</span> : null}
      </h1>
      <Standing concept={concept} withdrawal={answer?.standing?.withdrawal} page={page} />
      {isAnswered ? (
        <section aria-labelledby="answers">
          <h2 id="answers">{t('page.code.answers')}</h2>
          <LanguageNotice shown={answer.matches} page={page} />
          <AnswerBody answer={answer} answered={{ response, byWords: new Map() }} index={0} page={page} />
        </section>
      ) : null}
      {ancestors.length > 0 ? (
        <nav aria-labelledby="place">
          <h2 id="place">{t('page.code.place')}</h2>
          <ol class="ancestors">
            {ancestors.map((above) => (
              <li>
                <CodeLink coding={above} title={above.title} page={page} />
              </li>
            ))}
            <li aria-current="page">
              <span class="code">{displayCode(system, code)}</span> <span lang="en">{concept?.title ?? ''}</span>
            </li>
          </ol>
        </nav>
      ) : null}
      <CodeSection id="below" head={t('page.code.below')} codings={children} page={page} />
      <CodeSection id="same" head={t('page.code.same')} codings={same} hasLabel page={page} />
    </>
  );
}

function readCoding(system: string, sent: string): Coding {
  const known: CodeSystemId | undefined = isCodeSystemId(system) ? system : undefined;
  if (!known || known === 'drug-name') throw new RequestError('not-found');
  // Chapters and blocks of ICD are no codes, but have a place in its hierarchy.
  return { system: known, code: normalizeCode(known, sent) ?? sent.trim() };
}

/** `/code/{system}/{code}`: a code with its title, its place in the hierarchy, and what answers it. */
export function codeRoute(options: PageOptions): Route {
  return pageRoute(options, {
    path: '/code/:system/:code',
    get: async (request) => {
      const { system = '', code: sent = '' } = request.pathParameters;
      const coding = readCoding(system, sent);
      const page = createPageContext(options, request, { path: buildCodePath(coding) });
      const shown = await findShown(coding, page.reader, options);
      const document = {
        title: `${namedCode(coding.system, coding.code)} ${shown.concept?.title ?? ''}`.trim(),
        main: <CodeMain shown={shown} page={page} />,
        searched: '',
        ...(shown.response.answers.some(({ matches }) => matches.length > 0) ? { offer: {} } : {}),
      };
      return pageResponse(page, document, { facts: describeAnswers(shown.response) });
    },
    cacheable: cacheableWith(),
    document: describePage('code'),
  });
}
