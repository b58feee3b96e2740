import { answerEach, splitBatches } from '../answer/answer-each.js';
import type { Answer } from '../answer/knowledge-response.js';
import { codingKey, type Coding } from '../codes/concept.js';
import { textIn } from '../model/article.js';
import type { Library } from '../model/library.js';
import { toOffered, type OfferedArticle } from './answer-change.js';

/** A new code with the articles that answer it before a person has judged it. */
export interface NewCode extends Coding {
  readonly title: string;
  /** The code whose rows answer it; undefined if nothing does, or its own rows. */
  readonly inheritedFrom: string | undefined;
  readonly articles: readonly OfferedArticle[];
  /** Articles on a grave subject that it may not inherit: titles. */
  readonly withheld: readonly string[];
}

/** The code whose rows an answer's first article was inherited from. */
function findOrigin({ matches: [first] }: Answer): string | undefined {
  const last = first?.path.at(-1);
  return last?.kind === 'ancestor' ? last.code : undefined;
}

function findWithheld({ rejections }: Answer, library: Library): string[] {
  const ids = rejections.filter(({ reason }) => reason === 'unjudged').map(({ article }) => article);
  const articles = ids.length > 0 ? library.findArticles(ids) : [];
  return articles.flatMap((article) => textIn(article, ['en', 'es'])?.title ?? []);
}

/**
 * Answers new codes for a reader of English of whom nothing else is known, so that a person can judge each.
 * @param titles by coding key; codes without one have the library's
 */
export async function describeNewCodes(
  codings: readonly Coding[],
  titles: ReadonlyMap<string, string>,
  library: Library,
  maxArticles: number,
): Promise<NewCode[]> {
  const found: NewCode[] = [];
  for (const batch of splitBatches(codings)) {
    const requested = batch.map(({ system, code }) => ({
      system,
      systemSent: system,
      code,
      display: '',
      userSelected: false,
    }));
    const answers = await answerEach(requested, 'en', library, maxArticles);
    const known = new Map(library.findConcepts(batch).map((concept) => [codingKey(concept), concept.title]));
    for (const [index, coding] of batch.entries()) {
      const answer = answers[index];
      if (!answer) continue;
      const key = codingKey(coding);
      const title = titles.get(key) ?? known.get(key) ?? '';
      const withheld = findWithheld(answer, library);
      found.push({ ...coding, title, inheritedFrom: findOrigin(answer), articles: toOffered(answer), withheld });
    }
  }
  return found;
}
