import type { Elsewhere } from '../../../core/answer/elsewhere.js';
import type { Library } from '../../../core/model/library.js';
import type { WrittenStore } from '../../../core/model/written-store.js';
import { LIMITS } from '../../../limits.js';
import type { Texts } from '../../../texts.js';
import { articleProfile } from './document-reference.js';
import type { TypeModule } from '../rest/interaction.js';
import type { DocumentReader } from './read.js';
import { documentParameters } from '../search/document-parameters.js';
import type { DocumentFacts } from '../search/document-facts.js';
import type { FindMembers } from '../search/parameter.js';
import { DocumentSearch } from '../search/document-search.js';
import type { SearchTable } from '../search/read-search.js';
import { readInteractions } from '../search/resource-module.js';
import { withWritten } from '../writing/history.js';

export interface DocumentModuleOptions {
  readonly library: Library;
  readonly elsewhere: Elsewhere | undefined;
  readonly texts: Texts;
  readonly canonicalBase: string;
  readonly written?: WrittenStore | undefined;
}

/** What `_include` follows. */
const INCLUDES = ['DocumentReference:relatesto'];

/** DocumentReference: each article in each language is one (R4 DocumentReference, 2.42). */
export function documentModule(
  { library, elsewhere, texts, canonicalBase, written }: DocumentModuleOptions,
  reader: DocumentReader,
  findMembers: FindMembers,
): TypeModule {
  const parametersAt = (baseUrl: string) => documentParameters({ library, canonicalBase, baseUrl, findMembers });
  // Addresses of handouts hang on where clients reach us; that hardly ever changes.
  let last: { baseUrl: string; table: SearchTable<DocumentFacts> } | undefined;
  const table = (baseUrl: string): SearchTable<DocumentFacts> => {
    if (last?.baseUrl !== baseUrl) {
      last = {
        baseUrl,
        table: {
          type: 'DocumentReference',
          parameters: parametersAt(baseUrl),
          includes: INCLUDES,
          sortAliases: { title: 'description' },
        },
      };
    }
    return last.table;
  };
  const documents = new DocumentSearch({
    library,
    elsewhere,
    reader,
    written,
    canonicalBase,
    translate: texts('en'),
    mostTokens: LIMITS.maxCriteria,
    table,
  });
  const reading = readInteractions((id, { baseUrl }) => reader.read(id, baseUrl));
  return {
    type: 'DocumentReference',
    profiles: (base) => [articleProfile(base)],
    searchParameters: parametersAt(''),
    includes: INCLUDES,
    ...(written ? withWritten('DocumentReference', { store: written, library }, reading) : reading),
    search: (request) => documents.search(request),
    prepare: () => documents.prepare(),
  };
}
