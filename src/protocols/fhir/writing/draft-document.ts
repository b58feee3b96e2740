import type { DocumentReference } from '@medplum/fhirtypes';
import { codeSystem } from '../../../core/codes/code-systems.js';
import type { NewHandout } from '../../../core/keeping/desk.js';
import { toPublicKeeper } from '../../../core/keeping/keeper.js';
import { LOCAL_ID_PREFIX } from '../../../core/model/article.js';
import { documentId } from '../documents/identity.js';
import { DOCUMENT_TYPE } from '../documents/document-reference.js';
import { toEntryExtension } from './keeper-extension.js';

/** Builds the draft of a new handout as a client would send it. @param baseUrl address of this server, where a handout without one is read */
export function toDraftDocument(handout: NewHandout, canonicalBase: string, baseUrl: string): DocumentReference {
  const { name, language, title, html, url, codings, entry, changeNote } = handout;
  const article = `${LOCAL_ID_PREFIX}${name}`;
  const text =
    html === undefined ? {} : { contentType: 'text/html', data: Buffer.from(html, 'utf8').toString('base64') };
  const address = url ?? `${baseUrl}/article/${encodeURIComponent(article)}`;
  return {
    resourceType: 'DocumentReference',
    id: documentId(article, language),
    extension: [toEntryExtension({ ...(toPublicKeeper(entry) ?? {}), state: 'draft', changeNote }, canonicalBase)],
    identifier: [{ system: `${canonicalBase}/CodeSystem/articles`, value: article }],
    status: 'current',
    docStatus: 'preliminary',
    type: DOCUMENT_TYPE,
    content: [{ attachment: { ...text, language, title, url: address } }],
    ...(codings.length === 0
      ? {}
      : {
          context: {
            event: codings.map(({ system, code }) => ({ coding: [{ system: codeSystem(system).uri, code }] })),
          },
        }),
  };
}
