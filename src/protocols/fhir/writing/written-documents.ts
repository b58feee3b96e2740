import type { DocumentReference } from '@medplum/fhirtypes';
import type { Article } from '../../../core/model/article.js';
import { CodeList, type ArticleCode } from '../../../core/codes/code-list.js';
import { findCodeSystem } from '../../../core/codes/code-systems.js';
import type { WrittenStore } from '../../../core/model/written-store.js';
import { answerTooLarge } from '../../route.js';
import { documentId } from '../documents/identity.js';
import { toResource } from './stored-resource.js';

/** Documents by their ids. */
export type WrittenDocuments = ReadonlyMap<string, DocumentReference>;

/** Documents that are read at once. */
const BATCH = 20;

/**
 * The documents of articles that a site has written, by id.
 * @param mostChars of all, as they are stored
 * @throws RequestError `answer-too-large` past that, before all of them are in memory
 */
export async function readWrittenDocuments(
  store: Pick<WrittenStore, 'findLatest'> | undefined,
  articles: readonly Article[],
  baseUrl: string,
  mostChars = Infinity,
): Promise<WrittenDocuments> {
  const own = articles.filter(({ kind }) => kind === 'local');
  const ids = own.flatMap(({ id, texts }) => Object.values(texts).map(({ language }) => documentId(id, language)));
  const found = new Map<string, DocumentReference>();
  let chars = 0;
  for (let from = 0; store && from < ids.length; from += BATCH) {
    const batch = await store.findLatest('DocumentReference', ids.slice(from, from + BATCH));
    chars += batch.reduce((sum, { content = '' }) => sum + content.length, 0);
    if (chars > mostChars) throw answerTooLarge();
    for (const version of batch) {
      const resource = toResource(version, baseUrl);
      if (resource?.resourceType === 'DocumentReference') found.set(version.id, resource);
    }
  }
  return found;
}

/** Codes of a written document, as a search's `event` finds them. */
export function listEvents({ context }: DocumentReference): CodeList {
  const codes = (context?.event ?? []).flatMap(({ coding = [] }) =>
    coding.flatMap(({ system = '', code = '' }): ArticleCode[] => {
      const known = findCodeSystem(system);
      return known ? [{ system: known.id, code, relationship: 'equivalent' }] : [];
    }),
  );
  return CodeList.of(codes);
}
