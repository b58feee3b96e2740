import type { Answer, Match, MissReason } from '../answer/knowledge-response.js';
import type { KnowledgeRequest } from '../answer/knowledge-request.js';
import { textIn } from '../model/article.js';
import { languagesFrom } from '../model/language.js';
import type { LeafletChoice } from './leaflet.js';
import type { Library } from '../model/library.js';
import { findMostPages, findRefusal, findTreatment, NO_POLICY } from '../policy/site-policy.js';

/** Reasons for no page after which a leaflet is still right: no page is known. In all other cases a page is withheld. */
const WITHOUT_PAGE: ReadonlySet<MissReason> = new Set(['code-not-mapped', 'code-not-in-release']);
/** Note of a lookup table's entry for a clinical drug that no page is about. */
const NO_PAGE = 'no page about this drug';

/** True if a leaflet may be added: pages of the code are shown, or there is none. */
function mayHaveLeaflet({ matches, miss, conflict }: Answer): boolean {
  if (conflict) return false;
  if (matches.length > 0) return true;
  return (
    miss !== undefined &&
    (WITHOUT_PAGE.has(miss.reason) || (miss.reason === 'no-page-on-purpose' && miss.note === NO_PAGE))
  );
}

/** The leaflets of an answer's code; undefined where none may be added, or no leaflets were imported. */
function findChoice(answer: Answer, library: Library): LeafletChoice | undefined {
  const { coding, code } = answer;
  if (!coding.system || code === undefined || !mayHaveLeaflet(answer)) return undefined;
  return library.findLeaflets({ system: coding.system, code });
}

function findLeaflet(
  answer: Answer,
  { articles: [id] }: LeafletChoice,
  { context, maxArticles }: KnowledgeRequest,
  library: Library,
): Match | undefined {
  const { coding, code } = answer;
  const { policy = NO_POLICY } = library.status();
  if (!coding.system || code === undefined) return undefined;
  if (answer.matches.length >= Math.min(maxArticles, findMostPages(context, policy))) return undefined;
  const article = id === undefined ? undefined : library.findArticles([id])[0];
  const text = article && textIn(article, languagesFrom(context.language));
  if (!article || !text) return undefined;
  // A leaflet is as sensitive as the page on its drug.
  const last = answer.matches.at(-1);
  const sensitivity = last?.sensitivity;
  if (findRefusal({ article, sensitivity }, context, policy)) return undefined;
  return {
    article,
    text,
    otherLanguage: text.language !== context.language,
    relationship: 'equivalent',
    sensitivity,
    treatment: findTreatment({ article, sensitivity }, context, policy),
    path: [{ kind: 'asked', system: coding.system, code }],
    score: last?.score ?? 1,
    note: '',
    origin: 'drug label',
  };
}

/** Adds the drug's own leaflet behind the pages of each answer on a package or a drug, or the reason why there is none. */
export function addLeaflets(answers: readonly Answer[], request: KnowledgeRequest, library: Library): Answer[] {
  return answers.map((answer) => {
    const choice = findChoice(answer, library);
    if (!choice) return answer;
    if (choice.reason) return { ...answer, noLeaflet: choice.reason };
    const leaflet = findLeaflet(answer, choice, request, library);
    return leaflet ? { ...answer, matches: [...answer.matches, leaflet], miss: undefined } : answer;
  });
}
