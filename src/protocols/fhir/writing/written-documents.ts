import type { DocumentReference } from '@medplum/fhirtypes';
import type { Article } from '../../../core/article.js';
import { findCodeSystem } from '../../../core/code-systems.js';
import type { WrittenStore } from '../../../core/written-store.js';
import { documentId } from '../identity.js';
import { toResource } from './stored-resource.js';

/** The documents of articles that a site has written, by id. */
export async function writtenDocuments(
  store: WrittenStore | undefined,
  articles: readonly Article[],
  baseUrl: string,
): Promise<ReadonlyMap<string, DocumentReference>> {
  const own = articles.filter(({ kind }) => kind === 'local');
  const ids = own.flatMap(({ id, texts }) => Object.values(texts).map(({ language }) => documentId(id, language)));
  const found = store && ids.length > 0 ? await store.findLatest('DocumentReference', ids) : [];
  return new Map(
    found.flatMap((version): [string, DocumentReference][] => {
      const resource = toResource(version, baseUrl);
      return resource?.resourceType === 'DocumentReference' ? [[version.id, resource]] : [];
    }),
  );
}

/** Codes of a written document, as a search's `event` finds them: `system|code`. */
export const eventKeys = ({ context }: DocumentReference): string[] =>
  (context?.event ?? []).flatMap(({ coding = [] }) =>
    coding.flatMap(({ system = '', code = '' }) => {
      const known = findCodeSystem(system);
      return known ? [`${known.id}|${code}`] : [];
    }),
  );
